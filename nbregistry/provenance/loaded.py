"""Which objects of this process are versions of a registry: what was loaded is known again by its identity.

An object is remembered weakly: remembering keeps nothing alive, and an address that is used again is never taken for
what stood there before. What is copied (``copy.deepcopy``, ``sklearn.base.clone``) is another object, and not known.
"""

from __future__ import annotations

import sys
import weakref
from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOADS_KEPT = 1_000
_WITNESSES = 8


@dataclass(frozen=True)
class Origin:
    """The version that an object is, or was before it was trained further.

    Attributes
    ----------
    ref : str
        As it is recorded, ``name@3``.
    registry : str
        Id of the registry: in another one the same reference means another model.
    digest : str
        Of its artifact.
    how : str
        ``"loaded"``, or ``"registered"`` where a loaded object was registered again since.
    """

    ref: str
    registry: str
    digest: str = ""
    how: Literal["loaded", "registered"] = "loaded"


class _Known:
    """One remembered object, or what is left of it.

    A dict or a list cannot be referenced weakly, but the arrays in it can: such an object is the same as long as it
    stands at its address and holds one of them.
    """

    def __init__(self, value: Any, origin: Origin) -> None:
        self.origin = origin
        self._kind = type(value)
        self._address = id(value)
        self._whole = self._weakly(value)
        parts = () if self._whole else _held(value)
        self._parts = [reference for part in parts if (reference := self._weakly(part)) is not None]

    def _weakly(self, value: Any) -> weakref.ref[Any] | None:
        try:
            return weakref.ref(value, self._one_is_gone)
        except TypeError:
            return None

    def _one_is_gone(self, _: object) -> None:
        if not self.can_be_met() and _known.get(self._address) is self:
            del _known[self._address]

    def can_be_met(self) -> bool:
        """Tell whether anything is left by which it would be known."""
        references = self._parts if self._whole is None else [self._whole]
        return any(reference() is not None for reference in references)

    def is_(self, value: Any) -> bool:
        """Tell whether this object, which stands at the same address, is the one."""
        if self._whole is not None:
            return self._whole() is value
        alive = {id(part) for reference in self._parts if (part := reference()) is not None}
        return type(value) is self._kind and any(id(part) in alive for part in _held(value))


_known: dict[int, _Known] = {}
_loads: deque[Origin] = deque(maxlen=_LOADS_KEPT)


def remember(value: Any, origin: Origin) -> None:
    """Remember that an object is a version; what cannot be known again for sure is let be.

    Parameters
    ----------
    value : object
    origin : Origin
    """
    if origin.how == "loaded":
        _loads.append(origin)
    if _stands_in_a_module(value):  # loading it gave what was there already, to everybody
        return
    known = _Known(value, origin)
    if known.can_be_met():
        _known[id(value)] = known


def origin_of(value: Any) -> Origin | None:
    """Give the version that an object was loaded from; ``None`` where it was not, or nobody knows.

    Examples
    --------
    >>> class Model: ...
    >>> model = Model()
    >>> remember(model, Origin("churn@3", "a registry's id"))
    >>> origin_of(model).ref, origin_of(Model())
    ('churn@3', None)
    """
    known = _known.get(id(value))
    return known.origin if known and known.is_(value) else None


def loads(registry: str | None = None) -> tuple[Origin, ...]:
    """Give what was loaded in this process, oldest first, each once, whether or not it is still there.

    Parameters
    ----------
    registry : str, optional
        Only from the registry of this id.
    """
    return tuple(dict.fromkeys(origin for origin in list(_loads) if registry in (None, origin.registry)))


def refs_loaded_as(namespace: Mapping[str, Any], registry: str | None = None) -> dict[str, str]:
    """Give the variables that are bound to a loaded model now, and the version that each was loaded from.

    Parameters
    ----------
    namespace : mapping
        Variables, e.g. of a notebook.
    registry : str, optional
        Only from the registry of this id.

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> class Model: ...
    >>> scorer = Model()
    >>> remember(scorer, Origin("churn@3", "a registry's id"))
    >>> refs_loaded_as({"scorer": scorer, "other": Model(), "n": 3})
    {'scorer': 'churn@3'}
    """
    found = ((name, origin_of(value)) for name, value in list(namespace.items()))
    return {name: origin.ref for name, origin in found if origin and registry in (None, origin.registry)}


def _held(value: Any) -> list[Any]:
    """Give the first things in a dict or a list; nothing else needs them to be known again."""
    values = value.values() if type(value) is dict else value if type(value) in (list, tuple) else ()
    return list(islice(values, _WITNESSES))


def _stands_in_a_module(value: Any) -> bool:
    """Tell whether this is a function, a class or the like that is imported, and so the same for everybody."""
    name = getattr(value, "__qualname__", None)
    module = sys.modules.get(str(getattr(value, "__module__", None)))
    return isinstance(name, str) and getattr(module, name, None) is value
