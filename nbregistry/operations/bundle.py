"""The file that export writes and import reads: a ZIP of stored members, believed in nothing.

``bundle.json`` says what is exported (see :mod:`nbregistry.operations.exported`); the blobs that this needs are under
``blobs/<hex>``. Nothing is ever extracted by a name in the file, nothing in it is compressed, and whatever it claims is
checked before anything of its size is made.
"""

from __future__ import annotations

import errno
import os
import struct
import sys
import zipfile
import zlib
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from nbregistry.artifacts.durable import is_taken
from nbregistry.artifacts.hashing import hex_of
from nbregistry.artifacts.pack import Root
from nbregistry.artifacts.store import LARGEST
from nbregistry.catalog import exact
from nbregistry.errors import Corrupt, NotFound, Refused, StorageError
from nbregistry.operations.exported import FORMAT, Contents, problem_of
from nbregistry.operations.new_file import new_file
from nbregistry.operations.together import together
from nbregistry.progress import passed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from nbregistry.artifacts.store import ArtifactStore, Blob

BUNDLE = "bundle.json"
# Records are text of a few kilobytes each; the bound keeps a crafted file from filling the memory.
_LARGEST_BUNDLE = 64 * 2**20
# ZIP keeps a time for each member; a fixed one makes two exports of one version equal.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ENCRYPTED = 0x1
_HINT = "ask for a new export"
# RuntimeError is also that a member needs a password, a method that is not there, or that JSON is too deep.
_DAMAGE = (ValueError, KeyError, TypeError, AttributeError, EOFError, IndexError, OverflowError, RuntimeError)


def write_bundle(path: Path, contents: Mapping[str, Any], digests: Iterable[str], store: ArtifactStore) -> int:
    """Write the file, and give its size: a broken export leaves nothing.

    Raises
    ------
    Refused
        If there is such a file.
    NotFound, Corrupt
        If a blob is not as it was written.
    StorageError
    """
    with new_file(path) as file:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(zipfile.ZipInfo(BUNDLE, _EPOCH), exact.dumps(contents))
            for digest in digests:
                content = store.get(digest, LARGEST)
                archive.writestr(zipfile.ZipInfo(_member(digest), _EPOCH), content)
                passed(len(content))
        return file.tell()


def _member(digest: str) -> str:
    return f"blobs/{hex_of(digest)}"


class BundleReader:
    """An export that somebody gave; a context manager.

    Parameters
    ----------
    path : Path

    Attributes
    ----------
    size : int
        Bytes of the file.

    Raises
    ------
    NotFound
        If there is no such file.
    Corrupt
        If it is no export, or not a whole one.
    StorageError
        If it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open = ExitStack()

    def __enter__(self) -> Self:
        with self._whole():
            stands = is_taken(str(self._path))
        if not stands:
            raise NotFound(f"there is no file {self._path}", hint="nbregistry export REF PATH makes one")
        with self._open, self._whole():
            if not self._path.is_file():  # a FIFO would never be opened
                raise ValueError("it is no file")
            file = self._open.enter_context(self._path.open("rb"))
            self._archive = self._open.enter_context(zipfile.ZipFile(file))
            self.size = os.fstat(file.fileno()).st_size
            self._members = _checked_members(self._archive, self.size)
            self._open = self._open.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # it was only read
            self._open.close()

    def contents(self) -> Contents:
        """Read what the bundle says, and check it."""
        with self._whole():
            info = self._members[BUNDLE]
            if info.file_size > _LARGEST_BUNDLE:
                raise Refused(f"{BUNDLE} of {info.file_size} bytes is larger than any export")
            found = exact.loads(self._archive.read(info))
            if type(found["format"]) is int and found["format"] > FORMAT:
                raise Refused("this export was written by a newer release", hint="pip install --upgrade nbregistry")
            problem = problem_of(found)
        if problem:
            raise self._corrupt(problem)
        return Contents(found["versions"], found["evaluations"], found["shared"])

    def store(self, artifacts: Iterable[str], store: ArtifactStore) -> list[Blob]:
        """Store the blobs of some artifacts; nothing refers to them yet."""
        blobs: dict[str, Blob] = {}
        for root in artifacts:
            blobs[root] = self._store(root, None, store)
            try:
                parts = Root.read(store, root).blobs
            except (Corrupt, Refused) as error:
                raise self._corrupt(error.message) from None
            new = [(digest, size) for digest, size in parts.items() if digest not in blobs]
            for (digest, _), blob in together(partial(self._store_part, store), new):
                blobs[digest] = blob
                passed(blob.size)
        return list(blobs.values())

    def _store_part(self, store: ArtifactStore, part: tuple[str, int]) -> Blob:
        return self._store(*part, store)

    def _store(self, digest: str, size: int | None, store: ArtifactStore) -> Blob:
        """Store one member; its name says what it must hold."""
        with self._whole():
            info = self._members[_member(digest)]
        if size not in (None, info.file_size):
            raise self._corrupt(f"{info.filename} is not of the size that its artifact names")
        if info.file_size > LARGEST:
            raise self._corrupt(f"{info.filename} of {info.file_size} bytes is larger than any blob")
        with self._whole():
            content = self._archive.read(info)
        blob = store.put(content)
        if blob.digest != digest:
            raise self._corrupt(f"{info.filename} does not hold what its name says")
        return blob

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """Tell whatever a crafted or damaged file makes Python's ZIP and JSON readers raise."""
        before = sys.exception()  # what the caller is dealing with, if it calls from there
        try:
            yield
        except (*_DAMAGE, struct.error, zlib.error, zipfile.BadZipFile) as error:
            cause = error.__context__  # zipfile takes a file that cannot be read for one that is none
            if isinstance(cause, OSError) and cause is not before and cause.errno != errno.EINVAL:
                raise self._unreadable(cause) from None
            told = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
            raise self._corrupt(told or type(error).__name__) from None
        except OSError as error:
            if error.errno == errno.EINVAL:  # a place before the beginning of the file
                raise self._corrupt("a member begins outside of it") from None
            raise self._unreadable(error) from None

    def _unreadable(self, error: OSError) -> StorageError:
        return StorageError(f"{self._path} cannot be read: {error.strerror or error}", hint="copy it and try again")

    def _corrupt(self, problem: str) -> Corrupt:
        return Corrupt(f"{self._path} is not a whole export: {problem:.200}", hint=_HINT)


def _checked_members(archive: zipfile.ZipFile, size: int) -> dict[str, zipfile.ZipInfo]:
    """Give the members by name, none of which can become more than what is in the file."""
    members: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        if info.filename in members:
            raise ValueError(f"{info.filename!a:.90} is in it twice")
        if info.flag_bits & _ENCRYPTED:
            raise ValueError(f"{info.filename!a:.90} is encrypted, which no export is")
        if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
            raise ValueError(f"{info.filename!a:.90} is compressed, which no export is")
        members[info.filename] = info
    if sum(info.file_size for info in members.values()) > size:
        raise ValueError("its members are larger than the file")
    return members
