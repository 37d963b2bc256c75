"""Plain NumPy arrays, alone or in a dict by name; loading them executes nothing.

``arrays/0.npy`` and on are files that ``numpy.load`` reads; ``arrays.json`` holds the names.
"""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from nbregistry.errors import Corrupt
from nbregistry.flavors.base import ancestry, check_format

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nbregistry.artifacts.pack import PackReader, PackWriter

NPY = "npy"
NAMES = "arrays.json"


class NumpyFlavor:
    """Stores arrays without objects as ``.npy`` files."""

    name = "numpy"
    formats = {NPY: False}  # noqa: RUF012

    def recognises(self, model: Any) -> bool:
        """Tell whether it is an array, or a dict of arrays by text, whose elements are plain data."""
        if type(model) is dict:
            return bool(model) and all(type(key) is str and _is_plain(value) for key, value in model.items())
        return _is_plain(model)

    def save(self, model: Any, pack: PackWriter) -> str:
        """Write one file an array."""
        named = model if isinstance(model, dict) else {"": model}
        names = list(model) if isinstance(model, dict) else None
        pack.add(NAMES, json.dumps(names).encode())
        for index, array in enumerate(named.values()):
            pack.add(_member(index), _npy(array))
        return NPY

    def load(self, pack: PackReader, format: str) -> Any:  # noqa: A002
        """Build the array or the dict."""
        check_format(self, format)
        try:
            names = json.loads(pack.read(NAMES))
        except ValueError:
            names = False
        if names is None:
            return _array(pack.read(_member(0)))
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise Corrupt(f"this artifact has no {NAMES} that can be read", hint="%nbr verify")
        return {name: _array(pack.read(_member(index))) for index, name in enumerate(names)}


def _member(index: int) -> str:
    return f"arrays/{index}.npy"


def _is_plain(value: Any) -> bool:
    # A masked array or a matrix is more than its numbers; a memory map is not.
    if ("numpy", "ndarray") not in ancestry(value) or type(value).__name__ not in {"ndarray", "memmap"}:
        return False
    kind = value.dtype
    if kind.hasobject or kind.kind == "T" or not kind.itemsize:
        return False
    return not kind.fields or _survives(kind)


def _survives(kind: np.dtype[Any]) -> bool:
    """Tell whether a file can say all that a structured type says."""
    from numpy.lib import format as npy

    described = npy.dtype_to_descr(kind)
    text = repr(described)
    return npy.descr_to_dtype(described) == kind and text.isascii() and len(text) < _HEADER_LIMIT


# NumPy reads no longer header unless it may unpickle; it leaves room for shape and order.
_HEADER_LIMIT = 9_000


def _npy(array: NDArray[Any]) -> list[Any]:
    """Give the content of a ``.npy`` file: a header, and the array's own memory where it is in one piece."""
    import numpy as np
    from numpy.lib import format as npy

    about = npy.header_data_from_array_1_0(array)
    header = io.BytesIO()
    npy.write_array_header_2_0(header, about)
    in_order = np.ascontiguousarray(array.T if about["fortran_order"] else array)
    return [header.getvalue(), in_order.reshape(-1).view(np.uint8)]


def _array(content: bytearray) -> NDArray[Any]:
    """Build an array in place: it is the memory that was read and verified."""
    import numpy as np
    from numpy.lib import format as npy

    file = io.BytesIO(content[: 2 * _HEADER_LIMIT])
    try:
        npy.read_magic(file)
        shape, fortran, kind = npy.read_array_header_2_0(file)
        if 0 in shape:
            return np.empty(shape, kind)
        flat = np.frombuffer(content, dtype=kind, offset=file.tell())  # refuses objects
        return flat.reshape(shape, order="F" if fortran else "C")
    except ValueError as error:
        raise Corrupt(f"an array of this version cannot be read ({error})", hint="%nbr verify") from error
