"""The arrows of many versions, and the refusal of one that would close a circle.

Three kinds of arrow, all pointing from the older thing to the one made with it: *parent* (trained from), *dependency*
(its output is the other's input) and *data* (trained on, or evaluated on).
"""

from __future__ import annotations

import graphlib
from typing import TYPE_CHECKING, Any

from nbregistry.errors import Refused
from nbregistry.lineage.data import DataNode, data_id
from nbregistry.reference import name_and_number, recorded_ref

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence


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
        # Made when first asked for: whoever looks for circles, at each registration, has no question about data.
        self._data: _DataArrows | None = None
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
        self._data = None
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

    def users(self, ref: str) -> Sequence[str]:
        """Give whatever depends on this version directly, in either way."""
        return (*self.children(ref), *self.dependents(ref))

    def data(self, ref: str) -> Sequence[str]:
        """Give the ids of the data sets that this version was trained or evaluated on, as it was recorded."""
        return self._data_arrows().ids.get(ref, ())

    def data_ids(self) -> Sequence[str]:
        """Give the ids of all data sets."""
        return tuple(self._data_arrows().users)

    def data_node(self, node_id: str) -> DataNode:
        """Give a data set with the versions that used it."""
        uses = self._data_arrows().users.get(node_id, {})
        return DataNode.built(node_id, {ref: uses[ref] for ref in in_order(uses)})

    def _data_arrows(self) -> _DataArrows:
        if self._data is None:
            self._data = _DataArrows(self.documents)
        return self._data


class _DataArrows:
    """Which version used which data set, both ways round.

    Attributes
    ----------
    ids : dict
        Reference to the ids of its data sets.
    users : dict
        Id to reference to what was recorded of that use.
    """

    def __init__(self, documents: Mapping[str, Mapping[str, Any]]) -> None:
        self.ids: dict[str, tuple[str, ...]] = {}
        self.users: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
        for ref, document in documents.items():
            datasets = document.get("datasets")
            if datasets:
                ids = list(map(data_id, datasets))
                self.ids[ref] = tuple(dict.fromkeys(ids))
                for node_id, dataset in zip(ids, datasets, strict=True):
                    self.users.setdefault(node_id, {}).setdefault(ref, []).append(dataset)


def check_acyclic(
    documents: Iterable[Mapping[str, Any]] | Graph,
    new_ref: str,
    parents: Iterable[str],
    depends_on: Iterable[str] = (),
) -> None:
    """Refuse a version that would, through others, come from itself.

    A version may name one that is not there yet, so a cycle can close only at ``new_ref``; both kinds of
    arrow between versions count.

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


def in_order(refs: Iterable[str]) -> list[str]:
    """Order references as people do: ``churn@9`` before ``churn@10``."""
    found = list(refs)
    return sorted(found, key=_by_number) if len(found) > 1 else found


def _by_number(ref: str) -> tuple[str, int, str]:
    found = name_and_number(ref)
    return (*found, "") if found else (ref.rpartition("@")[0], 0, ref)


def reach(starts: Iterable[str], step: Callable[[str], Iterable[str]], depth: int | None = None) -> list[str]:
    """Walk arrows to their end, nearest first; ends on any graph, cyclic ones from a damaged log too.

    Parameters
    ----------
    starts : iterable of str
        None of them is among what is reached.
    step : callable
        Gives where the arrows of a node lead.
    depth : int, optional
        At most so many arrows away.
    """
    layer = list(starts)
    seen = set(layer)
    order: list[str] = []
    while layer and (depth is None or depth > 0):
        layer = in_order({ref for node in layer for ref in step(node)} - seen)
        seen.update(layer)
        order += layer
        depth = None if depth is None else depth - 1
    return order
