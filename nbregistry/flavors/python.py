"""Any other Python object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.flavors import pickling
from nbregistry.flavors.base import check_format

if TYPE_CHECKING:
    from nbregistry.artifacts.pack_reading import PackReader
    from nbregistry.artifacts.pack_writing import PackWriter


class PythonFlavor:
    """Stores what no other flavor takes, by pickle; loading executes code."""

    name = "python"
    formats = pickling.FORMATS

    def recognises(self, model: Any) -> bool:  # noqa: ARG002
        """Take everything; it is asked last."""
        return True

    def save(self, model: Any, pack: PackWriter) -> str:
        """Write the object's files."""
        return pickling.save(model, pack)

    def load(self, pack: PackReader, format: str) -> Any:  # noqa: A002
        """Build the object."""
        check_format(self, format)
        return pickling.load(pack)
