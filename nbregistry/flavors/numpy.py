"""Plain NumPy arrays, alone or in a dict by name; loading them executes nothing.

``arrays/0.npy`` and on are files that ``numpy.load`` reads; ``arrays.json`` holds the names.
"""

from __future__ import annotations

import io
import itertools
import json
import math
import sys
from typing import TYPE_CHECKING, Any, BinaryIO

from nbregistry.errors import Corrupt
from nbregistry.flavors.array_parts import parts_of
from nbregistry.flavors.base import ancestry, check_format

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray
    from typing_extensions import Buffer

    from nbregistry.artifacts.pack_reading import PackReader
    from nbregistry.artifacts.pack_writing import PackWriter

NPY = "npy"
NAMES = "arrays.json"
# NumPy reads no longer header unless it may unpickle; it leaves room for shape and order.
_HEADER_LIMIT = 9_000


class NumpyFlavor:
    """Stores arrays without objects as ``.npy`` files."""

    name = "numpy"
    formats = {NPY: False}  # noqa: RUF012

    def recognises(self, model: Any) -> bool:
        """Tell whether it is an array, or a dict of arrays by text, whose elements are plain data."""
        if type(model) is dict:
            return bool(model) and all(type(key) is str and _is_plain(value) for key, value in model.items())
        return _is_plain(model)

    def save(self, model: Any, pack: PackWriter, format: str | None = None) -> str:  # noqa: A002, ARG002
        """Write one file an array."""
        named = model if isinstance(model, dict) else {"": model}
        names = list(model) if isinstance(model, dict) else None
        pack.add(NAMES, json.dumps(names).encode())
        for index, array in enumerate(named.values()):
            pack.add_array(_member(index), to_npy(array))
        return NPY

    def load(self, pack: PackReader, format: str) -> Any:  # noqa: A002
        """Build the array or the dict."""
        check_format(self, format)
        names = _names(pack)
        members = [_member(index) for index in range(1 if names is None else len(names))]
        if missing := set(members).difference(pack.paths):
            raise Corrupt(f"this artifact lacks {min(missing)}", hint="%nbr verify")
        arrays = list(map(from_npy, pack.read_many(members)))
        return arrays[0] if names is None else dict(zip(names, arrays, strict=True))


def _names(pack: PackReader) -> list[str] | None:
    """Read what the arrays are called; ``None`` for a single one."""
    try:
        names: Any = json.loads(pack.read(NAMES)) if NAMES in pack.paths else False
    except (ValueError, RecursionError):
        names = False
    if names is None:
        return None
    texts = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    if texts != names or len(set(texts)) != len(texts):
        raise Corrupt(f"this artifact has no {NAMES} that can be read", hint="%nbr verify")
    return texts


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


def to_npy(array: NDArray[Any]) -> Iterator[Buffer]:
    """Give the content of a ``.npy`` file: a header, and the array's own memory where it is in one piece."""
    from numpy.lib import format as npy

    header = io.BytesIO()
    npy.write_array_header_2_0(header, npy.header_data_from_array_1_0(array))
    return itertools.chain([header.getvalue()], parts_of(array))


def from_npy(content: bytearray | memoryview) -> NDArray[Any]:
    """Build an array in place: it is the memory that was read and verified, and no other is asked for."""
    import numpy as np

    file = io.BytesIO(content[: 2 * _HEADER_LIMIT])
    try:
        shape, fortran, kind = _header(file)
        _check_size(shape, kind, len(content) - file.tell())
        flat = np.empty(0, kind) if 0 in shape else np.frombuffer(content, kind, offset=file.tell())
        _check_text(flat)
        return flat.reshape(shape, order="F" if fortran else "C")
    except Exception as error:  # NumPy leaves a header to Python's parser, which fails in a dozen ways
        raise Corrupt(f"an array cannot be read ({error!s:.200})", hint="%nbr verify") from error


def _header(file: BinaryIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Read what a file says of its array: shape, order and type."""
    from numpy.lib import format as npy

    if npy.read_magic(file) != (2, 0):
        raise ValueError("it is of a version that is never written here")
    return npy.read_array_header_2_0(file)


def _check_size(shape: tuple[int, ...], kind: np.dtype[Any], size: int) -> None:
    """Refuse a header that its file does not bear out, before anything is made of the size that it claims."""
    if kind.hasobject or not kind.itemsize:
        raise ValueError(f"its type is {kind}, which is no plain data")
    if not all(type(length) is int and length >= 0 for length in shape):
        raise ValueError("its shape is none")
    # In Python's integers: NumPy's would wrap around.
    claimed = math.prod(shape) * kind.itemsize
    if claimed != size:
        raise ValueError(f"it says that it has {claimed} bytes, and has {size}")


def _check_text(flat: NDArray[Any]) -> None:
    """Refuse characters that do not exist, which NumPy would take in and fail to show."""
    if flat.dtype.kind == "U" and flat.size and flat.view(flat.dtype.str[0] + "u4").max() > sys.maxunicode:
        raise ValueError("it has a character that does not exist")
