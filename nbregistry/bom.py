"""A bill of materials: what a model is made of and with, in the words of CycloneDX."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbregistry.shown import Shown

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Material:
    """One thing in a bill of materials.

    Attributes
    ----------
    kind : str
        ``"machine-learning-model"``, ``"data"``, ``"library"`` or ``"platform"``.
    name, version : str
    purl : str
        The address of a package; ``""`` for what is none, or came from no index.
    """

    kind: str
    name: str
    version: str = ""
    purl: str = ""


@dataclass(frozen=True, repr=False)
class BillOfMaterials(Shown):
    """What a version is made of and with, as a CycloneDX document.

    Attributes
    ----------
    ref : str
    spec : str
        Version of CycloneDX.
    serial : str
        Made from the content: the same record gives the same document.
    materials : tuple of Material
        The model first, then what it was made of and with.
    document : str
        The document itself, as JSON.
    written_to : str
        The file that it was written to, ``""`` for none.
    """

    ref: str
    spec: str
    serial: str
    materials: tuple[Material, ...]
    document: str
    written_to: str = ""

    def to_json(self) -> str:
        """Give the document."""
        return self.document

    def to_frame(self) -> pd.DataFrame:
        """Give one row a material: ``kind, name, version, purl``."""
        import pandas as pd

        rows = [(one.kind, one.name, one.version, one.purl) for one in self.materials]
        return pd.DataFrame(rows, columns=["kind", "name", "version", "purl"])
