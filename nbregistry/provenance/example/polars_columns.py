"""One column of polars as arrays and JSON, and back, with the dtype that it had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.provenance.example.values import NotData, from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbregistry.provenance.example.columns import Array, Arrays, Description

_NUMBERS = frozenset(
    {"Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64", "Float32", "Float64", "Boolean"}
)
_OF_TIME = frozenset({"Date", "Time", "Datetime", "Duration"})
_OF_TEXT = frozenset({"String", "Categorical", "Enum"})


def pack_polars(column: Any, name: str, arrays: Arrays) -> Description:
    """Describe a column of polars, and put its values among the arrays.

    Raises
    ------
    NotData
        For dtypes that have no plain form here: lists, structures, decimals, objects.
    """
    dtype = column.dtype
    kind = dtype.base_type().__name__
    described = {"dtype": kind}
    if kind in _OF_TEXT:
        described["values"] = to_json(column.cast(str).to_list())
        return described | ({"categories": dtype.categories.to_list()} if kind == "Enum" else {})
    if kind not in _NUMBERS | _OF_TIME:
        raise NotData(f"a column of {dtype!s:.60} has no plain form")
    numbers = column.to_physical()
    arrays[name] = numbers.fill_null(value=False if kind == "Boolean" else 0).to_numpy()
    arrays[f"{name}.missing"] = column.is_null().to_numpy()
    if kind in ("Datetime", "Duration"):
        described["unit"] = dtype.time_unit
    if kind == "Datetime" and dtype.time_zone:
        described["zone"] = dtype.time_zone
    return described


def unpack_polars(found: Mapping[str, Any], name: str, arrays: Mapping[str, Array]) -> Any:
    """Build a column again."""
    import polars as pl

    kind = found["dtype"]
    if kind in _OF_TEXT:
        dtype = pl.Enum(found["categories"]) if kind == "Enum" else getattr(pl, kind)
        return pl.Series(from_json(found["values"]), dtype=pl.String).cast(dtype)
    if kind not in _NUMBERS | _OF_TIME:
        raise ValueError(f"{kind!a:.60} is no kind of column")
    numbers = pl.Series(arrays[name])
    gone = pl.Series(arrays[f"{name}.missing"])
    numbers = numbers.to_frame("x").select(pl.when(~gone).then(pl.col("x"))).to_series()
    if kind == "Datetime":
        return numbers.cast(pl.Datetime(found["unit"], found.get("zone")))
    return numbers.cast(pl.Duration(found["unit"]) if kind == "Duration" else getattr(pl, kind))
