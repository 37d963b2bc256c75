"""What a flavor is: one kind of model, and how it becomes files and comes back."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Protocol, TypeGuard

from nbregistry.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
        Every format it writes or reads, the preferred one first, and whether loading that format can execute code.
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

    def save(self, model: Any, pack: PackWriter, format: str | None = None) -> str:  # noqa: A002
        """Write the model's files and give the format that was used.

        Parameters
        ----------
        model : object
        pack : PackWriter
        format : str, optional
            One of :attr:`formats`, and no other is tried; the flavor chooses if it is left out.
        """
        ...

    def load(self, pack: PackReader, format: str) -> Any:  # noqa: A002
        """Build the model from its files by the recorded format; no other is tried."""
        ...


class ChecksData(Flavor, Protocol):
    """A flavor whose framework trusts the files that it reads.

    What a key that is trusted has signed was written by the framework itself; anything else is checked before.
    """

    def check(self, pack: PackReader, format: str) -> None:  # noqa: A002
        """Refuse files that the framework did not write; asked before `load` for what a stranger signed.

        Raises
        ------
        Corrupt
        """
        ...


class NamesTypes(Flavor, Protocol):
    """A flavor with a format that names the types it consists of, and that runs no code as long as all are harmless.

    Attributes
    ----------
    typed_formats : frozenset of str
        Those of its formats that are like this.
    """

    @property
    def typed_formats(self) -> frozenset[str]:
        """Those of its formats that name their types."""
        ...

    def doubtful_types(self, pack: PackReader) -> tuple[str, ...]:
        """Name the types in such an artifact that are not known to be harmless; nothing is imported or built."""
        ...

    def load_types(self, pack: PackReader, format: str, types: Sequence[str]) -> Any:  # noqa: A002
        """Build the model, with these types besides the harmless ones."""
        ...


def checks_data(flavor: Flavor) -> TypeGuard[ChecksData]:
    """Tell whether a flavor can check files; to ask for one name takes a hundredth of a protocol's ``isinstance``."""
    return hasattr(flavor, "check")


def names_types(flavor: Flavor, format: str) -> TypeGuard[NamesTypes]:  # noqa: A002
    """Tell whether this format of a flavor names the types that it consists of."""
    return format in getattr(flavor, "typed_formats", ())


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


def check_choice(flavor: Flavor, name: str) -> None:
    """Refuse to store in a format that a flavor does not write.

    Raises
    ------
    Refused
    """
    if name not in flavor.formats:
        raise Refused(
            f"the flavor {flavor.name!r}, which stores this model, does not write the format {name!a:.60}",
            nearest=get_close_matches(name, flavor.formats, n=1),
            hint=f"its formats: {', '.join(flavor.formats)}; without one, it chooses",
        )


def ancestry(model: Any) -> set[tuple[str, str]]:
    """Give package and name of every class that the model is an instance of.

    Examples
    --------
    >>> ("builtins", "int") in ancestry(True)
    True
    """
    return {(kind.__module__.partition(".")[0], kind.__qualname__) for kind in type(model).__mro__}
