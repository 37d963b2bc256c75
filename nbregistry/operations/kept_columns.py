"""Columns of X that an evaluation keeps because it was asked to: versions are compared by them without the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.errors import Refused
from nbregistry.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import numpy as np

    from nbregistry.evaluation.metrics import Measured

    Array = np.ndarray[Any, Any]

_PREFIX = "X."
"""Sets them apart from targets, predictions and scores, whatever a column is called."""
_MISSING = "(missing)"


def column_of(X: Any, column: str) -> Any:
    """Take one column of X by name, or by number where the columns have no names.

    Raises
    ------
    Refused
        If there is no such column.
    """
    columns = getattr(X, "columns", None)
    if columns is not None:
        names = [str(name) for name in columns]
        if column not in names:
            raise Refused(
                f"X has no column {column!r}",
                nearest=nearest(column, names),
                hint=f"its columns: {', '.join(names[:8])}",
            )
        return X[columns[names.index(column)]]
    width = X.shape[1] if getattr(X, "ndim", 0) == 2 else 0
    if not column.isdecimal() or int(column) >= width:
        raise Refused(f"X has no column names; {column!r} is not a number from 0 to {width - 1}")
    return X[:, int(column)]


def without_aside(X: Any, aside: Collection[str], features: Collection[str]) -> Any:
    """Leave out the columns that only stand beside the rows, to keep or to split them by: no model was fitted on them.

    Parameters
    ----------
    X : array-like
    aside : collection of str
        Names of such columns.
    features : collection of str
        What the model was fitted on; where that is not known, X stays as it is.
    """
    if not aside or not features or not hasattr(X, "columns"):
        return X
    return X[[name for name in X.columns if str(name) in features or str(name) not in aside]]


def to_keep(X: Any, columns: Iterable[str]) -> dict[str, Array]:
    """Give columns as they are kept beside the predictions: numbers, times and truth values as such, the rest as text.

    Raises
    ------
    Refused
        If X has no such column.
    """
    return {_PREFIX + column: _plain(column_of(X, column)) for column in columns}


def names_kept(rows: Iterable[str]) -> list[str]:
    """Give the names of the columns among what was kept of the rows.

    Examples
    --------
    >>> names_kept(["target", "prediction", "X.region"])
    ['region']
    """
    return [name.removeprefix(_PREFIX) for name in rows if name.startswith(_PREFIX)]


def kept(measured: Measured) -> dict[str, Any]:
    """Give the columns that were kept with an evaluation, by name; missing text is ``None``."""
    return {
        name.removeprefix(_PREFIX): _with_missing(values)
        for name, values in measured.rows.items()
        if name.startswith(_PREFIX)
    }


def _plain(values: Any) -> Array:
    import numpy as np
    import pandas as pd

    column = pd.Series(np.asarray(values) if not isinstance(values, pd.Series) else values)
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_complex_dtype(column):
        is_plain = isinstance(column.dtype, np.dtype)
        return column.to_numpy() if is_plain else column.to_numpy(dtype=np.float64, na_value=np.nan)
    if pd.api.types.is_datetime64_any_dtype(column):
        return pd.to_datetime(column, utc=True).dt.tz_localize(None).to_numpy(dtype="M8[ns]")
    missing = column.isna().to_numpy()
    return np.asarray([_MISSING if gone else str(value) for value, gone in zip(column, missing, strict=True)])


def _with_missing(values: Array) -> Any:
    if values.dtype.kind != "U":
        return values
    texts = values.astype(object)
    texts[values == _MISSING] = None
    return texts
