"""What a flavor is: one kind of model, and how it becomes files and comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from nbregistry.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbregistry.artifacts.pack_reading import PackReader
    from nbregistry.artifacts.pack_writing import PackWriter


class Flavor(Protocol):
    """One kind of model.

    A package brings its own by naming a class of this shape, with no arguments, in the entry-point group
    ``nbregistry.flavors``. Importing the class must not import the framework.

    Attributes
    ----------
    name : str
        The recorded name, which is also the name of the entry point.
    formats : Mapping
        Every format it writes or reads, and whether loading that format can execute code.
    """

    @property
    def name(self) -> str:
        """The recorded name."""
        ...

    @property
    def formats(self) -> Mapping[str, bool]:
        """Every format, and whether loading it can execute code."""
        ...

    def recognises(self, model: Any) -> bool:
        """Tell whether it would store this object, without importing anything."""
        ...

    def save(self, model: Any, pack: PackWriter) -> str:
        """Write the model's files and give the format that was used."""
        ...

    def load(self, pack: PackReader, format: str) -> Any:  # noqa: A002
        """Build the model from its files by the recorded format; no other is tried."""
        ...


def check_format(flavor: Flavor, name: str) -> None:
    """Refuse a format that a flavor does not know.

    Raises
    ------
    Refused
    """
    if name not in flavor.formats:
        raise Refused(
            f"the flavor {flavor.name!r} of this release does not read the format {name!r}",
            hint="%pip install --upgrade nbregistry",
        )


def ancestry(model: Any) -> set[tuple[str, str]]:
    """Give package and name of every class that the model is an instance of.

    Examples
    --------
    >>> ("builtins", "int") in ancestry(True)
    True
    """
    return {(kind.__module__.partition(".")[0], kind.__qualname__) for kind in type(model).__mro__}
