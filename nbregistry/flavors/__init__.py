"""How each kind of model becomes files and comes back; one small module a kind.

Packages add their own through the entry-point group ``nbregistry.flavors``. The recorded name alone chooses
the loader: nothing is sniffed from the files, and nothing else is tried when a loader fails.
"""

from __future__ import annotations

import warnings
from functools import cache
from typing import TYPE_CHECKING, Any

from nbregistry.errors import NotFound
from nbregistry.flavors.files import FilesFlavor
from nbregistry.flavors.numpy import NumpyFlavor
from nbregistry.flavors.python import PythonFlavor
from nbregistry.flavors.sklearn import SklearnFlavor

if TYPE_CHECKING:
    from importlib.metadata import EntryPoints

    from nbregistry.flavors.base import Flavor

GROUP = "nbregistry.flavors"

_FIRST: tuple[Flavor, ...] = (SklearnFlavor(), NumpyFlavor(), FilesFlavor())
_LAST: Flavor = PythonFlavor()

# Classes of these packages are ours to store. A class of another package may be a kind of estimator and still
# have a better form of its own, so flavors that were installed for it are asked first.
_OURS = frozenset({"sklearn", "numpy", "pathlib", "builtins", "__main__"})


def choose(model: Any) -> Flavor:
    """Give the flavor that stores a model.

    Examples
    --------
    >>> choose({"a": 1}).name
    'python'
    """
    ours = next((flavor for flavor in _FIRST if flavor.recognises(model)), None)
    if ours and type(model).__module__.partition(".")[0] in _OURS:
        return ours
    installed = next((flavor for flavor in _installed_flavors() if flavor.recognises(model)), None)
    return installed or ours or _LAST


def by_name(name: str) -> Flavor:
    """Give the flavor of that recorded name.

    Raises
    ------
    NotFound
        If no package here brings it.
    """
    for flavor in (*_FIRST, _LAST):
        if flavor.name == name:
            return flavor
    if name in _entry_points().names:
        return _loaded(name)
    raise NotFound(
        f"there is no flavor {name!r} here",
        hint=f"install the package that brings it (an entry point {name!r} in the group {GROUP!r})",
        nearest=[known for known in _names() if known.startswith(name[:3])],
    )


def _names() -> list[str]:
    return [flavor.name for flavor in (*_FIRST, _LAST)] + sorted(_entry_points().names)


def _entry_points() -> EntryPoints:
    from importlib.metadata import entry_points

    return entry_points(group=GROUP)


@cache
def _loaded(name: str) -> Flavor:
    flavor: Flavor = _entry_points()[name].load()()
    return flavor


@cache
def _installed_flavors() -> list[Flavor]:
    """Give the flavors that other packages brought; one that is broken does not break the rest."""
    found = []
    for name in sorted(_entry_points().names):
        try:
            found.append(_loaded(name))
        except Exception as error:  # noqa: BLE001  whatever importing it raises
            warnings.warn(f"the flavor {name!r} cannot be used: {error!r}", stacklevel=3)
    return found
