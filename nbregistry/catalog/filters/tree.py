"""What a filter says, as a tree of inert values; ``str()`` of a node is its canonical text.

The text of a tree parses to an equal tree, and two trees with the same text mean the same: that is what makes
the text good as a cache key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from nbregistry.catalog.filters.literals import Value, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbregistry.catalog.filters.fields import Field

Operator = Literal["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True)
class Comparison:
    """``field operator value``."""

    field: Field
    operator: Operator
    value: Value

    def __str__(self) -> str:
        return f"{self.field} {self.operator} {self.value}"


@dataclass(frozen=True)
class Like:
    """``field LIKE 'pattern'``, or ``ILIKE`` where case does not matter."""

    field: Field
    pattern: str
    ignore_case: bool = False

    def __str__(self) -> str:
        return self.written()

    def written(self, negation: str = "") -> str:
        """Give the text, with ``negation`` (``"NOT "``) at its natural place."""
        keyword = "ILIKE" if self.ignore_case else "LIKE"
        return f"{self.field} {negation}{keyword} {quoted(self.pattern)}"


@dataclass(frozen=True)
class In:
    """``field IN (value, …)``, with at least one value."""

    field: Field
    values: tuple[Value, ...]

    def __str__(self) -> str:
        return self.written()

    def written(self, negation: str = "") -> str:
        """Give the text, with ``negation`` (``"NOT "``) at its natural place."""
        return f"{self.field} {negation}IN ({', '.join(str(value) for value in self.values)})"


@dataclass(frozen=True)
class Between:
    """``field BETWEEN low AND high``, both included."""

    field: Field
    low: Value
    high: Value

    def __str__(self) -> str:
        return self.written()

    def written(self, negation: str = "") -> str:
        """Give the text, with ``negation`` (``"NOT "``) at its natural place."""
        return f"{self.field} {negation}BETWEEN {self.low} AND {self.high}"


@dataclass(frozen=True)
class IsNull:
    """``field IS NULL``: the key is missing, or its value is null."""

    field: Field

    def __str__(self) -> str:
        return self.written()

    def written(self, negation: str = "") -> str:
        """Give the text, with ``negation`` (``"NOT "``) at its natural place."""
        return f"{self.field} IS {negation}NULL"


@dataclass(frozen=True)
class Not:
    """``NOT operand``. Built by :func:`negated`, so that the operand is never itself a ``Not``."""

    operand: Node

    def __str__(self) -> str:
        match self.operand:
            case Like() | In() | Between() | IsNull() as predicate:
                return predicate.written("NOT ")
            case operand:
                return f"NOT {_grouped(operand)}"


@dataclass(frozen=True)
class And:
    """All of at least two operands."""

    operands: tuple[Node, ...]

    def __str__(self) -> str:
        return " AND ".join([_grouped(operand) for operand in self.operands])


@dataclass(frozen=True)
class Or:
    """Any of at least two operands."""

    operands: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(
            [str(operand) if isinstance(operand, And) else _grouped(operand) for operand in self.operands]
        )


Predicate = Comparison | Like | In | Between | IsNull
Node = Predicate | Not | And | Or


def negated(node: Node) -> Node:
    """Give the opposite; that of a ``Not`` is its operand, since logic is two-valued."""
    return node.operand if isinstance(node, Not) else Not(node)


def fields_of(node: Node) -> Iterator[Field]:
    """Give the fields that a tree asks about, in the order they are written."""
    match node:
        case And() | Or():
            for operand in node.operands:
                yield from fields_of(operand)
        case Not():
            yield from fields_of(node.operand)
        case predicate:
            yield predicate.field


def _grouped(node: Node) -> str:
    return f"({node})" if isinstance(node, And | Or) else str(node)
