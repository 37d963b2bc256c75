"""Plain files and plain dicts: the floor that no registry gets under."""

from __future__ import annotations

import itertools
import json
import os
import pickle
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import joblib
import skops.io

from tests.benchmarks import sample
from tests.benchmarks.worker import disk_bytes, python

if TYPE_CHECKING:
    from collections.abc import Callable


def sync(folder: Path) -> None:
    """Make the names in a folder durable, where a folder can be synchronised."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


class Side:
    """A folder of model files."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.documents: list[dict[str, Any]] = []
        self.count = itertools.count(1)
        self.last: Path | None = None

    def populate(self, versions: int) -> Callable[[], None]:
        """Keep N dicts in memory, and one model on disk in each format."""
        model = sample.pipeline()

        def work() -> None:
            self.documents = [sample.record(index) for index in range(versions)]
            joblib.dump(model, self.folder / "model.joblib")
            (self.folder / "model.pickle").write_bytes(pickle.dumps(model, protocol=5))
            skops.io.dump(model, self.folder / "model.skops")

        return work

    def register(self) -> Callable[[], object]:
        """Dump a pipeline and synchronise the file."""
        index = next(self.count)
        model = sample.pipeline(index)

        def work() -> None:
            with (self.folder / f"{index}.joblib").open("xb") as file:
                joblib.dump(model, file)
                file.flush()
                os.fsync(file.fileno())

        return work

    def commit(self) -> Callable[[], object]:
        """Write a new file, synchronise it, rename it, synchronise its folder."""
        text = json.dumps(sample.record(0)).encode()

        def work() -> None:
            index = next(self.count)
            staged = self.folder / f"{index}.tmp"
            with staged.open("xb") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            staged.rename(self.folder / f"{index}.json")
            sync(self.folder)

        return work

    def filter(self) -> Callable[[], object]:
        """Scan the dicts."""
        return lambda: [document for document in self.documents if document["metrics"]["auc"] > 0.9]

    def load_pickle(self) -> Callable[[], object]:
        """Load the bare pickle, the format that nbregistry stores."""
        return lambda: pickle.loads((self.folder / "model.pickle").read_bytes())

    def load_joblib(self) -> Callable[[], object]:
        """Load joblib's file."""
        return lambda: joblib.load(self.folder / "model.joblib")

    def load_skops(self) -> Callable[[], object]:
        """Load skops' file."""
        return lambda: skops.io.load(self.folder / "model.skops")

    def importing(self) -> Callable[[], object]:
        """Start an interpreter and import nothing."""
        return python("pass")

    def cold(self) -> Callable[[], object]:
        """Import joblib in a new process and see that a model's file is there."""
        return python("import joblib, os", f"assert os.stat({str(self.folder / 'model.joblib')!r}).st_size")

    def again(self) -> float:
        """Write the same model to another file."""
        before = disk_bytes(self.folder)
        joblib.dump(sample.pipeline(), self.folder / f"again{next(self.count)}.joblib")
        return disk_bytes(self.folder) - before

    def prepare_to_keep(self) -> float:
        """Have nothing to do."""
        return 0

    def keep(self, path: str, number: int) -> Callable[[], object]:
        """Dump a model that is in memory, or copy a folder; synchronise what was written."""
        source, target = Path(path), self.folder / f"kept{number}"
        if source.is_dir():
            return lambda: self._copied(source, target)
        model = joblib.load(source)

        def work() -> None:
            with target.open("xb") as file:
                joblib.dump(model, file)
                file.flush()
                os.fsync(file.fileno())
            sync(self.folder)

        self.last = target
        return work

    def _copied(self, source: Path, target: Path) -> None:
        shutil.copytree(source, target)
        for file in target.iterdir():
            with file.open("rb") as copy:
                os.fsync(copy.fileno())
        sync(target)

    def load_kept(self) -> Callable[[], object]:
        """Load the last version."""
        return lambda: joblib.load(self.last) if self.last else None

    def kept_bytes(self) -> float:
        """Sum what is on disk."""
        return disk_bytes(self.folder)
