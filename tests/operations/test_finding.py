"""A model that was loaded from here and goes on is the child of what it was."""

from __future__ import annotations

import copy
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import nbregistry
from nbregistry.display import to_html, to_text
from nbregistry.errors import Refused
from nbregistry.model import Finding
from nbregistry.operations.finding import with_findings
from nbregistry.operations.registration.request import Request
from tests.models import tumours

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.registry import Registry

X, _, y, _ = tumours()


@pytest.fixture
def kept(registry: Registry) -> Registry:
    registry.register("churn", SGDClassifier(random_state=0).fit(X, y))
    return registry


def test_what_was_loaded_and_trained_further_is_a_child(kept: Registry) -> None:
    model = kept.load("churn@1").partial_fit(X, y)
    version = kept.register("churn", model)
    assert version.parents == ("churn@1",)
    assert version.registration.found == (
        Finding("parent", "churn@1", "this model was loaded from it", kept.get("churn@1").digest),
    )
    assert "· parent found: churn@1 (this model was loaded from it)" in to_text(version)
    assert "parent found: " in to_html(version)
    assert kept.lineage("churn@1").children == ["churn@2"]


def test_what_goes_on_and_on_is_a_line_of_descent(kept: Registry) -> None:
    model = kept.load("churn@1")
    for number in (2, 3):
        version = kept.register("churn", model.partial_fit(X, y))
        assert version.parents == (f"churn@{number - 1}",)
    assert "was loaded from an earlier version and registered as it since" in to_text(version)


def test_a_part_that_is_used_is_a_parent_and_what_was_only_cloned_is_none(kept: Registry) -> None:
    whole = make_pipeline(StandardScaler(), kept.load("churn@1")).fit(X, y)
    version = kept.register("pipe", whole)
    assert version.parents == ("churn@1",)
    assert "(a part of this model was loaded from it)" in to_text(version)
    for copied in (clone, copy.deepcopy):
        assert kept.register("copy", copied(kept.load("churn@1")).fit(X, y)).parents == ()


def test_the_same_bytes_are_a_child_and_that_is_said(kept: Registry) -> None:
    version = kept.register("renamed", kept.load("churn@1"))
    assert version.digest == kept.get("churn@1").digest
    assert version.parents == ("churn@1",)
    assert "(this model was loaded from it; its bytes are the same)" in to_text(version)


@pytest.mark.parametrize("named", [{"parents": "churn@latest"}, {"depends_on": ["churn@1"]}, {"find_lineage": False}])
def test_what_is_named_or_declined_is_not_found(kept: Registry, named: dict) -> None:
    version = kept.register("next", kept.load("churn@1").partial_fit(X, y), **named)
    assert version.registration.found == ()
    assert "found:" not in to_text(version)
    assert (version.parents, version.depends_on) == (
        ("churn@1",) if "parents" in named else (), ("churn@1",) if "depends_on" in named else (),
    )  # fmt: skip


def test_what_is_found_is_added_to_what_is_named(kept: Registry) -> None:
    kept.register("other", {"w": np.ones(1)})
    version = kept.register("next", kept.load("churn@1").partial_fit(X, y), parents="other@1")
    assert version.parents == ("other@1", "churn@1")


def test_a_version_of_another_registry_is_no_parent_here(kept: Registry, tmp_path: Path) -> None:
    elsewhere = nbregistry.open(tmp_path / "elsewhere")
    elsewhere.register("churn", SGDClassifier(random_state=1).fit(X, y))
    assert kept.register("next", elsewhere.load("churn@1").partial_fit(X, y)).parents == ()
    assert nbregistry.open(tmp_path / "new").register("next", kept.load("churn@1")).parents == ()
    elsewhere.register("same", SGDClassifier(random_state=0).fit(X, y))
    kept.register("same", SGDClassifier(random_state=0).fit(X, y))
    assert kept.get("same@1").digest == elsewhere.get("same@1").digest
    assert kept.register("next", elsewhere.load("same@1").partial_fit(X, y)).parents == ()


def test_a_dict_of_arrays_is_known_as_well(registry: Registry) -> None:
    registry.register("net", {"w": np.ones(3), "b": np.ones(1)})
    weights = registry.load("net@1")
    weights["w"] = weights["w"] + 1
    assert registry.register("net", weights).parents == ("net@1",)
    assert registry.register("net", {"w": np.ones(3), "b": np.ones(1)}).parents == ()


def test_an_older_copy_of_the_folder_has_another_version_of_this_number(kept: Registry, root: Path) -> None:
    older = shutil.copytree(root, root.parent / "older")
    kept.register("churn", SGDClassifier(random_state=1).fit(X, y))
    model = kept.load("churn@2").partial_fit(X, y)
    again = nbregistry.open(older)
    assert again.register("next", model).parents == ()
    again.register("churn", SGDClassifier(random_state=2).fit(X, y))
    assert again.register("next", kept.load("churn@2")).parents == ()
    assert kept.register("next", kept.load("churn@2")).parents == ("churn@2",)


def test_a_circle_is_refused_and_nothing_is_registered(kept: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    model = kept.load("churn@1").partial_fit(X, y)
    monkeypatch.setattr("nbregistry.lineage.graph.Graph.parents", lambda *_: ("churn@2",))
    monkeypatch.setattr("nbregistry.lineage.graph.Graph.children", lambda *_: ("churn@1",))
    with pytest.raises(Refused, match="circle") as caught:
        kept.register("churn", model)
    assert "--no-lineage" in str(caught.value)
    assert kept.latest("churn") == 1


def test_findings_of_both_kinds_are_merged_each_version_once(kept: Registry) -> None:
    kept.register("other", {"w": np.ones(1)})
    found = [
        Finding("dependency", "other@1", "its predictions are in the training data"),
        Finding("parent", "other@1", "later"),
        Finding("parent", "churn@1", "loaded"),
        Finding("parent", "gone@1", "never"),
    ]
    request = Request("next", {}, parents=("churn@1",))
    extended, new = with_findings(kept._workspace.view(), request, found)
    assert (extended.parents, extended.depends_on) == (("churn@1",), ("other@1",))
    assert new == tuple(found[:1])
