"""The bytes of an array in parts, so that a large one is never copied as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.artifacts.cutting import BLOCK
from nbregistry.flavors.padding import without_padding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


def parts_of(array: NDArray[Any]) -> Iterator[bytes | memoryview]:
    """Give the bytes of an array without objects, one part after the other, with zeros in the gaps of its records.

    The order is that of its memory where that is in one piece, and none of it is copied then but parts that have
    something in their gaps; else the order is that of its rows. The parts do not depend on which of them is the case.
    """
    import numpy as np

    elements = array.reshape(-1, order="A") if array.flags.forc else array.flat
    step = BLOCK // array.itemsize or 1
    for start in range(0, array.size, step):
        part = elements[start : start + step]
        cleaned = without_padding(part)
        # Bytes that nobody can change are not copied again.
        yield cleaned.view(np.uint8).data if cleaned is part and array.flags.forc else cleaned.tobytes()
