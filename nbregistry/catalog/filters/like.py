r"""LIKE patterns, matched in time that no pattern can blow up.

A pattern is cut at its ``%`` into pieces of fixed length; each is searched from where the one before ended.
The first place a piece fits is as good as any later one, so nothing is ever tried again. (The obvious
translation to one regular expression, ``%`` to ``.*``, takes hours for ``%a%a%a%a%a%a%b``.) A piece without ``_`` is
searched by ``str.find``, whose time does not depend on how long the piece is; one with ``_`` may not be long.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Find = Callable[[str, int, int], int]

LONGEST_WITH_ANY = 100
"""Characters that a piece with ``_`` may have."""
_TOKENS = re.compile(r"\\[%_\\]|.", re.DOTALL)


def like(pattern: str, *, ignore_case: bool = False) -> Callable[[str], bool]:
    r"""Compile a LIKE pattern.

    Raises
    ------
    ValueError
        If a piece with ``_`` is longer than :data:`LONGEST_WITH_ANY`.

    Examples
    --------
    >>> like("fr%")("fraud"), like(r"100\%")("100 %"), like("a_c", ignore_case=True)("ABC")
    (True, False, True)
    """
    pieces = [_piece(piece) for piece in _cut(_folded(pattern) if ignore_case else pattern)]
    (head, head_length), *middle = pieces
    tail, tail_length = pieces[-1]

    def test(text: str) -> bool:
        if ignore_case:
            text = _folded(text)
        end = len(text)
        if not middle:
            return end == head_length and head(text, 0, end) == 0
        if head(text, 0, head_length) != 0:
            return False
        place = head_length
        for find, length in middle[:-1]:
            place = find(text, place, end)
            if place < 0:
                return False
            place += length
        start = end - tail_length
        return start >= place and tail(text, start, end) == start

    return test


def _cut(pattern: str) -> list[list[str]]:
    """Cut a pattern into pieces of signs; a character that stands for itself has a backslash before it."""
    pieces: list[list[str]] = [[]]
    for sign in _TOKENS.findall(pattern):
        if sign == "%":
            pieces.append([])
        else:
            pieces[-1].append("_" if sign == "_" else f"\\{sign[-1]}")
    return pieces


def _piece(signs: list[str]) -> tuple[Find, int]:
    """Give a search for one piece in a part of a text, and the piece's length."""
    if "_" not in signs:
        literal = "".join(sign[-1] for sign in signs)
        return lambda text, start, end: text.find(literal, start, end), len(signs)
    if len(signs) > LONGEST_WITH_ANY:
        raise ValueError(f"a part of a pattern with _ has at most {LONGEST_WITH_ANY} characters, this one {len(signs)}")
    # Every character of the user's is escaped; the only sign of ours is the dot.
    compiled = re.compile("".join("." if sign == "_" else re.escape(sign[-1]) for sign in signs), re.DOTALL)

    def find(text: str, start: int, end: int) -> int:
        found = compiled.search(text, start, end)
        return found.start() if found else -1

    return find, len(signs)


def _folded(text: str) -> str:
    """Take the case out of a text, character by character: what becomes two, as ß does, stays what it is."""
    if text.isascii():
        return text.lower()
    folded = text.casefold()
    # No character becomes none, so that of equal lengths each became one.
    return folded if len(folded) == len(text) else "".join(map(_folded_character, text))


def _folded_character(character: str) -> str:
    return next((folded for folded in (character.casefold(), character.lower()) if len(folded) == 1), character)
