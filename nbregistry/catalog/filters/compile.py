"""From a tree to a test of documents that TinyDB can run and cache."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, assert_never

from tinydb.queries import QueryInstance

from nbregistry.catalog.filters.comparing import Test, comparison, numeric, time_comparison
from nbregistry.catalog.filters.fields import Field
from nbregistry.catalog.filters.like import like
from nbregistry.catalog.filters.literals import Number, text_of
from nbregistry.catalog.filters.tree import (
    And,
    Between,
    Comparison,
    In,
    IsNull,
    Like,
    Node,
    Not,
    Operator,
    Or,
    Predicate,
    fields_of,
)

DocumentTest = Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True)
class Filter:
    """A filter that was read; ``str()`` gives its canonical text.

    Attributes
    ----------
    tree : Node
    """

    tree: Node

    def __str__(self) -> str:
        return str(self.tree)

    def fields(self) -> list[Field]:
        """Give the fields that it asks about, each once."""
        return list(dict.fromkeys(fields_of(self.tree)))

    def query(self) -> QueryInstance:
        """Give a TinyDB query of the documents of table ``versions``.

        Equal filters give equal queries, so that TinyDB answers the second from its cache. It combines with
        other queries by ``&``, ``|`` and ``~``.
        """
        # The key is text: as values, 1, 1.0 and True would be one key, and three questions one answer.
        return QueryInstance(self.test(), ("nbregistry.filter", str(self)))

    def test(self) -> DocumentTest:
        """Give the bare test of a document: who scans them all saves a call for each."""
        return compiled(self.tree)


def compiled(node: Node) -> DocumentTest:
    """Compile a tree to a closure over documents."""
    match node:
        case And():
            return _every([compiled(operand) for operand in node.operands])
        case Or():
            return _some([compiled(operand) for operand in node.operands])
        case Not():
            operand = compiled(node.operand)
            return lambda document: not operand(document)
        case Comparison() | Like() | In() | Between() | IsNull():
            return _predicate(node)
        case _:
            assert_never(node)


def _every(tests: list[DocumentTest]) -> DocumentTest:
    def test(document: Mapping[str, Any]) -> bool:
        for operand in tests:  # noqa: SIM110 (all() over a generator takes twice the time)
            if not operand(document):
                return False
        return True

    return test


def _some(tests: list[DocumentTest]) -> DocumentTest:
    def test(document: Mapping[str, Any]) -> bool:
        for operand in tests:  # noqa: SIM110
            if operand(document):
                return True
        return False

    return test


def _predicate(predicate: Predicate) -> DocumentTest:
    field = predicate.field
    test = _value_test(predicate)
    if field.kind:
        if isinstance(predicate, Comparison) and isinstance(predicate.value, Number):
            return _number_of_key(field, predicate.operator, predicate.value.value, test)
        return _of_key(field.kind, field.key, test)
    if field.key in _SEVERAL:
        return _of_several(_SEVERAL[field.key], predicate, test)
    return lambda document: test(document.get(field.key))


def _of_several(
    values_of: Callable[[Mapping[str, Any]], Collection[Any]], predicate: Predicate, test: Test
) -> DocumentTest:
    """Ask about a field of which a document has any number of values: one that fits is enough."""
    if isinstance(predicate, IsNull):
        return lambda document: not values_of(document)
    if isinstance(predicate, Comparison) and predicate.operator == "!=":
        # Of many, "is not" is read as "none is".
        return lambda document: bool(values := values_of(document)) and all(test(value) for value in values)
    return lambda document: any(test(value) for value in values_of(document))


def _aliases(document: Mapping[str, Any]) -> Collection[str]:
    return document.get("aliases") or ()


def _texts(document: Mapping[str, Any]) -> Collection[Any]:
    """Give what a version says in words, wherever it says it."""
    said = (*map(document.get, _IN_WORDS), *_aliases(document), *_words_of(document.get("tags") or {}))
    return [text for text in said if text is not None]


def _words_of(tags: Mapping[str, Any]) -> Iterator[Any]:
    return chain(tags, tags.values())


_IN_WORDS = ("name", "description", "algorithm", "flavor", "created_by", "status", "approval")
_SEVERAL: Mapping[str, Callable[[Mapping[str, Any]], Collection[Any]]] = {"alias": _aliases, "text": _texts}
"""Fields that may have several values."""


def _of_key(kind: str, key: str, test: Test) -> DocumentTest:
    def of_key(document: Mapping[str, Any]) -> bool:
        try:
            found = document[kind][key]
        except (KeyError, TypeError):
            found = None
        return test(found)

    return of_key


def _number_of_key(field: Field, sign: Operator, number: float, test: Test) -> DocumentTest:
    """Do as `_of_key` does, with one call less where a float is compared with a number: most of a scan are such."""
    kind, key, compare = field.kind, field.key, numeric(sign, number)

    def of_key(document: Mapping[str, Any]) -> bool:
        try:
            found = document[kind][key]
        except (KeyError, TypeError):
            return False
        return compare(found, number) if type(found) is float else test(found)

    return of_key


def _value_test(predicate: Predicate) -> Test:
    compare = time_comparison if predicate.field == Field("", "created_at") else comparison
    match predicate:
        case Comparison():
            return compare(predicate.operator, predicate.value)
        case In():
            equal = [compare("=", value) for value in predicate.values]
            return lambda found: any(test(found) for test in equal)
        case Between():
            low, high = compare(">=", predicate.low), compare("<=", predicate.high)
            return lambda found: low(found) and high(found)
        case Like():
            matches = like(predicate.pattern, ignore_case=predicate.ignore_case)
            return lambda found: isinstance(found, str | int | float) and matches(text_of(found))
        case IsNull():
            return lambda found: found is None
        case _:
            assert_never(predicate)
