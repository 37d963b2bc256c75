"""What was discarded: kept for a week at least, by day, so that no collection is ever too hasty.

::

    trash/2026-11-22/ab…               a blob that was discarded that day (UTC)
    trash/2026-11-22/over-2026-11-30   a collection of that day found that its week was over

A clock can be wrong, and a week can be over because it jumped. So the collection that finds it over only notes
that, and what was discarded goes for good with one that comes another week after it. One jump of the clock, to and
fro or for good, before or after, then deletes nothing early; what it costs is that the trash is emptied later.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from nbregistry.artifacts.durable import PART, explained, is_taken, make_folder
from nbregistry.artifacts.layout import SUFFIXES, entries, hex_of_name
from nbregistry.outcomes import Discarded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

DAY = 24 * 60 * 60
TERM = timedelta(days=7)
_OVER = "over-"
_LAST = date.max - TERM


def is_note(name: str) -> bool:
    """Tell whether a file among what was discarded is a collection's note."""
    return name.startswith(_OVER) and _date(name.removeprefix(_OVER)) is not None


class Trash:
    """A folder of discarded blobs, one subfolder a day (UTC).

    Parameters
    ----------
    root : Path
        The folder; made when first needed.
    now : callable
        Seconds since the epoch.

    Attributes
    ----------
    root : Path
    """

    def __init__(self, root: Path, now: Callable[[], float]) -> None:
        self.root = root
        self._now = now
        self._made: Path | None = None

    def take(self, path: str) -> int:
        """Move a blob here and give its bytes on disk; 0 if someone else moved it."""
        folder = self.root / self._today().isoformat()
        if folder != self._made:
            make_folder(folder)
            self._made = folder
        try:
            size = os.lstat(path).st_size
            os.replace(path, folder / os.path.basename(path))
        except FileNotFoundError:
            return 0
        return size

    def find(self, hexed: str) -> str | None:
        """Give the path of a blob that lies here, the latest if there are several."""
        for _, day in reversed(list(self._days())):
            for suffix in SUFFIXES:
                path = f"{day}{os.sep}{hexed}{suffix}"
                with explained("look for a blob"):
                    if is_taken(path):
                        return path
        return None

    def contents(self) -> tuple[Discarded, ...]:
        """Tell what lies here, oldest first, and until when it stays at least."""
        found = []
        for day, folder in self._days():
            sizes = []
            for entry in entries(folder):
                with suppress(FileNotFoundError):  # somebody needed it again, this moment
                    if hex_of_name(entry.name):
                        sizes.append(entry.stat(follow_symlinks=False).st_size)
            if sizes:
                found.append(Discarded(day.isoformat(), (day + TERM).isoformat(), len(sizes), sum(sizes)))
        return tuple(found)

    def sweep(self) -> None:
        """Delete for good what was discarded more than a week ago, as two collections a week apart tell."""
        today = self._today()
        for day, folder in self._days():
            noted = [entry for entry in entries(folder) if entry.name.startswith(_OVER)]
            since = min(filter(None, (_date(entry.name.removeprefix(_OVER)) for entry in noted)), default=None)
            is_over = today > day + TERM
            if is_over and since and today > since + TERM:
                _empty(folder)
            elif not (is_over and since and since <= today):
                # Nobody has noted it yet, or somebody whose clock was ahead.
                for entry in noted:
                    _remove(entry.path)
                if is_over:
                    with suppress(FileExistsError):
                        os.close(os.open(f"{folder}{os.sep}{_OVER}{today}", os.O_CREAT | os.O_EXCL))

    def _today(self) -> date:
        return datetime.fromtimestamp(self._now(), UTC).date()

    def _days(self) -> Iterator[tuple[date, str]]:
        for entry in entries(self.root):
            day = _date(entry.name)
            if day and entry.is_dir(follow_symlinks=False):
                yield day, entry.path


def sweep_parts(tmp: Path, now: float) -> None:
    """Delete incomplete files that nobody has written to for a day."""
    for entry in entries(tmp):
        with suppress(FileNotFoundError):
            if (
                entry.name.endswith(PART)
                and entry.is_file(follow_symlinks=False)
                and entry.stat(follow_symlinks=False).st_mtime < now - DAY
            ):
                _remove(entry.path)


def _empty(folder: str) -> None:
    for entry in entries(folder):
        if hex_of_name(entry.name):
            _remove(entry.path)
    for entry in entries(folder):
        if entry.name.startswith(_OVER):
            _remove(entry.path)
    with suppress(OSError):  # not empty: what else lies there is not ours
        os.rmdir(folder)


def _remove(path: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(path)


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.isoformat() == text and found < _LAST else None
