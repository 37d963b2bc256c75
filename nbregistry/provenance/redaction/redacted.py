"""What became of a text that may have held secrets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One secret that was found; it says nothing of the secret itself.

    Attributes
    ----------
    kind : str
        ``"GitHub Token"``, ``"credential"`` …
    line : int
        Where it stood, from 1.
    """

    kind: str
    line: int


@dataclass(frozen=True)
class Redacted:
    """A text without its secrets.

    Attributes
    ----------
    text : str
        Of as many lines as before; code that could be parsed still can.
    found : tuple of Finding
        In the order of the text.
    """

    text: str
    found: tuple[Finding, ...] = ()


@dataclass(frozen=True, order=True)
class Span:
    """Where a secret stands in a text."""

    start: int
    stop: int
    kind: str


def mark(kind: str) -> str:
    """Give what stands in the place of a secret: plain ASCII, which bytes literals and old encodings take too."""
    return f"[redacted: {kind}]"


MARK_BEGINS = "[redacted:"
CREDENTIAL = "credential"
"""The kind of what is only known by its name."""
