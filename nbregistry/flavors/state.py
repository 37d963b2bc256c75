"""An object's attributes as strict JSON, for formats that execute no code.

The vocabulary is closed: numbers, texts, lists, dicts and the like. What is read back is built from these few kinds
and nothing else, whatever the file says; what has no word in it (a function, an object of some class) is not written.
Scalars stand as they are; anything else is an object with one key, its kind.
"""

from __future__ import annotations

import json
import math
import re
from collections import OrderedDict, defaultdict
from typing import TYPE_CHECKING, Any

from nbregistry.errors import Corrupt, NotFound
from nbregistry.flavors.base import ancestry
from nbregistry.flavors.numpy import from_npy, to_npy

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbregistry.artifacts.pack_reading import PackReader
    from nbregistry.artifacts.pack_writing import PackWriter

_FLOATS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
# A long double has no number of Python's.
_SCALAR = re.compile(r"[<>|](?:[biuf][1248]|U[0-9]{1,9})")
_MOST_BITS = 4096  # of an integer: Python reads no longer ones from text


class NotPlain(Exception):
    """A value for which there is no word."""


class StateWriter:
    """Writes values as JSON, and the arrays among them as files.

    Parameters
    ----------
    pack : PackWriter
    other : callable, optional
        ``other(writer, value)`` gives the JSON of a kind that only one flavor knows, and ``None`` of anything else.

    Examples
    --------
    >>> StateWriter(None).encode({"eta": 0.5, 3: (1, float("nan"))})
    {'dict': [['eta', 0.5], [3, {'tuple': [1, {'float': 'nan'}]}]]}
    """

    def __init__(self, pack: PackWriter | None, other: Callable[[StateWriter, Any], Any] | None = None) -> None:
        self._pack = pack
        self._other = other
        self._arrays: list[Any] = []

    def write(self, path: str, document: dict[str, Any]) -> None:
        """Write what was encoded, and the arrays in it."""
        if self._pack is not None:
            self._pack.add(path, json.dumps(document, allow_nan=False).encode())
            for number, array in enumerate(self._arrays):
                self._pack.add_array(_member(number), to_npy(array))

    def encode(self, value: Any) -> Any:
        """Give a value's JSON.

        Raises
        ------
        NotPlain
        """
        try:
            return self._encode(value)
        except RecursionError:
            raise NotPlain("it is nested without end") from None

    def _encode(self, value: Any) -> Any:
        kind = type(value)
        if value is None or kind in (bool, str) or (kind is int and value.bit_length() <= _MOST_BITS):
            return value
        if kind is float:
            return value if math.isfinite(value) else {"float": str(value)}
        found = self._other(self, value) if self._other else None
        if found is None:
            found = self._encode_container(value)
        return self._encode_numpy(value) if found is None else found

    def _encode_container(self, value: Any) -> Any:
        kind = type(value)
        if kind in (list, tuple):
            return {kind.__name__: [self._encode(item) for item in value]}
        if kind is dict or (kind is OrderedDict and not vars(value)):
            word = "dict" if kind is dict else "ordered"
        elif kind is defaultdict and value.default_factory is OrderedDict:
            word = "scores"
        else:
            return None
        return {word: [[self._encode(key), self._encode(item)] for key, item in value.items()]}

    def _encode_numpy(self, value: Any) -> Any:
        kinds = ancestry(value)
        if ("numpy", "generic") in kinds and _SCALAR.fullmatch(value.dtype.str):
            return {"scalar": [value.dtype.str, self._encode(value.item())]}
        if type(value).__name__ == "ndarray" and ("numpy", "ndarray") in kinds and not value.dtype.hasobject:
            if value.dtype.fields or value.dtype.kind == "T" or not value.dtype.itemsize:
                raise NotPlain(f"an array of {value.dtype}")
            self._arrays.append(value)
            return {"array": len(self._arrays) - 1}
        raise NotPlain(f"a {type(value).__qualname__}")


class StateReader:
    """Reads what a :class:`StateWriter` wrote.

    Parameters
    ----------
    pack : PackReader
    other : dict, optional
        By kind, what builds a value of a flavor's own kinds from its JSON.
    """

    def __init__(self, pack: PackReader, other: dict[str, Callable[[Any], Any]] | None = None) -> None:
        self._pack = pack
        self._kinds: dict[str, Callable[[Any], Any]] = {
            "float": _FLOATS.__getitem__,
            "list": self._items,
            "tuple": lambda items: tuple(self._items(items)),
            "dict": lambda pairs: dict(self._pairs(pairs)),
            "ordered": lambda pairs: OrderedDict(self._pairs(pairs)),
            "scores": lambda pairs: defaultdict(OrderedDict, self._pairs(pairs)),
            "scalar": self._scalar,
            "array": lambda number: from_npy(pack.read(_member(number))),
            **(other or {}),
        }

    def read(self, path: str) -> dict[str, Any]:
        """Give the document, its values not yet decoded.

        Raises
        ------
        Corrupt
        """
        try:
            document: Any = json.loads(self._pack.read(path)) if path in self._pack.paths else None
        except (ValueError, RecursionError):
            document = None
        if not isinstance(document, dict):
            raise Corrupt(f"this artifact has no {path} that can be read", hint="%nbr verify")
        return document

    def decode(self, value: Any) -> Any:
        """Build a value.

        Raises
        ------
        Corrupt
            If it is none that is ever written.
        """
        try:
            return self._decode(value)
        except (ValueError, TypeError, KeyError, OverflowError, RuntimeError, NotFound) as error:
            raise Corrupt(f"its attributes cannot be read ({error!s:.200})", hint="%nbr verify") from error

    def attributes(self, value: Any) -> dict[str, Any]:
        """Build a dict by names, which can become an object's attributes."""
        found = self.decode(value)
        if type(found) is not dict or not all(type(key) is str for key in found):
            raise Corrupt("its attributes have no names", hint="%nbr verify")
        return found

    def _decode(self, value: Any) -> Any:
        if not isinstance(value, dict):
            if isinstance(value, list):
                raise TypeError("a list without a kind")
            return value
        ((kind, content),) = value.items()
        return self._kinds[kind](content)

    def _items(self, items: Any) -> list[Any]:
        if not isinstance(items, list):
            raise TypeError("no list of items")
        return [self._decode(item) for item in items]

    def _pairs(self, pairs: Any) -> list[tuple[Any, Any]]:
        return [(self._decode(key), self._decode(item)) for key, item in pairs]

    def _scalar(self, content: Any) -> Any:
        import numpy as np

        described, plain = content
        if not _SCALAR.fullmatch(described):
            raise ValueError("a number of no type")
        return np.dtype(described).type(self._decode(plain))


def _member(number: int) -> str:
    if type(number) is not int:
        raise TypeError("no number of an array")
    return f"arrays/{number}.npy"
