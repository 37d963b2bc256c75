"""Names and dtypes of the columns of a table, whatever kind of table it is."""

from __future__ import annotations

import math
import sys
from typing import Any

from nbregistry.model import Column

UNNAMED_LISTED = 1024
"""Columns without names are listed up to this many; beyond, their number says all there is."""


def table_kind(X: Any) -> str:
    """Tell what kind of data this is, importing nothing for it.

    Returns
    -------
    str
        ``"pandas"``, ``"polars"``, ``"sparse"``, ``"numpy"``, ``"list"``, or the name of the type.
    """
    for kind, module, names in (
        ("pandas", "pandas", ("DataFrame", "Series", "Index")),
        ("polars", "polars", ("DataFrame", "Series")),
        ("numpy", "numpy", ("ndarray",)),
    ):
        loaded = sys.modules.get(module)
        if loaded is not None and isinstance(X, tuple(getattr(loaded, name) for name in names)):
            return kind
    sparse = sys.modules.get("scipy.sparse")
    if sparse is not None and sparse.issparse(X):
        return "sparse"
    return "list" if isinstance(X, list | tuple) else type(X).__name__


def describe_columns(X: Any) -> tuple[tuple[Column, ...], int]:
    """Give the columns of a table, and how many there are.

    Returns
    -------
    tuple
        The columns (none where they are too many to list, or are no columns) and their number. Arrays of more than
        two dimensions count the values of one row.

    Examples
    --------
    >>> describe_columns([[1.5, 2.0], [0.0, 1.0]])
    ((Column(name='', dtype='float64'), Column(name='', dtype='float64')), 2)
    """
    kind = table_kind(X)
    if kind in ("pandas", "polars"):
        if hasattr(X, "columns"):
            columns = tuple(Column(str(name), str(dtype)) for name, dtype in zip(X.columns, X.dtypes, strict=True))
            return columns, len(columns)
        return (Column("" if X.name is None else str(X.name), str(X.dtype)),), 1
    if kind not in ("numpy", "sparse"):
        X = as_array(X)
    count = math.prod(X.shape[1:])
    if len(X.shape) > 2 or count > UNNAMED_LISTED:
        return (), count
    return (Column("", str(X.dtype)),) * count, count


def as_array(values: Any) -> Any:
    """Give lists and the like as an array: numbers by their own dtype, text and ragged rows as objects."""
    import numpy as np

    if isinstance(values, list | tuple) and values and isinstance(values[0], str):
        # As numpy's text every row would take the room of the longest.
        return np.array(values, dtype=object)
    try:
        return np.asarray(values)
    except ValueError:  # rows of different lengths
        rows = np.empty(len(values), dtype=object)
        rows[:] = values
        return rows
