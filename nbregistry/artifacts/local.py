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
from typing import TYPE_CHECKING, TypeVar

from nbregistry.artifacts import compression, reading
from nbregistry.artifacts.durable import explained, in_doubt, make_folder, sync_folder, write_new
from nbregistry.artifacts.hashing import digest_of, hex_of
from nbregistry.artifacts.layout import SUFFIXES, Layout, check_is_own
from nbregistry.artifacts.store import LARGEST, Blob
from nbregistry.artifacts.trash import Trash, sweep_parts
from nbregistry.errors import NotFound, Refused, RegistryError, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from typing_extensions import Buffer

    from nbregistry.outcomes import Discarded

Result = TypeVar("Result")
# A folder that cannot be written, said in three ways.
READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
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
        # What this object wrote, or read whole, and forced to disk: which file it was then.
        self._known: dict[str, tuple[int, int, int]] = {}

    def put(self, content: Buffer) -> Blob:
        """Keep bytes, durably; several threads may do so at once."""
        self._must_write()
        content = bytes(content)  # what is hashed is what is written, even if a thread goes on training the model
        if len(content) > LARGEST:
            raise Refused(f"a blob of {len(content)} bytes is too large", hint="cut it into pieces")
        blob = Blob(digest_of(content), len(content), 0)
        hexed = hex_of(blob.digest)
        if self._holds(hexed, content):
            return blob
        smaller = compression.smaller(content)
        stored, suffix = (content, "") if smaller is None else (smaller, compression.SUFFIX)
        self._layout.prepare(hexed)
        new = write_new(self._layout.folder(hexed), hexed + suffix, stored, self._tmp)
        self._layout.settle(hexed)
        if new:  # what somebody else has put there this moment was not read
            self._know(hexed, f"{self._layout.folder(hexed)}{os.sep}{hexed}{suffix}")
        return Blob(blob.digest, blob.size, len(stored) if new else 0)

    def _must_write(self) -> None:
        if self._read_only:
            raise Refused("this registry was opened read-only", hint="open it without `read_only=True`")

    def _holds(self, hexed: str, content: bytes) -> bool:
        """Tell whether a blob is in place, whole and durably; a damaged one is cleared away to be written again.

        What is there is read whole before anything new rests on it, unless it is the very file that was read before.
        """
        path = self._layout.find(hexed)
        if path is None or os.path.basename(path) in in_doubt(self._layout.folder(hexed)):
            return False
        if hexed in self._known and self._known[hexed] == _stamp(path):
            return True
        if not reading.holds(path, f"sha256:{hexed}", content):
            with explained("clear a damaged blob away"), suppress(FileNotFoundError):
                os.unlink(path)
            return False
        with explained("make sure that a write has reached the disk"):
            sync_folder(self._layout.folder(hexed))
        self._layout.settle(hexed)
        self._know(hexed, path)
        return True

    def _know(self, hexed: str, path: str) -> None:
        stamp = _stamp(path)
        if stamp:
            self._known[hexed] = stamp

    def get(self, digest: str, size: int) -> bytearray:
        """Give the content, verified; ``size`` is the most that may come out."""
        return self._reading(digest, lambda path: reading.read(path, digest, size))

    def get_into(self, digest: str, place: memoryview) -> None:
        """Read the content, of exactly the size of the place, to that place; if it raises, nothing stands there."""
        self._reading(digest, lambda path: reading.read_into(path, digest, place))

    def copy_into(self, target: LocalStore, digest: str) -> int:
        """Copy a blob into a folder's store as it is kept here, verified on the way; give the bytes that were new."""
        return self._reading(digest, lambda path: target._take(path, digest))

    def _take(self, source: str, digest: str) -> int:
        self._must_write()
        hexed = hex_of(digest)
        stored = reading.stored(source, digest)
        self._layout.prepare(hexed)
        new = write_new(self._layout.folder(hexed), os.path.basename(source), stored, self._tmp)
        self._layout.settle(hexed)
        return len(stored) if new else 0

    def check(self, digest: str) -> str | None:
        """Read a blob whole; None if it is as it was written, else what is wrong with it."""
        try:
            self._reading(digest, lambda path: reading.read(path, digest, LARGEST))
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

    def settle(self, digests: Iterable[str]) -> None:
        """Force to disk the names of blobs that are in place: who put them there may have been killed before."""
        for prefix, hexed in {hexed[:2]: hexed for hexed in map(hex_of, digests)}.items():
            with explained("make sure that a write has reached the disk"):
                sync_folder(self._layout.folder(prefix))
            self._layout.settle(hexed)

    def digests(self) -> Iterator[str]:
        """List what is in place, sorted; what is no blob is passed over, and links are not followed."""
        with explained("list the registry's folder"):
            yield from map("sha256:{}".format, self._layout.listing())

    def discard(self, digests: Iterable[str]) -> int:
        """Move blobs to the trash, and give the bytes that they take on disk.

        What has lain in the trash for its term goes for good, and so do incomplete files of yesterday.
        """
        self._must_write()
        self._layout.check_is_own()
        for folder in (self._tmp, self._trash.root):
            check_is_own(folder)
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

    def discarded(self) -> tuple[Discarded, ...]:
        """Tell what lies in the trash, oldest first, and until when."""
        with explained("list the trash"):
            return self._trash.contents()


def _stamp(path: str) -> tuple[int, int, int] | None:
    """Give what changes when a file is written to or replaced; ``None`` if it cannot be told."""
    try:
        status = os.lstat(path)
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns
