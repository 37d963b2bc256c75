"""From text to requirements. Importing this imports lark."""

from __future__ import annotations

import math
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import TYPE_CHECKING, cast

from lark import Lark, Token, Transformer, v_args

from nbregistry.catalog.filters.literals import unquoted
from nbregistry.catalog.filters.refusing import refusing
from nbregistry.errors import InvalidRequirement
from nbregistry.operations.gates.problems import EXAMPLE, Problem, unexpected
from nbregistry.operations.gates.requirements import (
    ROWS,
    Approved,
    Better,
    Margin,
    NotWorse,
    Requirement,
    RowCount,
    Sign,
    Threshold,
    excludes,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_LENGTH = 8192
_MAX_NUMBER = 64


def read_all(texts: Iterable[str]) -> tuple[Requirement, ...]:
    """Read requirements from several texts, each of one or more; what is said twice counts once.

    Raises
    ------
    InvalidRequirement
        Also where two of them leave no number that passes both.

    Examples
    --------
    >>> read_all(["roc_auc >= 0.9", "roc_auc < 0.9"])
    Traceback (most recent call last):
    nbregistry.errors.InvalidRequirement: no number passes both roc_auc >= 0.9 and roc_auc < 0.9
      next: leave one of them out
    """
    found = tuple(dict.fromkeys(requirement for text in texts for requirement in read(text)))
    for one, other in combinations(found, 2):
        if isinstance(one, Threshold | RowCount) and type(one) is type(other) and excludes(one, other):
            raise InvalidRequirement(f"no number passes both {one} and {other}", hint="leave one of them out")
    return found


def read(text: str) -> tuple[Requirement, ...]:
    """Read requirements, separated by commas or ``and``.

    Raises
    ------
    InvalidRequirement
        Pointing at the place that cannot be read.

    Examples
    --------
    >>> [str(found) for found in read("roc_auc >= 0.90 and roc_auc not worse than champion by 1 %, approved")]
    ['roc_auc >= 0.9', 'roc_auc not worse than champion by 1%', 'approved']
    >>> read("roc_auc beter than champion")
    Traceback (most recent call last):
    nbregistry.errors.InvalidRequirement: this requirement cannot be read
      roc_auc beter than champion
              ^ column 9: expected a sign such as >=, surely, better than or not worse than
      did you mean: better than
      next: e.g. "roc_auc >= 0.9, roc_auc not worse than champion"
    """
    if len(text) > MAX_LENGTH:
        raise InvalidRequirement(f"these requirements are too long: {len(text):,} characters, at most {MAX_LENGTH:,}")
    if not text.strip():
        raise InvalidRequirement("nothing is required", hint=EXAMPLE)
    reading = _parser().parse_interactive(text)
    with refusing(text, reading, unexpected):
        for _ in reading.iter_parse():
            pass
        return cast("tuple[Requirement, ...]", reading.feed_eof())  # type: ignore[no-untyped-call]


@cache
def _parser() -> Lark:
    grammar = files("nbregistry.operations.gates").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", transformer=_Builder(), maybe_placeholders=True)


@v_args(inline=True)
class _Builder(Transformer[Token, "tuple[Requirement, ...]"]):
    """Builds requirements while lark reads: one method a rule of the grammar."""

    def start(self, *requirements: Requirement) -> tuple[Requirement, ...]:
        return requirements

    def threshold(
        self, metric: Token, surely: Token | None, sign: Token, number: Token, rows: Token | None = None
    ) -> Requirement:
        compared, on = cast("Sign", str(sign)), _rows(rows)
        if metric == ROWS:
            if surely:
                raise Problem(surely.start_pos or 0, "rows are counted: there is nothing uncertain about n")
            return RowCount(compared, _number(number), on)
        return Threshold(_text(metric), compared, _number(number), surely is not None, on)

    def better(self, metric: Token, ref: Token, by: Margin | None, rows: Token | None = None) -> Requirement:
        return Better(_tested(metric), _text(ref), by, _rows(rows))

    def not_worse(self, metric: Token, ref: Token, by: Margin | None, rows: Token | None = None) -> Requirement:
        return NotWorse(_tested(metric), _text(ref), by, _rows(rows))

    def approved(self, another: Token | None) -> Requirement:
        return Approved(by_another=another is not None)

    def margin(self, number: Token, percent: Token | None) -> Margin:
        amount = _number(number)
        if amount <= 0:
            raise Problem(number.start_pos or 0, "a margin is above 0")
        return Margin(amount, percent is not None)


def _tested(metric: Token) -> str:
    if metric == ROWS:
        raise Problem(metric.start_pos or 0, "n is the number of rows, and is compared with a number", nearest=["n >="])
    return _text(metric)


def _rows(token: Token | None) -> str:
    return _text(token) if token else ""


def _text(token: Token) -> str:
    if token.type != "QUOTED":
        return str(token)
    text = unquoted(token)
    if not text:
        raise Problem(token.start_pos or 0, "there is nothing between these quotes")
    return text


def _number(token: Token) -> float:
    number = float(token) if len(token) <= _MAX_NUMBER else math.inf
    if not math.isfinite(number):
        raise Problem(token.start_pos or 0, "this number is too large")
    return number
