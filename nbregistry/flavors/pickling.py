"""Python objects by pickle protocol 5, with their arrays beside the stream.

``model.pkl`` holds the stream, ``buffers/0000`` and on the memory of arrays, straight from where it lies: a layer
that did not change, or a tree of a forest that grew, is the same bytes again, and takes no room. What plain pickle
cannot take, or would only name by ``__main__``, goes through cloudpickle, which stores classes and functions
by value; the files are the same.
"""

from __future__ import annotations

import copyreg
import io
import pickle
import sys
from collections import ChainMap
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from nbregistry.errors import Refused
from nbregistry.flavors.array_parts import parts_of
from nbregistry.flavors.padding import without_padding
from nbregistry.flavors.unpicklable import explain

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from nbregistry.artifacts.pack_reading import PackReader
    from nbregistry.artifacts.pack_writing import PackWriter

PICKLE = "pickle5"
CLOUDPICKLE = "cloudpickle"
FORMATS = {PICKLE: True, CLOUDPICKLE: True}
STREAM = "model.pkl"
# Smaller arrays stay in the stream: each file of an artifact costs some bytes of its header.
_BESIDE = 4 << 10
# How NumPy takes an array apart that has a buffer: what builds it again, and from what.
_FROM_BUFFER = 2

# Names that a new process looks up in vain: of this notebook, of a function's inside.
_BY_VALUE = (b"__main__", b"__mp_main__", b"<locals>", b"<lambda>")


def save(
    model: Any,
    pack: PackWriter,
    format: str | None = None,  # noqa: A002
    reduce: Callable[[Any], Any] | None = None,
) -> str:
    """Write a model's files and give the format.

    Parameters
    ----------
    model : object
    pack : PackWriter
    format : str, optional
        Only this one; plain pickle where it does, if left out.
    reduce : callable, optional
        Asked of every object before its own ``__reduce__``; ``NotImplemented`` leaves it to that.
    """
    try:
        form, stream, beside = _pickled(model, format, reduce)
    except Exception as error:
        raise explain(model, error) from error
    for index, content in enumerate(beside):
        pack.add_array(_member(index), content)
    # Last: it changes with every version, and so does the group of small pieces that it ends up in.
    pack.add(STREAM, stream)
    return form


def load(pack: PackReader) -> Any:
    """Build the model; its arrays can be written to, as before."""
    stream, *buffers = pack.read_many([STREAM, *(path for path in pack.paths if path.startswith("buffers/"))])
    try:
        return pickle.loads(stream, buffers=buffers)
    except (ModuleNotFoundError, MemoryError):
        raise
    except Exception as error:
        # The bytes are the ones that were stored, so it is the code that has changed.
        raise Refused(
            f"the stored model does not fit the packages that are installed ({type(error).__name__}: {error})",
            hint="load it where the versions are those of its record: %nbr show REF",
        ) from error


def has_no_words(format: str, reason: Exception) -> Refused:  # noqa: A002
    """Say that a format of plain data cannot hold a model, and what can."""
    return Refused(
        f"the format {format!r} cannot hold this model: {reason} is among its attributes",
        hint=f"leave the format out: it is stored by {PICKLE} then, which runs code when it is loaded",
    )


def _member(index: int) -> str:
    return f"buffers/{index:04}"


def _pickled(
    model: Any,
    format: str | None,  # noqa: A002
    reduce: Callable[[Any], Any] | None,
) -> tuple[str, bytes, list[Any]]:
    if format == PICKLE:
        return PICKLE, *_dumped(model, _reducing(pickle.Pickler, reduce))
    if format is None:
        # Plain pickle raises errors of many kinds (PicklingError, AttributeError, TypeError …).
        with suppress(Exception):
            stream, beside = _dumped(model, _reducing(pickle.Pickler, reduce))
            if not any(name in stream for name in _BY_VALUE):
                return PICKLE, stream, beside
    import cloudpickle

    return CLOUDPICKLE, *_dumped(model, _reducing(cloudpickle.Pickler, reduce))


def _reducing(pickler: Any, reduce: Callable[[Any], Any] | None) -> Any:
    """Give a pickler that asks first how an object is taken apart."""
    if reduce is None:
        return pickler
    own = getattr(pickler, "reducer_override", None)

    def reducer_override(self: Any, obj: Any) -> Any:
        reduced = reduce(obj)
        return own(self, obj) if reduced is NotImplemented and own else reduced

    return type("Reducing", (pickler,), {"reducer_override": reducer_override})


def _dumped(model: Any, pickler: Callable[..., Any]) -> tuple[bytes, list[Any]]:
    """Give the stream, and what goes beside it: memory, or the parts of an array, made when they are taken."""
    stream, beside = io.BytesIO(), _Beside()
    writer = pickler(stream, protocol=5, buffer_callback=beside.stays_inside)
    # A table is asked by the exact type, in C; an override would be asked about every object.
    writer.dispatch_table = ChainMap({}, getattr(writer, "dispatch_table", copyreg.dispatch_table))
    if numpy := sys.modules.get("numpy"):
        writer.dispatch_table[numpy.ndarray] = beside.reduce
    writer.dump(model)
    return stream.getvalue(), beside.contents


class _Beside:
    """What goes beside a stream.

    Attributes
    ----------
    contents : list
        Of each, its memory, or an iterable of its parts.
    """

    def __init__(self) -> None:
        self.contents: list[Any] = []
        self._arrays: dict[int, NDArray[Any]] = {}

    def reduce(self, array: NDArray[Any]) -> Any:
        """Take an array apart as NumPy does, but that of a large one nothing is copied yet."""
        if array.nbytes < _BESIDE or array.dtype.hasobject:
            return without_padding(array).__reduce_ex__(5)
        reduced = array[:0].reshape(-1).__reduce_ex__(5)
        if len(reduced) != _FROM_BUFFER:  # NumPy gives none of times
            return array.__reduce_ex__(5)
        place = pickle.PickleBuffer(bytearray() if array.flags.writeable else b"")
        self._arrays[id(place)] = array
        in_columns = array.flags.f_contiguous and not array.flags.c_contiguous
        return reduced[0], (place, array.dtype, array.shape, "F" if in_columns else "C")

    def stays_inside(self, buffer: pickle.PickleBuffer) -> bool:
        """Tell whether a buffer stays in the stream; the others are kept."""
        array = self._arrays.pop(id(buffer), None)
        if array is not None:
            self.contents.append(parts_of(array))
            return False
        view = buffer.raw()
        if view.nbytes >= _BESIDE:
            self.contents.append(view)
        return view.nbytes < _BESIDE
