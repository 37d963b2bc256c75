"""From text to a tree. Importing this imports lark; use :func:`nbregistry.catalog.filters.parse`."""

from __future__ import annotations

import difflib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, cast

from lark import Lark, Token, Transformer, v_args

from nbregistry.catalog.filters.comparing import in_utc, read_moment
from nbregistry.catalog.filters.fields import Field, UnknownField, read_field
from nbregistry.catalog.filters.like import like
from nbregistry.catalog.filters.literals import (
    MAX_NUMBER_LENGTH,
    Number,
    Text,
    Truth,
    Value,
    read_number,
    text_of,
    unquoted,
)
from nbregistry.catalog.filters.problems import Problem, unexpected
from nbregistry.catalog.filters.refusing import refusing
from nbregistry.catalog.filters.tree import (
    And,
    Between,
    Comparison,
    In,
    IsNull,
    Like,
    Node,
    Operator,
    Or,
    negated,
)
from nbregistry.errors import InvalidFilter
from nbregistry.model import APPROVALS, STATUSES

if TYPE_CHECKING:
    from lark.parsers.lalr_interactive_parser import InteractiveParser

# A filter is typed by a person. Both limits keep the recursion over its tree far below Python's own.
MAX_LENGTH = 8192
MAX_NESTING = 32
_OPERATORS: dict[str, Operator] = {"==": "=", "<>": "!="}
_WORDS: dict[Field, tuple[str, ...]] = {Field("", "status"): STATUSES, Field("", "approval"): APPROVALS}


def parse_tree(text: str) -> Node:
    """Read a filter as a tree.

    Raises
    ------
    InvalidFilter
        If it cannot be read.
    """
    if len(text) > MAX_LENGTH:
        message = f"this filter is too long: {len(text):,} characters, at most {MAX_LENGTH:,} are read"
        raise InvalidFilter(message, hint="filter a part here and the rest in pandas, after to_frame()")
    if not text.strip():
        raise InvalidFilter("the filter is empty", hint="e.g. metrics.auc > 0.9 AND alias = 'champion'")
    reading = _parser().parse_interactive(text)
    with refusing(text, reading, unexpected):
        return _read(reading)


def _read(reading: InteractiveParser) -> Node:
    nesting = 0
    for token in reading.iter_parse():
        nesting += (token.type == "_LPAR") - (token.type == "_RPAR")
        if nesting > MAX_NESTING:
            raise Problem(token.start_pos or 0, f"at most {MAX_NESTING} parentheses may be open at once")
    return cast("Node", reading.feed_eof())  # type: ignore[no-untyped-call]


@cache
def _parser() -> Lark:
    grammar = files("nbregistry.catalog.filters").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", transformer=_Builder(), maybe_placeholders=True)


@v_args(inline=True)
class _Builder(Transformer[Token, Node]):
    """Builds nodes while lark reads: one method a rule of the grammar."""

    def disjunction(self, *operands: Node) -> Node:
        return Or(operands)

    def conjunction(self, *operands: Node) -> Node:
        return And(operands)

    def opposite(self, *signs_and_operand: Token | Node) -> Node:
        *signs, operand = signs_and_operand
        return negated(cast("Node", operand)) if len(signs) % 2 else cast("Node", operand)

    def group(self, node: Node) -> Node:
        return node

    def field(self, token: Token) -> Field:
        try:
            return read_field(token)
        except UnknownField as error:
            raise Problem(token.start_pos or 0, error.sentence, nearest=error.nearest) from None

    def comparison(self, field: Field, sign: Token, value: Token) -> Node:
        operator = _OPERATORS.get(sign, cast("Operator", str(sign)))
        return Comparison(field, operator, (_word if operator in ("=", "!=") else _value)(field, value))

    def like(self, field: Field, negation: Token | None, keyword: Token, pattern: Token) -> Node:
        try:
            like(unquoted(pattern))
        except ValueError as error:
            raise Problem(pattern.start_pos or 0, str(error)) from None
        return _signed(negation, Like(field, unquoted(pattern), ignore_case=keyword.lower() == "ilike"))

    def among(self, field: Field, negation: Token | None, *values: Token) -> Node:
        return _signed(negation, In(field, tuple(_word(field, value) for value in values)))

    def between(self, field: Field, negation: Token | None, low: Token, high: Token) -> Node:
        return _signed(negation, Between(field, _value(field, low), _value(field, high)))

    def null(self, field: Field, negation: Token | None) -> Node:
        return _signed(negation, IsNull(field))


def _signed(negation: Token | None, node: Node) -> Node:
    return node if negation is None else negated(node)


def _value(field: Field, token: Token) -> Value:
    position = token.start_pos or 0
    value: Value
    match token.type:
        case "NUMBER":
            number = read_number(token)
            if number is None:
                raise Problem(position, f"a number has at most {MAX_NUMBER_LENGTH} characters")
            value = Number(number)
        case "TRUTH":
            value = Truth(token.lower() == "true")
        case _:
            value = Text(unquoted(token))
    if field == Field("", "created_at"):
        _check_time(value, position)
    return value


def _word(field: Field, token: Token) -> Value:
    """Read a value that is asked for as a whole: where a field has a few known ones, any other can never match."""
    value = _value(field, token)
    known = _WORDS.get(field)
    if known and not (isinstance(value, Text) and value.value in known):
        wrong = text_of(value.value).replace(" ", "_").casefold()
        folded = {word.casefold(): str(Text(word)) for word in known}
        begun = [word for word in folded if wrong and word.startswith(wrong)]
        near = begun or difflib.get_close_matches(wrong, folded, n=1)
        raise Problem(
            token.start_pos or 0,
            f"the {field} is {', '.join(known[:-1])} or {known[-1]}",
            nearest=[folded[word] for word in near],
        )
    return value


def _check_time(value: Value, position: int) -> None:
    text = value.value if isinstance(value, Text) else ""
    if read_moment(text) is None:
        converted = in_utc(text)
        raise Problem(
            position,
            "expected a time in UTC that exists, such as '2026-11-22' or '2026-11-22T10:30'",
            nearest=[str(Text(converted))] if converted else [],
        )
