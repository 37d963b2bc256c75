"""What to say when a filter cannot be read: where, what was expected, and what was probably meant."""

from __future__ import annotations

import difflib
import re
import unicodedata
from typing import TYPE_CHECKING

from nbregistry.errors import InvalidFilter, RegistryError

if TYPE_CHECKING:
    from collections.abc import Iterable

# What parts of the grammar are called. The first two stand for several: where a field may come, so may NOT.
_FIELD = "a field such as metrics.auc"
_OPERATOR = "an operator such as > or LIKE"
_PHRASES = {
    "NUMBER": "a number",
    "TEXT": "a quoted text",
    "_LPAR": "(",
    "_RPAR": ")",
    "_COMMA": "a comma",
    "$END": "the end",
}
_HABITS = {
    "&": "AND",
    "&&": "AND",
    "|": "OR",
    "||": "OR",
    "!": "NOT",
    "~": "LIKE",
    "=~": "LIKE",
    "=<": "<=",
    "=>": ">=",
    ">>": ">",
    "<<": "<",
    "null": "IS NULL",
    "none": "IS NULL",
}
_ADVICE = {
    **dict.fromkeys("‘’“”„«»´", "write quotes as ' or \""),
    "`": "backticks are for keys: metrics.`top 5`",
    "[": "write a key after a dot: metrics.auc, metrics.`top 5`",
    "@": "write an alias as text: alias = 'champion'",
}
_SHOWN_BEFORE, _SHOWN_AFTER = 50, 30


class Problem(Exception):
    """Something is wrong at a position of a filter; other languages say what they are."""

    subject = "this filter"
    kind: type[RegistryError] = InvalidFilter

    def __init__(self, position: int, sentence: str, *, nearest: Iterable[str] = (), hint: str = "") -> None:
        super().__init__(sentence)
        self.position = position
        self.sentence = sentence
        self.nearest = tuple(nearest)
        self.hint = hint

    def error(self, text: str) -> RegistryError:
        """Give the error that the user sees, with a caret under the column."""
        line, caret = _excerpt(text, self.position)
        return self.kind(
            f"{self.subject} cannot be read",
            excerpt=(line, f"{caret}^ column {self.position + 1}: {self.sentence}"),
            nearest=[visible(name) for name in self.nearest],
            hint=self.hint,
        )


def unexpected(text: str, position: int, expected: Iterable[str]) -> Problem:
    """Say what is wrong where the grammar did not expect what it found.

    Parameters
    ----------
    text : str
        The filter.
    position : int
        Where it could not go on; ``len(text)`` for its end.
    expected : iterable of str
        Terminals of the grammar that could have stood there.
    """
    names = frozenset(expected)
    rest = text[position:]
    # A quote opens a text, or after a dot a key. Had it been closed, it would have been read.
    opens = {"'", '"'} if "TEXT" in names else {"`", '"'} if text[:position].endswith(".") else ()
    if rest[:1] in opens:
        return Problem(position, "this quote is never closed", hint="a quote inside is written twice: 'it''s'")
    return Problem(
        position,
        f"expected {_wanted(names)}",
        nearest=_meant(text, position, names),
        hint=_ADVICE.get(rest[:1], ""),
    )


def visible(text: str) -> str:
    """Replace what does not print (controls, escapes, direction marks), character by character."""
    return "".join(
        character if character.isprintable() else " " if character.isspace() else "\N{REPLACEMENT CHARACTER}"
        for character in text
    )


def _wanted(names: frozenset[str]) -> str:
    if "FIELD" in names:
        return _FIELD
    if "COMPARE" in names:
        return _OPERATOR
    # Values: a truth value would do as well, but is seldom what is missing.
    known = [phrase for name, phrase in _PHRASES.items() if name in names]
    words = sorted(_keywords(names) - {"TRUTH"})
    *most, last = [*words, *known]
    return f"{', '.join(most)} or {last}" if most else last


def _keywords(names: frozenset[str]) -> frozenset[str]:
    words = {name.lstrip("_") for name in names if name not in _PHRASES and name not in {"FIELD", "COMPARE"}}
    return frozenset(words | {"ILIKE"} if "LIKE" in words else words)


def _meant(text: str, position: int, names: frozenset[str]) -> tuple[str, ...]:
    found = re.match(r"\w+|[^\s\w(),'\"]+", text[position:])
    if found is None:
        return ()
    word = found[0]
    for habit in (text[max(position - 1, 0) : position + 1], word.lower()):
        if habit in _HABITS:
            return (_HABITS[habit],)
    if "TEXT" in names and word[0].isalnum():
        bare = re.match(r"[^\s(),'\"]+", text[position:])
        return (f"'{bare[0]}'",) if bare is not None else ()
    return tuple(difflib.get_close_matches(word.upper(), sorted(_keywords(names)), n=2))


def _excerpt(text: str, position: int) -> tuple[str, str]:
    start, stop = max(position - _SHOWN_BEFORE, 0), position + _SHOWN_AFTER
    before, after = visible(text[start:position]), visible(text[position:stop])
    before = ("…" if start else "") + before
    return before + after + ("…" if stop < len(text) else ""), " " * _width(before)


def _width(text: str) -> int:
    """Count the columns that a text takes on a screen of fixed-width letters."""
    wide = sum(unicodedata.east_asian_width(character) in {"W", "F"} for character in text)
    marks = sum(unicodedata.category(character) in {"Mn", "Me"} for character in text)
    return len(text) + wide - marks
