"""Estimators of scikit-learn and of everything that builds on its classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.flavors import pickling, skops
from nbregistry.flavors.base import ancestry, check_format

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbregistry.artifacts.pack_reading import PackReader
    from nbregistry.artifacts.pack_writing import PackWriter


class SklearnFlavor:
    """Stores estimators by pickle, which executes code when it is loaded; by skops if that is asked for."""

    name = "sklearn"
    formats = pickling.FORMATS | {skops.SKOPS: False}
    typed_formats = frozenset({skops.SKOPS})

    def recognises(self, model: Any) -> bool:
        """Tell whether it is an estimator, a pipeline or a search."""
        return any(package == "sklearn" for package, _ in ancestry(model))

    def save(self, model: Any, pack: PackWriter, format: str | None = None) -> str:  # noqa: A002
        """Write the estimator's files."""
        return skops.save(model, pack) if format == skops.SKOPS else pickling.save(model, pack, format)

    def load(self, pack: PackReader, format: str) -> Any:  # noqa: A002
        """Build the estimator; of a skops file, only if all of its types are known to be harmless."""
        return self.load_types(pack, format, ())

    def doubtful_types(self, pack: PackReader) -> tuple[str, ...]:
        """Name the types of a skops file that skops does not know to be harmless."""
        return skops.doubtful_types(pack)

    def load_types(self, pack: PackReader, format: str, types: Sequence[str]) -> Any:  # noqa: A002
        """Build the estimator, of a skops file with these types besides the harmless ones."""
        check_format(self, format)
        return skops.load(pack, types) if format == skops.SKOPS else pickling.load(pack)
