"""nbregistry, by its public API."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import joblib
import numpy as np

import nbregistry
from tests.benchmarks import sample
from tests.benchmarks.worker import disk_bytes, python, race

if TYPE_CHECKING:
    from collections.abc import Callable

CHAMPION = f"{sample.BENCH}@{sample.ALIAS}"


def kept(folder: Path) -> int:
    """Count the versions that a race left, if they are numbered as they should be."""
    numbers = [version.version for version in nbregistry.open(folder).versions("raced")]
    return len(numbers) if numbers == list(range(1, len(numbers) + 1)) else 0


class Side:
    """A registry in a folder."""

    def __init__(self, folder: Path) -> None:
        # The benchmark must neither sign with the user's own key nor leave one behind.
        os.environ["NBREGISTRY_HOME"] = str(folder.parent / "keys")
        self.folder = folder
        self.registry = nbregistry.open(folder)
        self.other: Any = None
        self.shell: Any = None
        self.forced = 0
        self.dumped, self.model = b"", None
        self.count = itertools.count()

    def populate(self, versions: int) -> Callable[[], None]:
        """Register N versions through the public API: a small array each time, only the metadata differs."""
        weights = {"coef": np.arange(30.0), "intercept": np.zeros(1)}

        def work() -> None:
            for name, amount in sample.sizes(versions).items():
                for index in range(amount - (name == sample.BENCH)):
                    self.registry.register(name, weights, **sample.record(index))
            self.registry.register(sample.BENCH, sample.pipeline(), alias=sample.ALIAS, **sample.record(versions))

        return work

    def register(self) -> Callable[[], object]:
        """Register a new pipeline with everything captured and evaluated."""
        X_train, X_test, y_train, y_test = sample.data()
        index = next(self.count)
        model, tags = sample.pipeline(index + 1), sample.record(index)["tags"]
        return lambda: self.registry.register(
            sample.BENCH,
            model,
            on=(X_test, y_test),
            train=(X_train, y_train),
            tags=tags,
            description="benchmark",
        )

    def commit(self) -> Callable[[], object]:
        """Change one tag: a verb that is nothing but its commit."""
        return lambda: self.registry.tag(CHAMPION, turn=next(self.count))

    def table(self) -> Callable[[], object]:
        """List one model's versions as a DataFrame."""
        return lambda: self.registry.versions(sample.TABLE).to_frame()

    def filter(self) -> Callable[[], object]:
        """Find the good versions of all models."""
        return lambda: self.registry.versions(where=sample.FILTER)

    def get(self) -> Callable[[], object]:
        """Look up by alias while nobody wrote; it must look all the same."""
        return lambda: self.registry.get(CHAMPION)

    def get_after_commit(self) -> Callable[[], object]:
        """Look up by alias right after another handle committed; the change must be seen."""
        self.other = self.other or nbregistry.open(self.folder)
        turn = next(self.count)
        self.other.tag(CHAMPION, turn=turn)
        self.registry.models()  # the journal up to here is known, but for the commit that follows
        self.other.tag(CHAMPION, turn=-turn)

        def work() -> None:
            if self.registry.get(CHAMPION).tags["turn"] != -turn:
                raise AssertionError("the other handle's commit was not seen")

        return work

    def load(self) -> Callable[[], object]:
        """Load the champion, verified."""
        return lambda: self.registry.load(CHAMPION)

    def compare(self, rows: int, versions: int = 2) -> Callable[[], object]:
        """Judge versions by their stored evaluations: every metric with its interval and p-value."""
        name = f"compared on {rows}"
        if name not in self.registry.model_names():
            X, y, models = sample.scored(rows)
            for model in models:
                self.registry.register(name, model, on=(X, y))
        refs = [f"{name}@{number}" for number in range(1, versions + 1)]
        return lambda: self.registry.compare(*refs)

    def recorded(self, cells: int) -> Callable[[], object]:
        """Register in a notebook that has loaded the extension, after so many cells."""
        return self._in_a_cell(cells, recording=True)

    def unrecorded(self, cells: int) -> Callable[[], object]:
        """Do the same in a notebook that has not."""
        return self._in_a_cell(cells, recording=False)

    def _in_a_cell(self, cells: int, *, recording: bool) -> Callable[[], object]:
        from IPython.core.interactiveshell import InteractiveShell

        from nbregistry import magics

        if self.shell is not None:
            magics.unload(self.shell)
        shell = self.shell = InteractiveShell(ipython_dir=str(self.folder.parent / "ipython"))
        if recording:
            magics.load(shell)
        shell.user_ns.update(registry=self.registry, pipeline=sample.pipeline, data=sample.data, turn=next(self.count))
        shell.run_cell("X, _, y, _ = data()").raise_error()
        for number in range(cells - 2):
            shell.run_cell(f"shown_{number} = X[:, {number}].mean() + {number}\nassert shown_{number}").raise_error()
        shell.run_cell("model = pipeline(turn)").raise_error()
        return lambda: shell.run_cell("registry.register('noted', model, train=(X, y))").raise_error()

    def promote(self) -> Callable[[], object]:
        """Move an alias between two versions: each is loaded, and gives its example's predictions again."""
        if "moved" not in self.registry.model_names():
            for turn in range(2):
                self.registry.register("moved", sample.pipeline(turn + 1), on=sample.data()[1::2])
        ref = f"moved@{next(self.count) % 2 + 1}"
        return lambda: self.registry.promote(ref)

    def importing(self) -> Callable[[], object]:
        """Import in a new process."""
        return python("import nbregistry")

    def cold(self) -> Callable[[], object]:
        """Import, open and look one version up in a new process."""
        return python("import nbregistry", f"assert nbregistry.open({str(self.folder)!r}).get({CHAMPION!r}).version")

    def racer(self) -> Callable[[int], object]:
        """Prepare one process of `race`."""
        model = sample.pipeline()
        return lambda index: self.registry.register("raced", model, **sample.record(index))

    def race(self, processes: int, each: int) -> float:
        """Let processes register one model; a lost version makes it endless."""
        folder = self.folder.parent / f"race-ours-{next(self.count)}"
        seconds, succeeded = race("ours", folder, processes, each)
        complete = kept(folder) == succeeded == processes * each
        return 1000 * seconds / succeeded if complete else float("inf")

    def again(self) -> float:
        """Register the same bytes with new metadata; give the bytes that the folder grew by."""
        model = sample.pipeline()
        before = disk_bytes(self.folder)
        self.registry.register(sample.BENCH, model, **sample.record(next(self.count)))
        return disk_bytes(self.folder) - before

    def prepare_to_keep(self) -> float:
        """Make the registry, and count what is forced to disk from now on."""
        self.registry.register("small", {"w": np.zeros(3)})
        self.forced = 0
        real = os.fsync

        def counted(descriptor: int) -> None:
            self.forced += 1
            real(descriptor)

        os.fsync = counted
        return 0

    def keep(self, path: str, number: int) -> Callable[[], object]:
        """Register a model that is in memory, or a folder; the same file again is the same object in memory."""
        model: object = Path(path)
        if Path(path).is_file():
            content = Path(path).read_bytes()
            if content != self.dumped:
                self.dumped, self.model = content, joblib.load(path)
            model = self.model
        self.forced = 0
        return lambda: self.registry.register("kept", model, tags={"number": number})

    def fsyncs(self) -> float:
        """Tell how many files and folders the last register forced to disk."""
        return self.forced

    def load_kept(self) -> Callable[[], object]:
        """Load the last version."""
        return lambda: self.registry.load("kept@latest")

    def kept_bytes(self) -> float:
        """Sum what is on disk."""
        return disk_bytes(self.folder)
