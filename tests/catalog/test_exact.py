"""JSON is strict on disk and exact in Python."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbregistry.catalog import exact
from nbregistry.errors import Refused

text = st.text(st.characters(exclude_categories=["Cs"]))
scalars = st.none() | st.booleans() | st.integers() | st.floats() | text
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(text, inner), max_leaves=20)


def same(one: object, other: object) -> bool:
    """Equal to the bit: NaN equals NaN, and -0.0 differs from 0.0."""
    if isinstance(one, float) and isinstance(other, float):
        return repr(one) == repr(other)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return type(one) is type(other) and one == other


@given(values)
def test_round_trip_is_exact(value: object) -> None:
    assert same(exact.loads(exact.dumps(value)), value)


@given(values)
def test_bytes_are_strict_json(value: object) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    json.loads(exact.dumps(value), parse_constant=refuse)


@pytest.mark.parametrize("value", [{"$float": "nan"}, {"$int": "1"}, {"$": 1}, {"$$float": {"$float": "inf"}}])
def test_what_looks_like_a_mark_is_no_mark(value: dict[str, object]) -> None:
    assert exact.loads(exact.dumps(value)) == value


def test_special_numbers() -> None:
    found = exact.loads(exact.dumps([math.nan, math.inf, -math.inf, -0.0, 2**63, -(2**63) - 1, 2**63 - 1]))
    assert [repr(number) for number in found] == [
        "nan", "inf", "-inf", "-0.0", str(2**63), str(-(2**63) - 1), str(2**63 - 1),
    ]  # fmt: skip


def nested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value", ["\ud800", {"\udfff": 1}, {1: 2}, {"a": {1, 2}}, b"bytes", 10**5000, nested(300), nested(5000)], ids=type
)
def test_what_json_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises(Refused):
        exact.dumps(value)


@pytest.mark.parametrize(
    "data",
    [b'{"$float":1}', b'{"$float":[]}', b'{"$float":"1.5"}', b'{"$float":"Infinity"}', b'{"$int":null}', b'{"$int":[]}',
     b'{"$int":1e300}', b'{"$int":"1_0"}', b'{"$int":"0x1"}', b'{"$int":"%s"}' % (b"9" * 5000),
     b"[" * 900 + b'{"$":1}' + b"]" * 900, b"[" * 201 + b"]" * 201, b'{"a":' * 201 + b"1" + b"}" * 201,
     b"[" * 90_000, b"NaN", b"", b"\xff"],
)  # fmt: skip
def test_what_was_not_written_here_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - one kind for all of it is what is promised
        exact.loads(data)


def test_what_is_read_can_be_written_again() -> None:
    deep = exact.loads(b"[" * 200 + b"]" * 200)
    assert exact.dumps({"changes": [{"record": {"extra": [deep]}}]})
