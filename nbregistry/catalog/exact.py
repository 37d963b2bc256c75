"""JSON that is strict on disk and exact in Python.

JSON has no NaN, no infinity, and many readers bend large integers. Such values are written as an object with
one key that starts with ``$`` (``{"$float": "nan"}``, ``{"$int": "123…"}``); keys of the user that start
with ``$`` get a second one, so that nothing a user writes can be taken for such a mark.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import orjson

from nbregistry.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

_LARGEST = 2**63
# What is read can be written again, in whatever stands around it then: orjson writes 254 levels.
_DEEPEST = 200
_FLOATS = frozenset({"nan", "inf", "-inf"})
# As many digits as every reader can be relied on to convert, see LARGEST_INTEGER_BITS.
_INTEGER = re.compile(r"-?[0-9]{1,640}")


def dumps(value: Any, *, sort_keys: bool = True) -> bytes:
    """Give the canonical bytes of a value: sorted keys (unless told otherwise), no spaces, UTF-8.

    Raises
    ------
    Refused
        For text that UTF-8 cannot hold (lone surrogates), integers too large to be written out, values nested too
        deeply, and types that JSON does not have.

    Examples
    --------
    >>> dumps({"b": float("nan"), "a": -0.0})
    b'{"a":-0.0,"b":{"$float":"nan"}}'
    """
    try:
        return orjson.dumps(_marked(value), option=orjson.OPT_SORT_KEYS if sort_keys else None)
    except (TypeError, ValueError, RecursionError) as error:  # the first is orjson's for what it cannot write
        half = _half_character(value)
        told = f"{half!a:.90} holds a lone surrogate" if half else str(error)
        raise Refused(f"this cannot be kept as JSON: {told}", hint="use text, numbers, true or false") from None


def loads(data: bytes | memoryview) -> Any:
    """Read what :func:`dumps` wrote.

    Raises
    ------
    ValueError
        If it is not strict JSON.

    Examples
    --------
    >>> loads(dumps({"big": 10**30, "inf": float("-inf")}))
    {'big': 1000000000000000000000000000000, 'inf': -inf}
    """
    value = orjson.loads(data)
    raw = bytes(data)
    if raw.count(b"[") + raw.count(b"{") > _DEEPEST and _depth(value) > _DEEPEST:
        raise ValueError("it is nested too deeply")
    # Marks are rare: the walk is only made where the bytes show that there is one. One byte is found much faster.
    if b"$" not in raw or b'"$' not in raw:
        return value
    return _plain(value)


def _marked(value: Any) -> Any:
    if isinstance(value, dict):
        return {f"${key}" if key[:1] == "$" else key: _marked(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_marked(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return {"$float": repr(value)}
    if isinstance(value, int) and not -_LARGEST <= value < _LARGEST:
        return {"$int": str(value)}
    return value


def _half_character(value: Any) -> str:
    """Find a text that UTF-8 cannot hold, e.g. the name of a column; ``""`` if there is none."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, str) and not found.isascii() and any("\ud800" <= c <= "\udfff" for c in found):
            return found
        if isinstance(found, dict):
            waiting += [*found.keys(), *found.values()]
        elif isinstance(found, (list, tuple)):
            waiting += found
    return ""


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        if "$float" in value:
            return float(_written("$float", value, _FLOATS.__contains__))
        if "$int" in value:
            return int(_written("$int", value, _INTEGER.fullmatch))
    return {key[1:] if key[:1] == "$" else key: _plain(item) for key, item in value.items()}


def _depth(value: Any) -> int:
    depth, layer = 0, [value]
    while layer := [found for found in layer if isinstance(found, (dict, list))]:
        depth += 1
        layer = [item for found in layer for item in (found.values() if isinstance(found, dict) else found)]
    return depth


def _written(mark: str, value: dict[str, Any], is_right: Callable[[str], object]) -> str:
    """Give the text behind a mark, which somebody else may have written."""
    text = value[mark]
    if not isinstance(text, str) or not is_right(text):
        raise ValueError(f"{text!a:.40} is no {mark[1:]}")
    return text
