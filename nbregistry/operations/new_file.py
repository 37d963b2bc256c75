"""A file that is handed over, outside of any registry: there whole under its name, or not at all."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO

from nbregistry.artifacts.durable import NO_LINKS, PART, is_taken, sync_file, sync_folder
from nbregistry.errors import Refused, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write to, which gets its name when all of it is on disk: what breaks off leaves nothing.

    Parameters
    ----------
    path : Path
        What it will be called.

    Raises
    ------
    Refused
        If there is such a file.
    StorageError

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> path = Path(tempfile.mkdtemp()) / "card.md"
    >>> with new_file(path) as file:
    ...     file.write(b"# churn@1")
    9
    >>> path.read_bytes()
    b'# churn@1'
    """
    # A name of its own: a writer that was killed must not stand in the way of the next.
    staged = path.with_name(f"{path.name}.{os.urandom(8).hex()}{PART}")
    try:
        if is_taken(str(path)):
            raise Refused(f"{path} exists", hint="name a new file")
        with staged.open("xb") as file:
            yield file
            file.flush()
            sync_file(file.fileno())
        _name_if_absent(staged, path)
        sync_folder(path.parent)
    except OSError as error:
        raise StorageError(f"{path} could not be written: {error.strerror}", hint="choose another folder") from None
    finally:
        with suppress(OSError):  # what hindered the writing may hinder this
            staged.unlink(missing_ok=True)


def _name_if_absent(staged: Path, path: Path) -> None:
    """Give a complete file its name, unless somebody else has given it to another meanwhile."""
    try:
        os.link(staged, path)
    except OSError as error:
        if path.exists():
            raise Refused(f"{path} exists", hint="name a new file") from None
        if error.errno not in NO_LINKS:
            raise
        staged.rename(path)
