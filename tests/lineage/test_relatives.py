"""Lineage: against an oracle that knows nothing clever."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbregistry.errors import NotFound, Refused
from nbregistry.lineage import Graph, check_acyclic, lineage_of


def document(version, parents=(), depends_on=(), **more):
    """Make a catalog document of the model m."""
    return {
        "name": "m",
        "version": version,
        "parents": [f"m@{n}" for n in parents],
        "depends_on": [f"m@{n}" for n in depends_on],
        **more,
    }


FAMILY = [
    document(
        1,
        aliases=["champion"],
        datasets=[{"role": "train", "rows": 398, "columns": 30, "fingerprint": "sha256:ab12cd34ef"}],
    ),
    document(2, parents=[1]),
    document(3, parents=[1], status="rolled_back"),
    document(4, parents=[2, 3]),
    document(5, parents=[4], depends_on=[6, 99]),
    document(6),
    document(7, depends_on=[5]),
    document(8),
    document(10, parents=[1]),
]


def test_a_family_of_all_kinds():
    lineage = lineage_of("m@5", FAMILY)
    assert lineage.parents == ["m@4"]
    assert lineage.ancestors == ["m@4", "m@2", "m@3", "m@1"]
    assert lineage.depends_on == ["m@6", "m@99"]
    assert lineage.dependents == ["m@7"]
    assert lineage.children == lineage.descendants == lineage.siblings == []
    assert lineage.missing == {"m@99"}
    assert "m@8" not in lineage.nodes
    assert "m@10" not in lineage.nodes
    assert lineage.aliases == {"m@1": ("champion",)}
    assert lineage.statuses["m@3"] == "rolled_back"
    assert lineage.statuses["m@5"] == "active"
    assert lineage.datasets == {"m@1": ("data:sha256:ab12cd34ef",)}
    assert lineage.nodes[0] == "data:sha256:ab12cd34ef"
    assert ("data:sha256:ab12cd34ef", "m@1", "data") in lineage.edges
    assert ("m@6", "m@5", "dependency") in lineage.edges
    assert ("m@4", "m@5", "parent") in lineage.edges


def test_siblings_share_a_parent_and_are_in_the_order_of_their_numbers():
    assert lineage_of("m@2", FAMILY).siblings == ["m@3", "m@10"]
    assert lineage_of("m@1", FAMILY).siblings == []


def test_edges_as_a_frame():
    frame = lineage_of("m@2", FAMILY).to_frame()
    assert list(frame.columns) == ["from", "to", "kind"]
    assert len(frame) == len(lineage_of("m@2", FAMILY).edges)
    assert list(lineage_of("m@8", FAMILY).to_frame().columns) == ["from", "to", "kind"]


def test_an_unknown_version_is_not_found():
    with pytest.raises(NotFound, match="m@11") as caught:
        lineage_of("m@11", FAMILY)
    assert "m@1" in caught.value.nearest


def test_a_missing_version_that_comes_later_finds_its_children():
    graph = Graph([document(2, parents=[1])])
    assert lineage_of("m@2", graph).missing == {"m@1"}
    graph.add(document(1))
    assert lineage_of("m@1", graph).children == ["m@2"]
    assert lineage_of("m@2", graph).missing == frozenset()


def test_a_version_that_is_added_again_is_replaced():
    graph = Graph([document(1), document(2), document(3, parents=[1])])
    graph.add(document(3, parents=[2], depends_on=[1]))
    assert lineage_of("m@1", graph).children == []
    assert lineage_of("m@1", graph).dependents == ["m@3"]
    assert lineage_of("m@3", graph).parents == ["m@2"]


def test_a_cycle_is_refused_by_name():
    documents = [document(4, parents=[5]), document(5, depends_on=[3])]
    with pytest.raises(Refused, match="m@3 would be a circle: m@3 -> m@5 -> m@4 -> m@3"):
        check_acyclic(documents, "m@3", ["m@4"])
    with pytest.raises(Refused, match="m@3"):
        check_acyclic([], "m@3", ["m@3"])
    check_acyclic(documents, "m@3", ["m@1"])
    check_acyclic(documents, "m@6", ["m@4"], ["m@5"])


def test_a_damaged_log_with_a_cycle_still_has_a_lineage():
    lineage = lineage_of("m@1", [document(1, parents=[2]), document(2, parents=[1])])
    assert lineage.nodes == ["m@1", "m@2"]
    assert lineage.ancestors == ["m@2"]


def test_a_long_chain_is_no_deep_recursion():
    documents = [document(1), *(document(n, parents=[n - 1]) for n in range(2, 5001))]
    lineage = lineage_of("m@2500", documents)
    assert len(lineage.nodes) == 5000
    assert lineage.ancestors[-1] == "m@1"


def test_a_kept_graph_costs_only_what_is_reached(monkeypatch):
    graph = Graph(document(n) for n in range(1, 20_001))
    graph.add(document(20_001, parents=[7]))
    asked = []
    parents = Graph.parents
    monkeypatch.setattr(Graph, "parents", lambda self, ref: asked.append(ref) or parents(self, ref))
    check_acyclic(graph, "m@20002", ["m@20001"])
    assert lineage_of("m@20001", graph).nodes == ["m@7", "m@20001"]
    assert set(asked) <= {"m@7", "m@20001", "m@20002"}


numbers = st.integers(1, 9)
graphs = st.dictionaries(numbers, st.tuples(st.sets(numbers, max_size=3), st.sets(numbers, max_size=2)), min_size=1)


def reach(start, step):
    """Follow arrows until nothing new comes: the oracle's only tool."""
    found = set()
    while True:
        more = {b for a, b in step if a in found | {start}} - {start}
        if more <= found:
            return found
        found |= more


@given(graphs, st.data())
def test_a_lineage_equals_the_oracle(graph, data):
    documents = [document(n, parents, uses) for n, (parents, uses) in graph.items()]
    start = f"m@{data.draw(st.sampled_from(sorted(graph)))}"
    up = {(f"m@{n}", f"m@{p}") for n, (parents, _) in graph.items() for p in parents}
    use = {(f"m@{n}", f"m@{p}") for n, (_, uses) in graph.items() for p in uses}
    down, used = {(b, a) for a, b in up}, {(b, a) for a, b in use}
    lineage = lineage_of(start, documents)
    siblings = {n for n, p in up if (start, p) in up} - {start}
    nodes = {start} | siblings
    for step in (up, use, down | used):
        nodes |= reach(start, step)
    assert set(lineage.impact) == reach(start, down | used)
    assert len(lineage.impact) == len(set(lineage.impact))
    assert set(lineage.ancestors) == reach(start, up)
    assert set(lineage.descendants) == reach(start, down)
    assert set(lineage.siblings) == siblings
    assert set(lineage.parents) == {b for a, b in up if a == start}
    assert set(lineage.dependents) == {b for a, b in used if a == start}
    assert len(lineage.nodes) == len(set(lineage.nodes))
    assert set(lineage.nodes) == nodes
    assert lineage.missing == nodes - {f"m@{n}" for n in graph}
    edges = {(p, n, "parent") for n, p in up} | {(p, n, "dependency") for n, p in use}
    assert set(lineage.edges) == {edge for edge in edges if {edge[0], edge[1]} <= nodes}
    assert len(lineage.edges) == len(set(lineage.edges))


@given(graphs, st.data(), st.integers(1, 4), st.booleans())
def test_one_way_and_at_most_so_far(graph, data, depth, up):
    documents = [document(n, parents, uses) for n, (parents, uses) in graph.items()]
    start = f"m@{data.draw(st.sampled_from(sorted(graph)))}"
    whole = lineage_of(start, documents)
    part = lineage_of(start, documents, depth=depth, up=up, down=not up)
    above, below = ("parents", "ancestors", "depends_on"), ("children", "descendants", "dependents", "impact")
    for name in (*(below if up else above), "siblings"):
        assert getattr(part, name) == []
    for name in above if up else below:
        assert getattr(part, name) == getattr(whole, name)[: len(getattr(part, name))]
    arrows = {(made, maker) if up else (maker, made) for maker, made, kind in whole.edges if kind == "parent" or not up}
    layers, near = [{start}], {start}
    for _ in range(depth):
        layers.append({b for a, b in arrows if a in layers[-1]} - near)
        near |= layers[-1]
    assert set(part.ancestors if up else part.impact) == near - {start}


@given(graphs, st.integers(1, 9), st.sets(numbers, max_size=3), st.sets(numbers, max_size=3))
def test_a_cycle_is_refused_exactly_when_there_is_one(graph, new, parents, uses):
    graph = {n: arrows for n, arrows in graph.items() if n != new}
    arrows = {(n, p) for n, both in graph.items() for some in both for p in some}
    leads_back = any(n == new or new in reach(n, arrows) for n in parents | uses)
    others_loop = any(
        n in reach(p, arrows) or n == p
        for start in parents | uses
        for n, p in arrows
        if n in reach(start, arrows) | {start}
    )
    documents = [document(n, *both) for n, both in graph.items()]
    named = [f"m@{n}" for n in parents], [f"m@{n}" for n in uses]
    if leads_back:
        with pytest.raises(Refused):
            check_acyclic(documents, f"m@{new}", *named)
    elif not others_loop:
        check_acyclic(documents, f"m@{new}", *named)


@given(graphs)
def test_makers_stand_before_what_they_made(graph):
    acyclic = [
        document(n, {p for p in parents if p < n}, {p for p in uses if p < n}) for n, (parents, uses) in graph.items()
    ]
    for start in graph:
        lineage = lineage_of(f"m@{start}", acyclic)
        place = {node: index for index, node in enumerate(lineage.nodes)}
        assert all(place[maker] < place[made] for maker, made, _ in lineage.edges)
        assert lineage == lineage_of(f"m@{start}", reversed(acyclic))


@pytest.mark.parametrize(
    "stranger", ["churn@²", "churn@" + "9" * 5000, "churn@٣", "@1", "churn@-1", "churn@01", "churn"]
)
def test_references_that_are_none_are_shown_as_they_are(stranger):
    documents = [{"name": "churn", "version": 1, "parents": [stranger, "churn@2"]}, {"name": "churn", "version": 2}]
    lineage = lineage_of("churn@1", documents)
    assert stranger in lineage.parents
    assert lineage.missing == {stranger}
    assert repr(lineage)
