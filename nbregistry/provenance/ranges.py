"""From where to where the values of each column go, and how many are missing: over all rows, and none of them kept.

Of text there is no range: the first and last of it would be values of somebody's row.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from nbregistry.model import ColumnRange
from nbregistry.provenance.columns import as_array, table_kind
from nbregistry.provenance.wording import encodable

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    Array = np.ndarray[Any, Any]

MOST_COLUMNS = 100


def column_ranges(X: Any) -> tuple[ColumnRange, ...]:
    """Give the range of each column of a table.

    Parameters
    ----------
    X : array-like
        pandas, polars, numpy, or a list of rows; what has no columns (sparse, more dimensions) has no ranges.

    Returns
    -------
    tuple of ColumnRange
        Of the first 100 columns.

    Examples
    --------
    >>> [(column.lowest, column.highest, column.missing) for column in column_ranges([[1, 5.0], [3, float("nan")]])]
    [(1.0, 3.0, 0), (5.0, 5.0, 1)]
    """
    return tuple(_range(name, column) for name, column in _columns(X))


def _columns(X: Any) -> Iterator[tuple[str, Any]]:
    """Give the columns by name, or by number where there are no names."""
    kind = table_kind(X)
    if kind == "sparse":
        return
    if kind in ("pandas", "polars"):
        if not hasattr(X, "columns"):
            yield "" if X.name is None else encodable(str(X.name)), X
            return
        for place, name in enumerate(list(X.columns)[:MOST_COLUMNS]):
            yield encodable(str(name)), X.iloc[:, place] if kind == "pandas" else X[:, place]
        return
    array = as_array(X)
    if array.ndim not in (1, 2) or array.dtype.names is not None:
        return
    columns = array.reshape(len(array), -1) if len(array) else array.reshape(0, 0)
    for place in range(min(columns.shape[1], MOST_COLUMNS)):
        yield str(place), columns[:, place]


def _range(name: str, column: Any) -> ColumnRange:
    import numpy as np

    kind = table_kind(column)
    if kind == "pandas":
        if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iuf":
            return _of_array(name, column.to_numpy())
        missing = int(column.isna().sum())
    elif kind == "polars":
        if column.dtype.is_float():
            column = column.fill_nan(None)
        missing = column.null_count()
    else:
        return _of_array(name, column)
    if missing == len(column) or not _has_range(column, kind):
        return ColumnRange(name, missing=missing)
    return ColumnRange(name, _plain(column.min()), _plain(column.max()), missing)


def _has_range(column: Any, kind: str) -> bool:
    """Tell numbers and times from all else."""
    if kind == "polars":
        return bool(column.dtype.is_numeric() or column.dtype.is_temporal())
    numpy_kind = getattr(column.dtype, "kind", "O")
    return numpy_kind in "iufmM"


def _of_array(name: str, values: Array) -> ColumnRange:
    """Do it for an array: what is missing is not a number, no time, or nothing at all."""
    import numpy as np

    kind = values.dtype.kind
    if kind in "fmM":
        known = ~(np.isnan(values) if kind == "f" else np.isnat(values))
        missing = len(values) - int(known.sum())
        values = values if not missing else values[known]
    elif kind in "iu":
        missing = 0
    else:
        return ColumnRange(name, missing=sum(map(_is_missing, values.tolist())) if kind == "O" else 0)
    if not len(values):
        return ColumnRange(name, missing=missing)
    return ColumnRange(name, _plain(values.min()), _plain(values.max()), missing)


def _plain(value: Any) -> float | int | str:
    """Give a number as Python's, a time as text."""
    item = value.item() if hasattr(value, "dtype") and value.dtype.kind in "iuf" else value
    if isinstance(item, int | float) and not isinstance(item, bool):
        return item
    return encodable(str(value))[:60]


def _is_missing(value: Any) -> bool:
    return value is None or str(value) in ("<NA>", "NaT") or (isinstance(value, float) and math.isnan(value))
