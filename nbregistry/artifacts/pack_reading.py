"""Reading an artifact: its files, put together from verified blobs."""

from __future__ import annotations

import mmap
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from nbregistry.artifacts.durable import explained
from nbregistry.artifacts.pack import Piece, Root
from nbregistry.artifacts.reading import REMEDY
from nbregistry.errors import Corrupt, NotFound, Refused, StorageError
from nbregistry.progress import passed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from nbregistry.artifacts.store import ArtifactStore

Memory = TypeVar("Memory", bytearray, mmap.mmap)

# Reading, hashing and decompressing release the interpreter's lock: from here on blobs are read beside each other.
_BESIDE = 1 << 20
_THREADS = 4


class PackReader:
    """The files of one artifact, verified as they are read.

    Parameters
    ----------
    store : ArtifactStore
    digest : str
        Of the root blob.

    Attributes
    ----------
    header : dict
        What was given to :meth:`~nbregistry.artifacts.pack_writing.PackWriter.finish`.
    blobs : dict
        Every blob but the root: digest to size.
    """

    def __init__(self, store: ArtifactStore, digest: str) -> None:
        self._store = store
        self._root = Root.read(store, digest)
        self._digests = list(self._root.blobs)
        self._group: tuple[int, memoryview] = (0, memoryview(self._root.payload))
        self.header: dict[str, Any] = self._root.header
        self.blobs = self._root.blobs

    @property
    def paths(self) -> tuple[str, ...]:
        """The files, in the order they were added."""
        return tuple(self._root.members)

    def size(self, path: str) -> int:
        """Give the bytes of a file."""
        return sum(piece.size for piece in self._pieces(path))

    def read(self, path: str) -> bytearray:
        """Give a file's content, verified, in memory of its own that may be written to."""
        content = _memory(self.size(path), bytearray)
        self._read([path], [memoryview(content)])
        return content

    def read_many(self, paths: Sequence[str]) -> list[memoryview]:
        """Give the content of several files, each in memory of its own; what they share is read once."""
        contents = [_room(self.size(path)) for path in paths]
        self._read(paths, contents)
        return contents

    def _read(self, paths: Sequence[str], contents: Sequence[memoryview]) -> None:
        wanted: dict[int, list[tuple[int, memoryview]]] = {}
        for path, content in zip(paths, contents, strict=True):
            rest = content
            for blob, offset, size in self._pieces(path):
                wanted.setdefault(blob, []).append((offset, rest[:size]))
                rest = rest[size:]
        if len(wanted) > 1 and sum(map(len, contents)) >= _BESIDE:
            with ThreadPoolExecutor(_THREADS, thread_name_prefix="nbregistry-read") as pool:
                futures = [pool.submit(self._fill, blob, places) for blob, places in wanted.items()]
                try:
                    for future, places in zip(futures, wanted.values(), strict=True):
                        future.result()
                        passed(sum(len(place) for _, place in places))
                finally:
                    pool.shutdown(cancel_futures=True)
        else:
            for blob, places in wanted.items():
                self._fill(blob, places)
                passed(sum(len(place) for _, place in places))

    def copy_to(self, folder: Path) -> None:
        """Write all files into a folder, streamed; none can land outside it, and none is overwritten."""
        with explained(f"write into {folder}"):
            folder.mkdir(parents=True, exist_ok=True)
            inside = folder.resolve()
        for path in self.paths:
            target = folder / path
            with explained(f"write {target}"):
                target.parent.mkdir(parents=True, exist_ok=True)
                if not target.parent.resolve().is_relative_to(inside):
                    raise Refused(f"{target} would land outside {folder}", hint="choose an empty folder")
                with open(target, "xb") as file:
                    file.writelines(self._contents(path))

    def _pieces(self, path: str) -> list[Piece]:
        try:
            return self._root.members[path]
        except KeyError:
            raise NotFound(f"this artifact has no file {path!r}", nearest=self.paths[:5]) from None

    def _fill(self, blob: int, places: list[tuple[int, memoryview]]) -> None:
        """Copy what is wanted of a blob to where it is wanted."""
        if blob and len(places) == 1 and len(places[0][1]) == self._size(blob):
            self._store.get_into(self._digests[blob - 1], places[0][1])
            return
        content = self._content(blob)
        for offset, place in places:
            place[:] = content[offset : offset + len(place)]

    def _contents(self, path: str) -> Iterator[memoryview]:
        """Give the pieces of a file; files of one group come in a row, so the last blob is kept."""
        for blob, offset, size in self._pieces(path):
            if self._group[0] != blob:
                self._group = (blob, self._content(blob))
            yield self._group[1][offset : offset + size]
            passed(size)

    def _content(self, blob: int) -> memoryview:
        if not blob:
            return memoryview(self._root.payload)
        content = memoryview(self._store.get(self._digests[blob - 1], self._size(blob)))
        if len(content) != self._size(blob):
            raise Corrupt(f"{self._digests[blob - 1]} has {len(content)} bytes, not those of its artifact", hint=REMEDY)
        return content

    def _size(self, blob: int) -> int:
        return self.blobs[self._digests[blob - 1]]


def _room(size: int) -> memoryview:
    """Give memory of a size; a large one is not touched before it is read into, which several threads do at once."""
    return memoryview(_memory(size, partial(mmap.mmap, -1)) if size >= _BESIDE else bytearray(size))


def _memory(size: int, make: Callable[[int], Memory]) -> Memory:
    """Make room for a file, whose size may be a stranger's word: its pieces can be the same blob many times."""
    try:
        return make(size)
    except (MemoryError, OverflowError, OSError):
        raise StorageError(
            f"there is no memory for a file of {size} bytes", hint="load it where there is more"
        ) from None
