"""A fingerprint of each row of a table: 64 bits by which the row is found again, wherever it stands.

What a row is known by are the values of its columns, by their position. The kind of table, its index, the names of its
columns and the types that hold the numbers play no part: 1, 1.0 and True are one value, -0.0 is 0.0, and what is
missing (NaN, None, NaT, null) is missing. Floats are compared exactly. Text, categories and dates are known by their
value, bytes and numbers are never text. A sparse row is the dense one.

64 bits do: among a million rows here and a million there, a pair of different rows has the same fingerprint with a
chance of 5 in 100 million. Fingerprints are kept with the registry, so what they are must never change; no library's
hash is in them for that reason.

They are no secret: who holds a fingerprint can try whether a row that they think of is the one.
"""

from __future__ import annotations

import datetime as dt
import math
import struct
from contextlib import suppress
from hashlib import blake2b, sha256
from typing import TYPE_CHECKING, Any

from nbregistry.provenance.columns import as_array, table_kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    Array = np.ndarray[Any, Any]

BLOCK = 1 << 15
"""Values that are hashed at a time: they stay in the processor's cache."""

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15
_INTEGER, _MOMENT, _SPAN, _IMAGINARY, _TARGET = (_GOLDEN * place & _MASK for place in range(101, 106))
_MISSING = 0x7FF8000000000000
"""The bits of NaN."""
_EXACT = 2**53
"""Up to here every integer is a float."""


def row_fingerprints(X: Any) -> Array:
    """Give a fingerprint of each row.

    Parameters
    ----------
    X : array-like
        pandas, polars, numpy, scipy.sparse, or a list of rows or texts.

    Returns
    -------
    ndarray of uint64, n

    Examples
    --------
    >>> import numpy as np
    >>> rows = row_fingerprints([[1, 0.5], [2, 0.25]])
    >>> rows.tolist() == row_fingerprints(np.array([[2.0, 0.25], [1.0, 0.5]])).tolist()[::-1]
    True
    """
    import numpy as np

    kind = table_kind(X)
    if kind == "sparse":
        return _of_sparse(X)
    if kind in ("pandas", "polars"):
        rows, width = len(X), X.shape[1] if hasattr(X, "columns") else 1
        total = np.zeros(rows, dtype=np.uint64)
        for column, seed in zip(_columns(X, kind), _seeds(width), strict=True):
            values = _of_pandas(column) if kind == "pandas" else _of_polars(column)
            values += seed
            total += _mixed(values)
        return total
    array = _with_types(as_array(X), X)
    if array.dtype.names is not None:
        columns = [array[name] for name in array.dtype.names]
    else:
        array = array.reshape(len(array), math.prod(array.shape[1:]))
        if array.dtype.kind in "biuf":
            return _of_matrix(array)
        columns = list(array.T)
    total = np.zeros(len(array), dtype=np.uint64)
    for column, seed in zip(columns, _seeds(len(columns)), strict=True):
        total += _mixed(_of_array(column) + seed)
    return total


def with_targets(fingerprints: Array, targets: Any) -> Array:
    """Give fingerprints of rows together with what was to be predicted for them.

    Parameters
    ----------
    fingerprints : ndarray of uint64, n
    targets : ndarray, n or n × k

    Returns
    -------
    ndarray of uint64, n
    """
    import numpy as np

    return _mixed(fingerprints + _mixed(row_fingerprints(targets) + np.uint64(_TARGET)))


def apart(fingerprints: Array) -> Array:
    """Tell repeated rows apart: the second of equal rows gets a fingerprint of its own, the third another.

    The same rows in another order have the same ones.

    Examples
    --------
    >>> import numpy as np
    >>> len(set(apart(np.array([7, 7, 8, 7], dtype=np.uint64)).tolist()))
    4
    """
    import numpy as np

    order = np.argsort(fingerprints, kind="stable")
    ordered = fingerprints[order]
    first = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1]))[: len(ordered)])
    turn = np.arange(len(ordered)) - np.repeat(first, np.diff(first, append=len(ordered)))
    found = fingerprints.copy()
    again = turn > 0
    found[order[again]] = _mixed(ordered[again] + turn[again].astype(np.uint64) * np.uint64(_GOLDEN))
    return found


def fingerprint_of_all(fingerprints: Array) -> str:
    """Give one fingerprint of rows in whatever order.

    Returns
    -------
    str
        128 bits as hex.
    """
    import numpy as np

    return sha256(np.sort(fingerprints).astype("<u8").tobytes()).hexdigest()[:32]


def _mixed(values: Array) -> Array:
    """Spread bits over the whole word, in place: the last step of SplitMix64, which takes no two words to one.

    Steele, Lea & Flood, OOPSLA 2014, 453-472.
    """
    import numpy as np

    values ^= values >> np.uint64(30)
    values *= np.uint64(0xBF58476D1CE4E5B9)
    values ^= values >> np.uint64(27)
    values *= np.uint64(0x94D049BB133111EB)
    values ^= values >> np.uint64(31)
    return values


def _seeds(width: int) -> Array:
    """Give each column a number of its own, so that values do not pass for those of another column."""
    import numpy as np

    return _mixed(np.arange(1, width + 1, dtype=np.uint64) * np.uint64(_GOLDEN))


def _with_types(array: Array, given: Any) -> Array:
    """Keep numbers among texts numbers: numpy makes text of all that stands in one list with a text."""
    import numpy as np

    mixed = array.ndim > 1 and array.dtype.kind in "US" and isinstance(given, list | tuple)
    return np.array(given, dtype=object) if mixed else array


def _columns(table: Any, kind: str) -> Iterator[Any]:
    if not hasattr(table, "columns"):
        yield table
        return
    for place in range(table.shape[1]):
        yield table.iloc[:, place] if kind == "pandas" else table[:, place]


def _of_matrix(array: Array) -> Array:
    """Hash numbers, a block of rows at a time."""
    import numpy as np

    rows, width = array.shape
    seeds, total = _seeds(width), np.zeros(rows, dtype=np.uint64)
    step = max(1, BLOCK // max(1, width))
    for start in range(0, rows, step):
        values = _of_numbers(array[start : start + step])
        values += seeds
        _mixed(values).sum(axis=1, out=total[start : start + step])
    return total


def _of_sparse(matrix: Any) -> Array:
    """Hash the values that are there, and for all others know the hash of zero."""
    import numpy as np

    found = matrix.tocsr()
    if not found.has_canonical_format:
        found = found.copy()
        found.sum_duplicates()
    seeds = _seeds(found.shape[1])
    zeros = _mixed(seeds.copy())
    columns = found.indices
    changes = _mixed(_of_array(found.data) + seeds[columns]) - zeros[columns]
    passed = np.concatenate((np.zeros(1, dtype=np.uint64), np.cumsum(changes, dtype=np.uint64)))
    total: Array = zeros.sum(dtype=np.uint64) + (passed[found.indptr[1:]] - passed[found.indptr[:-1]])
    return total


def _of_pandas(column: Any) -> Array:
    import numpy as np
    import pandas as pd

    dtype = column.dtype
    if isinstance(dtype, np.dtype):
        return _of_array(column.to_numpy())
    if isinstance(dtype, pd.CategoricalDtype):
        hashes = np.append(_of_pandas(dtype.categories), np.uint64(_MISSING))
        return hashes.take(pd.Categorical(column).codes, mode="wrap")  # what is missing has the code -1
    if isinstance(dtype, pd.DatetimeTZDtype):
        return _of_array(np.asarray(pd.DatetimeIndex(column).tz_convert("UTC").tz_localize(None)))
    plain = getattr(dtype, "numpy_dtype", None)
    if isinstance(plain, np.dtype) and plain.kind in "biuf":
        missing = np.asarray(column.isna())
        return np.where(missing, np.uint64(_MISSING), _of_array(column.to_numpy(dtype=plain, na_value=0)))
    return _of_array(np.asarray(column, dtype=None if isinstance(dtype, pd.SparseDtype) else object))


def _of_polars(column: Any) -> Array:
    import numpy as np

    if column.dtype.is_numeric() and not column.dtype.is_decimal():
        missing = column.is_null().to_numpy()
        return np.where(missing, np.uint64(_MISSING), _of_array(column.fill_null(0).to_numpy()))
    if column.dtype.is_temporal() and column.dtype.to_python() is not dt.time:
        return _of_array(column.to_numpy())
    return _of_objects(column.to_list())


def _of_array(values: Array) -> Array:
    """Hash one column, whatever its dtype."""
    import numpy as np

    kind = values.dtype.kind
    if kind in "biuf":
        return _of_numbers(values)
    if kind == "c":
        return _of_numbers(values.real) + np.where(values.imag == 0, 0, _of_numbers(values.imag) ^ _IMAGINARY)
    if kind in "Mm":
        return _of_times(values)
    return _of_objects(values.tolist())


def _of_numbers(values: Array) -> Array:
    """Give the bits of each number as a float; of an integer that is no float, its own."""
    import numpy as np

    floats = values.astype(np.float64)
    floats += 0.0  # which makes 0.0 of -0.0
    bits = floats.view(np.uint64)
    if values.dtype.kind == "f":
        bits[np.isnan(floats)] = _MISSING
    elif values.dtype.itemsize == 8 and values.dtype.kind in "iu":
        large = (values > _EXACT) | (values < -_EXACT)
        if large.any():
            integers, near = values[large], floats[large]
            there = (near >= -(2.0**63)) & (near < 2.0 ** (63 if values.dtype.kind == "i" else 64))
            exact = there & (np.where(there, near, 0).astype(values.dtype) == integers)
            bits[large] = np.where(exact, near.view(np.uint64), integers.astype(np.uint64) ^ np.uint64(_INTEGER))
    return bits


def _of_integer(value: int) -> int:
    """Do the same for any integer of Python's."""
    try:
        number = float(value)
    except OverflowError:
        return _of_bytes(b"integer", b"%x" % value)
    if number == value:
        return _bits_of(number)
    return (value & _MASK) ^ _INTEGER if -(2**63) <= value < 2**64 else _of_bytes(b"integer", b"%x" % value)


def _bits_of(number: float) -> int:
    return _MISSING if math.isnan(number) else int.from_bytes(struct.pack("<d", number + 0.0), "little")


def _of_times(values: Array) -> Array:
    """Hash points in time, or spans of it, to the nanosecond; those too far away for that to the microsecond."""
    import numpy as np

    kind = values.dtype.kind
    bits = _mixed(values.view(np.uint64).copy())  # of what is farther away than 290,000 years, in whatever unit it is
    far, near = (_fits(values, f"{kind}8[{unit}]") for unit in ("us", "ns"))
    bits[far] = _mixed(values[far].astype(f"{kind}8[us]").view(np.uint64))
    bits[near] = values[near].astype(f"{kind}8[ns]").view(np.uint64) ^ np.uint64(_MOMENT if kind == "M" else _SPAN)
    bits[np.isnat(values)] = _MISSING
    return bits


def _fits(values: Array, unit: str) -> Array:
    """Tell which times can be told in a unit: numpy wraps the others around, or from 2.5 on refuses them."""
    import numpy as np

    if not np.can_cast(values.dtype, unit):  # the coarser unit loses digits, and reaches farther
        return ~np.isnat(values)
    highest = np.array(np.iinfo(np.int64).max).view(unit).astype(values.dtype).view(np.int64)
    counts = values.view(np.int64)
    return (counts <= highest) & (counts >= -highest)


def _of_objects(values: list[Any]) -> Array:
    """Hash Python objects, each different one once."""
    import numpy as np

    try:
        known = {value: _of_object(value) for value in set(values)}
        hashes = map(known.__getitem__, values)
    except (TypeError, ValueError):  # some can't be hashed
        hashes = map(_of_object, values)
    return np.fromiter(hashes, dtype=np.uint64, count=len(values))


def _of_object(value: Any) -> int:
    if isinstance(value, str):
        return _of_bytes(b"text", value.encode("utf-8", "surrogatepass"))
    if isinstance(value, float):
        return _bits_of(value)
    import numpy as np

    if isinstance(value, dt.date | dt.timedelta | np.datetime64 | np.timedelta64):
        return _of_time(value)
    if isinstance(value, int | np.integer | np.bool_):
        return _of_integer(int(value))
    if isinstance(value, bytes):
        return _of_bytes(b"bytes", value)
    return _of_other(value)


def _of_time(value: Any) -> int:
    import numpy as np

    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        value = value.astimezone(dt.UTC).replace(tzinfo=None)
    if hasattr(value, "to_numpy"):  # what pandas has is finer than a microsecond
        value = value.to_numpy()
    elif not isinstance(value, np.generic):
        value = np.asarray(value, dtype="m8[us]" if isinstance(value, dt.timedelta) else "M8[us]")
    return int(_of_times(np.asarray([value]))[0])


def _of_other(value: Any) -> int:
    """Hash what is neither number, text nor time for Python: a decimal by its number, all else by its words."""
    import numpy as np

    from nbregistry.provenance.data import fingerprint

    if value is None or type(value).__name__ == "NAType":
        return _MISSING
    if isinstance(value, complex | np.number):
        return int(_of_array(np.asarray([value]))[0])
    if hasattr(value, "__float__") and not hasattr(value, "shape"):
        with suppress(TypeError, ValueError, ArithmeticError):
            number = float(value)
            if number == value or math.isnan(number):
                return _bits_of(number)
    return _of_bytes(b"other", fingerprint([value]).encode())


def _of_bytes(kind: bytes, content: bytes) -> int:
    return int.from_bytes(blake2b(kind + b":" + content, digest_size=8).digest(), "little")
