"""Stock TinyDB: its own ``JSONStorage``, and the model in a file beside it."""

from __future__ import annotations

import itertools
from contextlib import suppress
from typing import TYPE_CHECKING

import joblib
import tinydb

from tests.benchmarks import sample
from tests.benchmarks.worker import python

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def kept(folder: Path) -> int:
    """Count the documents that a race left: none, if what it left is no JSON."""
    with suppress(ValueError):
        return len(tinydb.TinyDB(folder / "catalog.json"))
    return 0


class Side:
    """One JSON file that every insert rewrites."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.database = tinydb.TinyDB(folder / "catalog.json")
        self.count = itertools.count(1)

    def populate(self, versions: int) -> Callable[[], object]:
        """Insert N documents at once."""
        documents = [
            {
                "name": name,
                "version": index + 1,
                "aliases": [],
                "created_at": sample.CREATED,
                **sample.record(index),
            }
            for name, amount in sample.sizes(versions).items()
            for index in range(amount)
        ]
        documents[-1]["aliases"] = [sample.ALIAS]
        return lambda: self.database.insert_multiple(documents)

    def register(self) -> Callable[[], object]:
        """Dump a pipeline and insert its document."""
        index = next(self.count)
        model = sample.pipeline(index)

        def work() -> None:
            joblib.dump(model, self.folder / f"{index}.joblib")
            self.database.insert({"name": sample.BENCH, "version": index, "aliases": [], **sample.record(index)})

        return work

    def racer(self) -> Callable[[int], object]:
        """Prepare one process of a race: it inserts documents, and stores no model."""
        return lambda index: self.database.insert({"name": "raced", **sample.record(index)})

    def filter(self) -> Callable[[], object]:
        """Find the good versions; the query cache is emptied, as any write would do."""
        self.database.clear_cache()
        return lambda: self.database.search(tinydb.Query().metrics.auc > 0.9)

    def importing(self) -> Callable[[], object]:
        """Import in a new process, with what is needed to store a model."""
        return python("import tinydb, joblib")

    def cold(self) -> Callable[[], object]:
        """Import, open and look one version up in a new process."""
        return python(
            "import tinydb, joblib",
            f"found = tinydb.TinyDB({str(self.folder / 'catalog.json')!r})",
            f"assert found.get(tinydb.Query().aliases.any([{sample.ALIAS!r}]))",
        )
