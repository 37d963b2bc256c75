"""The last commit that this user saw of a registry, kept where nobody but the user can write.

Signatures and the chain tell that a history is genuine, not that it is all of it: a log that was cut, or replaced by
an older copy of itself, is as genuine as ever. So the user keeps a receipt for each place, and a log that ends before
it, or has another commit there, is refused until the user says that it is meant.

A receipt is the name of an empty file, in the user's own folder::

    seen/<place>/<history>-<number>-<digest>

The place is the folder's resolved path, not the id in ``FORMAT``, which whoever puts an older copy there could change
too; a history is known by the digest of its first commit, which nobody can choose. Another place has other receipts:
a backup may lag behind. Writing one is a rename: it is whole or not there, whoever else writes, and the number only
grows, because no receipt goes before a later one is there. Nothing is forced to disk, and nothing fails where the
user's folder cannot be written: after a power cut, or without such a folder, what was seen last is not known.
"""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAME = re.compile(r"([0-9a-f]{32})-([0-9]{10,})-([0-9a-f]{64})")
_PLACE_FILE = "place.json"
_SHA256 = "sha256:"


@dataclass(frozen=True)
class Receipt:
    """A commit that was seen.

    Attributes
    ----------
    history : str
        The beginning of the digest of the first commit.
    seq : int
    digest : str
    """

    history: str
    seq: int
    digest: str

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.history}-{self.seq:010d}-{self.digest.removeprefix(_SHA256)}"


def history_of(first_digest: str) -> str:
    """Give what a history is known by: 128 bits of the digest of its first commit."""
    return first_digest.removeprefix(_SHA256)[:32]


class LastSeen:
    """What this user saw last, at one place.

    Parameters
    ----------
    home : Path
        The user's own folder.
    root : Path
        The registry's folder.
    """

    def __init__(self, home: Path, root: Path) -> None:
        self._place = os.path.normcase(os.path.realpath(root))
        self._home = home
        name = hashlib.sha256(os.fsencode(self._place)).hexdigest()[:32]
        self._folder = home / "seen" / name
        self._noted: Receipt | None = None

    def here(self) -> list[Receipt]:
        """Give the last receipt of each history that was seen at this place."""
        return _latest(self._folder)

    def note(self, receipt: Receipt) -> None:
        """Keep a receipt in the place of an earlier one of the same history."""
        before = self._noted or next((known for known in self.here() if known.history == receipt.history), None)
        if before and before.history == receipt.history and receipt.seq <= before.seq:
            return
        self._noted = receipt
        try:
            if before and before.history == receipt.history:
                with suppress(FileNotFoundError):  # then another kernel of this user has moved it on
                    (self._folder / before.name).replace(self._folder / receipt.name)
                    return
            self._write(receipt)
        except OSError:
            self._noted = None

    def accept(self, receipt: Receipt) -> None:
        """Keep a receipt, and none of the same history that says more; a failure is told here: it was asked for."""
        for other in _receipts(self._folder):
            if other.history == receipt.history and other.seq >= receipt.seq:
                (self._folder / other.name).unlink(missing_ok=True)
        self._write(receipt)
        self._noted = receipt

    def forget(self) -> None:
        """Forget what was seen at this place: there is nothing any more, and something new begins."""
        self._noted = None
        with suppress(OSError):
            for receipt in _receipts(self._folder):
                (self._folder / receipt.name).unlink(missing_ok=True)

    def elsewhere(self, history: str) -> Iterator[tuple[str, Receipt]]:
        """Give the other places where this user saw the same history, and what was last there."""
        for folder, receipt in _seen_of(self._home, history):
            if folder != self._folder:
                yield _place_of(folder), receipt

    def _write(self, receipt: Receipt) -> None:
        path = self._folder / receipt.name
        try:
            path.touch(0o600)
        except FileNotFoundError:
            self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / _PLACE_FILE).write_bytes(orjson.dumps(os.fsencode(self._place).decode("utf-8", "replace")))
            path.touch(0o600)


def seen_anywhere(home: Path, history: str) -> Iterator[tuple[str, Receipt]]:
    """Give every place where this user saw a history, and what was last there.

    Parameters
    ----------
    home : Path
        The user's own folder.
    history : str
        As :func:`history_of` gives it.
    """
    for folder, receipt in _seen_of(home, history):
        yield _place_of(folder), receipt


def _seen_of(home: Path, history: str) -> Iterator[tuple[Path, Receipt]]:
    with suppress(OSError):
        for folder in sorted((home / "seen").iterdir()):
            for receipt in _latest(folder):
                if receipt.history == history:
                    yield folder, receipt


def _receipts(folder: Path) -> list[Receipt]:
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError:
        return []
    return [Receipt(m[1], int(m[2]), _SHA256 + m[3]) for m in map(_NAME.fullmatch, names) if m]


def _latest(folder: Path) -> list[Receipt]:
    """Give the last receipt of each history; earlier ones, left by kernels that wrote at once, go."""
    latest: dict[str, Receipt] = {}
    for receipt in sorted(_receipts(folder), key=lambda receipt: receipt.seq):
        before = latest.get(receipt.history)
        if before:
            with suppress(OSError):
                (folder / before.name).unlink()
        latest[receipt.history] = receipt
    return list(latest.values())


def _place_of(folder: Path) -> str:
    try:
        return str(orjson.loads((folder / _PLACE_FILE).read_bytes()))
    except (OSError, ValueError):
        return "another folder"
