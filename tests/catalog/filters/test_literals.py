"""Reading and writing values."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbregistry.catalog.filters.literals import (
    MAX_NUMBER_LENGTH,
    quoted,
    read_number,
    read_truth,
    text_of,
    unquoted,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", 1), ("-007", -7), ("+1.", 1.0), (".5", 0.5), ("1E3", 1000.0), ("-Infinity", -math.inf)],
)
def test_numbers(text: str, number: float) -> None:
    assert read_number(text) == number
    assert type(read_number(text)) is type(number)


@pytest.mark.parametrize("text", ["", "1_000", " 1", "1\n", "１", "1e", "0x1", "--1", ".", "e5", "one"])
def test_no_numbers(text: str) -> None:
    assert read_number(text) is None


def test_digits_without_end_are_no_number() -> None:
    assert read_number("9" * MAX_NUMBER_LENGTH) == 10**MAX_NUMBER_LENGTH - 1
    assert read_number("9" * (MAX_NUMBER_LENGTH + 1)) is None


@given(st.integers(-(2**80), 2**80) | st.floats(allow_nan=False))
def test_a_number_comes_back_exactly(number: float) -> None:
    read = read_number(text_of(number))
    assert read == number
    assert type(read) is type(number)


def test_truth_values() -> None:
    assert [read_truth(text) for text in ("TRUE", "False", "yes", "1", "")] == [True, False, None, None, None]


@given(st.text(), st.sampled_from("'\"`"))
def test_quotes_come_off_again(text: str, quote: str) -> None:
    assert unquoted(quoted(text, quote)) == text
