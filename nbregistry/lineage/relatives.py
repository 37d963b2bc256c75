"""One version, or one data set, among its relatives: a window on the whole graph.

The window of a version: its ancestors, descendants and siblings, everything it uses, whatever depends on it in any way,
and the data sets of all of these. Nothing here reads a disk, so the same documents always give the same lineage.
"""

from __future__ import annotations

import graphlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from nbregistry.errors import NotFound
from nbregistry.lineage.data import DataNode, beginning_with, is_data
from nbregistry.lineage.graph import Graph, in_order, reach
from nbregistry.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

Edge = tuple[str, str, str]
"""From, to and kind (``"parent"``, ``"dependency"`` or ``"data"``)."""


@dataclass(frozen=True, repr=False)
class Lineage(Shown):
    """One version among its relatives.

    Attributes
    ----------
    ref : str
        The version that was asked for, or the id of the data set.
    nodes : list of str
        The ids of the data sets, then every version of this lineage, makers before what they made.
    edges : list of tuple
        ``(from, to, kind)``: parent to child, used to user, data set to the version that was trained or evaluated on
        it.
    parents, children, siblings : list of str
        A sibling shares at least one parent.
    depends_on, dependents : list of str
        Direct ones; the dependents of a data set are the versions that were made with it.
    ancestors, descendants : list of str
        Along parents, at any distance, nearest first.
    impact : list of str
        Every version that depends on this one, as a child or as a user, through others as well; nearest first.
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
    data : dict
        Id of each data set here to what is known of it, and to the versions of the whole registry that used it.
    depth : int or None
        At most so many arrows away, if that was asked for.
    up, down : bool
        Whether what made it, and what depends on it, was asked for.

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
    impact: list[str] = field(default_factory=list)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stray_aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    algorithms: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    data: Mapping[str, DataNode] = field(default_factory=dict)
    depth: int | None = None
    up: bool = True
    down: bool = True

    @cached_property
    def versions(self) -> list[str]:
        """The nodes that are versions."""
        return [node for node in self.nodes if node not in self.data]

    @cached_property
    def datasets(self) -> dict[str, tuple[str, ...]]:
        """Reference to the ids of its data sets; only versions that have any."""
        found: dict[str, list[str]] = {}
        for maker, ref, kind in self.edges:
            if kind == "data":
                found.setdefault(ref, []).append(maker)
        return {ref: tuple(ids) for ref, ids in found.items()}

    def to_frame(self) -> pd.DataFrame:
        """Give one row an edge: ``from``, ``to``, ``kind``."""
        import pandas as pd

        return pd.DataFrame(self.edges, columns=["from", "to", "kind"])


def lineage_of(
    ref: str,
    documents: Iterable[Mapping[str, Any]] | Graph,
    *,
    depth: int | None = None,
    up: bool = True,
    down: bool = True,
) -> Lineage:
    """Give the lineage of one version, or of one data set.

    Parameters
    ----------
    ref : str
        ``name@version``, or the id of a data set, which may be shortened as long as it is one's alone.
    documents : iterable of mapping, or Graph
        A graph that is kept answers in time proportional to what it reaches.
    depth : int, optional
        At most so many arrows away.
    up, down : bool, default True
        Whether to look for what made it, and for what depends on it.

    Returns
    -------
    Lineage

    Raises
    ------
    NotFound
        When there is no such version or data set, or several begin so.
    """
    graph = documents if isinstance(documents, Graph) else Graph(documents)
    if is_data(ref):
        return _of_data(_found(ref, graph), graph, depth, down=down)
    if ref not in graph.documents:
        from difflib import get_close_matches

        raise NotFound(
            f"there is no version {ref}",
            nearest=get_close_matches(ref, graph.documents, n=3),
            hint="%versions NAME lists the versions of a model",
        )
    parents = in_order(graph.parents(ref)) if up else []
    siblings = in_order({child for parent in parents for child in graph.children(parent)} - {ref}) if down else []
    ancestors = reach([ref], graph.parents, depth) if up else []
    uses = reach([ref], graph.depends_on, depth) if up else []
    impact = reach([ref], graph.users, depth) if down else []
    nodes = _makers_first(graph, {ref, *siblings, *ancestors, *uses, *impact})
    data = dict.fromkeys(node_id for node in nodes for node_id in graph.data(node)) if up else {}
    return _window(
        graph,
        ref,
        nodes,
        data,
        parents=parents,
        children=in_order(graph.children(ref)) if down else [],
        siblings=siblings,
        depends_on=in_order(graph.depends_on(ref)) if up else [],
        dependents=in_order(graph.dependents(ref)) if down else [],
        ancestors=ancestors,
        descendants=reach([ref], graph.children, depth) if down else [],
        impact=impact,
        depth=depth,
        up=up,
        down=down,
    )


def _of_data(node_id: str, graph: Graph, depth: int | None, *, down: bool) -> Lineage:
    """Give who was made with a data set, what came of them, and who was evaluated on it."""
    node = graph.data_node(node_id)
    made = list(node.made)
    further = None if depth is None else depth - 1
    impact = [*made, *reach(made, graph.users, further)] if down else []
    judged = [ref for refs in node.users.values() for ref in refs] if down else []
    return _window(
        graph,
        node_id,
        _makers_first(graph, {*impact, *judged}),
        {node_id: None},
        dependents=made if down else [],
        impact=impact,
        depth=depth,
        up=False,
        down=down,
    )


def _window(graph: Graph, ref: str, nodes: list[str], data: Iterable[str], **relatives: Any) -> Lineage:
    """Put together what is known of the nodes."""
    known = {node: graph.documents[node] for node in nodes if node in graph.documents}
    every = list(dict.fromkeys((*data, *nodes)))
    return Lineage(
        ref=ref,
        nodes=every,
        edges=_edges(graph, every),
        aliases={node: tuple(found) for node, document in known.items() if (found := document.get("aliases"))},
        stray_aliases={
            node: tuple(found) for node, document in known.items() if (found := document.get("stray_aliases"))
        },
        statuses={node: document.get("status", "active") for node, document in known.items()},
        algorithms={node: found for node, document in known.items() if (found := document.get("algorithm"))},
        metrics={node: dict(found) for node, document in known.items() if (found := document.get("metrics"))},
        missing=frozenset(nodes).difference(known),
        data={node_id: graph.data_node(node_id) for node_id in data},
        **relatives,
    )


def _found(written: str, graph: Graph) -> str:
    """Give the id of the data set that is meant."""
    found = beginning_with(written, graph.data_ids())
    if len(found) == 1:
        return found[0]
    told = f"{len(found)} data sets begin with" if found else "there is no data set"
    raise NotFound(f"{told} {written}", nearest=found[:3], hint="%lineage REF shows the data sets of a version")


def _makers_first(graph: Graph, window: Iterable[str]) -> list[str]:
    """Order the window so that what made a thing stands before it, and equals by name and number."""
    inside = dict.fromkeys(in_order(window))
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
        for kind, makers in (
            ("parent", graph.parents(node)),
            ("dependency", graph.depends_on(node)),
            ("data", graph.data(node)),
        )
        for maker in _placed(makers, order)
    ]


def _placed(makers: Sequence[str], order: Mapping[str, int]) -> Sequence[str]:
    here = [maker for maker in makers if maker in order]
    return sorted(here, key=order.__getitem__) if len(here) > 1 else here
