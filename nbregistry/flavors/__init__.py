"""How each kind of model becomes files and comes back; one small module a kind.

Packages add their own through the entry-point group ``nbregistry.flavors``. The recorded name alone chooses
the loader: nothing is sniffed from the files, and nothing else is tried when a loader fails.
"""

from __future__ import annotations

import warnings
from functools import cache
from typing import TYPE_CHECKING, Any

from nbregistry.errors import NotFound
from nbregistry.flavors.base import check_choice
from nbregistry.flavors.files import FilesFlavor
from nbregistry.flavors.lightgbm import LightGBMFlavor
from nbregistry.flavors.numpy import NumpyFlavor
from nbregistry.flavors.python import PythonFlavor
from nbregistry.flavors.pytorch import PyTorchFlavor
from nbregistry.flavors.sklearn import SklearnFlavor
from nbregistry.flavors.xgboost import XGBoostFlavor

if TYPE_CHECKING:
    from importlib.metadata import EntryPoints

    from nbregistry.flavors.base import Flavor

GROUP = "nbregistry.flavors"

# The estimators of XGBoost and LightGBM are scikit-learn's by descent: their own flavors are asked before its.
_FIRST: tuple[Flavor, ...] = (
    XGBoostFlavor(),
    LightGBMFlavor(),
    PyTorchFlavor(),
    SklearnFlavor(),
    NumpyFlavor(),
    FilesFlavor(),
)
_LAST: Flavor = PythonFlavor()

# Classes of these packages are ours to store. A class of another package may be a kind of estimator and still
# have a better form of its own, so flavors that were installed for it are asked first.
_OURS = frozenset(
    {"sklearn", "xgboost", "lightgbm", "torch", "numpy", "pathlib", "collections", "builtins", "__main__"}
)


def choose(model: Any, format: str | None = None) -> Flavor:  # noqa: A002
    """Give the flavor that stores a model.

    Parameters
    ----------
    model : object
    format : str, optional
        The format it is to be stored in.

    Raises
    ------
    Refused
        If its flavor does not write that format.

    Examples
    --------
    >>> choose({"a": 1}).name
    'python'
    """
    flavor = _choose(model)
    if format is not None:
        check_choice(flavor, format)
    return flavor


def _choose(model: Any) -> Flavor:
    ours = next((flavor for flavor in _FIRST if flavor.recognises(model)), None)
    if ours and type(model).__module__.partition(".")[0] in _OURS:
        return ours
    installed = next((flavor for flavor in _installed_flavors() if flavor.recognises(model)), None)
    return installed or ours or _LAST


def formats_known() -> dict[str, tuple[str, ...]]:
    """Give the formats that each flavor of this release writes, the preferred one first."""
    return {flavor.name: tuple(flavor.formats) for flavor in (*_FIRST, _LAST)}


def runs_no_code(name: str, format: str) -> bool:  # noqa: A002
    """Tell whether a format is known to execute no code; one of a flavor that is not ours is not known.

    Examples
    --------
    >>> runs_no_code("numpy", "npy"), runs_no_code("python", "npy"), runs_no_code("python", "pickle5")
    (True, False, False)
    """
    return any(flavor.name == name and flavor.formats.get(format) is False for flavor in (*_FIRST, _LAST))


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
