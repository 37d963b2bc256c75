"""List what there is: versions chosen and ordered, models, the journal, a lineage."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nbregistry.errors import InvalidFilter, Refused
from nbregistry.lineage import Graph, Lineage, lineage_of
from nbregistry.listings import Journal, Models, Versions
from nbregistry.operations.resolving import nearest, resolve, resolve_name
from nbregistry.reference import recorded_ref

if TYPE_CHECKING:
    from nbregistry.model import ModelVersion
    from nbregistry.operations.resolving import Ref
    from nbregistry.operations.workspace import Workspace

Document = Mapping[str, Any]
MAPPINGS = ("metrics", "params", "tags")
ATTRIBUTES = ("name", "version", "status", "approval", "created_at", "created_by", "algorithm", "flavor", "size")


def list_versions(
    workspace: Workspace, name: str | None, *, where: str | None, order_by: str | Sequence[str], limit: int | None
) -> Versions:
    """List versions; see :meth:`nbregistry.Registry.versions`."""
    if limit is not None and limit < 1:
        raise Refused(f"a limit of {limit} shows nothing", hint="leave it out, or give 1 or more")
    view = workspace.view()
    documents = view.versions_of(resolve_name(view, name)) if name is not None else view.all_versions()
    chosen = order(choose(documents, where), [order_by] if isinstance(order_by, str) else order_by)
    read = workspace.records.version

    def before(version: ModelVersion) -> ModelVersion | None:
        document = view.version(version.name, version.version - 1)
        return read(document) if document else None

    def beyond() -> tuple[ModelVersion, ...]:
        return () if limit is None else tuple(map(read, chosen[limit:]))

    return Versions(tuple(map(read, chosen[:limit])), len(chosen), name or "", where or "", limit, before, beyond)


def list_models(workspace: Workspace, where: str | None) -> Models:
    """List models; see :meth:`nbregistry.Registry.models`."""
    view = workspace.view()
    matching = {document["name"] for document in choose(view.all_versions(), where)} if where else None
    names = [name for name in sorted(view.names()) if matching is None or name in matching]
    return Models(tuple(map(workspace.records.model, names)), len(names), where or "", len(view.names()))


def list_events(workspace: Workspace, name: str | None) -> Journal:
    """List the journal; see :meth:`nbregistry.Registry.log`."""
    view = workspace.view()
    events = view.events_of(None if name is None else resolve_name(view, name))
    return Journal(tuple(map(workspace.records.event, events)), len(events), name or "")


def trace(workspace: Workspace, ref: Ref) -> Lineage:
    """Give a lineage; see :meth:`nbregistry.Registry.lineage`."""
    view = workspace.view()
    document = resolve(view, ref)
    shown = ("name", "version", "parents", "depends_on", "aliases", "status", "algorithm", "metrics")
    graph = Graph(
        {key: version[key] for key in shown} | {"datasets": [view.shared_value(d) for d in version["datasets"]]}
        for version in view.all_versions()
    )
    return lineage_of(recorded_ref(document), graph)


def choose(documents: Sequence[Document], where: str | None) -> list[Document]:
    """Give the documents that match a filter.

    Raises
    ------
    InvalidFilter
    """
    if not where:
        return list(documents)
    from nbregistry.catalog.filters import parse

    matches = parse(where).test()
    return [document for document in documents if matches(document)]


def order(documents: list[Document], fields: Sequence[str]) -> list[Document]:
    """Sort by fields, the first one first; ``-`` before a field, or ``DESC`` after it, puts its largest first.

    What lacks a field, or has NaN there, comes last either way. Equal versions keep their order.

    Raises
    ------
    InvalidFilter
        For a field that does not exist.
    """
    for given in reversed(fields):
        field, descending = _direction(given)
        value = _reader(field)
        if documents and not any(_is_there(value(document)) for document in documents):
            raise InvalidFilter(f"none of these versions has {field!r}", nearest=_similar(field, documents))
        present = [document for document in documents if _is_there(value(document))]
        absent = [document for document in documents if not _is_there(value(document))]
        documents = sorted(present, key=lambda document: _comparable(value(document)), reverse=descending) + absent
    return documents


def _direction(given: str) -> tuple[str, bool]:
    """Read ``-field``, and ``field ASC`` or ``field DESC`` as MLflow has it."""
    field, _, word = given.strip().partition(" ")
    if word.strip().upper() in ("ASC", "DESC"):
        return field, word.strip().upper() == "DESC"
    return given.removeprefix("-"), given.startswith("-")


def _similar(field: str, documents: Sequence[Document]) -> list[str]:
    kind, _, key = field.partition(".")
    if kind not in MAPPINGS:
        return []
    return [f"{kind}.{name}" for name in nearest(key, {name for document in documents for name in document[kind]})]


def _reader(field: str) -> Callable[[Document], Any]:
    kind, _, key = field.partition(".")
    if kind in MAPPINGS and key:
        return lambda document: document[kind].get(key)
    if field in ATTRIBUTES:
        return lambda document: document[field]
    known = [*(f"{kind}.NAME" for kind in MAPPINGS), *ATTRIBUTES]
    raise InvalidFilter(
        f"there is no field {field!r} to sort by",
        nearest=nearest(field, known) or [f"metrics.{field}"],
        hint="sort by " + ", ".join(known),
    )


def _is_there(value: Any) -> bool:
    return value is not None and not (isinstance(value, float) and math.isnan(value))


def _comparable(value: Any) -> tuple[bool, Any]:
    """Numbers before text: a parameter may be either."""
    return isinstance(value, str), value
