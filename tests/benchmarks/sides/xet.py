"""Xet's library with its local store."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.worker import disk_bytes

if TYPE_CHECKING:
    from collections.abc import Callable


class Side:
    """A content-addressed store in a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        os.environ["HF_XET_CACHE"] = str(folder.parent / "xet-cache")
        import hf_xet

        self.folder = folder
        self.session = hf_xet.XetSession()

    def prepare_to_keep(self) -> float:
        """Store something small, so that the store is there."""
        small = self.folder.parent / "small"
        small.write_bytes(b"small")
        self.keep(str(small), 0)()
        return 0

    def keep(self, path: str, number: int) -> Callable[[], object]:
        """Upload to the folder."""
        source = Path(path)
        files = [source] if source.is_file() else [file for file in source.rglob("*") if file.is_file()]

        def work() -> None:
            with self.session.new_upload_commit(endpoint=f"local://{self.folder}") as commit:
                for file in files:
                    commit.start_upload_file(str(file))

        return work

    def kept_bytes(self) -> float:
        """Sum what is on disk."""
        return disk_bytes(self.folder)
