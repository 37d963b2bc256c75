"""For any tree: its text is read as the same tree, and its query answers as a plain evaluation does."""

import re
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from nbregistry.catalog.filters import Filter, parse
from nbregistry.catalog.filters.fields import ATTRIBUTES, Field
from nbregistry.catalog.filters.literals import Number, Text, Truth, Value
from nbregistry.catalog.filters.tree import And, Between, Comparison, In, IsNull, Like, Node, Not, Or, negated
from nbregistry.errors import InvalidFilter
from nbregistry.model import APPROVALS, STATUSES

KINDS = ("metrics", "params", "tags")
SIGNS = ("=", "!=", "<", "<=", ">", ">=")
WORDS = ("", "a", "b", "ab", "A", "1", "1.0", "-2", "true", "True", "nan", "inf", "a%b", "a_b", "\\", "it's")

numbers = st.one_of(st.integers(-3, 3), st.sampled_from([0.5, 1.0, -2.0, -0.0, float("nan"), float("inf"), 2**63]))
scalars = st.one_of(numbers, st.booleans(), st.sampled_from(WORDS))
keys = st.sampled_from(["a", "b", "top 5", "x`y", 'x"y', "f1-score", "and"])

documents = st.fixed_dictionaries(
    {},
    optional={
        **{kind: st.dictionaries(keys, st.none() | scalars, max_size=4) for kind in KINDS},
        "name": st.sampled_from(["a", "b", "1"]),
        "version": st.integers(1, 3),
        "aliases": st.lists(st.sampled_from(["a", "b", "1"]), max_size=2),
        "status": st.sampled_from(["a", "active"]),
        "created_at": st.sampled_from(
            ["2025-12-31T23:59:59Z", "2026-11-22T10:30:05.123456+00:00", "2026-11-23T00:00:00Z"]
        ),
    },
)


def trees(any_key: st.SearchStrategy[str], any_text: st.SearchStrategy[str]) -> st.SearchStrategy[Node]:
    """Draw trees as the parser builds them: no ``Not`` of a ``Not``."""
    values = st.one_of(numbers.map(Number), st.floats().map(Number), any_text.map(Text), st.booleans().map(Truth))
    times = st.sampled_from(["2025", "2026-11", "2026-11-22", "2026-11-22T10:30", "2026-11-22 10:30:05.1Z"]).map(Text)

    statuses, approvals = (st.sampled_from(known).map(Text) for known in (STATUSES, APPROVALS))

    def predicates(field: Field) -> st.SearchStrategy[Node]:
        value = {"created_at": times, "status": statuses, "approval": approvals}.get(
            "" if field.kind else field.key, values
        )
        return st.one_of(
            st.builds(Comparison, st.just(field), st.sampled_from(SIGNS), value),
            st.builds(Like, st.just(field), any_text, st.booleans()),
            st.builds(In, st.just(field), st.lists(value, min_size=1, max_size=3).map(tuple)),
            st.builds(Between, st.just(field), value, value),
            st.builds(IsNull, st.just(field)),
        )

    fields = st.one_of(
        st.builds(Field, st.sampled_from(KINDS), any_key),
        st.builds(Field, st.just(""), st.sampled_from(ATTRIBUTES)),
    )

    def grown(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        several = st.lists(children, min_size=2, max_size=3).map(tuple)
        return st.one_of(children.map(negated), several.map(And), several.map(Or))

    return st.recursive(fields.flatmap(predicates), grown, max_leaves=6)


@given(trees(st.text(min_size=1), st.text()))
@example(Comparison(Field("tags", "x`"), "=", Text("'")))
@example(Comparison(Field("tags", "a\nb"), "=", Text("\n\\")))
def test_a_printed_tree_is_read_as_the_same_tree(tree: Node) -> None:
    assert parse(str(tree)).tree == tree


# The oracle: the rules as the documentation states them, with none of the compiler's code.


def as_number(value: Any) -> int | float | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return value
    if re.fullmatch(r"[+-]?\d+", value):
        return int(value)
    try:
        return float(value)
    except ValueError:
        return None


def as_truth(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else None


def as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def compares(found: Any, sign: str, wanted: Any) -> bool:
    left, right = as_text(found), as_text(wanted)
    if not (isinstance(found, str) and isinstance(wanted, str)):
        for reading in (as_truth, as_number):
            # Each side reads as the other's kind, or the two are text; a number never reads as a truth value.
            if None not in (reading(found), reading(wanted)):
                left, right = reading(found), reading(wanted)  # type: ignore[assignment]
                break
        else:
            if {type(found), type(wanted)} in ({str, int}, {str, float}):
                return sign == "!="
    both_nan = left != left and right != right
    match sign:
        case "=":
            return left == right or both_nan
        case "!=":
            return left != right and not both_nan
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case _:
            return left >= right


def matches_pattern(found: Any, pattern: str, *, ignore_case: bool) -> bool:
    tokens = re.findall(r"\\[%_\\]|[\s\S]", pattern)
    translated = "".join({"%": "[\\s\\S]*", "_": "[\\s\\S]"}.get(token, re.escape(token[-1])) for token in tokens)
    return re.fullmatch(translated, as_text(found), re.IGNORECASE if ignore_case else re.NOFLAG) is not None


def values_of(field: Field, document: dict[str, Any]) -> list[Any]:
    if field.kind:
        found = [document.get(field.kind, {}).get(field.key)]
    elif field.key == "alias":
        found = document.get("aliases", [])
    elif field.key == "text":
        found = [document.get(key) for key in ATTRIBUTES if key not in {"version", "created_at", "alias"}]
        found += [*document.get("aliases", []), *document.get("tags", {}), *document.get("tags", {}).values()]
    else:
        found = [document.get(field.key)]
    return [value for value in found if value is not None]


def plain(value: Value) -> Any:
    return value.value


def one(field: Field, found: Any, sign: str, value: Value) -> bool:
    if field == Field("", "created_at"):
        wanted = value.value.replace(" ", "T").removesuffix("Z")  # type: ignore[union-attr]
        return compares(found[: len(wanted)], sign, wanted)
    return compares(found, sign, plain(value))


def evaluate(tree: Node, document: dict[str, Any]) -> bool:
    match tree:
        case And(operands):
            return all(evaluate(operand, document) for operand in operands)
        case Or(operands):
            return any(evaluate(operand, document) for operand in operands)
        case Not(operand):
            return not evaluate(operand, document)
        case IsNull(field):
            return not values_of(field, document)
        case Comparison(field, "!=", value) if field.key in {"alias", "text"} and not field.kind:
            found = values_of(field, document)
            return bool(found) and not any(one(field, each, "=", value) for each in found)
        case Comparison(field, sign, value):
            return any(one(field, each, sign, value) for each in values_of(field, document))
        case In(field, values):
            return any(one(field, each, "=", value) for each in values_of(field, document) for value in values)
        case Between(field, low, high):
            return any(
                one(field, each, ">=", low) and one(field, each, "<=", high) for each in values_of(field, document)
            )
        case Like(field, pattern, ignore_case):
            return any(matches_pattern(each, pattern, ignore_case=ignore_case) for each in values_of(field, document))


@given(tree=trees(keys, st.sampled_from(WORDS)), some=st.lists(documents, min_size=1, max_size=5))
def test_the_query_answers_as_a_plain_evaluation(tree: Node, some: list[dict[str, Any]]) -> None:
    query = Filter(tree).query()
    assert [query(document) for document in some] == [evaluate(tree, document) for document in some]


PIECES = [
    *"()',\"`.=<>!%_-+&|@[\\ \n\x00\u202e日",
    *("AND", "or ", "NOT ", " LIKE ", " IN (", " BETWEEN ", " IS ", "NULL", "true", "nan", "1e9", "0.5"),
    *("metrics.a", "tags.", "name", "alias", "created_at", "metrik.a", "'x'", "'2026'", "params.`a b`"),
]


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=12).map("".join)))
def test_any_text_is_read_or_politely_refused(text: str) -> None:
    try:
        chosen = parse(text)
    except InvalidFilter as refusal:
        message = str(refusal)
    else:
        assert parse(str(chosen)) == chosen
        assert chosen.query()({}) in {True, False}
        return
    assert message.replace("\n", "").isprintable()
