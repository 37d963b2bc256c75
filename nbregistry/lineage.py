"""Which version came from which: records in, a graph out.

Two kinds of arrow, both pointing from the older thing to the one made with it: *parent* (trained from) and
*dependency* (its output is the other's input). A lineage is a window on the whole graph: this version, its
ancestors, descendants and siblings, and everything it uses or that uses it. Nothing here reads a disk, so
the same documents always give the same lineage.
"""

from __future__ import annotations

import graphlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbregistry.errors import NotFound, Refused
from nbregistry.reference import name_and_number, recorded_ref
from nbregistry.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pandas as pd

Edge = tuple[str, str, str]
"""From, to and kind (``"parent"`` or ``"dependency"``)."""

_FINGERPRINT_SHOWN = len("sha256:") + 8


@dataclass(frozen=True, repr=False)
class Lineage(Shown):
    """One version among its relatives.

    Attributes
    ----------
    ref : str
        The version that was asked for.
    nodes : list of str
        Every version of this lineage, makers before what they made.
    edges : list of tuple
        ``(from, to, kind)``: parent to child, and used to user.
    parents, children, siblings : list of str
        A sibling shares at least one parent.
    depends_on, dependents : list of str
        Direct ones.
    ancestors, descendants : list of str
        Along parents, at any distance, nearest first.
    aliases : dict
        Reference to its aliases; only versions that have any.
    stray_aliases : dict
        Reference to those of its aliases that a key moved there which is not trusted; only versions that have any.
    statuses : dict
        Reference to its status.
    algorithms : dict
        Reference to its algorithm; only versions of which it is known.
    metrics : dict
        Reference to its metrics; only versions that have any.
    missing : frozenset of str
        Named by a version here, and not in this registry.
    datasets : dict
        Reference to one short line for each of its data sets.

    Examples
    --------
    >>> documents = [{"name": "churn", "version": 1}, {"name": "churn", "version": 2, "parents": ["churn@1"]}]
    >>> lineage_of("churn@2", documents).parents
    ['churn@1']
    """

    ref: str
    nodes: list[str]
    edges: list[Edge]
    parents: list[str] = field(default_factory=list)
    children: list[str] = field(default_factory=list)
    siblings: list[str] = field(default_factory=list)
    depends_on: list[str] = field(default_factory=list)
    dependents: list[str] = field(default_factory=list)
    ancestors: list[str] = field(default_factory=list)
    descendants: list[str] = field(default_factory=list)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stray_aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    algorithms: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    datasets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def to_frame(self) -> pd.DataFrame:
        """Give one row an edge: ``from``, ``to``, ``kind``."""
        import pandas as pd

        return pd.DataFrame(self.edges, columns=["from", "to", "kind"])


class Graph:
    """The arrows of many versions, both ways round, so that a lineage costs only what it reaches.

    Parameters
    ----------
    documents : iterable of mapping
        Catalog documents; ``name`` and ``version`` are needed, ``parents``, ``depends_on``, ``aliases``,
        ``stray_aliases``, ``status``, ``algorithm``, ``metrics`` and ``datasets`` are used where they are.
    """

    def __init__(self, documents: Iterable[Mapping[str, Any]] = ()) -> None:
        self.documents: dict[str, Mapping[str, Any]] = {}
        self._children: dict[str, dict[str, None]] = {}
        self._dependents: dict[str, dict[str, None]] = {}
        for document in documents:
            self.add(document)

    def add(self, document: Mapping[str, Any]) -> None:
        """Put one version in; one that is here already is replaced."""
        ref = recorded_ref(document)
        if ref in self.documents:
            for parent in self.parents(ref):
                self._children[parent].pop(ref, None)
            for used in self.depends_on(ref):
                self._dependents[used].pop(ref, None)
        self.documents[ref] = document
        for parent in self.parents(ref):
            self._children.setdefault(parent, {})[ref] = None
        for used in self.depends_on(ref):
            self._dependents.setdefault(used, {})[ref] = None

    def parents(self, ref: str) -> Sequence[str]:
        """Give what this version was trained from, as it was recorded."""
        return tuple(dict.fromkeys(self.documents.get(ref, {}).get("parents") or ()))

    def depends_on(self, ref: str) -> Sequence[str]:
        """Give what this version uses, as it was recorded."""
        return tuple(dict.fromkeys(self.documents.get(ref, {}).get("depends_on") or ()))

    def children(self, ref: str) -> Sequence[str]:
        """Give the versions trained from this one."""
        return tuple(self._children.get(ref, ()))

    def dependents(self, ref: str) -> Sequence[str]:
        """Give the versions that use this one."""
        return tuple(self._dependents.get(ref, ()))


def lineage_of(ref: str, documents: Iterable[Mapping[str, Any]] | Graph) -> Lineage:
    """Give the lineage of one version.

    Parameters
    ----------
    ref : str
        ``name@version``.
    documents : iterable of mapping, or Graph
        A graph that is kept answers in time proportional to what it reaches.

    Returns
    -------
    Lineage

    Raises
    ------
    NotFound
        When there is no such version.
    """
    graph = documents if isinstance(documents, Graph) else Graph(documents)
    if ref not in graph.documents:
        from difflib import get_close_matches

        raise NotFound(
            f"there is no version {ref}",
            nearest=get_close_matches(ref, graph.documents, n=3),
            hint="%versions NAME lists the versions of a model",
        )
    parents = _sorted(graph.parents(ref))
    siblings = _sorted({child for parent in parents for child in graph.children(parent)} - {ref})
    ancestors = _reach(ref, graph.parents)
    descendants = _reach(ref, graph.children)
    window = {
        ref,
        *siblings,
        *ancestors,
        *descendants,
        *_reach(ref, graph.depends_on),
        *_reach(ref, graph.dependents),
    }
    nodes = _makers_first(graph, window)
    known = [node for node in nodes if node in graph.documents]
    return Lineage(
        ref=ref,
        nodes=nodes,
        edges=_edges(graph, nodes),
        parents=parents,
        children=_sorted(graph.children(ref)),
        siblings=siblings,
        depends_on=_sorted(graph.depends_on(ref)),
        dependents=_sorted(graph.dependents(ref)),
        ancestors=ancestors,
        descendants=descendants,
        aliases={node: tuple(found) for node in known if (found := graph.documents[node].get("aliases"))},
        stray_aliases={node: tuple(found) for node in known if (found := graph.documents[node].get("stray_aliases"))},
        statuses={node: graph.documents[node].get("status", "active") for node in known},
        algorithms={node: found for node in known if (found := graph.documents[node].get("algorithm"))},
        metrics={node: dict(found) for node in known if (found := graph.documents[node].get("metrics"))},
        missing=frozenset(nodes).difference(known),
        datasets={
            node: tuple(map(_dataset_line, found)) for node in known if (found := graph.documents[node].get("datasets"))
        },
    )


def check_acyclic(
    documents: Iterable[Mapping[str, Any]] | Graph,
    new_ref: str,
    parents: Iterable[str],
    depends_on: Iterable[str] = (),
) -> None:
    """Refuse a version that would, through others, come from itself.

    A version may name one that is not there yet, so a cycle can close only at ``new_ref``; both kinds of
    arrow count.

    Parameters
    ----------
    documents : iterable of mapping, or Graph
        The versions that are there.
    new_ref : str
        The version about to be made.
    parents, depends_on : iterable of str
        What it names.

    Raises
    ------
    Refused
        Naming the cycle, e.g. ``churn@3 -> churn@4 -> churn@3``.
    """
    graph = documents if isinstance(documents, Graph) else Graph(documents)
    named = tuple(dict.fromkeys((*parents, *depends_on)))
    if new_ref not in named and not graph.children(new_ref) and not graph.dependents(new_ref):
        return  # nothing names it, so nothing can lead back to it
    makers: dict[str, Sequence[str]] = {new_ref: named}
    waiting = [*named]
    while waiting:
        ref = waiting.pop()
        if ref not in makers:
            makers[ref] = (*graph.parents(ref), *graph.depends_on(ref))
            waiting.extend(makers[ref])
    try:
        graphlib.TopologicalSorter(makers).prepare()
    except graphlib.CycleError as error:
        cycle = " -> ".join(error.args[1])
        raise Refused(
            f"the lineage of {new_ref} would be a circle: {cycle}",
            hint="leave one of these out of the parents or dependencies",
        ) from None


def _by_number(ref: str) -> tuple[str, int, str]:
    """Order references as people do: ``churn@9`` before ``churn@10``."""
    found = name_and_number(ref)
    return (*found, "") if found else (ref.rpartition("@")[0], 0, ref)


def _sorted(refs: Iterable[str]) -> list[str]:
    return sorted(refs, key=_by_number)


def _reach(start: str, step: Callable[[str], Iterable[str]]) -> list[str]:
    """Walk one kind of arrow to its end, nearest first; ends on any graph, cyclic ones from a damaged log too."""
    seen = {start}
    order: list[str] = []
    layer = [start]
    while layer:
        found = {ref for node in layer for ref in step(node)} - seen
        layer = _sorted(found)
        seen |= found
        order += layer
    return order


def _makers_first(graph: Graph, window: Iterable[str]) -> list[str]:
    """Order the window so that what made a thing stands before it, and equals by name and number."""
    inside = dict.fromkeys(_sorted(window))
    makers = {
        ref: [maker for maker in (*graph.parents(ref), *graph.depends_on(ref)) if maker in inside] for ref in inside
    }
    try:
        return list(graphlib.TopologicalSorter(makers).static_order())
    except graphlib.CycleError:  # only in a log that was not written through check_acyclic: show it all the same
        return list(inside)


def _edges(graph: Graph, nodes: Iterable[str]) -> list[Edge]:
    """Give every arrow with both ends inside, in the order of the nodes they lead to."""
    order = {node: place for place, node in enumerate(nodes)}
    return [
        (maker, node, kind)
        for node in order
        for kind, makers in (("parent", graph.parents(node)), ("dependency", graph.depends_on(node)))
        for maker in sorted((maker for maker in makers if maker in order), key=order.__getitem__)
    ]


def _dataset_line(dataset: Mapping[str, Any]) -> str:
    fingerprint = dataset["fingerprint"]
    short = fingerprint[:_FINGERPRINT_SHOWN] + "…" if len(fingerprint) > _FINGERPRINT_SHOWN else fingerprint
    return f"{dataset['role']} {dataset['rows']} × {dataset['columns']} {short}"
