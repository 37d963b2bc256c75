"""Where the cursor stands in a magic's line: which argument is expected there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from nbregistry.magics.splitting import scan, text

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from nbregistry.magics.parsing import Parser

# A magic that opens the line, or follows an assignment: "c = %compare ".
_CALL = re.compile(r"^\s*(?:[^%]*[^%=!<>]=\s*)?%%?(?P<name>[A-Za-z]\w*)(?P<line>\s.*)$", re.DOTALL)
_MANY = 10_000


class Call(NamedTuple):
    """A magic's name and its line up to the cursor: the whole tokens, and the fragment being typed."""

    name: str
    tokens: tuple[str, ...]
    fragment: str


@dataclass
class Expected:
    """What may stand at the cursor.

    Attributes
    ----------
    action : argparse.Action or None
        The argument being typed; ``None`` if only an option may follow.
    given : dict
        What was given before, by argument, as text.
    options : bool
        Whether an option may be typed here.
    """

    action: argparse.Action | None = None
    given: dict[str, list[str]] = field(default_factory=dict)
    options: bool = True


def find_call(line: str) -> Call | None:
    """Find the magic in a line that ends at the cursor.

    Examples
    --------
    >>> find_call("c = %compare churn@1 chu")
    Call(name='compare', tokens=('churn@1',), fragment='chu')
    >>> find_call("print('%compare ')") is None
    True
    """
    match = _CALL.match(line)
    if not match:
        return None
    tokens = [token.text for token in scan(match["line"])]
    typing = bool(tokens) and line.endswith(tokens[-1])
    fragment = tokens.pop() if typing else ""
    return Call(match["name"], tuple(tokens), fragment)


def expected_at(parser: Parser, tokens: Sequence[str]) -> Expected:
    """Tell what may follow these tokens.

    Examples
    --------
    >>> from nbregistry.magics.parsing import Parser
    >>> parser = Parser("%demo", "A demonstration.")
    >>> _ = parser.add_argument("ref")
    >>> _ = parser.add_argument("--on", nargs=2)
    >>> expected_at(parser, ["churn@1", "--on", "X"]).action.dest
    'on'
    >>> expected_at(parser, ["churn@1", "--on", "X", "y"]).action is None
    True
    """
    expected = Expected()
    positionals = list(parser.positionals)
    current: argparse.Action | None = None
    taken = 0
    for token in tokens:
        if token in parser.options:
            current, taken = parser.options[token], 0
            expected.given.setdefault(current.dest, [])
            continue
        if current is None or taken >= _capacity(current):
            current, taken = (positionals.pop(0) if positionals else None), 0
        if current is not None:
            taken += 1
            expected.given.setdefault(current.dest, []).append(text(token))
    if current is not None and taken < _capacity(current):
        expected.action = current
        expected.options = taken >= _least(current)
    elif positionals:
        expected.action = positionals[0]
    return expected


def _capacity(action: argparse.Action) -> int:
    if action.nargs in ("+", "*"):
        return _MANY
    return action.nargs if isinstance(action.nargs, int) else 1


def _least(action: argparse.Action) -> int:
    return action.nargs if isinstance(action.nargs, int) else 1
