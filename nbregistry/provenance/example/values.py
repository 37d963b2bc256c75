"""Python's own values as JSON and back, each with the type that it had."""

from __future__ import annotations

import datetime as dt
import decimal
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_AS_THEY_ARE = (str, int, float, bool, type(None))
_NUMBERS = "biuf"
# Values that have one text, which leads back to them.
_WRITTEN: dict[str, tuple[type, Callable[[Any], str], Callable[[str], Any]]] = {
    "date": (dt.date, dt.date.isoformat, dt.date.fromisoformat),
    "datetime": (dt.datetime, dt.datetime.isoformat, dt.datetime.fromisoformat),
    "decimal": (decimal.Decimal, str, decimal.Decimal),
}
_WRITTEN_AS = {kind: name for name, (kind, _, _) in _WRITTEN.items()}


class NotData(Exception):
    """Something cannot be kept as data; it is no error of the caller's, such rows are just not kept."""


def to_json(value: Any) -> Any:
    """Give a value as JSON has it; what JSON does not know becomes an object with one key, its kind.

    Parameters
    ----------
    value : object
        Text, a number, ``None``, a missing value of pandas, a date, or lists, tuples and dicts of these.

    Raises
    ------
    NotData
        For anything else.

    Examples
    --------
    >>> to_json([1.5, ("a", None)])
    [1.5, {'tuple': ['a', None]}]
    >>> from_json(to_json({"when": dt.date(2026, 11, 30)}))
    {'when': datetime.date(2026, 11, 30)}
    """
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind in (list, tuple):
        items = list(map(to_json, value))
        return items if kind is list else {"tuple": items}
    if kind is dict:
        return {"dict": [[to_json(key), to_json(item)] for key, item in value.items()]}
    return _marked(value, kind)


def _marked(value: Any, kind: type) -> dict[str, Any]:
    if kind in _WRITTEN_AS and getattr(value, "tzinfo", None) is None:
        return {_WRITTEN_AS[kind]: _WRITTEN[_WRITTEN_AS[kind]][1](value)}
    missing = _missing_of_pandas(value)
    if missing:
        return {"missing": missing}
    if getattr(getattr(value, "dtype", None), "kind", "") in _NUMBERS and getattr(value, "shape", None) == ():
        return {"number": [value.dtype.str, value.item()]}
    raise NotData(f"{kind.__name__} is no plain value")


def from_json(found: Any) -> Any:
    """Give a value back.

    Raises
    ------
    Exception
        Of any kind, for what :func:`to_json` did not write.
    """
    if not isinstance(found, dict):
        return list(map(from_json, found)) if isinstance(found, list) else found
    ((kind, value),) = found.items()
    if kind == "tuple":
        return tuple(map(from_json, value))
    if kind == "dict":
        return {from_json(key): from_json(item) for key, item in value}
    if kind == "missing":
        return _read_missing(value)
    if kind == "number":
        return _read_number(*value)
    return _WRITTEN[kind][2](value)


def _missing_of_pandas(value: Any) -> str:
    pandas = sys.modules.get("pandas")
    if pandas is None:
        return ""
    return "NA" if value is pandas.NA else "NaT" if value is pandas.NaT else ""


def _read_missing(name: str) -> Any:
    import pandas as pd

    return {"NA": pd.NA, "NaT": pd.NaT}[name]


def _read_number(name: str, value: Any) -> Any:
    import numpy as np

    dtype = np.dtype(name)
    if dtype.kind not in _NUMBERS:
        raise ValueError(f"{name} is no number")
    return dtype.type(value)
