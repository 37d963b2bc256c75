"""What the notebook's file says, which is not always what ran."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

LARGEST = 50 << 20
"""Bytes; a larger file is not read, for whoever registers waits for it."""


@dataclass(frozen=True)
class FileCell:
    """One code cell of a notebook's file.

    Attributes
    ----------
    position : int
        Among all cells of the file, from 1.
    id, source : str
    """

    position: int
    id: str
    source: str


@dataclass(frozen=True)
class NotebookFile:
    """The code cells of a notebook's file.

    Attributes
    ----------
    cells : tuple of FileCell
    saved_at : str
        UTC, ISO 8601: of what happened later the file says nothing.
    """

    cells: tuple[FileCell, ...]
    saved_at: str


def read_notebook_file(path: str) -> NotebookFile | None:
    """Read the code cells of a notebook's file.

    Returns
    -------
    NotebookFile or None
        ``None`` where it can't be read, is no notebook, or is too large.
    """
    import orjson

    try:
        about = Path(path).stat()
        if about.st_size > LARGEST:
            return None
        found: Any = orjson.loads(Path(path).read_bytes())
        cells = tuple(
            FileCell(position, str(cell.get("id", "")), _source(cell["source"]))
            for position, cell in enumerate(found["cells"], 1)
            if cell["cell_type"] == "code"
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return NotebookFile(cells, datetime.fromtimestamp(about.st_mtime, UTC).isoformat())


def _source(said: str | list[str]) -> str:
    return said if isinstance(said, str) else "".join(said)
