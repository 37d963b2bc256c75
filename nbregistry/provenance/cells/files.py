"""The files that some code reads: what they held, so that another run can tell whether they are the same."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from threading import Lock

from nbregistry.model import ReadFile

LARGEST = 256 << 20
"""Bytes; of a larger file no digest is worked out: whoever registers right after may wait for it."""

_reading = Lock()  # a thread reads ahead: who needs the answer waits for it, and does not read a second time


def read_file(path: str) -> ReadFile:
    """Describe a file as it is now.

    Parameters
    ----------
    path : str
        From the working folder, or a URL, of which nothing is fetched.

    Examples
    --------
    >>> read_file("https://example.com/churn.csv")
    ReadFile(path='https://example.com/churn.csv', digest='', size=0)
    """
    if "://" in path:
        return ReadFile(path)
    try:
        about = Path(path).stat()
        if not Path(path).is_file() or about.st_size > LARGEST:
            return ReadFile(path, size=about.st_size)
        # A path means another file in another folder.
        with _reading:
            digest = _digest(str(Path(path).resolve()), about.st_mtime_ns, about.st_size)
        return ReadFile(path, digest, about.st_size)
    except (OSError, ValueError):
        return ReadFile(path)


@functools.lru_cache(maxsize=256)
def _digest(path: str, _changed: int, _size: int) -> str:
    """Read a file once, as long as it is not changed."""
    with Path(path).open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
