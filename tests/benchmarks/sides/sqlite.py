"""SQLite in WAL mode with full synchronisation: the database floor."""

from __future__ import annotations

import itertools
import json
import sqlite3
from typing import TYPE_CHECKING

import pandas as pd

from tests.benchmarks import sample
from tests.benchmarks.worker import python, race

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GET = "SELECT doc FROM versions NATURAL JOIN aliases WHERE name = ? AND alias = ?"
INSERT = "INSERT INTO versions SELECT ?, coalesce(max(version), 0) + 1, ? FROM versions WHERE name = ?"


def kept(folder: Path) -> int:
    """Count the rows that a race left."""
    return int(sqlite3.connect(folder / "catalog.db").execute("SELECT count(*) FROM versions").fetchone()[0])


class Side:
    """A table of JSON documents and a table of aliases."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.path = folder, folder / "catalog.db"
        self.database = sqlite3.connect(self.path, isolation_level=None, timeout=60)
        self.database.execute("PRAGMA journal_mode = WAL")
        self.database.execute("PRAGMA synchronous = FULL")
        for table in (
            "versions (name, version, doc, PRIMARY KEY (name, version))",
            "aliases (name, alias, version, PRIMARY KEY (name, alias))",
        ):
            self.database.execute(f"CREATE TABLE IF NOT EXISTS {table}")
        self.count = itertools.count(1)

    def populate(self, versions: int) -> Callable[[], None]:
        """Insert N rows in one transaction."""

        def work() -> None:
            self.database.execute("BEGIN")
            for name, amount in sample.sizes(versions).items():
                rows = [(name, index + 1, json.dumps(sample.record(index))) for index in range(amount)]
                self.database.executemany("INSERT INTO versions VALUES (?, ?, ?)", rows)
                self.database.execute("INSERT INTO aliases VALUES (?, ?, ?)", (name, sample.ALIAS, amount))
            self.database.execute("COMMIT")

        return work

    def commit(self) -> Callable[[], object]:
        """Insert one version."""
        document = json.dumps(sample.record(next(self.count)))
        return lambda: self.database.execute(INSERT, (sample.BENCH, document, sample.BENCH))

    def table(self) -> Callable[[], object]:
        """List one model's versions as a DataFrame."""

        def work() -> pd.DataFrame:
            rows = self.database.execute("SELECT version, doc FROM versions WHERE name = ?", (sample.TABLE,))
            return pd.DataFrame([sample.flat(sample.TABLE, version, json.loads(doc)) for version, doc in rows])

        return work

    def filter(self) -> Callable[[], object]:
        """Find the good versions by SQLite's own JSON functions."""
        query = "SELECT name, version, doc FROM versions WHERE json_extract(doc, '$.metrics.auc') > 0.9"
        return lambda: [(name, version, json.loads(doc)) for name, version, doc in self.database.execute(query)]

    def get(self) -> Callable[[], object]:
        """Look up by alias."""
        return lambda: json.loads(self.database.execute(GET, (sample.BENCH, sample.ALIAS)).fetchone()[0])

    def cold(self) -> Callable[[], object]:
        """Import joblib too: without it there is nothing that could store or load a model."""
        return python("import joblib", *self._lookup())

    def cold_bare(self) -> Callable[[], object]:
        """Look one version up in a new process with the standard library alone."""
        return python(*self._lookup())

    def _lookup(self) -> tuple[str, ...]:
        found = f"sqlite3.connect({str(self.path)!r}).execute({GET!r}, {(sample.BENCH, sample.ALIAS)!r})"
        return "import json, sqlite3", f"assert json.loads({found}.fetchone()[0])"

    def racer(self) -> Callable[[int], object]:
        """Prepare one process of `race`: it inserts rows, and stores no model."""
        return lambda index: self.database.execute(INSERT, ("raced", json.dumps(sample.record(index)), "raced"))

    def race(self, processes: int, each: int) -> float:
        """Let processes insert versions of one model."""
        folder = self.folder.parent / f"race-sqlite-{next(self.count)}"
        Side(folder).database.close()
        seconds, succeeded = race("sqlite", folder, processes, each)
        return 1000 * seconds / succeeded if succeeded else float("inf")
