"""Missing values among the inputs, and targets that may be those of other rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

NAMED = 5
"""So many columns are named, the others counted."""


def missing_inputs(X: Any) -> str:
    """Say which columns lack values, and in how many rows; ``""`` where none does, or it can't be told.

    Parameters
    ----------
    X : array-like
        pandas, polars, numpy, scipy.sparse or lists.

    Examples
    --------
    >>> missing_inputs([[1.0, float("nan")], [2.0, 3.0], [float("nan"), float("nan")]])
    'X has NaN in 2 of 3 rows: in columns 1 (2), 0 (1)'
    """
    import numpy as np

    missing = _missing(X)
    if missing is None or not missing.any():
        return ""
    of_columns = missing.sum(axis=0)
    columns = [int(column) for column in np.argsort(-of_columns, kind="stable") if of_columns[column]]
    names = getattr(X, "columns", None)
    named = [
        f"{repr(str(names[column])) if names is not None else column} ({of_columns[column]:,})"
        for column in columns[:NAMED]
    ]
    more = f" and {len(columns) - NAMED} more" if len(columns) > NAMED else ""
    where = f"column{'s' if len(columns) > 1 else ''} {', '.join(named)}{more}"
    return f"X has NaN in {int(missing.any(axis=1).sum()):,} of {len(missing):,} rows: in {where}"


def other_order(X: Any, y: Any) -> str:
    """Say that y is labelled as X is and in another order; ``""`` where it is not, or it can't be told.

    Parameters
    ----------
    X, y : array-like
        Of pandas, as others have no labels.

    Examples
    --------
    >>> import pandas as pd
    >>> X, y = pd.DataFrame({"a": [1.0, 2.0]}, index=["ann", "bob"]), pd.Series([0, 1], index=["bob", "ann"])
    >>> other_order(X, y).partition(":")[0]
    'the index of y has the labels of X in another order'
    """
    if not (hasattr(X, "iloc") and hasattr(y, "iloc")) or X.index.equals(y.index):
        return ""
    if not (X.index.is_unique and y.index.is_unique and X.index.isin(y.index).all()):
        return ""
    return (
        "the index of y has the labels of X in another order: rows are taken as they stand; "
        "if that is not meant, y.loc[X.index] is in the order of X"
    )


def _missing(X: Any) -> Array | None:
    """Tell value by value what is missing; ``None`` for what is no table."""
    import numpy as np

    if hasattr(X, "isna"):  # pandas: a missing value may be NaN, None, NaT or NA
        found = X.isna().to_numpy()
    elif hasattr(X, "null_count"):  # polars knows missing values and, beside them, NaN
        return np.column_stack([_missing_of_polars(column) for column in (X if hasattr(X, "columns") else (X,))])
    elif hasattr(X, "tocoo"):
        return _missing_of_sparse(X)
    else:
        try:
            values = np.asarray(X)
        except ValueError:  # rows of different lengths
            return None
        if values.dtype.kind == "f":
            found = np.isnan(values)
        elif values.dtype == object:
            found = values != values  # noqa: PLR0124 - only NaN, NaT and NA are unequal to themselves
        else:
            return None
    if not isinstance(found, np.ndarray) or not 1 <= found.ndim <= 2:
        return None
    return found.astype(bool).reshape(len(found), -1)


def _missing_of_polars(column: Any) -> Array:
    missing = column.is_null()
    if column.dtype.is_float():
        missing = missing | column.is_nan().fill_null(value=True)
    found: Array = missing.to_numpy().astype(bool)
    return found


def _missing_of_sparse(X: Any) -> Array | None:
    """Mark the rows and columns of stored values that are NaN, in a table of those columns alone."""
    import numpy as np

    entries = X.tocoo()
    lost = np.isnan(entries.data) if entries.data.dtype.kind == "f" else np.zeros(0, dtype=bool)
    if not lost.any():
        return None
    found = np.zeros((X.shape[0], int(entries.col[lost].max()) + 1), dtype=bool)
    found[entries.row[lost], entries.col[lost]] = True
    return found
