"""List what there is: versions chosen and ordered, models, the journal, a lineage."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from nbregistry.errors import InvalidFilter, NotFound, Refused
from nbregistry.lineage import Graph, Lineage, is_data, lineage_of
from nbregistry.listings import AliasLog, Holding, Journal, Models, Tenure, Versions
from nbregistry.operations.resolving import alias_of, resolve, resolve_name, written
from nbregistry.reference import CHAMPION, check_alias, instant, recorded_ref
from nbregistry.spelling import nearest

if TYPE_CHECKING:
    from nbregistry.catalog.view import View
    from nbregistry.model import ModelVersion
    from nbregistry.operations.resolving import Ref
    from nbregistry.operations.workspace import Workspace

Document = Mapping[str, Any]
Lacking = dict[str, tuple[str, ...]]
MAPPINGS = ("metrics", "params", "tags")
ATTRIBUTES = ("name", "version", "status", "approval", "created_at", "created_by", "algorithm", "flavor", "size")


def list_versions(
    workspace: Workspace,
    name: str | None,
    *,
    where: str | None,
    order_by: str | Sequence[str],
    limit: int | None,
    offset: int = 0,
    plot: Sequence[str] = (),
) -> Versions:
    """List versions; see :meth:`nbregistry.Registry.versions`."""
    _check_limit(limit)
    if offset < 0:
        raise Refused(f"there is no row {offset}", hint="offset=0 begins with the first")
    view = workspace.view()
    documents = view.versions_of(resolve_name(view, name)) if name is not None else view.all_versions()
    matching, lacking = choose(documents, where)
    chosen = order(matching, [order_by] if isinstance(order_by, str) else order_by)
    drawn = _to_draw(name, plot, matching)
    read = workspace.records.version
    end = None if limit is None else offset + limit

    def before(version: ModelVersion) -> ModelVersion | None:
        document = view.version(version.name, version.version - 1)
        return read(document) if document else None

    def beyond() -> tuple[ModelVersion, ...]:
        return tuple(map(read, chosen[:offset] + ([] if end is None else chosen[end:])))

    return Versions(
        tuple(map(read, chosen[offset:end])),
        len(chosen),
        name or "",
        where or "",
        limit,
        lacking=lacking,
        before=before,
        beyond=beyond,
        plot=drawn,
        tenures=_tenures(workspace, matching[0]["name"]) if drawn else (),
    )


def _to_draw(name: str | None, plot: Sequence[str], documents: Sequence[Document]) -> tuple[str, ...]:
    """Give the metrics to draw by their names alone."""
    if plot and name is None:
        raise Refused("a metric is drawn over the versions of one model", hint="%versions NAME --plot metrics.NAME")
    drawn = tuple(dict.fromkeys(metric.removeprefix("metrics.") for metric in plot))
    for metric in drawn:
        if not _having("metrics", metric, documents):
            there = sorted({known for document in documents for known in document["metrics"]})
            raise NotFound(
                f"none of these versions has a metric {metric!r}",
                nearest=[f"metrics.{near}" for near in _similar("metrics", metric, documents)],
                hint=f"they have: {', '.join(there) or 'none'}",
            )
    return drawn


def _tenures(workspace: Workspace, name: str) -> tuple[Tenure, ...]:
    """Say which version was champion from when to when; a move to where it was already is none."""
    moves = _moves(workspace.view().alias(name, CHAMPION))
    ends = [*(move["at"] for move in moves[1:]), ""][: len(moves)]  # of none, where nothing was ever champion
    is_trusted = workspace.keyring.is_trusted
    return tuple(
        Tenure(move["version"], move["at"], end, is_trusted(move["key"])) for move, end in zip(moves, ends, strict=True)
    )


def list_models(workspace: Workspace, where: str | None) -> Models:
    """List models; see :meth:`nbregistry.Registry.models`."""
    view = workspace.view()
    names, lacking = sorted(view.names()), Lacking()
    if where:
        matching, lacking = choose(view.all_versions(), where)
        names = sorted({document["name"] for document in matching})
    return Models(tuple(map(workspace.records.model, names)), len(names), where or "", len(view.names()), lacking)


def list_events(workspace: Workspace, name: str | None, *, limit: int | None) -> Journal:
    """List the journal; see :meth:`nbregistry.Registry.log`."""
    _check_limit(limit)
    view = workspace.view()
    events = view.events_of(None if name is None else resolve_name(view, name))
    last = events if limit is None else events[-limit:]
    return Journal(tuple(map(workspace.records.event, last)), len(events), name or "", limit)


def list_holders(workspace: Workspace, name: str | None, alias: str, *, limit: int | None) -> AliasLog:
    """List what was live when; see :meth:`nbregistry.Registry.log`."""
    check_alias(alias)
    _check_limit(limit)
    if name is None:
        raise Refused(f"{alias!r} is an alias of a model, and none is named", hint=f"%nbr log NAME --alias {alias}")
    view = workspace.view()
    document = alias_of(view, resolve_name(view, name), alias)
    # A stranger's commit may move an alias of a model that it does not name: then it is in no event of this model.
    events: dict[int, Document] = {event["seq"]: event for event in view.events_of(name)}
    moves = _moves(document)
    ends = [move["at"] for move in moves[1:]] + [""]
    now = datetime.now(UTC).isoformat()
    found = tuple(
        Holding(
            f"{name}@{move['version']}",
            move["at"],
            end,
            _seconds(move["at"], end or now),
            **{key: events.get(move["seq"], {}).get(key, "") for key in ("verb", "actor", "reason")},
            key=move["key"],
            trusted=workspace.keyring.is_trusted(move["key"]),
        )
        for move, end in zip(moves, ends, strict=True)
    )
    return AliasLog(found if limit is None else found[-limit:], len(found), name, alias)


def _moves(alias: Document | None) -> list[Document]:
    """Give the moves of an alias, oldest first; one to where it was already is none."""
    moves: list[Document] = []
    for holding in alias["history"] if alias else ():
        if not moves or moves[-1]["version"] != holding["version"]:
            moves.append(holding)
    return moves


def _seconds(since: str, until: str) -> float | None:
    """Give how long it was; ``None`` where a clock was set back, or somebody wrote no time."""
    one, other = instant(since), instant(until)
    return (other - one).total_seconds() if one and other and other >= one else None


def _check_limit(limit: int | None) -> None:
    if limit is not None and limit < 1:
        raise Refused(f"a limit of {limit} shows nothing", hint="leave it out, or give 1 or more")


def trace(workspace: Workspace, ref: Ref, *, depth: int | None = None, up: bool = True, down: bool = True) -> Lineage:
    """Give a lineage; see :meth:`nbregistry.Registry.lineage`."""
    if depth is not None and depth < 1:
        raise Refused(f"a depth of {depth} shows nothing", hint="leave it out, or give 1 or more")
    if not up and not down:
        raise Refused("neither up nor down: that shows nothing", hint="leave out one of the two")
    view = workspace.view()
    start = written(ref) if is_data(ref) else recorded_ref(resolve(view, ref))
    shown = ("name", "version", "parents", "depends_on", "aliases", "status", "algorithm", "metrics")
    records = workspace.records
    graph = Graph(
        {key: version[key] for key in shown}
        | {
            "datasets": _datasets(view, version),
            "stray_aliases": records.stray_aliases(version) if version["aliases"] else (),
        }
        for version in view.all_versions()
    )
    return lineage_of(start, graph, depth=depth, up=up, down=down)


def _datasets(view: View, version: Document) -> list[Document]:
    """Give the data sets that a version was registered with, and those that it was evaluated on later."""
    registered = [view.shared_value(digest) for digest in version["datasets"] if view.has_shared(digest)]
    evaluated = view.evaluations_of(version["name"], version["version"])
    return registered + [
        {**found["dataset"], "name": found["evaluation"] or found["dataset"]["name"]} for found in evaluated
    ]


def choose(documents: Sequence[Document], where: str | None) -> tuple[list[Document], Lacking]:
    """Give the documents that match a filter; where none does, also the keys it asks for that none of them has.

    Raises
    ------
    InvalidFilter
        Suggesting only keys that some of them have.
    """
    if not where:
        return list(documents), {}
    from nbregistry.catalog.filters import parse
    from nbregistry.catalog.filters.fields import Field

    try:
        chosen = parse(where)
    except InvalidFilter as error:
        existing = tuple(_existing(error.nearest, documents))
        if error.nearest and not existing:
            error.hint = error.hint or "a key is written metrics.NAME, params.NAME or tags.NAME"
        error.nearest = existing
        raise
    matches = chosen.test()
    found = [document for document in documents if matches(document)]
    if found or not documents:
        return found, {}
    return found, {
        str(field): tuple(str(Field(field.kind, name)) for name in _similar(field.kind, field.key, documents))
        for field in chosen.fields()
        if field.kind and not _having(field.kind, field.key, documents)
    }


def _existing(suggested: Sequence[str], documents: Sequence[Document]) -> list[str]:
    """Replace suggested keys, which the filter's text alone gave, by those that there are."""
    from nbregistry.catalog.filters.fields import Field

    parts = [(kind, key.strip('`"')) for kind, dot, key in (text.partition(".") for text in suggested) if dot]
    keyed = [(kind, key) for kind, key in parts if kind in MAPPINGS]
    if not keyed or not documents:
        return list(suggested)
    there = [(kind, key) for kind, key in keyed if _having(kind, key, documents)]
    there = there or [(kind, name) for kind, key in keyed for name in _similar(kind, key, documents)]
    return [str(Field(kind, key)) for kind, key in there]


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
        value = _reader(field, documents)
        if documents and not any(_is_there(value(document)) for document in documents):
            kind, _, key = field.partition(".")
            near = [f"{kind}.{name}" for name in _similar(kind, key, documents)] if kind in MAPPINGS else ()
            raise InvalidFilter(f"none of these versions has {field!r}", nearest=near, hint=_sort_by())
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


def _having(kind: str, key: str, documents: Sequence[Document]) -> bool:
    return any(key in document[kind] for document in documents)


def _similar(kind: str, key: str, documents: Sequence[Document]) -> list[str]:
    return nearest(key, {name for document in documents for name in document[kind]})


def _reader(field: str, documents: Sequence[Document]) -> Callable[[Document], Any]:
    kind, _, key = field.partition(".")
    if kind in MAPPINGS and key:
        return lambda document: document[kind].get(key)
    if field in ATTRIBUTES:
        return lambda document: document[field]
    known = _sortable()
    raise InvalidFilter(
        f"there is no field {field!r} to sort by",
        nearest=nearest(field, known)
        or [f"{kind}.{name}" for kind in MAPPINGS for name in _similar(kind, field, documents)]
        or [f"metrics.{field}"],
        hint=_sort_by(),
    )


def _sortable() -> list[str]:
    return [*(f"{kind}.NAME" for kind in MAPPINGS), *ATTRIBUTES]


def _sort_by() -> str:
    return f"sort by {', '.join(_sortable())}"


def _is_there(value: Any) -> bool:
    return value is not None and not (isinstance(value, float) and math.isnan(value))


def _comparable(value: Any) -> tuple[bool, Any]:
    """Numbers before text: a parameter may be either."""
    return isinstance(value, str), value
