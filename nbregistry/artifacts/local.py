"""Artifacts in a folder of this machine.

::

    blobs/             one file a blob, named by its digest
    tmp/               files while they are incomplete
    trash/2026-11-22/  what was discarded that day
"""

from __future__ import annotations

import errno
import os
import time
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from nbregistry.artifacts import compression, reading
from nbregistry.artifacts.durable import Staged, explained, in_doubt, make_folder, sync_folder, write_new
from nbregistry.artifacts.hashing import CHUNK, RunningDigest, chunks, hex_of
from nbregistry.artifacts.layout import SUFFIXES, Layout
from nbregistry.artifacts.store import Blob, views
from nbregistry.artifacts.trash import Trash, sweep_parts
from nbregistry.errors import Corrupt, NotFound, Refused, RegistryError, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from nbregistry.artifacts.store import Content

Result = TypeVar("Result")
# A folder that cannot be written, said in three ways.
READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
# Content of this size is hashed beside the writing, before it is known whether it is there already; smaller
# content is hashed first, so that an unchanged layer costs no write.
STREAMED = 32 << 20
# How often a blob is looked for that others may be moving.
LOOKS = 10


class LocalStore:
    """An :class:`~nbregistry.artifacts.store.ArtifactStore` in a folder of this machine.

    Parameters
    ----------
    root : Path
        The registry's folder.
    read_only : bool, default False
        Refuse every change, and make none in passing.
    now : callable, default time.time
        The clock that says what is old enough to be swept.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> store = LocalStore(Path(tempfile.mkdtemp()))
    >>> blob = store.put(b"weights")
    >>> blob.size, store.get(blob.digest, blob.size), store.put(b"weights").stored_bytes
    (7, bytearray(b'weights'), 0)
    """

    def __init__(self, root: Path, *, read_only: bool = False, now: Callable[[], float] = time.time) -> None:
        self._layout = Layout(root)
        self._tmp = root / "tmp"
        self._trash = Trash(root / "trash", now)
        self._read_only = read_only
        self._now = now

    def put(self, data: Content) -> Blob:
        """Keep bytes, durably: one bytes-like object, or several that are stored as one after the other."""
        self._must_write()
        parts = views(data)
        size = sum(map(len, parts))
        if size >= STREAMED:
            return self._put_stream(chunks(parts), size, lambda at, length: _part(parts, at, length))
        content = b"".join(parts)
        hexed = sha256(content).hexdigest()
        blob = Blob(f"sha256:{hexed}", size, 0)

        def at(offset: int, length: int) -> bytes:
            return content[offset : offset + length]

        if self._holds(blob, at):
            return blob
        stored, suffix = [content], ""
        if compression.pays(at, size):
            stored, suffix = list(compression.compressed(stored, size)), compression.SUFFIX
        self._layout.prepare(hexed)
        new = write_new(self._layout.folder(hexed), hexed + suffix, stored, self._tmp)
        self._layout.settle(hexed)
        return Blob(blob.digest, size, sum(map(len, stored)) if new else 0)

    def put_file(self, path: Path) -> Blob:
        """Keep the content of a file without holding it in memory."""
        self._must_write()
        with explained("read the file"), open(path, "rb", buffering=0) as file:
            size = os.fstat(file.fileno()).st_size
            if size < STREAMED:
                return self.put(file.read())

            def at(offset: int, length: int) -> bytes:
                file.seek(offset)
                return file.read(length)

            return self._put_stream(_pieces(file), size, at)

    def _put_stream(self, pieces: Iterable[bytes], size: int, at: Callable[[int, int], bytes]) -> Blob:
        """Hash, compress and write at the same time; only then is the name known.

        Content that turns out to be there already was written for nothing, but never forced to disk.
        """
        suffix = compression.SUFFIX if compression.pays(at, size) else ""
        with Staged(self._tmp) as staged, RunningDigest(beside=True) as running:
            passing = running.passing(_exactly(size, pieces))
            staged.write(compression.compressed(passing, size) if suffix else passing)
            blob = Blob(running.result(), size, 0)
            if self._holds(blob, at):
                return blob
            hexed = hex_of(blob.digest)
            self._layout.prepare(hexed)
            new = staged.publish(self._layout.folder(hexed), hexed + suffix)
            self._layout.settle(hexed)
            return Blob(blob.digest, size, staged.size if new else 0)

    def _must_write(self) -> None:
        if self._read_only:
            raise Refused("this registry was opened read-only", hint="open it without `read_only=True`")

    def _holds(self, blob: Blob, at: Callable[[int, int], bytes]) -> bool:
        """Tell whether the blob is in place, whole and durably; a damaged one is cleared away to be written again.

        Comparing takes a fraction of the time of hashing, so what is there is read whole before anything rests on it.
        """
        hexed = hex_of(blob.digest)
        path = self._layout.find(hexed)
        if path is None or os.path.basename(path) in in_doubt(self._layout.folder(hexed)):
            return False
        if not reading.equals(path, blob.digest, blob.size, at) and not self._whole(path, blob):
            with explained("clear a damaged blob away"), suppress(FileNotFoundError):
                os.unlink(path)
            return False
        with explained("make sure that a write has reached the disk"):
            sync_folder(self._layout.folder(hexed))
        self._layout.settle(hexed)
        return True

    def _whole(self, path: str, blob: Blob) -> bool:
        """Tell the same without the content, which a thread may have changed since it was hashed."""
        try:
            reading.stream(path, blob.digest, blob.size, lambda _: None)
        except (Corrupt, NotFound):  # not found: it was moved this moment
            return False
        return True

    def get(self, digest: str, size: int) -> bytearray:
        """Give the content, verified; ``size`` is the most that may come out."""
        return self._reading(digest, lambda path: reading.read(path, digest, size))

    def copy_to(self, digest: str, size: int, path: Path) -> None:
        """Write the content to a new file, verified; on failure no file is left."""
        with explained(f"write {path}"):
            file = open(path, "xb")  # noqa: SIM115
        try:
            with file, explained(f"write {path}"):
                self._reading(digest, lambda source: reading.stream(source, digest, size, file.write))
        except BaseException:
            os.unlink(path)
            raise

    def check(self, digest: str) -> str | None:
        """Read a blob whole; None if it is as it was written, else what is wrong with it."""
        try:
            self._reading(digest, lambda path: reading.stream(path, digest, None, lambda _: None))
        except RegistryError as error:
            return error.message
        return None

    def _reading(self, digest: str, action: Callable[[str], Result]) -> Result:
        """Do something with a blob's file; a collection may move it between looking and opening."""
        hexed = hex_of(digest)
        for _ in range(LOOKS):
            path = self._found(hexed)
            if path is None:
                break
            with suppress(NotFound):
                return action(path)
        raise NotFound(f"{digest} is missing from the registry's folder", hint=reading.REMEDY)

    def _found(self, hexed: str) -> str | None:
        """Find a blob in place or in the trash, from where it is brought back.

        While one place is looked at, it can move to the other: a collection takes it, a register brings it back. Only
        what was in neither of them again and again is not there.
        """
        for _ in range(LOOKS):
            path = self._layout.find(hexed) or self._revived(hexed)
            if path is not None:
                return path
        return None

    def _revived(self, hexed: str) -> str | None:
        """Bring a blob back from the trash; a read-only registry reads it where it lies."""
        path = self._trash.find(hexed)
        if path is None or self._read_only:
            return path
        folder = self._layout.folder(hexed)
        with explained("bring a blob back from the trash"):
            make_folder(folder)
            back = f"{folder}{os.sep}{os.path.basename(path)}"
            try:
                os.replace(path, back)
                sync_folder(folder)
            except FileNotFoundError:  # someone else was faster
                return self._layout.find(hexed)
            except OSError as error:
                if error.errno in READ_ONLY:
                    return path
                raise
        return back

    def stored_size(self, digest: str) -> int | None:
        """Give the bytes that the blob takes on disk; None if it is not in place."""
        path = self._layout.find(hex_of(digest))
        with explained("look for a blob"), suppress(FileNotFoundError):  # a collection took it this moment
            return None if path is None else os.lstat(path).st_size
        return None

    def keep(self, digests: Iterable[str]) -> None:
        """Make sure after a commit that all of these are in place, also those a collection just took."""
        self._must_write()
        for digest in digests:
            hexed = hex_of(digest)
            if self._found(hexed) is None:
                raise StorageError(f"{digest} is gone from the registry's folder", hint=reading.REMEDY)

    def digests(self) -> Iterator[str]:
        """List what is in place, sorted; what is no blob is passed over, and links are not followed."""
        with explained("list the registry's folder"):
            yield from map("sha256:{}".format, self._layout.listing())

    def discard(self, digests: Iterable[str]) -> int:
        """Move blobs to the trash, and give the bytes that they take on disk.

        What has lain in the trash for a week goes for good, and so do incomplete files of yesterday.
        """
        self._must_write()
        freed = 0
        with explained("move blobs to the trash"):
            for digest in digests:
                hexed = hex_of(digest)
                for _ in SUFFIXES:  # it may be there in both forms
                    path = self._layout.find(hexed)
                    freed += self._trash.take(path) if path else 0
            self._trash.sweep()
            sweep_parts(self._tmp, self._now())
        return freed


def _part(parts: list[memoryview], at: int, length: int) -> bytes:
    """Give a part of content that lies in several pieces."""
    found = bytearray()
    for part in parts:
        found += part[max(at, 0) : max(at + length, 0)]
        at -= len(part)
    return bytes(found)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(CHUNK):
        yield piece


def _exactly(size: int, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Pass on content of a size that was measured before; a file that grows meanwhile is refused."""
    for piece in pieces:
        size -= len(piece)
        yield piece
    if size:
        raise Refused("the file changed while it was read", hint="run it again when the file is complete")
