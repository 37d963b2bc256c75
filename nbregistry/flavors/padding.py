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
    if any(_bytes(whole)[:, gap].any() for gap in gaps):
        whole = whole.copy()
        for gap in gaps:
            _bytes(whole)[:, gap] = 0
    elif array.flags.forc:
        return array
    return whole.T if in_columns else whole


def _bytes(array: NDArray[Any]) -> NDArray[np.uint8]:
    import numpy as np

    return array.reshape(-1).view(np.uint8).reshape(array.size, array.dtype.itemsize)


@lru_cache(maxsize=64)
def _gaps_of(kind: np.dtype[Any]) -> list[slice]:
    """Give the gaps of one element as slices: choosing bytes one by one would take fifty times as long."""
    import numpy as np

    edges = np.flatnonzero(np.diff(_gaps(kind), prepend=False, append=False))
    return [slice(begin, end) for begin, end in edges.reshape(-1, 2)]


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
