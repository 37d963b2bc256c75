"""Data sets as nodes: one for the same rows, whoever used them."""

from __future__ import annotations

import pytest

from nbregistry.errors import NotFound
from nbregistry.lineage import Graph, is_data, lineage_of
from nbregistry.lineage.data import DataNode

A, B, C = ("data:sha256:" + two * 32 for two in ("aa", "ab", "cc"))


def used(node_id, role="train", name="X, y", **more):
    """Make what is recorded of a data set."""
    known = {"role": role, "name": name, "kind": "pandas", "rows": 398, "columns": 30}
    return known | {"fingerprint": node_id.removeprefix("data:")} | more


def document(version, *datasets, parents=(), depends_on=()):
    return {
        "name": "m",
        "version": version,
        "parents": [f"m@{n}" for n in parents],
        "depends_on": [f"m@{n}" for n in depends_on],
        "datasets": list(datasets),
    }


FAMILY = [
    document(1, used(A), used(B, "evaluation", "X_test, y_test")),
    document(2, used(A, name="X_2026, y_2026"), used(B, "evaluation", "X_test, y_test"), parents=[1]),
    document(9, used(A), used(A, "evaluation")),
    document(10, used(A), used(C, "calibration")),
    document(11, depends_on=[10]),
    document(12, parents=[11]),
    document(13, used(B, "evaluation")),
]


def test_the_same_rows_are_one_node_of_whoever_used_them():
    lineage = lineage_of("m@2", FAMILY)
    assert lineage.nodes == [A, B, "m@1", "m@2"]
    assert lineage.versions == ["m@1", "m@2"]
    assert lineage.data[A] == DataNode(
        A,
        ("X, y", "X_2026, y_2026"),
        "pandas",
        398,
        30,
        {"train": ("m@1", "m@2", "m@9", "m@10"), "evaluation": ("m@9",)},
    )
    assert lineage.data[B].users == {"evaluation": ("m@1", "m@2", "m@13")}
    assert lineage.datasets == {"m@1": (A, B), "m@2": (A, B)}


def test_an_edge_leads_from_the_data_to_each_version_that_used_it():
    frame = lineage_of("m@9", FAMILY).to_frame()
    assert frame.to_dict("records") == [{"from": A, "to": "m@9", "kind": "data"}]


def test_no_list_of_versions_names_data():
    lineage = lineage_of("m@2", FAMILY)
    lists = ("parents", "children", "siblings", "depends_on", "dependents", "ancestors", "descendants", "impact")
    assert not {ref for name in lists for ref in getattr(lineage, name) if is_data(ref)}
    assert lineage.parents == lineage.ancestors == ["m@1"]
    assert lineage.missing == frozenset()


def test_who_depends_on_a_data_set():
    lineage = lineage_of(A, FAMILY)
    assert lineage.ref == A
    assert lineage.dependents == ["m@1", "m@2", "m@9", "m@10"]
    assert lineage.impact == ["m@1", "m@2", "m@9", "m@10", "m@11", "m@12"]
    assert lineage.nodes[0] == A
    assert sorted(lineage.nodes[1:]) == sorted(lineage.impact)
    assert ("m@10", "m@11", "dependency") in lineage.edges
    assert lineage_of(A, FAMILY, depth=2).impact == lineage.impact[:-1]
    assert lineage_of(A, FAMILY, depth=1).impact == lineage.dependents


def test_whoever_was_only_judged_by_it_does_not_depend_on_it():
    lineage = lineage_of(B, FAMILY)
    assert lineage.impact == lineage.dependents == []
    assert sorted(lineage.nodes) == [B, "m@1", "m@13", "m@2"]
    assert lineage_of(C, FAMILY).impact == ["m@10", "m@11", "m@12"]


@pytest.mark.parametrize("written", [A, A[:-1], A[:20], "data:sha256:aaaaaaaaaaaa…"])
def test_an_id_may_be_shortened(written):
    assert lineage_of(written, FAMILY).ref == A


def test_a_shortened_id_of_several_is_refused_and_they_are_named():
    with pytest.raises(NotFound, match="2 data sets begin with data:sha256:a") as caught:
        lineage_of("data:sha256:a", FAMILY)
    assert list(caught.value.nearest) == [A, B]
    with pytest.raises(NotFound, match="there is no data set data:sha256:dd"):
        lineage_of("data:sha256:dd", FAMILY)


def test_a_whole_id_is_itself_though_another_begins_with_it():
    documents = [document(1, used("data:sha256:aa")), document(2, used(A))]
    assert lineage_of("data:sha256:aa", documents).dependents == ["m@1"]


def test_a_model_named_data_is_a_model():
    assert [is_data(ref) for ref in ("data:3", "data@3", "data:v3", "data:champion", 3, "data:sha256:")] == [
        False, False, False, False, False, True,
    ]  # fmt: skip


def test_a_version_that_is_replaced_takes_its_data_with_it():
    graph = Graph(FAMILY[:2])
    assert graph.data("m@1") == (A, B)
    graph.add(document(1, used(C)))
    assert graph.data_node(A).users == {"train": ("m@2",)}
    assert graph.data_node(C).made == ("m@1",)


def test_circles_are_looked_for_without_a_look_at_data():
    graph = Graph([document(1) | {"datasets": ["sha256:a digest, as the catalog has it"]}])
    assert graph.parents("m@1") == ()
