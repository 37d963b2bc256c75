"""Models of XGBoost in its own format, UBJSON; loading them executes no code.

``model.ubj`` is what ``Booster.save_model`` writes and any XGBoost reads, R's and Java's too. ``model.json`` holds
which class it was and the attributes that scikit-learn's interface keeps beside the booster. What those cannot say in
plain data (an objective of one's own, callbacks) is pickled instead, and recorded as pickled.

The format is trees and numbers: nothing in it can name a function. XGBoost's C++ parser trusts what it reads, though,
so what a stranger signed is checked first (:mod:`nbregistry.flavors.ubjson`). As with ``save_model``, what only
training needs (a native booster's parameters) is not kept; the parameters of an estimator are its attributes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.errors import Corrupt
from nbregistry.flavors import pickling
from nbregistry.flavors.base import check_format
from nbregistry.flavors.state import NotPlain, StateReader, StateWriter
from nbregistry.flavors.ubjson import check_model

if TYPE_CHECKING:
    from nbregistry.artifacts.pack_reading import PackReader
    from nbregistry.artifacts.pack_writing import PackWriter

UBJ = "ubj"
BOOSTER = "model.ubj"
ABOUT = "model.json"
_NATIVE = "Booster"
_ESTIMATORS = ("XGBModel", "XGBClassifier", "XGBRegressor", "XGBRanker", "XGBRFClassifier", "XGBRFRegressor")


class XGBoostFlavor:
    """Stores boosters, and the estimators around them, as UBJSON and plain attributes."""

    name = "xgboost"
    formats = {UBJ: False} | pickling.FORMATS

    def recognises(self, model: Any) -> bool:
        """Tell whether it is a booster, or an estimator of exactly one of XGBoost's own classes."""
        kind = type(model)
        return kind.__module__.partition(".")[0] == "xgboost" and kind.__name__ in (_NATIVE, *_ESTIMATORS)

    def save(self, model: Any, pack: PackWriter, format: str | None = None) -> str:  # noqa: A002
        """Write the booster and what its estimator knows besides; pickle them if that is no plain data."""
        if format in pickling.FORMATS:
            return pickling.save(model, pack, format)
        writer = StateWriter(pack)
        native = type(model).__name__ == _NATIVE
        attributes = {} if native else dict(vars(model))
        booster = model if native else attributes.pop("_Booster", None)
        content = None if booster is None else booster.save_raw(UBJ)
        try:
            state = writer.encode(attributes)
            if content is not None:
                _check_plain(content)
        except NotPlain as error:
            if format is None:
                return pickling.save(model, pack)
            raise pickling.has_no_words(format, error) from None
        writer.write(ABOUT, {"class": type(model).__name__, "state": state, "fitted": booster is not None})
        if content is not None:
            pack.add(BOOSTER, content)
        return UBJ

    def check(self, pack: PackReader, format: str) -> None:  # noqa: A002
        """Look whether a booster is one that XGBoost would write."""
        if format == UBJ and BOOSTER in pack.paths:
            try:
                check_model(pack.read(BOOSTER))
            except ValueError as error:
                raise _unreadable(error) from error

    def load(self, pack: PackReader, format: str) -> Any:  # noqa: A002
        """Build the booster, and the estimator around it."""
        check_format(self, format)
        if format in pickling.FORMATS:
            return pickling.load(pack)
        reader = StateReader(pack)
        about = reader.read(ABOUT)
        attributes = reader.attributes(about.get("state"))
        booster = _booster(pack, attributes.get("n_jobs")) if about.get("fitted") is True else None
        if about.get("class") == _NATIVE and booster is not None:
            return booster
        if about.get("class") not in _ESTIMATORS:
            raise Corrupt(f"{about.get('class')!a:.60} is no class of XGBoost", hint="%nbr verify")
        import xgboost

        kind: Any = getattr(xgboost, about["class"])
        model = kind.__new__(kind)
        vars(model).update(attributes)
        if booster is not None:
            model._Booster = booster  # noqa: SLF001  where XGBoost's own __init__ and load_model put it
        return model


def _check_plain(content: bytearray) -> None:
    """Make sure that what is written can be checked by whoever reads it."""
    try:
        check_model(content)
    except ValueError as error:
        raise NotPlain(f"a booster that cannot be checked ({error})") from None


def _booster(pack: PackReader, threads: Any) -> Any:
    from xgboost import Booster
    from xgboost.core import XGBoostError

    booster = Booster({"nthread": threads} if type(threads) is int else None)
    if BOOSTER not in pack.paths:
        raise Corrupt(f"this artifact has no {BOOSTER}", hint="%nbr verify")
    content = pack.read(BOOSTER)
    try:
        booster.load_model(content)
    except (XGBoostError, ValueError) as error:
        raise _unreadable(error) from error
    return booster


def _unreadable(error: Exception) -> Corrupt:
    first = str(error).strip().partition("\n")[0]
    return Corrupt(f"XGBoost cannot read {BOOSTER} ({first:.200})", hint="%nbr verify")
