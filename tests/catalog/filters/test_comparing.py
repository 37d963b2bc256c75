"""How recorded values compare with values of a filter: numbers, texts, truth values, null, NaN, times."""

import math
from typing import Any

import pytest

from nbregistry.catalog.filters import parse
from nbregistry.catalog.filters.comparing import read_moment

NAN = math.nan


def holds(predicate: str, value: Any) -> bool:
    return parse(f"params.x {predicate}").query()({"params": {"x": value}})


@pytest.mark.parametrize(
    ("predicate", "matching", "other"),
    [
        # Numbers.
        ("> 0.9", [0.91, 1, math.inf, "0.95", "1e3"], [0.9, 0, NAN, -math.inf, None, "0.5", [1], {}]),
        ("= 1", [1, 1.0, "1", "1.0", "01", "+1", "1e0"], [True, "one", "True", None, "1_0", " 1", "１"]),
        ("!= 1", [2, "2", "auto", NAN, True, False, ""], [1, 1.0, "1.0", None, [1]]),
        ("= 0", [0, -0.0, "-0"], [False, "", None]),
        ("= inf", [math.inf, "inf", "Infinity"], [-math.inf, "-inf", 1e308, NAN]),
        ("< inf", [1e308, 10**400], [math.inf, NAN]),
        (
            "= 9007199254740993",
            [9007199254740993, "9007199254740993"],
            [9007199254740992, 9007199254740992.0],
        ),
        ("BETWEEN 1 AND 2", [1, 1.5, 2, "1.5"], [0.99, 2.01, NAN, None]),
        ("IN (1, 2)", [1, 2.0, "2"], [3, True, None]),
        # NaN can be asked for, and no order holds for it.
        ("= nan", [NAN, "nan", "NaN"], [0, math.inf, "x", None]),
        ("!= nan", [0, math.inf, "x"], [NAN, "nan", None]),
        ("IN (nan, 1)", [NAN, 1], [2]),
        ("= 'nan'", [NAN, "nan"], ["NaN", 0]),
        (">= nan", [], [NAN, 0, 1]),
        ("NOT BETWEEN -inf AND inf", [NAN, None], [0, math.inf]),
        # Texts.
        ("= '1'", [1, 1.0, "1"], ["1.0", True, None]),
        ("> '10'", [11, 10.5, "9"], [9, "1", None]),
        ("= 'auto'", ["auto"], ["Auto", 1, None]),
        ("< 'b'", ["a", "B", ""], ["b", "c", 1, None]),
        ("= ''", [""], [None, 0, False]),
        ("= '1.0'", [1.0, 1, "1.0"], ["1"]),
        ("LIKE '1%'", [1, 1.5, 10, "1x"], [2, "x1", None, [1]]),
        ("LIKE 'true'", [True, "true"], [False, "True", 1]),
        ("ILIKE 'TRUE'", [True, "true", "True"], [False]),
        # A number and a text that reads as none are unequal, and neither is before the other.
        ("> 5", ["6", 6], ["auto", "", "4", "+"]),
        ("!= 5", ["auto", 6], ["5", 5, None]),
        ("!= 'auto'", [5], ["auto", None]),
        # Truth values are no numbers.
        ("= true", [True, "true", "True", "TRUE"], [False, 1, 1.0, "1", "yes", None]),
        ("!= true", [False, 1, "x", "false"], [True, "True", None]),
        ("= 'True'", [True, "True"], ["true", 1, False]),
        ("= 'false'", [False, "false"], [0, "", None]),
        ("IN (false, 2)", [False, 2], [0, True]),
        # Null.
        ("IS NULL", [None], [0, "", False, NAN, "null"]),
        ("IS NOT NULL", [0, "", False, NAN], [None]),
    ],
)
def test_predicate(predicate: str, matching: list[Any], other: list[Any]) -> None:
    assert [value for value in matching if not holds(predicate, value)] == []
    assert [value for value in other if holds(predicate, value)] == []


@pytest.mark.parametrize("sign", ["=", "!=", "<", "<=", ">", ">="])
@pytest.mark.parametrize("value", ["1", "1.5", "'a'", "'1'", "true", "nan", "inf"])
@pytest.mark.parametrize("document", [{}, {"params": {}}, {"params": {"x": None}}, {"params": None}, {"params": "x"}])
def test_what_is_missing_matches_no_comparison(sign: str, value: str, document: dict[str, Any]) -> None:
    assert not parse(f"params.x {sign} {value}").query()(document)
    assert parse(f"NOT params.x {sign} {value}").query()(document)


def test_a_huge_integer_does_no_harm() -> None:
    huge = 10**5000  # more digits than Python converts to text
    assert holds("> 1", huge)
    assert holds("= 'x'", huge) is False
    assert holds("LIKE '0x%'", huge)
    assert holds("= 1", "9" * 5000) is False


class NumpyLike(float):
    """As ``numpy.float64``: a float with a representation of its own."""

    def __repr__(self) -> str:
        return f"np.float64({float(self)})"


def test_subclasses_of_float_are_numbers() -> None:
    assert holds("> 0.9", NumpyLike(0.95))
    assert holds("LIKE '0.95'", NumpyLike(0.95))


@pytest.mark.parametrize(
    ("predicate", "matching", "other"),
    [
        (
            "= '2026-11'",
            ["2026-11-01T00:00:00+00:00", "2026-11-30T23:59:59.9Z"],
            ["2026-12-01T00:00:00Z", None],
        ),
        ("!= '2026-11'", ["2026-12-01T00:00:00Z"], ["2026-11-01T00:00:00Z", None]),
        ("<= '2026-11-22'", ["2026-11-22T23:00:00Z", "2025-01-01T00:00:00Z"], ["2026-11-23T00:00:00Z"]),
        ("> '2026-11-22'", ["2026-11-23T00:00:00Z"], ["2026-11-22T23:00:00Z"]),
        (">= '2026-11-22'", ["2026-11-22T00:00:00Z"], ["2026-11-21T23:59:59Z"]),
        ("< '2026'", ["2025-12-31T23:59:59Z"], ["2026-01-01T00:00:00Z"]),
        (
            "BETWEEN '2026-10' AND '2026-11'",
            ["2026-10-01T00:00:00Z", "2026-11-30T09:00:00Z"],
            ["2026-12-01T00:00:00Z"],
        ),
        (
            "IN ('2026-10', '2026-11-22')",
            ["2026-10-09T00:00:00Z", "2026-11-22T09:00:00Z"],
            ["2026-11-23T09:00:00Z"],
        ),
        (">= '2024-02-29'", ["2024-02-29T00:00:00Z"], ["2024-02-28T23:59:59Z"]),
        ("= '2026-11-22T10'", ["2026-11-22T10:59:59Z"], ["2026-11-22T11:00:00Z"]),
        ("= '2026-11-22 10:30'", ["2026-11-22T10:30:59Z"], ["2026-11-22T10:31:00Z"]),
        (
            "= '2026-11-22T10:30:05.123456+00:00'",
            ["2026-11-22T10:30:05.123456+00:00", "2026-11-22T10:30:05.123456Z"],
            [],
        ),
        (
            "< '2026-11-22T10:30:05.5Z'",
            ["2026-11-22T10:30:05Z", "2026-11-22T10:30:05+00:00"],
            ["2026-11-22T10:30:06Z"],
        ),
        ("LIKE '2026-11-2_T%'", ["2026-11-22T10:30:05Z"], ["2026-11-12T10:30:05Z"]),
    ],
)
def test_times_compare_as_precisely_as_asked(predicate: str, matching: list[Any], other: list[Any]) -> None:
    query = parse(f"created_at {predicate}").query()
    assert [at for at in matching if not query({"created_at": at})] == []
    assert [at for at in other if query({"created_at": at})] == []


def test_read_moment_takes_ascii_digits_only() -> None:
    assert read_moment("２０２６") is None
    assert read_moment("2026-11-22T10:30:05.1Z") == "2026-11-22T10:30:05.1"
