"""Digests of content, taken while the bytes pass by.

Hashing costs about as much as writing. Both release the interpreter's lock, so for large content the hash
runs in a thread beside the disk and the pair takes as long as the slower of the two.
"""

from __future__ import annotations

import re
from hashlib import sha256
from queue import Queue
from threading import Thread
from typing import TYPE_CHECKING

from nbregistry.errors import Corrupt
from nbregistry.progress import passed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType
    from typing import Self

    from typing_extensions import Buffer

CHUNK = 1 << 20
# From here on a thread is worth its start.
BESIDE = 4 << 20

_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")


def hex_of(digest: str) -> str:
    """Give the 64 hex digits of a digest; the only part of a record that ever becomes part of a path.

    Raises
    ------
    Corrupt
        If it is no digest.

    Examples
    --------
    >>> hex_of("sha256:" + "ab" * 32)[:6]
    'ababab'
    """
    match = _DIGEST.fullmatch(digest)
    if match is None:
        raise Corrupt(f"{digest[:80]!r} is no digest", hint="%nbr verify")
    return match[1]


def chunks(views: Iterable[memoryview]) -> Iterator[bytes]:
    """Cut content into pieces that fit a cache and a queue.

    Each is a copy, so that what is hashed is what is written even if a thread goes on training the model.
    """
    for view in views:
        for start in range(0, len(view), CHUNK):
            yield bytes(view[start : start + CHUNK])


class RunningDigest:
    """A SHA-256 of bytes that pass by; a context manager, so that its thread always ends.

    Parameters
    ----------
    beside : bool
        Hash in a thread, beside whatever the caller does with the bytes.

    Examples
    --------
    >>> with RunningDigest(beside=True) as running:
    ...     running.update(b"abc")
    ...     running.result()[:15]
    'sha256:ba7816bf'
    """

    def __init__(self, *, beside: bool) -> None:
        self._hash = sha256()
        self._thread: Thread | None = None
        if beside:
            # Short: the pieces that wait here are memory.
            self._waiting: Queue[Buffer | None] = Queue(maxsize=8)
            self._thread = Thread(target=self._run, name="nbregistry-hash", daemon=True)

    def __enter__(self) -> Self:
        if self._thread:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def update(self, piece: Buffer) -> None:
        """Take in a piece, which must not change until the end."""
        passed(len(piece))  # type: ignore[arg-type]  # whatever is hashed has a length
        if self._thread:
            self._waiting.put(piece)
        else:
            self._hash.update(piece)

    def passing(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Hand the pieces on, hashing them on the way."""
        for piece in pieces:
            self.update(piece)
            yield piece

    def result(self) -> str:
        """Give the digest of everything so far; nothing can follow."""
        self._end()
        return f"sha256:{self._hash.hexdigest()}"

    def _end(self) -> None:
        if self._thread and self._thread.is_alive():
            self._waiting.put(None)
            self._thread.join()

    def _run(self) -> None:
        while (piece := self._waiting.get()) is not None:
            self._hash.update(piece)
