"""Writing an artifact: files are cut into pieces, and the pieces become blobs."""

from __future__ import annotations

import os
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from nbregistry.artifacts.cutting import ALONE, LARGEST_GROUP, blocks, ends_group, pieces_of, pieces_of_file
from nbregistry.artifacts.durable import explained
from nbregistry.artifacts.members import Names
from nbregistry.artifacts.pack import Piece, Root
from nbregistry.artifacts.putting import Putter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import TracebackType

    from typing_extensions import Buffer

    from nbregistry.artifacts.store import ArtifactStore, Blob

    Content: TypeAlias = Buffer | Iterable[Buffer]

# Small pieces of no more than this in all follow the header of the root.
INLINE = 64 << 10


@dataclass(frozen=True)
class Packed:
    """An artifact that was stored.

    Attributes
    ----------
    digest : str
        Of the root blob; it names the artifact. The same files have the same digest, in any registry.
    size : int
        Bytes of its files, before compression.
    stored_bytes : int
        Bytes on disk that were new.
    digests : tuple of str
        The root and every blob that it names.
    """

    digest: str
    size: int
    stored_bytes: int
    digests: tuple[str, ...]


@dataclass
class _Group:
    """Small pieces that travel together."""

    pieces: list[bytes | memoryview] = field(default_factory=list)
    size: int = 0


class PackWriter:
    """Takes the files of one artifact; a reader sees nothing before :meth:`finish`. A context manager.

    Parameters
    ----------
    store : ArtifactStore

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from nbregistry.artifacts.local import LocalStore
    >>> from nbregistry.artifacts.pack_reading import PackReader
    >>> store = LocalStore(Path(tempfile.mkdtemp()))
    >>> with PackWriter(store) as pack:
    ...     pack.add("notes.txt", b"hello")
    ...     packed = pack.finish({"flavor": "files"})
    >>> reader = PackReader(store, packed.digest)
    >>> reader.header, reader.paths, reader.read("notes.txt")
    ({'flavor': 'files'}, ('notes.txt',), bytearray(b'hello'))
    """

    def __init__(self, store: ArtifactStore) -> None:
        self._store = store
        self._putter = Putter(store)
        self._names = Names()
        self._members: dict[str, list[Piece]] = {}
        # What the number in a piece means until the end: a blob under way, or a group of small pieces.
        self._places: list[Future[Blob] | _Group] = []
        self._complete: list[tuple[int, _Group]] = []  # full, and not yet blobs
        self._group = _Group()
        self._small = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._putter.close()

    def add(self, path: str, content: Buffer) -> None:
        """Add a file from memory."""
        member = self._begin(path)
        for piece, alone in pieces_of(_view(content)):
            member.append(self._place(piece, alone=alone))

    def add_array(self, path: str, content: Content) -> None:
        """Add a file that holds an array: its memory, or several parts that follow each other.

        They have to stay as they are until :meth:`finish`.
        """
        member = self._begin(path)
        parts: Iterable[bytes | memoryview]
        try:
            parts = [_view(content)]  # type: ignore[arg-type]
        except TypeError:
            parts = map(_view, content)  # type: ignore[arg-type]
        for part in parts:
            member += [self._place(block) for block in blocks(part)]

    def add_file(self, path: str, source: Path) -> None:
        """Add a file from disk, streamed."""
        member = self._begin(path)
        with explained(f"read {source}"), open(source, "rb", buffering=0) as file:
            for piece, alone in pieces_of_file(file, source.name, os.fstat(file.fileno()).st_size):
                member.append(self._place(piece, alone=alone))

    def finish(self, header: dict[str, Any]) -> Packed:
        """Store the root, and with it the artifact."""
        if self._group.size > INLINE:
            self._complete.append((self._number, self._group))
        self._put_groups()
        self._putter.finish()
        payload = bytearray()
        blobs: dict[str, tuple[int, int]] = {}
        starts: list[tuple[int, int]] = []
        for place in self._places:
            if isinstance(place, Future):
                blob = place.result()
                blobs.setdefault(blob.digest, (len(blobs) + 1, blob.size))
                starts.append((blobs[blob.digest][0], 0))
            else:
                starts.append((0, len(payload)))
                payload += b"".join(place.pieces)
        members = {
            path: [Piece(starts[place][0], starts[place][1] + offset, size) for place, offset, size in pieces]
            for path, pieces in self._members.items()
        }
        sizes = {digest: size for digest, (_, size) in blobs.items()}
        root = self._store.put(Root(header, sizes, members, bytes(payload)).to_bytes())
        self._putter.close()
        size = sum(piece.size for pieces in members.values() for piece in pieces)
        return Packed(root.digest, size, self._putter.stored_bytes + root.stored_bytes, (root.digest, *blobs))

    def _begin(self, path: str) -> list[Piece]:
        self._names.add(path)
        return self._members.setdefault(path, [])

    def _place(self, piece: bytes | memoryview, *, alone: bool = False) -> Piece:
        """Find a place for a piece: a blob of its own, or the group that is being filled."""
        if alone or len(piece) >= ALONE:
            self._places.append(self._putter.put(piece))
            return Piece(len(self._places) - 1, 0, len(piece))
        if not self._group.size:
            self._number = len(self._places)
            self._places.append(self._group)
        found = Piece(self._number, self._group.size, len(piece))
        self._group.pieces.append(piece)
        self._group.size += len(piece)
        self._small += len(piece)
        if ends_group(piece) or self._group.size >= LARGEST_GROUP:
            self._complete.append((self._number, self._group))
            self._group = _Group()
            self._put_groups()
        return found

    def _put_groups(self) -> None:
        """Make blobs of the groups that are complete, unless all that is small follows the header."""
        if self._small > INLINE:
            for number, group in self._complete:
                self._places[number] = self._putter.put(*group.pieces)
            self._complete.clear()


def _view(content: Buffer) -> bytes | memoryview:
    if type(content) is bytes:
        return content
    view = memoryview(content)
    return view.cast("B") if view.nbytes else memoryview(b"")
