"""What a key that is not trusted changes in a registry is shown as such, and does not count where it could mislead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import nbregistry
from nbregistry.catalog.catalog import Plan
from nbregistry.catalog.changes import put_evaluation
from nbregistry.errors import Corrupt
from tests.models import tumours

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.registry import Registry

_, X_test, _, y_test = tumours()


@pytest.fixture
def eve(root: Path, story: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """A colleague with a key of their own on the folder of the story: they trust us, and we do not know them yet."""
    with monkeypatch.context() as patch:
        patch.setenv("NBREGISTRY_HOME", str(tmp_path / "eve"))
        patch.setenv("JUPYTERHUB_USER", "eve")
        other = nbregistry.open(root)
        other._workspace.keyring.trust(story._workspace.keyring.key, "ada")
    return other


def test_fields_are_marked_until_somebody_trusted_sets_them_again(story: Registry, eve: Registry) -> None:
    eve.tag("tumour@1", stage="production")
    eve.describe("tumour@1", "the one to use")
    eve.approve("tumour@1", "Approved", reason="sure")
    assert set(story.get("tumour@1").stray_fields) == {"tags.stage", "description", "approval"}
    assert story.get("tumour@2").stray_fields == ()
    story.tag("tumour@1", owner="ada")  # writes all tags, and vouches for one
    assert "tags.stage" in story.get("tumour@1").stray_fields
    story.approve("tumour@1", "Approved", reason="looked at it")
    story.tag("tumour@1", stage=None)
    assert story.get("tumour@1").stray_fields == ("description",)
    assert eve.get("tumour@1").stray_fields == ()
    story._workspace.keyring.trust(eve._workspace.keyring.key, "eve")
    assert story.get("tumour@1").stray_fields == ()


def test_verify_counts_what_strangers_signed(story: Registry, eve: Registry) -> None:
    assert story.verify().strangers == 0
    eve.tag("tumour@1", stage="production")
    verified = story.verify()
    assert (verified.ok, verified.strangers, verified.signatures) == (True, 1, verified.commits)
    assert eve.verify().strangers == 0


def test_a_strangers_evaluation_is_marked_and_not_compared(story: Registry, eve: Registry) -> None:
    before = story.compare("tumour@1", "tumour@2").to_frame()
    (ours,) = eve._workspace.view().evaluations_of("tumour", 1)
    better = {key: value for key, value in ours.items() if key not in ("at", "signed_by")} | {
        "metrics": {"accuracy": 1.0}
    }
    eve._workspace.commit("evaluate", lambda _: Plan("tumour@1", [put_evaluation(better)], {}))
    assert [evaluation.trusted for evaluation in story.get("tumour@1").evaluations] == [True, False]
    assert story.compare("tumour@1", "tumour@2").to_frame().equals(before)
    assert story.get("tumour@1").metrics["accuracy"] < 1
    story._workspace.keyring.trust(eve._workspace.keyring.key, "eve")
    assert not story.compare("tumour@1", "tumour@2").to_frame().equals(before)


def test_what_only_a_stranger_measured_is_no_ground_for_a_comparison(story: Registry, eve: Registry) -> None:
    before = story.compare("tumour@1", "tumour@2").to_frame()
    for ref in ("tumour@1", "tumour@2"):
        eve.evaluate(ref, X_test[:50], y_test[:50])  # newer, and the same rows for both
    assert story.compare("tumour@1", "tumour@2").to_frame().equals(before)
    assert not eve.compare("tumour@1", "tumour@2").to_frame().equals(before)


def test_a_strangers_evaluation_stays_theirs_wherever_it_travels(
    story: Registry, eve: Registry, tmp_path: Path
) -> None:
    eve.evaluate("tumour@1", X_test, y_test, name="by eve")
    story.export("tumour@1", tmp_path / "one.nbr")
    first = nbregistry.open(tmp_path / "first")
    first.import_(tmp_path / "one.nbr")
    first.evaluate("tumour@1", X_test, y_test, name="on the way")
    first.export("tumour@1", tmp_path / "two.nbr")
    second = nbregistry.open(tmp_path / "second")
    second.import_(tmp_path / "two.nbr")
    for registry in (story, first, second):
        told = {evaluation.name: evaluation.trusted for evaluation in registry.get("tumour@1").evaluations}
        assert told.pop("by eve") is False
        assert set(told.values()) == {True}
    assert {e.at for e in story.get("tumour@1").evaluations} < {e.at for e in second.get("tumour@1").evaluations}


def test_an_evaluation_is_of_one_model_and_of_no_other(story: Registry) -> None:
    (ours,) = story._workspace.view().evaluations_of("tumour", 1)
    with pytest.raises(Corrupt, match="evaluates another model"):
        story._workspace.commit("evaluate", lambda _: Plan("tumour@2", [put_evaluation(ours | {"version": 2})], {}))
