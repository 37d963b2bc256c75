"""What XGBoost's and LightGBM's models have in common: a booster in its framework's own format, and plain attributes.

The booster's file is what ``Booster.save_model`` writes, and any release of the framework reads. ``model.json`` holds
which class it was and the attributes that scikit-learn's interface keeps beside the booster. What those cannot say in
plain data (an objective of one's own, callbacks) is pickled instead, and recorded as pickled.

The formats are trees and numbers: nothing in them can name a function. The frameworks' C++ parsers trust what they
read, though, so what a stranger signed is checked first.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from importlib import import_module
from typing import TYPE_CHECKING, Any

from nbregistry.errors import Corrupt
from nbregistry.flavors import pickling
from nbregistry.flavors.base import check_format
from nbregistry.flavors.state import NotPlain, StateReader, StateWriter

if TYPE_CHECKING:
    from nbregistry.artifacts.pack_reading import PackReader
    from nbregistry.artifacts.pack_writing import PackWriter

_ABOUT = "model.json"
_NATIVE = "Booster"


class BoostingFlavor(ABC):
    """Stores boosters, and the estimators around them, as trees and plain attributes.

    Attributes
    ----------
    name : str
        The framework's module, and the recorded name.
    called : str
        The framework, in words.
    own : str
        Its own format.
    member : str
        The booster's file.
    estimators : tuple of str
        The classes around a booster.
    known : tuple of str
        What a booster knows besides its trees and serves after training.
    """

    name: str
    called: str
    own: str
    member: str
    estimators: tuple[str, ...]
    known: tuple[str, ...] = ()

    @property
    def formats(self) -> dict[str, bool]:
        """Every format, and whether loading it can execute code."""
        return {self.own: False} | pickling.FORMATS

    @abstractmethod
    def _written(self, booster: Any) -> bytes | bytearray:
        """Give a booster's file."""

    @abstractmethod
    def _check(self, content: bytes | bytearray) -> None:
        """Raise a ValueError if this is no file that the framework would write."""

    @abstractmethod
    def _read(self, content: bytearray, attributes: dict[str, Any]) -> Any:
        """Build a booster, or raise a ValueError; the attributes are those of the estimator around it."""

    def _writer(self, pack: PackWriter) -> StateWriter:
        return StateWriter(pack)

    def _reader(self, pack: PackReader) -> StateReader:
        return StateReader(pack)

    def recognises(self, model: Any) -> bool:
        """Tell whether it is a booster, or an estimator of exactly one of the framework's own classes."""
        kind = type(model)
        return kind.__module__.partition(".")[0] == self.name and kind.__name__ in (_NATIVE, *self.estimators)

    def save(self, model: Any, pack: PackWriter, format: str | None = None) -> str:  # noqa: A002
        """Write the booster and what its estimator knows besides; pickle them if that is no plain data."""
        if format in pickling.FORMATS:
            return pickling.save(model, pack, format)
        try:
            self._save_plain(model, pack)
        except NotPlain as error:
            if format is None:
                return pickling.save(model, pack)
            raise pickling.has_no_words(format, error) from None
        return self.own

    def _save_plain(self, model: Any, pack: PackWriter) -> None:
        """Write them once it is known that all of it is plain data."""
        native = type(model).__name__ == _NATIVE
        attributes = {} if native else dict(vars(model))
        booster = model if native else attributes.pop("_Booster", None)
        fitted = booster is not None
        writer = self._writer(pack)
        about = {"class": type(model).__name__, "state": writer.encode(attributes), "fitted": fitted}
        if self.known:
            about["booster"] = writer.encode({name: getattr(booster, name) for name in self.known if fitted})
        content = self._checked(booster) if fitted else None
        writer.write(_ABOUT, about)
        if content is not None:
            pack.add(self.member, content)

    def _checked(self, booster: Any) -> bytes | bytearray:
        """Give a booster's file, if whoever reads it can check it."""
        content = self._written(booster)
        try:
            self._check(content)
        except ValueError as error:
            raise NotPlain(f"a booster that cannot be checked ({error})") from None
        return content

    def check(self, pack: PackReader, format: str) -> None:  # noqa: A002
        """Look whether a booster is one that the framework would write."""
        if format == self.own and self.member in pack.paths:
            try:
                self._check(pack.read(self.member))
            except ValueError as error:
                raise self._unreadable(error) from error

    def load(self, pack: PackReader, format: str) -> Any:  # noqa: A002
        """Build the booster, and the estimator around it."""
        check_format(self, format)
        if format in pickling.FORMATS:
            return pickling.load(pack)
        reader = self._reader(pack)
        about = reader.read(_ABOUT)
        attributes = reader.attributes(about.get("state"))
        booster = self._booster(pack, attributes) if about.get("fitted") is True else None
        if booster is not None and self.known:
            known = reader.attributes(about.get("booster"))
            vars(booster).update((name, known[name]) for name in self.known if name in known)
        if about.get("class") == _NATIVE and booster is not None:
            return booster
        if about.get("class") not in self.estimators:
            raise Corrupt(f"{about.get('class')!a:.60} is no class of {self.called}", hint="%nbr verify")
        # Made by its class, so that a parameter that is newer than the file has its default.
        model = getattr(import_module(self.name), about["class"])()
        vars(model).update(attributes)
        if booster is not None:
            model._Booster = booster  # noqa: SLF001  where both frameworks' estimators have it
        return model

    def _booster(self, pack: PackReader, attributes: dict[str, Any]) -> Any:
        if self.member not in pack.paths:
            raise Corrupt(f"this artifact has no {self.member}", hint="%nbr verify")
        try:
            return self._read(pack.read(self.member), attributes)
        except ValueError as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: Exception) -> Corrupt:
        first = str(error).strip().partition("\n")[0]
        return Corrupt(f"{self.called} cannot read {self.member} ({first:.200})", hint="%nbr verify")
