"""The values that a filter can name, and how text is read as one of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Longer digits are no number anyone means, and Python refuses to convert very long ones.
MAX_NUMBER_LENGTH = 400
_NUMBER = re.compile(
    r"(?P<whole>[+-]?[0-9]+)|[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|inf(?:inity)?|nan)",
    re.IGNORECASE,
)
_TRUTHS = {"true": True, "false": False}


@dataclass(frozen=True, eq=False)
class Number:
    """A number. Two are equal if they are written alike: ``nan`` is itself, ``1`` is not ``1.0``."""

    value: int | float

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Number) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __str__(self) -> str:
        return text_of(self.value)


@dataclass(frozen=True)
class Text:
    """A quoted text."""

    value: str

    def __str__(self) -> str:
        return quoted(self.value)


@dataclass(frozen=True)
class Truth:
    """``true`` or ``false``: a kind of its own, because in Python ``True == 1``."""

    value: bool

    def __str__(self) -> str:
        return text_of(self.value)


Value = Number | Text | Truth


def read_number(text: str) -> int | float | None:
    """Read text as a number, exactly where it is whole; None if it is not one.

    Stricter than ``float()``: ASCII only, and no spaces or underscores.

    Examples
    --------
    >>> read_number("-1e-3"), read_number("9007199254740993"), read_number("1_000")
    (-0.001, 9007199254740993, None)
    """
    if len(text) > MAX_NUMBER_LENGTH:
        return None
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    return int(text) if match["whole"] is not None else float(text)


def read_truth(text: str) -> bool | None:
    """Read ``true`` or ``false`` in any case; None if it is neither."""
    return _TRUTHS.get(text.lower())


def text_of(value: bool | float | str) -> str:  # noqa: FBT001 (a value of any kind, not a switch)
    """Write a value as a filter would write it, without quotes.

    Examples
    --------
    >>> text_of(True), text_of(0.5), text_of("a")
    ('true', '0.5', 'a')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return float.__repr__(value)  # a subclass (numpy's float64) has another repr
    try:
        return int.__repr__(value)
    except ValueError:  # more digits than Python converts; hexadecimal has no such limit
        return hex(value)


def quoted(text: str, quote: str = "'") -> str:
    """Put quotes around text, each quote inside doubled."""
    return quote + text.replace(quote, quote * 2) + quote


def unquoted(text: str) -> str:
    """Take the quotes off again."""
    quote = text[0]
    return text[1:-1].replace(quote * 2, quote)
