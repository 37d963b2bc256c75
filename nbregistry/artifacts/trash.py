"""What was discarded: kept for a week, by day, so that no collection is ever too hasty."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from nbregistry.artifacts.durable import PART, explained, is_taken, make_folder
from nbregistry.artifacts.layout import SUFFIXES, entries, hex_of_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DAY = 24 * 60 * 60
KEPT_DAYS = 7


class Trash:
    """A folder of discarded blobs, one subfolder a day (UTC).

    Parameters
    ----------
    root : Path
        The folder; made when first needed.
    now : callable
        Seconds since the epoch.
    """

    def __init__(self, root: Path, now: Callable[[], float]) -> None:
        self._root = root
        self._now = now

    def take(self, path: str) -> int:
        """Move a blob here and give its bytes on disk; 0 if someone else moved it."""
        today = self._root / _day(self._now())
        make_folder(today)
        try:
            size = os.lstat(path).st_size
            os.replace(path, today / os.path.basename(path))
        except FileNotFoundError:
            return 0
        return size

    def find(self, hexed: str) -> str | None:
        """Give the path of a blob that lies here, the latest if there are several."""
        for day in reversed(entries(self._root)):
            for suffix in SUFFIXES if _is_day(day) else ():
                path = f"{day.path}{os.sep}{hexed}{suffix}"
                with explained("look for a blob"):
                    if is_taken(path):
                        return path
        return None

    def sweep(self) -> None:
        """Delete for good what was discarded more than a week ago."""
        oldest = _day(self._now() - KEPT_DAYS * DAY)
        for day in entries(self._root):
            if _is_day(day) and day.name < oldest:
                for entry in entries(day.path):
                    if hex_of_name(entry.name):
                        _remove(entry.path)
                with suppress(OSError):  # not empty: what else lies there is not ours
                    os.rmdir(day.path)


def sweep_parts(tmp: Path, now: float) -> None:
    """Delete incomplete files that nobody has written to for a day."""
    for entry in entries(tmp):
        with suppress(FileNotFoundError):
            if entry.name.endswith(PART) and entry.stat(follow_symlinks=False).st_mtime < now - DAY:
                _remove(entry.path)


def _remove(path: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(path)


def _is_day(entry: os.DirEntry[str]) -> bool:
    shape = "".join("0" if char.isdigit() else char for char in entry.name)
    return shape == "0000-00-00" and entry.is_dir(follow_symlinks=False)


def _day(at: float) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(at))
