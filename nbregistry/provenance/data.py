"""The shape and fingerprint of a data set: enough to know it again, nothing of its rows.

A fingerprint is SHA-256 over the names of the columns, dtypes, shape and values in their order. It does not
depend on how the values lie in memory, on the index of a table, or on the machine's byte order.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from nbregistry.errors import Refused
from nbregistry.model import Dataset
from nbregistry.provenance.columns import as_array, describe_columns, table_kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]
    Hash = Any  # hashlib does not name the type of its objects

CHUNK = 1 << 20
"""Bytes that are copied at a time where values don't lie in order."""


def describe_data(role: str, X: Any, y: Any = None, *, name: str = "") -> Dataset:
    """Describe a data set.

    Parameters
    ----------
    role : str
        ``"train"`` or ``"evaluation"``.
    X : array-like
        pandas, polars, numpy, scipy.sparse, or a list of rows or texts.
    y : array-like, optional
        As long as X.
    name : str, default ""
        The expressions it was given by.

    Returns
    -------
    Dataset

    Raises
    ------
    Refused
        When X and y differ in length, or X has no rows to count.

    Examples
    --------
    >>> data = describe_data("train", [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], ["a", "b", "a"])
    >>> data.rows, data.columns, data.kind
    (3, 2, 'list')
    """
    rows = _rows(X, "X")
    if y is not None and (targets := _rows(y, "y")) != rows:
        raise Refused(f"X has {rows:,} rows, y has {targets:,}", hint="give X and y of the same rows")
    columns, count = describe_columns(X)
    if y is not None and _width(X) == 1 < _width(y):
        raise Refused("X has one column and y has several: they look swapped", hint="give X first, then y")
    return Dataset(role, name, table_kind(X), rows, count, fingerprint(X, y), columns)


def fingerprint(*tables: Any) -> str:
    """Give the SHA-256 of tables, one after the other; ``None`` counts as one that is not there.

    Parameters
    ----------
    *tables : array-like

    Returns
    -------
    str
        ``sha256:<hex>``.
    """
    digest = hashlib.sha256()
    for table in tables:
        _say(digest, "table" if table is not None else "none")
        if table is not None:
            _add_table(digest, table)
    return f"sha256:{digest.hexdigest()}"


def _width(values: Any) -> int:
    shape: tuple[int, ...] = getattr(values, "shape", ())
    return shape[1] if len(shape) > 1 else 1


def _rows(values: Any, which: str) -> int:
    if isinstance(values, str | bytes):
        raise Refused(
            f"{which} is the text {values!r:.60}, and no rows",
            hint="an expression stands without quotes; one with blanks in parentheses: (X + 1)",
        )
    shape = getattr(values, "shape", None)
    try:
        return int(shape[0]) if shape else len(values)
    except TypeError:
        raise Refused(
            f"{which} is of the type {type(values).__name__}, and its rows can't be counted",
            hint="give an array, a table or a list",
        ) from None


def _say(digest: Hash, *words: object) -> None:
    """Add words such that no two sequences of words give the same bytes."""
    for word in words:
        data = repr(word).encode("utf-8", "backslashreplace")
        digest.update(b"%d:" % len(data))
        digest.update(data)


def _add_table(digest: Hash, table: Any) -> None:
    kind = table_kind(table)
    if kind == "sparse":
        _add_sparse(digest, table)
    elif kind in ("pandas", "polars"):
        add = _add_pandas if kind == "pandas" else _add_polars
        if hasattr(table, "columns"):
            _say(digest, "columns", tuple(map(_plain_name, table.columns)), len(table))
            for place in range(table.shape[1]):
                add(digest, table.iloc[:, place] if kind == "pandas" else table[:, place])
        else:
            _say(digest, "column", _plain_name(table.name), len(table))
            add(digest, table)
    else:
        _add_array(digest, as_array(table))


def _plain_name(name: Any) -> Any:
    """Give a column's name as Python's own type, so that its repr does not depend on numpy's release."""
    if isinstance(name, tuple):
        return tuple(map(_plain_name, name))
    return name.item() if hasattr(name, "item") else name


def _add_array(digest: Hash, array: Array) -> None:
    """Add dtype, shape and values in row order."""
    import numpy as np

    dtype = array.dtype
    if dtype.hasobject:
        _say(digest, "objects", array.shape)
        _add_objects(digest, array.ravel().tolist())
        return
    if dtype.names is not None:  # field by field: the bytes between fields are whatever was in memory
        _say(digest, "record", dtype.names, array.shape)
        for field in dtype.names:
            _add_array(digest, array[field])
        return
    little = dtype.newbyteorder("<")
    _say(digest, "array", little.str, array.shape)
    if not array.nbytes:
        return
    if array.flags.c_contiguous and little == dtype:
        digest.update(array.reshape(-1).view(np.uint8).data)
        return
    if array.ndim == 0:
        array = array.reshape(1)
    step = max(1, CHUNK // max(1, array.nbytes // max(1, len(array))))
    for start in range(0, len(array), step):
        part = np.ascontiguousarray(array[start : start + step], dtype=little)
        digest.update(part.reshape(-1).view(np.uint8).data)


def _add_sparse(digest: Hash, matrix: Any) -> None:
    """Add the non-zero values and their places, whatever the sparse format."""
    import numpy as np

    rows = matrix.tocsr()
    if not (rows.has_canonical_format and rows.data.all()):
        rows = rows.copy()
        rows.sum_duplicates()
        rows.eliminate_zeros()
    _say(digest, "sparse", rows.shape)
    for part in (rows.indptr.astype(np.int64), rows.indices.astype(np.int64), rows.data):
        _add_array(digest, part)


def _add_pandas(digest: Hash, column: pd.Series[Any]) -> None:
    """Add one column of pandas: dtype, which values are missing, and the values."""
    import numpy as np
    import pandas as pd

    dtype: Any = column.dtype
    if isinstance(dtype, np.dtype):
        _add_array(digest, column.to_numpy())
        return
    _say(digest, "extension", str(dtype))
    plain = getattr(dtype, "numpy_dtype", None)
    if isinstance(dtype, pd.CategoricalDtype):
        _say(digest, bool(dtype.ordered))
        _add_pandas(digest, pd.Series(dtype.categories))
        _add_array(digest, column.cat.codes.to_numpy())
    elif isinstance(dtype, pd.DatetimeTZDtype):
        _add_array(digest, column.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy())
    elif isinstance(plain, np.dtype) and plain.kind in "biuf":
        # Nullable numbers and booleans: under a missing value may stand anything, so zero is put there.
        _add_array(digest, column.isna().to_numpy())
        _add_array(digest, column.to_numpy(dtype=plain, na_value=0))
    else:
        _add_objects(digest, column.to_numpy(dtype=object).tolist())


def _add_polars(digest: Hash, column: Any) -> None:
    """Add one column of polars: dtype, which values are missing, and the values."""
    _say(digest, "polars", str(column.dtype))
    _add_array(digest, column.is_null().to_numpy())
    _add_array(digest, column.to_numpy())


def _add_objects(digest: Hash, values: list[Any]) -> None:
    """Add Python objects; a column of text, with or without gaps, in one piece."""
    import numpy as np

    texts = [value if type(value) is str else "" for value in values]
    others = [(place, value) for place, value in enumerate(values) if type(value) is not str]
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    _add_array(digest, lengths)
    digest.update("".join(texts).encode("utf-8", "surrogatepass"))
    _say(digest, len(others))
    for place, value in others:
        _say(digest, place, *_words(value))


def _words(value: Any) -> Iterable[object]:
    """Say a value by its type and text; an array or list inside a cell by its own fingerprint."""
    kind = type(value)
    if value is None or kind in (bool, int, float, complex, bytes):
        return (value,)
    if hasattr(value, "shape") and getattr(value, "shape", ()) != ():
        return (kind.__qualname__, fingerprint(value))
    if kind in (list, tuple):
        return (kind.__qualname__, len(value), *(word for item in value for word in _words(item)))
    if kind is dict:
        return ("dict", len(value), *(word for pair in value.items() for word in _words(pair)))
    from nbregistry.provenance.wording import without_address

    return (kind.__qualname__, without_address(repr(value)))
