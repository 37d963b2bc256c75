"""Reading blobs so that nothing unverified is ever used.

Never more is taken than the caller allows, and what does not match its digest raises
:class:`~nbregistry.errors.Corrupt`.
"""

from __future__ import annotations

from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, BinaryIO

from nbregistry.artifacts.compression import SUFFIX, Broken, decompressed
from nbregistry.artifacts.durable import explained
from nbregistry.artifacts.hashing import digest_of
from nbregistry.artifacts.regular import open_regular
from nbregistry.artifacts.store import LARGEST
from nbregistry.errors import Corrupt, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator

_STEP = 256 << 10
REMEDY = (
    "%nbr verify lists what is damaged; the version exported from a backup and imported here brings it back, "
    "or the same model registered again"
)


def read(path: str, digest: str, limit: int) -> bytearray:
    """Give the verified content of a blob's file, at most ``limit`` bytes.

    Raises
    ------
    NotFound
        If it is not there.
    Corrupt
    """
    with _opened(path, digest, limit) as (file, size):
        if path.endswith(SUFFIX):
            content = bytearray(decompressed(file.read(size + 1), limit))
            _check(content, digest)
        else:
            content = bytearray(size)
            _fill(file, memoryview(content), digest)
    return content


def read_into(path: str, digest: str, place: memoryview) -> None:
    """Read a blob's file to a place of the size of its content; if this raises, what stands there is nothing."""
    with _opened(path, digest, len(place)) as (file, size):
        if path.endswith(SUFFIX):
            content = decompressed(file.read(size + 1), len(place))
            if len(content) != len(place):
                raise Broken("its content is not what was written")
            _check(content, digest)
            place[:] = content
        else:
            _fill(file, place, digest)


def stored(path: str, digest: str) -> bytes:
    """Give a blob's file as it is, compressed or not, once its content is verified."""
    with _opened(path, digest, LARGEST) as (file, size):
        found = file.read(size + 1)
        _check(decompressed(found, LARGEST) if path.endswith(SUFFIX) else found, digest)
    return found


def holds(path: str, digest: str, content: bytes) -> bool:
    """Tell whether a blob's file is whole and has this content: comparing takes a fraction of the time of hashing."""
    try:
        with _opened(path, digest, len(content)) as (file, size):
            stored = file.read(size + 1)
            return (decompressed(stored, len(content)) if path.endswith(SUFFIX) else stored) == content
    except (Corrupt, NotFound):
        return False


@contextmanager
def _opened(path: str, digest: str, limit: int) -> Iterator[tuple[BinaryIO, int]]:
    """Open a file that has no more bytes than its content may have."""
    with explained("read from the registry"):
        try:
            file, size = open_regular(path)
        except FileNotFoundError:
            raise NotFound(f"there is no file {path}") from None
        with file:
            if size > limit:  # what is kept compressed is smaller than its content
                raise _damaged(digest, f"it has more than the {limit} bytes of its record")
            try:
                yield file, size
            except Broken as error:
                raise _damaged(digest, error) from error


def _damaged(digest: str, problem: object) -> Corrupt:
    return Corrupt(f"{digest} is damaged: {problem}", hint=REMEDY)


def _fill(file: BinaryIO, place: memoryview, digest: str) -> None:
    """Read and hash by turns, in pieces that stay in the processor's cache."""
    running, at = sha256(), 0
    while got := file.readinto(place[at : at + _STEP]) if at < len(place) else 0:  # type: ignore[attr-defined]
        running.update(place[at : at + got])
        at += got
    if at < len(place) or file.read(1) or f"sha256:{running.hexdigest()}" != digest:
        raise Broken("its content is not what was written")


def _check(content: bytes | bytearray | memoryview, digest: str) -> None:
    if digest_of(content) != digest:
        raise Broken("its content is not what was written")
