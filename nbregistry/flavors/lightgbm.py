"""Models of LightGBM in its own text format; loading them executes no code.

``model.txt`` is what ``Booster.save_model`` writes and any LightGBM reads. ``model.json`` holds which class it was and
the attributes that scikit-learn's interface keeps beside the booster. What those cannot say in plain data (an objective
of one's own) is pickled instead, and recorded as pickled.

The format is trees and numbers: nothing in it can name a function. LightGBM's C++ parser trusts what it reads, though,
so what a stranger signed is checked first (:mod:`nbregistry.flavors.lightgbm_text`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.errors import Corrupt
from nbregistry.flavors import pickling
from nbregistry.flavors.base import check_format
from nbregistry.flavors.lightgbm_text import check_text
from nbregistry.flavors.state import NotPlain, StateReader, StateWriter

if TYPE_CHECKING:
    from nbregistry.artifacts.pack_reading import PackReader
    from nbregistry.artifacts.pack_writing import PackWriter

TEXT = "text"
BOOSTER = "model.txt"
ABOUT = "model.json"
_NATIVE = "Booster"
_ESTIMATORS = ("LGBMModel", "LGBMClassifier", "LGBMRegressor", "LGBMRanker")
# What a booster knows besides its trees and serves after training; the rest of its attributes is about training.
_KNOWN = ("best_iteration", "best_score", "params")


class LightGBMFlavor:
    """Stores boosters, and the estimators around them, as text and plain attributes."""

    name = "lightgbm"
    formats = {TEXT: False} | pickling.FORMATS

    def recognises(self, model: Any) -> bool:
        """Tell whether it is a booster, or an estimator of exactly one of LightGBM's own classes."""
        kind = type(model)
        return kind.__module__.partition(".")[0] == "lightgbm" and kind.__name__ in (_NATIVE, *_ESTIMATORS)

    def save(self, model: Any, pack: PackWriter, format: str | None = None) -> str:  # noqa: A002
        """Write the booster and what its estimator knows besides; pickle them if that is no plain data."""
        if format in pickling.FORMATS:
            return pickling.save(model, pack, format)
        writer = StateWriter(pack, _encoder)
        native = type(model).__name__ == _NATIVE
        attributes = {} if native else dict(vars(model))
        booster = model if native else attributes.pop("_Booster", None)
        known = {} if booster is None else {name: getattr(booster, name) for name in _KNOWN}
        content = None if booster is None else booster.model_to_string(num_iteration=-1)
        try:
            if content is not None:
                _check_plain(content)
            about = {
                "class": type(model).__name__,
                "state": writer.encode(attributes),
                "fitted": booster is not None,
                "booster": writer.encode(known),
            }
        except NotPlain as error:
            if format is None:
                return pickling.save(model, pack)
            raise pickling.has_no_words(format, error) from None
        writer.write(ABOUT, about)
        if content is not None:
            pack.add(BOOSTER, content.encode())
        return TEXT

    def check(self, pack: PackReader, format: str) -> None:  # noqa: A002
        """Look whether a booster is one that LightGBM would write."""
        if format == TEXT and BOOSTER in pack.paths:
            try:
                check_text(pack.read(BOOSTER).decode())
            except ValueError as error:
                raise _unreadable(error) from error

    def load(self, pack: PackReader, format: str) -> Any:  # noqa: A002
        """Build the booster, and the estimator around it."""
        check_format(self, format)
        if format in pickling.FORMATS:
            return pickling.load(pack)
        reader = StateReader(pack, {"labels": lambda classes: _labels(reader.decode(classes))})
        about = reader.read(ABOUT)
        attributes = reader.attributes(about.get("state"))
        booster = None
        if about.get("fitted") is True:
            booster = _booster(pack, reader.attributes(about.get("booster")))
        if about.get("class") == _NATIVE and booster is not None:
            return booster
        if about.get("class") not in _ESTIMATORS:
            raise Corrupt(f"{about.get('class')!a:.60} is no class of LightGBM", hint="%nbr verify")
        import lightgbm

        kind: Any = getattr(lightgbm, about["class"])
        model = kind.__new__(kind)
        vars(model).update(attributes, _Booster=booster)
        return model


def _check_plain(content: str) -> None:
    """Make sure that what is written can be checked by whoever reads it."""
    try:
        check_text(content)
    except ValueError as error:
        raise NotPlain(f"a booster that cannot be checked ({error})") from None


def _encoder(writer: StateWriter, value: Any) -> Any:
    """Give the JSON of the one object that LightGBM's classifiers hold: what numbers their classes."""
    if type(value).__name__ == "LabelEncoder" and type(value).__module__.startswith("sklearn."):
        attributes = vars(value)
        if set(attributes) == {"classes_"}:
            return {"labels": writer.encode(attributes["classes_"])}
    return None


def _labels(classes: Any) -> Any:
    from sklearn.preprocessing import LabelEncoder

    encoder = LabelEncoder()
    encoder.classes_ = classes
    return encoder


def _booster(pack: PackReader, known: dict[str, Any]) -> Any:
    from lightgbm import Booster
    from lightgbm.basic import LightGBMError

    if BOOSTER not in pack.paths:
        raise Corrupt(f"this artifact has no {BOOSTER}", hint="%nbr verify")
    try:
        booster = Booster(model_str=pack.read(BOOSTER).decode())
    except (LightGBMError, ValueError) as error:
        raise _unreadable(error) from error
    for name in _KNOWN:
        if name in known:
            setattr(booster, name, known[name])
    return booster


def _unreadable(error: Exception) -> Corrupt:
    first = str(error).strip().partition("\n")[0]
    return Corrupt(f"LightGBM cannot read {BOOSTER} ({first:.200})", hint="%nbr verify")
