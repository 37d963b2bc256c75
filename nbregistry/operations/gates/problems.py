"""What to say when a requirement cannot be read: where, what was expected, and what was probably meant."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from nbregistry.catalog.filters import problems
from nbregistry.errors import InvalidRequirement

if TYPE_CHECKING:
    from collections.abc import Iterable

EXAMPLE = 'e.g. "roc_auc >= 0.9, roc_auc not worse than champion"'
# What may stand at a place, by the terminal of the grammar that tells which place it is, and how it is written there.
_PLACES = {
    "NAME": ("a metric such as roc_auc, or approved", ("approved",)),
    "COMPARE": (
        "a sign such as >=, surely, better than or not worse than",
        (">=", "<=", ">", "<", "surely", "better than", "not worse than"),
    ),
    "_WORSE": ("worse than", ("worse than",)),
    "_THAN": ("than", ("than",)),
    "REF": ("a version such as champion or 3", ()),
    "DATA": ("the name of an evaluation, or what the digest of its data begins with", ()),
    "NUMBER": ("a number", ("-",)),
    "ANOTHER": ("another", ("another",)),
}
# Where a requirement may end, it may also go on with some of these.
_FURTHER = {"PERCENT": "%", "_BY": "by", "_ON": "on"}
_HABITS = {
    "≥": ">=",
    "=>": ">=",
    "≤": "<=",
    "=<": "<=",
    "=": ">=",
    "==": ">=",
    ">>": ">",
    "<<": "<",
    "&": "and",
    "&&": "and",
    ";": ",",
    "worse": "not worse than",
    "no": "not worse than",
    "greater": ">",
    "above": ">",
    "below": "<",
    "higher": "better than",
    "least": ">=",
    "min": ">=",
    "max": "<=",
    "under": "<",
    "over": ">",
    "percent": "%",
}
_PHRASES = (
    (re.compile(r"(?:is |be )?at most\b", re.IGNORECASE), "<="),
    (re.compile(r"(?:is |be )?at least\b", re.IGNORECASE), ">="),
    (re.compile(r"is not? worse\b", re.IGNORECASE), "not worse than"),
    (re.compile(r"is better\b", re.IGNORECASE), "better than"),
)
_MINUS = "\u2212\u2013"
"""What is typed, or pasted from a display, for the hyphen that a number begins with."""
_COMMA_OF_A_NUMBER = re.compile(r"\d,$")
_VERDICT_WITHOUT_METRIC = re.compile(r"(?:^|[\s,])(better|not|surely)\s+$", re.IGNORECASE)
_VERDICT = re.compile(r"(?:better|not)\b", re.IGNORECASE)
_SURE_ALREADY = "a verdict is told without 'surely': roc_auc not worse than champion by 0.01 is surely so"
_TORN_SIGN = re.compile(r"([<>])\s+$")
_UNIT = re.compile(r"[\d.]*\s*(?:[kmgt]i?b|bytes?|[mµ]?s|sec(?:ond)?s?|min(?:ute)?s?)\b", re.IGNORECASE)


class Problem(problems.Problem):
    """Something is wrong at a position of a requirement."""

    subject = "this requirement"
    kind = InvalidRequirement

    def __init__(self, position: int, sentence: str, *, nearest: Iterable[str] = (), hint: str = EXAMPLE) -> None:
        super().__init__(position, sentence, nearest=nearest, hint=hint)


def unexpected(text: str, position: int, expected: Iterable[str]) -> Problem:
    """Say what is wrong where the grammar did not expect what it found.

    Parameters
    ----------
    text : str
    position : int
        Where it could not go on; ``len(text)`` for its end.
    expected : iterable of str
        Terminals of the grammar that could have stood there.
    """
    names = frozenset(expected)
    wanted, words = _place(names)
    rest = text[position:]
    if "QUOTED" in names and rest[:1] in ("'", '"'):
        return Problem(position, "this quote is never closed", hint="a quote inside is written twice: 'it''s'")
    if "NUMBER" in names and rest[:1] == "=" and (sign := _TORN_SIGN.search(text[:position])):
        return Problem(position, f"expected {wanted}", nearest=[f"{sign[1]}="])
    if hint := _of_a_habit(text[:position], rest, names):
        return Problem(position, f"expected {wanted}", hint=hint)
    return Problem(position, f"expected {wanted}", nearest=_meant(text, position, words))


def _of_a_habit(before: str, rest: str, names: frozenset[str]) -> str:
    """Say in words what is to be written otherwise, where no single word would mend it; ``""`` for no such habit."""
    hints = (
        (rest[:1] == "%", "90% of a metric is written 0.9; a margin may be in %: by 2%"),
        (
            rest[:1].isdigit() and _COMMA_OF_A_NUMBER.search(before),
            "numbers have a point: 0.9; a comma ends a requirement",
        ),
        (names & {"NUMBER", "_COMMA"} and _UNIT.match(rest), "sizes are in bytes, times in seconds: size <= 5000000"),
        ("NAME" in names and rest[:1].isdigit(), "the metric comes first: roc_auc >= 0.9"),
        ("COMPARE" in names and "SURELY" not in names and _VERDICT.match(rest), _SURE_ALREADY),
        (
            "COMPARE" in names and _VERDICT_WITHOUT_METRIC.search(before),
            "the metric comes first: roc_auc better than champion",
        ),
    )
    return next((told for is_so, told in hints if is_so), "")


def _place(names: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    """Say what may stand at the place where the grammar would take these."""
    if "_COMMA" not in names:
        return next(place for name, place in _PLACES.items() if name in names)
    further = [word for name, word in _FURTHER.items() if name in names]
    return ", ".join([*further, "a comma or the end"]), (*further, "and", ",")


def _meant(text: str, position: int, words: tuple[str, ...]) -> tuple[str, ...]:
    found = re.match(r"\w+|[^\s\w,'\"]+", text[position:])
    if found is None:
        # "aproved" at the end reads as a metric of which nothing is said.
        last = re.search(r"\w+\s*$", text[:position])
        return tuple(difflib.get_close_matches(last[0].strip().lower(), ["approved"])) if last else ()
    if text[position] in _MINUS and "-" in words:
        return ("-",)
    for phrase, choice in _PHRASES:
        if choice in words and phrase.match(text, position):
            return (choice,)
    word = found[0].lower()
    for habit in (text[max(position - 1, 0) : position + 1], word):
        if habit in _HABITS and (_HABITS[habit] in words or not words):
            return (_HABITS[habit],)
    by_first = {choice.partition(" ")[0]: choice for choice in words}
    return tuple(by_first[near] for near in difflib.get_close_matches(word, by_first, n=2))
