"""Reading blobs so that nothing unverified ever gets out.

Content is hashed as it is read, never more of it is taken than the caller allows, and what does not match its
digest raises :class:`~nbregistry.errors.Corrupt` before anyone can use it.
"""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from nbregistry.artifacts.compression import SUFFIX, Broken, CompressedReader, RawReader
from nbregistry.artifacts.durable import explained
from nbregistry.artifacts.hashing import BESIDE, CHUNK, RunningDigest
from nbregistry.errors import Corrupt, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# A link is not followed and a FIFO not waited for, wherever the system can tell them apart on opening.
_OPEN = os.O_RDONLY
for _flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY", "O_CLOEXEC"):
    _OPEN |= getattr(os, _flag, 0)

REMEDY = "%nbr verify lists what is damaged; a backup or the same model registered again brings it back"


@contextmanager
def opened(path: str) -> Iterator[RawReader | CompressedReader]:
    """Open the file of a blob; its suffix says whether it is compressed. A missing file raises NotFound."""
    with _file(path) as file:
        info = os.fstat(file.fileno())
        if not stat.S_ISREG(info.st_mode):
            raise Corrupt(f"{path} is no regular file", hint=REMEDY)
        reader = CompressedReader if path.endswith(SUFFIX) else RawReader
        with explained("read from the registry"):
            yield reader(file, info.st_size)


def _file(path: str) -> BinaryIO:
    with explained("read from the registry"):
        try:
            return open(os.open(path, _OPEN), "rb", buffering=0)
        except FileNotFoundError:
            raise NotFound(f"there is no file {path}") from None
        except OSError:
            if os.path.islink(path):
                raise Corrupt(f"{path} is a link; links are not followed", hint=REMEDY) from None
            raise


def read(path: str, digest: str, limit: int) -> bytearray:
    """Give the verified content of a blob's file, at most ``limit`` bytes of it."""
    content = bytearray()
    stream(path, digest, limit, content.extend)
    return content


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
