"""Estimators of scikit-learn and of everything that builds on its classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.flavors import pickling
from nbregistry.flavors.base import ancestry, check_format

if TYPE_CHECKING:
    from nbregistry.artifacts.pack_reading import PackReader
    from nbregistry.artifacts.pack_writing import PackWriter


class SklearnFlavor:
    """Stores estimators by pickle; loading executes code."""

    name = "sklearn"
    formats = pickling.FORMATS

    def recognises(self, model: Any) -> bool:
        """Tell whether it is an estimator, a pipeline or a search."""
        return any(package == "sklearn" for package, _ in ancestry(model))

    def save(self, model: Any, pack: PackWriter) -> str:
        """Write the estimator's files."""
        return pickling.save(model, pack)

    def load(self, pack: PackReader, format: str) -> Any:  # noqa: A002
        """Build the estimator."""
        check_format(self, format)
        return pickling.load(pack)
