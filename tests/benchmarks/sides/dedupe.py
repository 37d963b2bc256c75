"""A folder in which each file is kept once, by its digest: what a registry that dedupes whole files can reach."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.worker import disk_bytes

if TYPE_CHECKING:
    from collections.abc import Callable


class Side:
    """A folder of files named by their content."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder

    def prepare_to_keep(self) -> float:
        """Have nothing to do."""
        return 0

    def keep(self, path: str, number: int) -> Callable[[], object]:
        """Copy what is new."""
        source = Path(path)
        files = [source] if source.is_file() else [file for file in source.rglob("*") if file.is_file()]

        def work() -> None:
            for file in files:
                with file.open("rb") as data:
                    target = self.folder / hashlib.file_digest(data, "sha256").hexdigest()
                if not target.exists():
                    shutil.copyfile(file, target)
                    with target.open("rb") as copy:
                        os.fsync(copy.fileno())

        return work

    def kept_bytes(self) -> float:
        """Sum what is on disk."""
        return disk_bytes(self.folder)
