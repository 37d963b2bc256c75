"""One cell as it ran, which is not always what the notebook's file says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Cell:
    """One run of one cell; a cell that is run twice is two of these.

    Attributes
    ----------
    number : int
        The first that ran in this kernel is 1, whatever the notebook's own counter says.
    source : str
        As it was run, with its magics and shell lines.
    id : str
        Of the notebook's cell, the same in every run of it; ``""`` where the front end does not tell.
    started_at : str
        UTC, ISO 8601; ``""`` where nobody looked.
    seconds : float or None
        Wall clock; ``None`` where it has not ended, or nobody looked.
    error : str
        Type and message of what ended it; ``""`` if it ended well, or nobody looked.
    drew : tuple of str or None
        Global random states that it moved, e.g. ``"numpy.random"``; ``None`` where nobody looked.
    failed_line : int or None
        The line on which the statement stands that raised the error; ``None`` where that is not known.
    """

    number: int
    source: str
    id: str = ""
    started_at: str = ""
    seconds: float | None = None
    error: str = ""
    drew: tuple[str, ...] | None = None
    failed_line: int | None = None

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Cell:
        """Build from what was recorded."""
        drew = document.get("drew")
        return cls(
            number=document["number"],
            source=document["source"],
            id=document.get("id", ""),
            started_at=document.get("started_at", ""),
            seconds=document.get("seconds"),
            error=document.get("error", ""),
            drew=None if drew is None else tuple(drew),
            failed_line=document.get("failed_line"),
        )

    def to_document(self) -> dict[str, Any]:
        """Give what is recorded."""
        return {
            "number": self.number,
            "source": self.source,
            "id": self.id,
            "started_at": self.started_at,
            "seconds": self.seconds,
            "error": self.error,
            "drew": None if self.drew is None else list(self.drew),
            "failed_line": self.failed_line,
        }
