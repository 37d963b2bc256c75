"""A model becomes an artifact."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.artifacts.pack_writing import Packed, PackWriter
from nbregistry.flavors import by_name, choose
from nbregistry.flavors.base import names_types
from nbregistry.progress import Progress

if TYPE_CHECKING:
    from nbregistry.artifacts.store import ArtifactStore

_NAMED_TYPES = 4


@dataclass(frozen=True)
class StoredModel:
    """The artifact of a model.

    Attributes
    ----------
    packed : Packed
    flavor, format : str
        E.g. ``"sklearn"`` and ``"pickle"``.
    executes_code : bool
        Whether loading it does.
    """

    packed: Packed
    flavor: str
    format: str
    executes_code: bool


def store_model(name: str, model: Any, wanted: str | None, store: ArtifactStore) -> StoredModel:
    """Store a model, in the format that is wanted or the one that its flavor chooses; with a bar."""
    flavor = choose(model, wanted)
    with Progress(f"register {name}", _size_of(model)), PackWriter(store) as pack:
        format_name = flavor.save(model, pack, wanted)
        packed = pack.finish({"flavor": flavor.name, "format": format_name})
    return StoredModel(packed, flavor.name, format_name, flavor.formats[format_name])


def doubtful_types(model: StoredModel, store: ArtifactStore) -> tuple[str, ...]:
    """Warn of types for which a reader who does not know the key will be refused."""
    flavor = by_name(model.flavor)
    if not names_types(flavor, model.format):
        return ()
    types = flavor.doubtful_types(PackReader(store, model.packed.digest))
    if not types:
        return ()
    named = ", ".join(types[:_NAMED_TYPES]) + (" …" if len(types) > _NAMED_TYPES else "")
    return (f"who does not trust your key must trust these types to load it: {named}",)


def _size_of(model: Any) -> int | None:
    """Give the bytes that will pass, where they are known beforehand: of arrays, or of one file."""
    if isinstance(model, (str, Path)):
        return Path(model).stat().st_size if Path(model).is_file() else None
    parts = model.values() if type(model) is dict else (model,)
    sizes = [size for part in parts if type(size := getattr(part, "nbytes", None)) is int]
    return sum(sizes) if len(sizes) == len(parts) else None
