import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbregistry.display.quantities import byte_size, difference, duration, moment, number, short_digest


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        (float("nan"), "NaN"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
        (0.0, "0.0000"),
        (-0.0, "0.0000"),
        (10**18, "1.000e+18"),
        (9.99996, "10.0000"),
        (123.456, "123.46"),
    ],
)
def test_number(value, shown):
    assert number(value) == shown


@given(st.floats(allow_nan=False, allow_infinity=False).filter(bool))
def test_a_difference_always_has_its_sign_and_never_looks_like_none(value):
    shown = difference(value)
    assert shown[0] == ("+" if value > 0 else "−")
    assert any(digit in shown for digit in "123456789")


@given(st.floats(min_value=0, max_value=1e9))
def test_a_duration_never_shows_a_whole_of_the_next_unit(seconds):
    words = duration(seconds).split()
    amounts = dict(zip(words[1::2], map(float, words[::2]), strict=True))
    full = {"ms": 1000, "s": 60, "min": 60, "h": 48, "d": float("inf")}
    assert all(amount < full[unit] for unit, amount in amounts.items())


@given(st.integers(min_value=0, max_value=9 * 10**14))
def test_bytes_have_at_most_three_digits(size):
    amount, unit = byte_size(size).split(" ", 1)
    assert float(amount.replace(",", "")) < 1000
    assert unit in ("byte", "bytes", "kB", "MB", "GB", "TB")


def test_what_is_no_time_is_left_alone():
    assert moment("") == ""
    assert moment("yesterday") == "yesterday"


def test_short_digests_stay_whole():
    assert short_digest("sha256:ab") == "sha256:ab"
    assert short_digest("") == ""
