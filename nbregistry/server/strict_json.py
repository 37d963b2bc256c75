"""JSON in and out, strictly: one meaning for everybody who reads it."""

from __future__ import annotations

import json
from typing import Any

import orjson

from nbregistry.server.contract import WrongRequest


def loads(data: bytes) -> Any:
    """Read a body.

    Raises
    ------
    WrongRequest
        Also for what other readers take in one way or another: a key that comes twice, NaN, half a character.
    """
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_once_each, parse_constant=_no_constant)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:  # ValueError is also a number that is too long, and half a character
        told = str(error) if isinstance(error, json.JSONDecodeError | _Ambiguous) else "it is no text in UTF-8, or huge"
        raise WrongRequest(f"the body is no strict JSON: {told:.200}") from None
    return value


def dumps(value: Any) -> bytes:
    """Write an answer; a text may hold bytes of a file's name that are no text."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return orjson.dumps(_without_halves(value))


class _Ambiguous(ValueError):
    """What readers of JSON do not agree about."""


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Ambiguous("a key comes twice")
    return found


def _no_constant(name: str) -> Any:
    raise _Ambiguous(f"{name} is no number")


def _without_halves(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {_without_halves(key): _without_halves(item) for key, item in value.items()}
    return [_without_halves(item) for item in value] if isinstance(value, list | tuple) else value
