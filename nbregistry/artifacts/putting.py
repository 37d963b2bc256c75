"""Blobs put beside each other: while one is forced to disk, others are hashed and compressed.

All of that releases the interpreter's lock, and file systems force several files to disk in the time of one.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Self

from nbregistry.progress import passed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future
    from types import TracebackType

    from nbregistry.artifacts.store import ArtifactStore, Blob

_THREADS = 4
_IN_FLIGHT = 16 << 20


class Putter:
    """Puts blobs by several threads, within a bound of memory; a context manager.

    Parameters
    ----------
    store : ArtifactStore

    Attributes
    ----------
    stored_bytes : int
        Bytes on disk that were new, once every blob's end was waited for.
    """

    def __init__(self, store: ArtifactStore) -> None:
        self._store = store
        self._pool: ThreadPoolExecutor | None = None
        self._waiting: deque[tuple[Future[Blob], int]] = deque()
        self._in_flight = 0
        self.stored_bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def put(self, *parts: bytes | memoryview) -> Future[Blob]:
        """Put a blob that is made of some parts; waits only while too much is under way.

        Parameters
        ----------
        *parts : bytes-like
            Copied by the thread that puts the blob: they have to stay as they are meanwhile.

        Raises
        ------
        StorageError
            Also of a blob that was put earlier.
        """
        size = sum(map(len, parts))
        while self._waiting and self._in_flight + size > _IN_FLIGHT:
            self._wait()
        self._pool = self._pool or ThreadPoolExecutor(_THREADS, thread_name_prefix="nbregistry-put")
        future = self._pool.submit(self._put, parts)
        passed(size)
        self._waiting.append((future, size))
        self._in_flight += size
        return future

    def _put(self, parts: Sequence[bytes | memoryview]) -> Blob:
        return self._store.put(parts[0] if len(parts) == 1 else b"".join(parts))

    def finish(self) -> None:
        """Wait for all that is under way.

        Raises
        ------
        StorageError
            If one of them could not be stored.
        """
        while self._waiting:
            self._wait()

    def _wait(self) -> None:
        future, size = self._waiting.popleft()
        self.stored_bytes += future.result().stored_bytes
        self._in_flight -= size

    def close(self) -> None:
        """End the threads; what nobody waits for any more is not begun."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None
