"""DVC in a git repository: one model file, a commit and a tag a version, as its model registry has it."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
from pathlib import Path

os.environ["DVC_NO_ANALYTICS"] = "1"

from typing import TYPE_CHECKING

import joblib
from dvc.repo import Repo

from tests.benchmarks import sample
from tests.benchmarks.worker import disk_bytes, python, race

if TYPE_CHECKING:
    from collections.abc import Callable


def make_repository(folder: Path) -> None:
    """Make a git repository with DVC in it."""
    folder.mkdir(parents=True, exist_ok=True)
    for command in ("init -q -b main", "config user.email bench@example.org", "config user.name bench"):
        subprocess.run(["git", "-C", str(folder), *command.split()], check=True)
    Repo.init(str(folder)).close()


class Side:
    """A repository whose ``model.pkl`` moves on."""

    def __init__(self, folder: Path) -> None:
        if not (folder / ".dvc").exists():
            make_repository(folder)
        self.folder = folder
        self.repository = Repo(str(folder))
        self.count = itertools.count(1)

    def populate(self, versions: int) -> Callable[[], None]:
        """Write N commits with a tag each by ``git fast-import``; the last one through the API."""

        def work() -> None:
            stream = []
            for number in range(1, versions):
                pointer = f"outs:\n- md5: {number:a>32x}\n  size: 1042\n  hash: md5\n  path: model.pkl\n"
                stream.append(
                    f"commit refs/heads/main\nmark :{number}\n"
                    f"committer bench <bench@example.org> {1_795_000_000 + number} +0000\n"
                    f"data 1\nv\nM 100644 inline model.pkl.dvc\ndata {len(pointer)}\n{pointer}\n"
                    f"reset refs/tags/{sample.BENCH}-v{number}\nfrom :{number}\n\n"
                )
            git = ["git", "-C", str(self.folder)]
            subprocess.run([*git, "fast-import", "--quiet"], input="".join(stream), text=True, check=True)
            subprocess.run([*git, "pack-refs", "--all"], check=True)
            subprocess.run([*git, "reset", "-q", "--hard"], check=True)
            self.repository.close()
            self.repository = Repo(str(self.folder))  # an open one does not see the new history
            self._store(0)
            self.repository.scm.tag(f"{sample.BENCH}-{sample.ALIAS}")

        return work

    def _store(self, index: int, model: object = None) -> None:
        """Dump, add, commit, tag."""
        joblib.dump(model or sample.pipeline(), self.folder / "model.pkl")
        self.repository.add(str(self.folder / "model.pkl"))
        (self.folder / "model.json").write_text(json.dumps(sample.record(index)))
        self.repository.scm.add(["model.pkl.dvc", "model.json"])
        self.repository.scm.commit(f"version {index}")
        self.repository.scm.tag(f"{sample.BENCH}-new{index}")

    def register(self) -> Callable[[], object]:
        """Add, commit and tag another pipeline."""
        index = next(self.count)
        model = sample.pipeline(index)
        return lambda: self._store(index, model)

    def importing(self) -> Callable[[], object]:
        """Import in a new process."""
        return python("import dvc.api")

    def cold(self) -> Callable[[], object]:
        """Import, open and look one version up in a new process."""
        revision = f"{sample.BENCH}-{sample.ALIAS}"
        return python(
            "import dvc.api",
            f"assert dvc.api.get_url('model.pkl', repo={str(self.folder)!r}, rev={revision!r})",
        )

    def racer(self) -> Callable[[int], object]:
        """Prepare one process of `race`: a file of its own for each version."""
        model = sample.pipeline()

        def attempt(index: int) -> None:
            path = self.folder / f"model-{index}.pkl"
            joblib.dump(model, path)
            self.repository.add(str(path))

        return attempt

    def race(self, processes: int, each: int) -> float:
        """Let processes add to one repository; time a success."""
        folder = self.folder.parent / f"race-dvc-{next(self.count)}"
        make_repository(folder)
        seconds, succeeded = race("dvc", folder, processes, each)
        return 1000 * seconds / succeeded if succeeded else float("inf")

    def again(self) -> float:
        """Store the same bytes again; give the bytes that the repository grew by."""
        before = disk_bytes(self.folder)
        self._store(next(self.count))
        return disk_bytes(self.folder) - before

    def prepare_to_keep(self) -> float:
        """Have nothing to do."""
        return 0

    def keep(self, path: str, number: int) -> Callable[[], object]:
        """Add, commit and tag a file or folder that is in the working tree."""
        target = self.folder / "kept"
        if target.is_dir():
            shutil.rmtree(target)
        (shutil.copytree if Path(path).is_dir() else shutil.copyfile)(path, target)

        def work() -> None:
            self.repository.add(str(target))
            self.repository.scm.add(["kept.dvc"])
            self.repository.scm.commit(f"version {number}")
            self.repository.scm.tag(f"kept-{number}")

        return work

    def kept_bytes(self) -> float:
        """Sum what its cache and git's have on disk."""
        return disk_bytes(self.folder / ".dvc") + disk_bytes(self.folder / ".git")
