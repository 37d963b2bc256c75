"""The bytes of an array that mean nothing: gaps between the fields of its records.

Whatever the memory held before stands in them. They would make two equal models different bytes (the trees of a
forest that was loaded once have such gaps), and carry pieces of other data out of the process.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def without_padding(array: NDArray[Any]) -> NDArray[Any]:
    """Give an array with zeros in its gaps: the same one, if there are none or they are zero already."""
    if array.dtype.fields is None or array.dtype.hasobject or not array.size:
        return array
    import numpy as np

    gaps = _gaps_of(array.dtype)
    if not gaps:
        return array
    in_columns = array.flags.f_contiguous and not array.flags.c_contiguous
    whole = np.ascontiguousarray(array.T if in_columns else array)
    # Or-ed together, a column of words takes one number of memory.
    if any(np.bitwise_or.reduce(_words(whole)[:, column]) & gap for column, gap in gaps):
        whole = whole.copy()
        for column, gap in gaps:
            _words(whole)[:, column] &= ~gap
    elif array.flags.forc:
        return array
    return whole.T if in_columns else whole


def _words(array: NDArray[Any]) -> NDArray[Any]:
    """Give the memory of contiguous elements, one a row, in the largest words that fit: the fastest to go through."""
    return array.reshape(-1).view(_word_of(array.dtype)).reshape(array.size, -1)


def _word_of(kind: np.dtype[Any]) -> str:
    return next(f"u{size}" for size in (8, 4, 2, 1) if kind.itemsize % size == 0)


@lru_cache(maxsize=64)
def _gaps_of(kind: np.dtype[Any]) -> list[tuple[int, Any]]:
    """Give the words of an element that have gaps, each with a mask of its bits that belong to no field."""
    import numpy as np

    masks = np.where(_gaps(kind), np.uint8(255), np.uint8(0)).view(_word_of(kind))
    return [(column, mask) for column, mask in enumerate(masks) if mask]


def _gaps(kind: np.dtype[Any]) -> NDArray[np.bool_]:
    """Tell for each byte of one element whether it belongs to no field."""
    import numpy as np

    gaps = np.zeros(kind.itemsize, bool)
    if kind.subdtype is not None:
        element, shape = kind.subdtype
        return np.tile(_gaps(element), int(np.prod(shape)))
    if kind.fields is not None:
        gaps[:] = True
        for field, offset, *_ in kind.fields.values():
            gaps[offset : offset + field.itemsize] &= _gaps(field)
    return gaps
