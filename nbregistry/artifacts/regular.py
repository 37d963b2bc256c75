"""Opening what is really a file, and reading no more of it than it may have.

Whoever can write into a registry's folder could put a link, a FIFO or a device where a file is expected: opened
without care, these lead elsewhere, wait for ever or never end.
"""

from __future__ import annotations

import os
import stat
from typing import BinaryIO

from nbregistry.errors import Corrupt

# A link is not followed and a FIFO not waited for, wherever the system can tell them apart on opening.
_OPEN = os.O_RDONLY
for _flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY", "O_CLOEXEC"):
    _OPEN |= getattr(os, _flag, 0)

_HINT = "%nbr verify lists what is damaged; copy the file back from a backup"


def open_regular(path: str | os.PathLike[str]) -> tuple[BinaryIO, int]:
    """Open a regular file for reading, unbuffered; give it with its size.

    Raises
    ------
    Corrupt
        If a link, a FIFO, a device or a folder stands there.
    OSError
        As ``open`` does.
    """
    try:
        fd = os.open(path, _OPEN)
    except OSError:
        if os.path.islink(path):
            raise _no_file(path) from None
        raise
    info = os.fstat(fd)
    if not stat.S_ISREG(info.st_mode):
        os.close(fd)
        raise _no_file(path)
    return os.fdopen(fd, "rb", buffering=0), info.st_size


def _no_file(path: str | os.PathLike[str]) -> Corrupt:
    return Corrupt(f"{path} is no regular file; links are not followed", hint=_HINT)


def read_regular(path: str | os.PathLike[str], limit: int) -> bytes:
    """Read a small file whole.

    Raises
    ------
    Corrupt
        If it is no regular file, or has more than ``limit`` bytes.
    OSError
        As ``open`` does.
    """
    file, size = open_regular(path)
    with file:
        if size > limit:
            raise Corrupt(f"{path} is too large: {size} bytes", hint=_HINT)
        return file.read(size)
