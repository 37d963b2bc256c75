"""The commit log: one file a commit, numbered from 1, put there only if absent. It is the truth.

Reading is O(new): the next numbers are probed, nothing is listed. Writing needs no lock: whoever links the
next number first has it, everyone else catches up and tries again.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from nbregistry.artifacts.durable import explained, in_doubt, is_taken, sync_folder, write_new
from nbregistry.artifacts.regular import read_regular
from nbregistry.catalog.commit import Envelope
from nbregistry.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A commit holds facts, never artifacts; whatever is larger was not written by this program.
LARGEST_COMMIT = 64 * 2**20


class CommitLog:
    """The files ``log/0000000001.json``, ``log/0000000002.json`` and so on.

    Parameters
    ----------
    root : Path
        The registry's folder.
    """

    def __init__(self, root: Path) -> None:
        self._folder = root / "log"
        self._prefix = f"{self._folder}{os.sep}"
        self._tmp = root / "tmp"

    def path(self, seq: int) -> Path:
        """Where commit ``seq`` is, or will be."""
        return self._folder / f"{seq:010d}.json"

    def read(self, seq: int) -> Envelope | None:
        """Read one commit; ``None`` if there is none with this number yet.

        Raises
        ------
        Corrupt
            If its bytes are not those that were written.
        StorageError
            If it cannot be read.
        """
        name = f"{seq:010d}.json"
        with explained(f"read commit {seq}"):
            try:
                data = read_regular(f"{self._prefix}{name}", LARGEST_COMMIT)
            except FileNotFoundError:
                return None
        return Envelope.open(data, f"log/{name}")

    def read_anew(self, seq: int) -> Envelope | None:
        """Read one commit where a miss would be taken for a loss: a network's folder is looked through again first.

        Such a file system remembers for a while that there was no file; a listing makes it ask.
        """
        envelope = self.read(seq)
        if envelope is None:
            with suppress(OSError):
                list(self._folder.iterdir())
            envelope = self.read(seq)
        return envelope

    def stamp(self, seq: int) -> tuple[int, int, int] | None:
        """Give what changes when another file is put in the place of a commit; ``None`` if there is none."""
        try:
            status = os.stat(f"{self._prefix}{seq:010d}.json")  # noqa: PTH116  at each verb: a Path costs as much again
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size

    def holds(self, seq: int) -> bool:
        """Tell whether there is a commit ``seq``, without reading it.

        Raises
        ------
        StorageError
            If the folder does not say.
        """
        with explained("look into the registry's log"):
            return is_taken(f"{self._prefix}{seq:010d}.json")

    def read_after(self, seq: int) -> Iterator[Envelope]:
        """Give the commits after ``seq``, in order, as far as there are any."""
        while envelope := self.read(seq := seq + 1):
            yield envelope

    def gap_after(self, seq: int) -> int | None:
        """Give the first commit behind a missing one, if ``seq`` is the last that can be reached.

        It costs a listing, so it is asked once where something is going to rest on the answer.
        """
        if self.holds(seq + 1):
            return None
        with explained("look into the registry's log"):
            try:
                names = os.listdir(self._folder)  # noqa: PTH208  a glob passes over a folder that it may not list
            except FileNotFoundError:
                return None
        stems = (name.removesuffix(".json") for name in names if name.endswith(".json"))
        beyond = min((int(stem) for stem in stems if stem.isdecimal() and int(stem) > seq + 1), default=None)
        # Commits come in order: if others wrote between the look and the list, the next one is there by now.
        return None if beyond is None or self.holds(seq + 1) else beyond

    def append(self, seq: int, envelope: Envelope) -> bool:
        """Put a commit on disk as number ``seq``, durably.

        Returns
        -------
        bool
            False if somebody else's commit has the number; nothing was written then.

        Raises
        ------
        Refused
            If it is so large that nobody would read it.
        """
        data = envelope.to_bytes()
        if len(data) > LARGEST_COMMIT:
            raise Refused(f"this change takes {len(data)} bytes", hint="keep long texts in files, and register those")
        new = write_new(self._folder, self.path(seq).name, data, self._tmp)
        self._write_again()
        return new

    def settle(self) -> None:
        """Force to disk the names of all commits that were read: who wrote one may have been killed before."""
        self._write_again()
        with explained("make sure that a write has reached the disk"):
            sync_folder(self._folder)

    def _write_again(self) -> None:
        """Write once more the commits whose folder could not be forced to disk then, before anything rests on them."""
        for name in in_doubt(self._folder):
            with explained("read from the registry"):
                data = read_regular(f"{self._prefix}{name}", LARGEST_COMMIT)
            write_new(self._folder, name, data, self._tmp)
