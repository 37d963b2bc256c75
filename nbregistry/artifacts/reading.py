"""Reading blobs so that nothing unverified ever gets out.

Content is hashed as it is read, never more of it is taken than the caller allows, and what does not match its
digest raises :class:`~nbregistry.errors.Corrupt` before anyone can use it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, cast

from nbregistry.artifacts.compression import SUFFIX, Broken, CompressedReader, RawReader
from nbregistry.artifacts.durable import explained
from nbregistry.artifacts.hashing import BESIDE, CHUNK, RunningDigest
from nbregistry.artifacts.regular import open_regular
from nbregistry.errors import Corrupt, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REMEDY = "%nbr verify lists what is damaged; a backup or the same model registered again brings it back"
_OTHER = "its content is not what was written"


@contextmanager
def opened(
    path: str, digest: str, copied: Callable[[bytes], object] | None = None
) -> Iterator[RawReader | CompressedReader]:
    """Open the file of a blob; its suffix says whether it is compressed.

    Parameters
    ----------
    path, digest : str
    copied : callable, optional
        Takes the file's own bytes as they are read.

    Raises
    ------
    NotFound
        If it is not there.
    Corrupt
        Also for what turns out to be broken while it is read.
    """
    with explained("read from the registry"):
        try:
            file, size = open_regular(path)
        except FileNotFoundError:
            raise NotFound(f"there is no file {path}") from None
        with file:
            source = cast("BinaryIO", Teed(file, copied)) if copied else file
            try:
                yield (CompressedReader if path.endswith(SUFFIX) else RawReader)(source, size)
            except Broken as error:
                raise Corrupt(f"{digest} is damaged: {error}", hint=REMEDY) from error


def read(path: str, digest: str, limit: int) -> bytearray:
    """Give the verified content of a blob's file, at most ``limit`` bytes; it is read to where it will stay."""
    with opened(path, digest) as reader:
        size = reader.size
        if size > limit:
            raise _too_large(digest, limit)
        content = bytearray(size)
        with memoryview(content) as view, RunningDigest(beside=size >= BESIDE) as found:
            at = 0
            while got := reader.readinto(view[at : at + CHUNK]):
                found.update(view[at : at + got])
                at += got
            if at < size or reader.read(1) or found.result() != digest:
                raise Broken(_OTHER)
        reader.finish()
    return content


def equals(path: str, digest: str, size: int, at: Callable[[int, int], bytes]) -> bool:
    """Tell whether a blob's file is whole and has this content, of which ``at(offset, length)`` gives a part."""
    try:
        with opened(path, digest) as reader:
            offset = 0
            while piece := reader.read(CHUNK):
                if piece != at(offset, len(piece)):
                    return False
                offset += len(piece)
            reader.finish()
            return offset == size
    except (Corrupt, NotFound):
        return False


class Teed:
    """A file whose bytes go to a copy when they are first read."""

    def __init__(self, file: BinaryIO, copied: Callable[[bytes], object]) -> None:
        self._file = file
        self._copied = copied
        self._end = 0

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        piece = self._file.read(size)
        new = self._file.tell() - self._end
        if new > 0:
            self._copied(piece[-new:])
            self._end += new
        return piece

    def seek(self, at: int) -> int:
        """Go back to what was read before."""
        return self._file.seek(at)


def stream(
    path: str,
    digest: str,
    limit: int | None,
    sink: Callable[[bytes], object],
    copied: Callable[[bytes], object] | None = None,
) -> None:
    """Pass the content to ``sink`` piece by piece; raise at the end if it was not what was written.

    ``copied`` gets the bytes of the file itself, which may be compressed.
    """
    total = 0
    with opened(path, digest, copied) as reader, RunningDigest(beside=reader.size >= BESIDE) as found:
        step = min(CHUNK, reader.size + 1)
        while piece := reader.read(step):
            total += len(piece)
            if limit is not None and total > limit:
                raise _too_large(digest, limit)
            found.update(piece)
            sink(piece)
        if found.result() != digest:
            raise Broken(_OTHER)
        reader.finish()


def _too_large(digest: str, limit: int) -> Corrupt:
    return Corrupt(f"{digest} has more than the {limit} bytes of its record", hint=REMEDY)
