"""The string literals of a text that may be Python, and the names that they are given to.

A lexer of three rules and not Python's own: cells hold magics and shell lines, a diff holds halves of statements, and
both are read here as far as they go.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LITERAL = re.compile(
    r"(?P<comment>\#[^\n]*)"
    r"|(?P<prefix>(?<![\w])[rbfutRBFUT]{0,2})"
    r"(?:"
    r'"""(?P<long>[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*)"""'
    r"|'''(?P<long1>[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*)'''"
    r'|"(?P<short>[^"\\\n]*(?:\\.[^"\\\n]*)*)"'
    r"|'(?P<short1>[^'\\\n]*(?:\\.[^'\\\n]*)*)'"
    r")",
    re.DOTALL,
)
_BODIES = ("long", "long1", "short", "short1")
# What may stand between a name and its value: an annotation, an operator, a bracket.
_GIVEN = re.compile(
    r"(?P<name>[\w.-]*\w)\s*(?:\[\s*\d*\s*\]\s*)?(?::[^\n=(){}\"']{0,60})?(?::?=|=>|[!=]=|:)\s*\(?\s*\\?\s*@?\s*$"
)
_GIVEN_TO_KEY = re.compile(r"^\s*\]?\s*(?:(?::[^\n=]{0,60})?=|[!=]=|:|=>|,\s*(?:default\s*=)?)\s*\(?\s*\\?\s*$")
_JOINED = re.compile(r"^(?:\s|\\\n)*$")
_COMPARED = re.compile(r"^\s*[!=]=\s*(?P<name>[\w.]+)")
_OPENING = " \t\n\\(@"
_GIVING = ("=", ":", ">")
_REACH = 160


@dataclass(frozen=True)
class Literal:
    """One literal.

    Attributes
    ----------
    start, stop : int
        Of its body, without the quotes.
    body : str
    name : str
        What it is given to; ``""`` if to nothing that has a name.
    listed : bool
        Whether it only follows the name after a comma, as in ``setdefault("API_KEY", "…")``.
    follows : bool
        Whether it follows anything after a comma.
    """

    start: int
    stop: int
    body: str
    name: str
    listed: bool = False
    follows: bool = False


def literals(text: str) -> Iterator[Literal]:
    """Give the string literals of a text, each with the name that it is given to."""
    before, end = None, 0
    for match in _LITERAL.finditer(text):
        if match["comment"] is not None:
            continue
        group = next(body for body in _BODIES if match[body] is not None)
        between = text[max(end, match.start() - _REACH) : match.start()]
        name, listed = "", False
        if before is not None and _JOINED.match(between) and end:
            name, listed = before.name, before.listed  # "adjacent " "literals" are one
        elif before is not None and (given := _GIVEN_TO_KEY.match(between)):
            name, listed = before.body, "," in given[0]
        elif between.rstrip(_OPENING)[-1:] in _GIVING and (given := _GIVEN.search(between)):
            name = given["name"]
        elif compared := _COMPARED.match(text[match.end() : match.end() + _REACH]):
            name = compared["name"]
        follows = between.rstrip()[-1:] == ","
        before, end = Literal(*match.span(group), match[group], name, listed, follows), match.end()
        yield before
