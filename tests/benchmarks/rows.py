"""The rows of the table: which operation of which side stands beside ours, and what ratio is the goal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

PEERS = frozenset({"mlflow", "dvc", "pins"})


@dataclass(frozen=True)
class Case:
    """One thing to measure.

    Attributes
    ----------
    side, operation : str
        A module of `sides` and a method of its ``Side``.
    label : str
        How the table calls it.
    goal : float or None
        Ours is to be at most this many times it.
    repeats : int or None
        Fewer than the row's, for what takes seconds.
    registry : str
        Which folder: ``"full"`` holds the N versions, ``"empty"`` only the champion.
    """

    side: str
    operation: str
    label: str
    goal: float | None = None
    repeats: int | None = None
    registry: str = "full"


@dataclass(frozen=True)
class Row:
    """One line of the promises: our operation and those beside it.

    Attributes
    ----------
    limit : float or None
        A goal in the row's own unit, where it is no ratio.
    arguments : dict
        What each operation of the row is called with.
    """

    key: str
    work: str
    ours: str
    beside: tuple[Case, ...]
    repeats: int = 9
    unit: Literal["ms", "bytes"] = "ms"
    limit: float | None = None
    arguments: dict[str, Any] = field(default_factory=dict)

    @property
    def cases(self) -> tuple[Case, ...]:
        """Ours first, then those beside it."""
        return (Case("ours", self.ours, "nbregistry"), *self.beside)


ROWS = (
    Row("register", "register a small pipeline, full capture", "register", (
        Case("mlflow", "register", "MLflow log_model", 1 / 100, repeats=3),
        Case("mlflow", "register_given", "MLflow log_model, requirements given", 1 / 7),
        Case("dvc", "register", "DVC add, git commit and tag"),
        Case("pins", "register", "pins pin_write", repeats=5),
        Case("tinydb", "register", "stock TinyDB, joblib.dump", repeats=5),
        Case("files", "register", "joblib.dump + fsync"),
    )),
    Row("commit", "the commit alone (one tag)", "commit", (
        Case("files", "commit", "new file + fsync + rename + folder fsync", 4),
        Case("ours", "commit", "nbregistry at 1 version", 1.15, registry="empty"),
        Case("sqlite", "commit", "SQLite insert (WAL, full sync)"),
        Case("mlflow", "commit", "MLflow create_model_version"),
    ), repeats=41, arguments={"calls": 5}),
    Row("list", "list a tenth of the versions as a table", "table", (
        Case("mlflow", "table", "MLflow search_model_versions (no metrics)", 1 / 20),
        Case("mlflow", "table_with_metrics", "MLflow, with search_runs for the metrics", 1 / 20),
        Case("sqlite", "table", "SQLite, json, DataFrame", 1),
        Case("pins", "table", "pins pin_meta of each", repeats=1),
    )),
    Row("filter", "metrics.auc > 0.9 over all versions", "filter", (
        Case("mlflow", "filter", "MLflow search_logged_models", 1 / 50, repeats=3),
        Case("mlflow", "filter_runs", "MLflow search_runs", repeats=3),
        Case("sqlite", "filter", "SQLite json_extract", 1),
        Case("tinydb", "filter", "stock TinyDB search", repeats=5),
        Case("files", "filter", "plain scan of dicts"),
    )),
    Row("get", "get by alias, nobody wrote", "get", (
        Case("mlflow", "get", "MLflow get_model_version_by_alias", 1 / 20),
        Case("sqlite", "get", "SQLite join"),
    ), repeats=21, arguments={"calls": 20}),
    Row("get-fresh", "get by alias, right after another's commit", "get_after_commit", (
        Case("mlflow", "get", "MLflow get_model_version_by_alias", 1 / 20),
    ), repeats=51),
    Row("load", "load a small pipeline by alias, verified", "load", (
        Case("mlflow", "load", "MLflow load_model", 1 / 50),
        Case("files", "load_pickle", "the bare format: pickle.loads of a file", 2),
        Case("files", "load_joblib", "joblib.load"),
        Case("files", "load_skops", "skops.io.load"),
    ), repeats=21, arguments={"calls": 20}),
    Row("compare", "compare two versions: every metric, interval, p-value", "compare", (
        Case("scipy", "compare", "scipy bootstrap of ROC AUC alone, 999 resamples", 1, repeats=3),
    ), arguments={"rows": 10_000}),
    Row("compare-large", "compare three versions, ten times the rows", "compare", (),
        repeats=3, limit=3000, arguments={"rows": 100_000, "versions": 3}),
    Row("import", "import in a new process", "importing", (
        Case("mlflow", "importing", "import mlflow", 1 / 20, repeats=5),
        Case("dvc", "importing", "import dvc.api"),
        Case("tinydb", "importing", "import tinydb, joblib"),
        Case("files", "importing", "the interpreter alone"),
    )),
    Row("cold", "a new process: import, open, look one up", "cold", (
        Case("mlflow", "cold", "MLflow", 1 / 10, repeats=5),
        Case("dvc", "cold", "DVC get_url at a tag", repeats=5),
        Case("tinydb", "cold", "stock TinyDB", repeats=5),
        Case("sqlite", "cold", "SQLite with joblib", 1.5),
        Case("sqlite", "cold_bare", "SQLite, standard library alone"),
        Case("files", "cold", "a plain file with joblib"),
    )),
    Row("race", "processes register one model at once; a register", "race", (
        Case("mlflow", "race", "MLflow create_model_version", 1 / 3),
        Case("dvc", "race", "DVC add (a success)", repeats=1),
        Case("sqlite", "race", "SQLite insert"),
        Case("pins", "race", "pins pin_write"),
    ), repeats=5, arguments={"processes": 4, "each": 25}),
    Row("again", "the same bytes again, new metadata", "again", (
        Case("mlflow", "again", "MLflow log_model"),
        Case("dvc", "again", "DVC add, git commit and tag (git deflates)"),
        Case("files", "again", "joblib.dump"),
    ), repeats=3, unit="bytes", limit=4096),
    Row("notebook", "register after 30 cells, cut to those that made it", "recorded", (
        Case("ours", "unrecorded", "nbregistry, the same cell, none recorded"),
    ), repeats=15, arguments={"cells": 30}),
    Row("promote", "promote, after every check", "promote", (), limit=1000),
)  # fmt: skip
