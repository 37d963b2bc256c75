"""Reading blobs so that nothing unverified ever gets out.

Content is hashed as it is read, never more of it is taken than the caller allows, and what does not match its
digest raises :class:`~nbregistry.errors.Corrupt` before anyone can use it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from nbregistry.artifacts.compression import SUFFIX, Broken, CompressedReader, RawReader
from nbregistry.artifacts.durable import explained
from nbregistry.artifacts.hashing import BESIDE, CHUNK, RunningDigest
from nbregistry.artifacts.regular import open_regular
from nbregistry.errors import Corrupt, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REMEDY = "%nbr verify lists what is damaged; a backup or the same model registered again brings it back"


@contextmanager
def opened(path: str) -> Iterator[RawReader | CompressedReader]:
    """Open the file of a blob; its suffix says whether it is compressed. A missing file raises NotFound."""
    with explained("read from the registry"):
        try:
            file, size = open_regular(path)
        except FileNotFoundError:
            raise NotFound(f"there is no file {path}") from None
        with file:
            yield (CompressedReader if path.endswith(SUFFIX) else RawReader)(file, size)


def read(path: str, digest: str, limit: int) -> bytearray:
    """Give the verified content of a blob's file, at most ``limit`` bytes of it."""
    content = bytearray()
    stream(path, digest, limit, content.extend)
    return content


def equals(path: str, size: int, at: Callable[[int, int], bytes]) -> bool:
    """Tell whether a blob's file is whole and has this content, of which ``at(offset, length)`` gives a part."""
    try:
        with opened(path) as reader:
            offset = 0
            while piece := reader.read(CHUNK):
                if piece != at(offset, len(piece)):
                    return False
                offset += len(piece)
            reader.finish()
            return offset == size
    except (Broken, Corrupt, NotFound):
        return False


def stream(path: str, digest: str, limit: int | None, sink: Callable[[bytes], object]) -> None:
    """Pass the content to ``sink`` piece by piece; raise at the end if it was not what was written."""
    try:
        _stream(path, digest, limit, sink)
    except Broken as error:
        raise Corrupt(f"{digest} is damaged: {error}", hint=REMEDY) from error


def _stream(path: str, digest: str, limit: int | None, sink: Callable[[bytes], object]) -> None:
    total = 0
    with opened(path) as reader, RunningDigest(beside=reader.size >= BESIDE) as found:
        step = min(CHUNK, reader.size + 1)
        while piece := reader.read(step):
            total += len(piece)
            if limit is not None and total > limit:
                raise Corrupt(f"{digest} has more than the {limit} bytes of its record", hint=REMEDY)
            found.update(piece)
            sink(piece)
        if found.result() != digest:
            raise Broken("its content is not what was written")
        reader.finish()
