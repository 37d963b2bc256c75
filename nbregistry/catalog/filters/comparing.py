"""How a value of a document compares with a value of a filter.

Documents are JSON: a number may have been recorded as a text (MLflow's params all are) and a truth value as
``"True"``. So two values compare as numbers, or as truth values, if both are or read as such; two texts always
compare as text. A number and a text that reads as none are unequal, and neither is before the other. Null, and
anything that is no scalar, matches nothing.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, assert_never

from nbregistry.catalog.filters.literals import Number, Text, Truth, Value, read_number, read_truth, text_of

if TYPE_CHECKING:
    from nbregistry.catalog.filters.tree import Operator

Test = Callable[[Any], bool]
_Compare = Callable[[Any, Any], bool]

_COMPARE: dict[Operator, _Compare] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TIME = re.compile(r"(?P<moment>\d{4}(-\d{2}(-\d{2}([T ]\d{2}(:\d{2}(:\d{2}(\.\d+)?)?)?)?)?)?)(Z|\+00:00)?", re.ASCII)
_EARLIEST = "0001-01-01T00:00:00"
_SECONDS = re.compile(r"[T ]\d\d:\d\d:\d\d", re.ASCII)


def comparison(sign: Operator, value: Value) -> Test:
    """Compile ``… sign value`` to a test of what stands on the left."""
    match value:
        case Number():
            return _against_number(sign, value.value)
        case Text():
            return _against_text(sign, value.value)
        case Truth():
            return _against_truth(sign, value.value)
        case _:
            assert_never(value)


def time_comparison(sign: Operator, value: Value) -> Test:
    """Compile a comparison of times (ISO 8601), as precise as the value: ``'2026-11'`` is a whole month."""
    moment = read_moment(value.value) if isinstance(value, Text) else None
    if moment is None:
        return comparison(sign, value)
    compare, length = _COMPARE[sign], len(moment)

    def test(found: Any) -> bool:
        if not isinstance(found, str):
            return False
        # The zone must go: as text, "…:05Z" would come after "…:05.5".
        return compare(found.removesuffix("Z").removesuffix("+00:00")[:length], moment)

    return test


def read_moment(text: str) -> str | None:
    """Give a UTC time, or the beginning of one, as it begins in a document; None if it is neither.

    Examples
    --------
    >>> read_moment("2026-11-22 10:30Z"), read_moment("2026-11"), read_moment("22.11.2026"), read_moment("2026-02-30")
    ('2026-11-22T10:30', '2026-11', None, None)
    """
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    moment = match["moment"].replace(" ", "T")
    try:
        datetime.fromisoformat((moment + _EARLIEST[len(moment) :])[: len(_EARLIEST)])
    except ValueError:  # compared as text it would pass for the day after the month's last
        return None
    return moment


def in_utc(text: str) -> str | None:
    """Give a time of another zone as a filter would write it; None if it is none.

    Examples
    --------
    >>> in_utc("2026-11-22T10:30+02:00"), in_utc("2026-11-22T10:30")
    ('2026-11-22T08:30', None)
    """
    try:
        time = datetime.fromisoformat(text)
        if time.tzinfo is None:
            return None
        written = time.astimezone(UTC).replace(tzinfo=None).isoformat()
    except (ValueError, OverflowError):
        return None
    return written if _SECONDS.search(text) else written[: len("2026-11-22T08:30")]


def _against_number(sign: Operator, number: float) -> Test:
    compare = numeric(sign, number)
    compare_text, text = _COMPARE[sign], text_of(number)

    def test(found: Any) -> bool:
        kind = type(found)
        if kind is float or kind is int:  # the common case first: it decides how fast a scan is
            return compare(found, number)
        if isinstance(found, str):
            read = read_number(found)
            return sign == "!=" if read is None else compare(read, number)
        if isinstance(found, bool):
            return compare_text(text_of(found), text)
        return isinstance(found, int | float) and compare(found, number)

    return test


def _against_text(sign: Operator, text: str) -> Test:
    compare = _COMPARE[sign]
    number, truth = read_number(text), read_truth(text)
    compare_number = None if number is None else numeric(sign, number)

    def test(found: Any) -> bool:
        if isinstance(found, str):
            return compare(found, text)
        if isinstance(found, bool):
            return compare(text_of(found), text) if truth is None else compare(found, truth)
        if isinstance(found, int | float):
            return sign == "!=" if compare_number is None else compare_number(found, number)
        return False

    return test


def _against_truth(sign: Operator, truth: bool) -> Test:  # noqa: FBT001 (a value, not a switch)
    compare, text = _COMPARE[sign], text_of(truth)

    def test(found: Any) -> bool:
        read = read_truth(found) if isinstance(found, str) else found
        if isinstance(read, bool):
            return compare(read, truth)
        return isinstance(found, str | int | float) and compare(text_of(found), text)

    return test


def numeric(sign: Operator, number: float) -> _Compare:
    """Give the comparison of numbers; ``nan`` equals itself here, so that it can be asked for."""
    if number == number:  # noqa: PLR0124 (false for nan only)
        return _COMPARE[sign]
    if sign == "=":
        return lambda found, _: bool(found != found)  # noqa: PLR0124
    if sign == "!=":
        return lambda found, _: bool(found == found)  # noqa: PLR0124
    return _COMPARE[sign]
