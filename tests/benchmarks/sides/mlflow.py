"""MLflow on SQLite with local artifacts."""

from __future__ import annotations

import itertools
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"

import mlflow
import pandas as pd
from mlflow import MlflowClient

from tests.benchmarks import sample
from tests.benchmarks.worker import disk_bytes, python, race

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

URI = f"models:/{sample.BENCH}@{sample.ALIAS}"


def copy_rows(connection: sqlite3.Connection, name: str, numbers: Iterable[int]) -> None:
    """Copy all rows that belong to a model's first version, for each further number."""
    run, source = connection.execute("SELECT run_id, source FROM model_versions WHERE name = ?", (name,)).fetchone()
    model = source.removeprefix("models:/")
    tables = [table for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        # A table may have generated columns, which take no values; none that a version has rows in does.
        cursor = connection.execute(f"SELECT * FROM {table}")
        columns = [column for column, *_ in cursor.description]
        rows = [dict(zip(columns, row, strict=True)) for row in cursor]
        mine = [
            row
            for row in rows
            if {run, model} & set(row.values()) or (table == "model_version_tags" and row["name"] == name)
        ]
        copies = [tuple(renumbered(row, number, run, model).values()) for number in numbers for row in mine]
        if copies:
            connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", copies)


def renumbered(row: dict[str, Any], number: int, run: str, model: str) -> dict[str, Any]:
    """Give the copy of one row: its ids, its number and its AUC are another version's."""
    new_run = run[:16] + f"{number:016d}"
    new_model = model[:-16] + f"{number:016d}"
    row = {k: v.replace(run, new_run).replace(model, new_model) if isinstance(v, str) else v for k, v in row.items()}
    if "version" in row:
        row["version"] = number
    if "input_uuid" in row:
        row["input_uuid"] = new_run
    if row.get("tag_key") == "mlflow.modelVersions":
        row["tag_value"] = row["tag_value"].replace('"version": 1', f'"version": {number}')
    metric = row.get("metric_name", row.get("key"))
    value = "metric_value" if "metric_value" in row else "value"
    if metric in sample.record(number)["metrics"] and value in row:
        row[value] = sample.record(number)["metrics"][metric]
    return row


def all_pages(search: Callable[..., Any], size: int) -> list[Any]:
    """Collect what a search finds in the default experiment."""
    found: list[Any] = []
    token = None
    while True:
        page = search(["0"], filter_string=sample.FILTER, max_results=size, page_token=token)
        found += page
        token = page.token
        if not token:
            return found


class Side:
    """A tracking and registry database with an artifact folder beside it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.database = folder, folder / "mlflow.db"
        self.url = f"sqlite:///{self.database}"
        os.chdir(folder)
        mlflow.set_tracking_uri(self.url)
        self.client = MlflowClient()
        self.count = itertools.count(1)

    def populate(self, versions: int) -> Callable[[], None]:
        """Log one version of each model through the API, then copy every row it left, with new ids."""

        def work() -> None:
            for name, amount in sample.sizes(versions).items():
                self._log(sample.pipeline(), ["scikit-learn"], name)
                for key, value in sample.record(1)["tags"].items():
                    self.client.set_model_version_tag(name, "1", key, value)
                with closing(sqlite3.connect(self.database)) as connection, connection:
                    copy_rows(connection, name, range(2, amount + 1))
            self.client.set_registered_model_alias(sample.BENCH, sample.ALIAS, "1")

        return work

    def _log(self, model: Any, requirements: list[str] | None, name: str = sample.BENCH) -> None:
        """Log and register one model as MLflow's guide does: params, metrics, signature."""
        _, X_test, _, _ = sample.data()
        record = sample.record(next(self.count))
        with mlflow.start_run():
            mlflow.log_params(record["params"])
            mlflow.log_metrics(record["metrics"])
            mlflow.sklearn.log_model(
                model,
                name="model",
                registered_model_name=name,
                signature=mlflow.models.infer_signature(X_test, model.predict(X_test)),
                pip_requirements=requirements,
                tags=record["tags"],
            )

    def register(self) -> Callable[[], object]:
        """Log a model and let MLflow find its requirements."""
        model = sample.pipeline(next(self.count))
        return lambda: self._log(model, None)

    def register_given(self) -> Callable[[], object]:
        """Log a model whose requirements are given."""
        model = sample.pipeline(next(self.count))
        return lambda: self._log(model, ["scikit-learn"])

    def commit(self) -> Callable[[], object]:
        """Create a model version that points at bytes that are there."""
        return lambda: self.client.create_model_version(sample.BENCH, source=str(self.folder / "mlruns"))

    def table(self) -> Callable[[], object]:
        """List one model's versions as a DataFrame; MLflow's versions hold no metrics and params."""
        return lambda: pd.DataFrame([dict(version) for version in self._versions()])

    def table_with_metrics(self) -> Callable[[], object]:
        """List them with the metrics and params, which are their runs'."""

        def work() -> pd.DataFrame:
            runs = {version.run_id: dict(version) for version in self._versions()}
            chosen = f"attributes.run_id IN ({', '.join(repr(run) for run in runs)})"
            found = self.client.search_runs(["0"], chosen, max_results=len(runs))
            return pd.DataFrame([runs[run.info.run_id] | run.data.metrics | run.data.params for run in found])

        return work

    def _versions(self) -> list[Any]:
        return list(self.client.search_model_versions(f"name='{sample.TABLE}'", max_results=10_000))

    def filter(self) -> Callable[[], object]:
        """Find the good models, whose tags name their versions; versions can't be filtered by a metric."""
        return lambda: all_pages(self.client.search_logged_models, 1000)

    def filter_runs(self) -> Callable[[], object]:
        """Find the good runs."""
        return lambda: all_pages(self.client.search_runs, 10_000)

    def get(self) -> Callable[[], object]:
        """Look up by alias."""
        return lambda: self.client.get_model_version_by_alias(sample.BENCH, sample.ALIAS)

    def load(self) -> Callable[[], object]:
        """Load the champion."""
        return lambda: mlflow.sklearn.load_model(URI)

    def importing(self) -> Callable[[], object]:
        """Import in a new process."""
        return python("import mlflow")

    def cold(self) -> Callable[[], object]:
        """Import, open and look one version up in a new process."""
        return python(
            "import mlflow",
            f"mlflow.set_tracking_uri({self.url!r})",
            f"found = mlflow.MlflowClient().get_model_version_by_alias({sample.BENCH!r}, {sample.ALIAS!r})",
            "assert found.version",
        )

    def racer(self) -> Callable[[int], object]:
        """Prepare one process of `race`: it creates versions, without logging a model."""
        self.client.search_experiments()
        return lambda index: self.client.create_model_version("raced", source=str(self.folder / "mlruns"))

    def race(self, processes: int, each: int) -> float:
        """Let processes create versions of one model."""
        folder = self.folder.parent / f"race-mlflow-{next(self.count)}"
        folder.mkdir()
        client = MlflowClient(f"sqlite:///{folder / 'mlflow.db'}")
        client.create_registered_model("raced")
        seconds, succeeded = race("mlflow", folder, processes, each)
        return 1000 * seconds / succeeded if succeeded else float("inf")

    def again(self) -> float:
        """Log the same model again; give the bytes that the artifacts and the database grew by."""
        before = disk_bytes(self.folder)
        self._log(sample.pipeline(), ["scikit-learn"])
        return disk_bytes(self.folder) - before

    def prepare_to_keep(self) -> float:
        """Make the experiment and its database."""
        with mlflow.start_run():
            mlflow.log_params({"small": True})
        return 0

    def keep(self, path: str, number: int) -> Callable[[], object]:
        """Log a file or folder that is there, as the cheapest of its ways."""

        def work() -> None:
            with mlflow.start_run():
                mlflow.log_params({"number": number})
                (mlflow.log_artifacts if Path(path).is_dir() else mlflow.log_artifact)(path)

        return work

    def kept_bytes(self) -> float:
        """Sum what is on disk."""
        return disk_bytes(self.folder)
