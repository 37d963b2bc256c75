"""One column of a table as arrays and JSON, and back, with the dtype that it had."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from nbregistry.provenance.example.values import NotData, from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]
    Arrays = dict[str, Array]
    Description = dict[str, Any]

PLAIN = "biufcMmUS"
"""Kinds of NumPy's dtypes whose values a file of an array says in full."""
# A time zone's name leads to a file: no other form of it is read.
_ZONE = re.compile(r"(?!dateutil|tzlocal)[A-Za-z0-9_+-]+(?:[:/][A-Za-z0-9_+-]+){0,3}")
_NULLABLE = re.compile(r"U?Int(?:8|16|32|64)|Float(?:32|64)|boolean")


def pack_column(column: pd.Series[Any], name: str, arrays: Arrays) -> Description:
    """Describe a column of pandas, and put its values among the arrays.

    Parameters
    ----------
    column : Series
    name : str
        Of the arrays, which get what is needed behind it.
    arrays : dict
        Changed.

    Raises
    ------
    NotData
        For dtypes that have no plain form: intervals, periods, sparse columns, objects.
    """
    import numpy as np
    import pandas as pd

    dtype: Any = column.dtype
    if isinstance(dtype, np.dtype):
        return pack_array(column.to_numpy(), name, arrays)
    if isinstance(dtype, pd.CategoricalDtype):
        arrays[f"{name}.codes"] = column.cat.codes.to_numpy()
        categories = pack_column(pd.Series(dtype.categories), f"{name}.categories", arrays)
        return {"kind": "category", "ordered": bool(dtype.ordered), "categories": categories}
    if isinstance(dtype, pd.DatetimeTZDtype):
        zone = str(dtype.tz)
        if not _ZONE.fullmatch(zone) or not _leads_back(zone, dtype):
            raise NotData(f"the time zone {zone!a:.60} has no name")
        arrays[name] = column.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
        return {"kind": "zoned", "zone": zone}
    if isinstance(dtype, pd.StringDtype):
        texts = [None if missing else value for value, missing in zip(column, column.isna(), strict=True)]
        return {
            "kind": "string",
            "values": to_json(texts),
            "storage": dtype.storage,
            "nan": dtype.na_value is not pd.NA,
        }
    if _NULLABLE.fullmatch(str(dtype)):
        arrays[name] = column.to_numpy(dtype=dtype.numpy_dtype, na_value=0)
        arrays[f"{name}.missing"] = column.isna().to_numpy()
        return {"kind": "nullable", "dtype": str(dtype)}
    raise NotData(f"a column of {dtype!s:.60} has no plain form")


def unpack_column(found: Mapping[str, Any], name: str, arrays: Mapping[str, Array]) -> pd.Series[Any]:
    """Build a column again."""
    import numpy as np
    import pandas as pd

    kind = found["kind"]
    if kind in ("array", "objects"):
        values = unpack_array(found, name, arrays)
        if values.dtype.kind in "US":  # pandas has text of its own
            values = values.astype(object)
        return pd.Series(values, dtype=values.dtype)
    if kind == "category":
        categories = unpack_column(found["categories"], f"{name}.categories", arrays)
        dtype = pd.CategoricalDtype(pd.Index(categories), ordered=found["ordered"])
        return pd.Series(pd.Categorical.from_codes(arrays[f"{name}.codes"], dtype=dtype))
    if kind == "zoned":
        if not _ZONE.fullmatch(found["zone"]):
            raise ValueError("this is no time zone")
        times = pd.DatetimeIndex(arrays[name]).tz_localize("UTC").tz_convert(found["zone"])
        return pd.Series(times)
    if kind == "string":
        missing = np.nan if found["nan"] else pd.NA
        texts = from_json(found["values"])
        return pd.Series(pd.array(texts, dtype=_string_dtype(found["storage"], missing)))
    if kind == "nullable" and _NULLABLE.fullmatch(found["dtype"]):
        column = pd.Series(pd.array(arrays[name], dtype=found["dtype"]))
        column[arrays[f"{name}.missing"]] = pd.NA
        return column
    raise ValueError(f"{kind!a:.60} is no kind of column")


def pack_array(values: Array, name: str, arrays: Arrays) -> Description:
    """Describe an array; objects are written down one by one.

    Raises
    ------
    NotData
    """
    if values.dtype.hasobject and not values.dtype.fields:
        return {"kind": "objects", "shape": list(values.shape), "values": list(map(to_json, values.ravel().tolist()))}
    if values.dtype.kind not in PLAIN or not values.dtype.itemsize:
        raise NotData(f"an array of {values.dtype!s:.60} has no plain form")
    arrays[name] = values
    return {"kind": "array"}


def unpack_array(found: Mapping[str, Any], name: str, arrays: Mapping[str, Array]) -> Array:
    """Build an array again."""
    import numpy as np

    if found["kind"] == "array":
        return arrays[name]
    values = np.empty(len(found["values"]), dtype=object)
    for place, value in enumerate(found["values"]):
        values[place] = from_json(value)
    return values.reshape([int(length) for length in found["shape"]])


def _leads_back(zone: str, dtype: pd.DatetimeTZDtype) -> bool:
    import pandas as pd

    try:
        return pd.DatetimeTZDtype(dtype.unit, zone) == dtype
    except Exception:  # noqa: BLE001 - each library of time zones has its own for a name it does not know
        return False


def _string_dtype(storage: Any, missing: Any) -> Any:
    import pandas as pd

    try:
        return pd.StringDtype(storage, na_value=missing)
    except ImportError:  # kept where pyarrow was installed: the same texts, laid out otherwise
        return pd.StringDtype("python", na_value=missing)
