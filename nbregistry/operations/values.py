"""What a caller states (tags, parameters, metrics) turned into what JSON can keep, or refused by name."""

from __future__ import annotations

import math
import numbers
import sys
from typing import TYPE_CHECKING, Any

from nbregistry.errors import InvalidName, Refused, WrongType
from nbregistry.model import LARGEST_INTEGER_BITS
from nbregistry.operations.kinds import mapping

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbregistry.model import Scalar

_LONGEST_KEY = 255
# Of NumPy's kinds those whose scalars are text or plain numbers: dates and spans of time would become bare integers.
_PLAIN_KINDS = frozenset("biufUO")


def check_key(kind: str, key: object) -> str:
    """Check the name of a tag, parameter or metric.

    Raises
    ------
    InvalidName
    """
    key = str.__str__(key) if isinstance(key, str) else key  # numpy's text is a kind of its own
    if not isinstance(key, str) or not 1 <= len(key) <= _LONGEST_KEY:
        raise InvalidName(
            f"{ascii(key)[:60]} cannot name a {kind}",
            hint=f"the name of a {kind} is text of 1 to {_LONGEST_KEY} characters",
        )
    return check_text(f"the name of a {kind}", key)


def check_text(what: str, text: object) -> str:
    """Check that a text can be kept exactly as it is.

    Raises
    ------
    WrongType
        If it is no text.
    Refused
        If it holds half a surrogate pair, which UTF-8 has no form for.
    """
    if not isinstance(text, str):
        raise WrongType(f"{what} is text, not {type(text).__name__}")
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise Refused(f"{what} holds a lone surrogate: {ascii(text)[:60]}", hint="decode the text properly first")
    return text


def to_scalar(what: str, value: Any, remedy: str = "str") -> Scalar:
    """Give a value as JSON has it: text, numbers, true, false, null as they are, numpy scalars as Python's.

    Parameters
    ----------
    what : str
        For the message.
    value : object
    remedy : str, default "str"
        The function that makes the right thing of a wrong one.

    Raises
    ------
    Refused
        For anything else, and for integers too large to be written out everywhere.
    """
    plain = _item(value) if _is_numpy_scalar(value) else value
    if isinstance(plain, str):
        return check_text(what, str.__str__(plain))
    if plain is None or isinstance(plain, bool):
        return plain
    if isinstance(plain, int):
        if plain.bit_length() > LARGEST_INTEGER_BITS:
            raise Refused(f"{what} is an integer of {plain.bit_length()} bits", hint="pass hex(…) of it, as text")
        return int(plain)
    if isinstance(plain, float):
        return float(plain)
    from nbregistry.provenance.wording import short_text

    raise Refused(
        f"{what} is {type(value).__name__}, not text or a number",
        hint=f"pass {remedy}(…) of it: {short_text(value)[:60]}",
    )


def _is_numpy_scalar(value: Any) -> bool:
    return getattr(value, "ndim", None) == 0 and getattr(getattr(value, "dtype", None), "kind", "") in _PLAIN_KINDS


def _item(value: Any) -> Any:
    item = value.item()
    # A long double stays one; it becomes a float only if nothing is lost.
    return float(item) if hasattr(item, "dtype") and (float(item) == item or item != item) else item  # noqa: PLR0124


def tags_of(tags: Mapping[str, Any] | None) -> dict[str, Scalar]:
    """Check tags."""
    given = mapping("tags", tags, "team='crm'")
    return {(name := check_key("tag", key)): to_scalar(f"the tag {name!r}", value) for key, value in given.items()}


def params_of(params: Mapping[str, Any] | None) -> dict[str, Scalar]:
    """Check parameters; lists, objects and the like are kept as short text."""
    from nbregistry.provenance.wording import short_text

    checked: dict[str, Scalar] = {}
    for key, value in mapping("params", params, "C=0.5").items():
        name = check_key("parameter", key)
        checked[name] = to_scalar(f"the parameter {name!r}", value if _is_scalar(value) else short_text(value))
    return checked


def _is_scalar(value: Any) -> bool:
    return value is None or isinstance(value, (str, bool, int, float)) or _is_numpy_scalar(value)


def metrics_of(metrics: Mapping[str, Any] | None) -> tuple[dict[str, float], list[str]]:
    """Check metrics.

    Returns
    -------
    metrics : dict
    warnings : list of str
        One for each that is not finite.

    Raises
    ------
    Refused
        For a metric that is no real number, or beyond what a float can hold.
    """
    checked: dict[str, float] = {}
    warnings: list[str] = []
    for given_key, given in mapping("metrics", metrics, "gain=0.12").items():
        key = check_key("metric", given_key)
        value = to_scalar(f"the metric {key!r}", given, "float")
        if isinstance(value, bool) or not isinstance(value, numbers.Real):
            told = f"{value!r:.60}"
            raise Refused(f"the metric {key!r} is {told}, not a number", hint=f"%register … --metrics {key}=0.93")
        if isinstance(value, int) and abs(value) > sys.float_info.max:
            raise Refused(f"the metric {key!r} is larger than any float", hint="keep its logarithm, or make it a param")
        checked[key] = value
        if not math.isfinite(value):
            warnings.append(f"metrics.{key} is {value}: kept as given, and never marked as the best")
    return checked, warnings
