"""Lineage, tags, descriptions and the journal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

import nbregistry
from nbregistry.artifacts.local import LocalStore
from nbregistry.errors import Refused
from nbregistry.model import Edit
from tests.models import pipeline, tumours

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nbregistry.model import ModelVersion
    from nbregistry.registry import Registry


def test_lineage(story: Registry) -> None:
    lineage = story.lineage("tumour@3")
    assert lineage.parents == ["tumour@1"]
    assert lineage.siblings == ["tumour@2"]
    assert lineage.aliases == {"tumour@1": ("champion",)}
    assert lineage.datasets["tumour@3"]
    assert lineage.algorithms["tumour@3"] == story.get("tumour@3").algorithm
    assert lineage.metrics["tumour@3"] == story.get("tumour@3").metrics
    assert ("tumour@1", "tumour@3", "parent") in lineage.edges


def test_who_was_made_with_these_data_and_who_was_judged_by_them_later(story: Registry) -> None:
    X_train, X_test, y_train, y_test = tumours()
    story.register("half", pipeline(), train=(X_test, y_test), train_name="second clinic", depends_on="tumour@2")
    story.evaluate("tumour@2", X_train, y_train, name="2026-11 holdout")
    train, test = (data for data in story.lineage("tumour@2").data.values())
    assert train.users == {"train": ("tumour@1", "tumour@2", "tumour@3"), "evaluation": ("tumour@2",)}
    assert "2026-11 holdout" in train.names
    assert test.users == {"evaluation": ("tumour@1", "tumour@2", "tumour@3"), "train": ("half@1",)}
    assert story.lineage(train.id).impact == ["tumour@1", "tumour@2", "tumour@3", "half@1"]
    assert story.lineage(test.id[:20], depth=1).impact == ["half@1"]


def test_a_lineage_goes_one_way_and_no_further_than_asked(story: Registry) -> None:
    story.register("half", pipeline(), parents="tumour@3")
    assert story.lineage("tumour@1", up=False).impact == ["tumour@2", "tumour@3", "half@1"]
    assert story.lineage("tumour@1", up=False, depth=1).impact == ["tumour@2", "tumour@3"]
    assert story.lineage("half@1", down=False).ancestors == ["tumour@3", "tumour@1"]
    assert story.lineage("half@1", down=False, depth=1).ancestors == ["tumour@3"]
    for wrong in ({"depth": 0}, {"up": False, "down": False}):
        with pytest.raises(Refused, match="shows nothing"):
            story.lineage("half@1", **wrong)


def test_tags_and_descriptions(story: Registry) -> None:
    assert story.tag("tumour@1", stage="shadow", team=None).tags == {"stage": "shadow"}
    assert story.describe("tumour@champion", "the one we know").description == "the one we know"
    assert [event.verb for event in story.log("tumour")][-2:] == ["tag", "describe"]


@pytest.mark.parametrize("text", ["", " ", "  two\n", "\ttab\r\nmore\r", "\x00", "\ufeffmark ", "\u2028 line\u00a0"])
def test_a_description_is_kept_character_by_character(registry: Registry, root: Path, text: str) -> None:
    registry.register("m", {"w": np.zeros(2)}, description=text, tags={text or "empty": text})
    assert registry.get("m@1").description == nbregistry.open(root).get("m@1").description == text
    assert nbregistry.open(root).get("m@1").tags == {text or "empty": text}
    registry.describe("m@1", f"not {text}")
    assert registry.describe("m@1", text).description == text
    assert nbregistry.open(root).get("m@1").description == text


@pytest.mark.parametrize("changed_back", [False, True])
def test_what_was_interrupted_when_it_was_done_is_done_again_only_if_it_was_changed_since(
    story: Registry, root: Path, monkeypatch: pytest.MonkeyPatch, changed_back: bool
) -> None:
    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    colleague = nbregistry.open(root)
    verbs: list[tuple[Callable[[Registry], ModelVersion], Callable[[Registry], object]]] = [
        (lambda r: r.tag("tumour@2", score=math.nan), lambda r: r.tag("tumour@2", score=2)),
        (lambda r: r.describe("tumour@2", "ours"), lambda r: r.describe("tumour@2", "theirs")),
        (
            lambda r: r.approve("tumour@2", "Approved", reason="a"),
            lambda r: r.approve("tumour@2", "Rejected", reason="b"),
        ),
        (lambda r: r.archive("tumour@2"), lambda r: r.restore("tumour@2")),
        (lambda r: r.restore("tumour@2"), lambda r: r.archive("tumour@2")),
    ]
    for ours, theirs in verbs:
        with monkeypatch.context() as patched:
            patched.setattr(LocalStore, "keep", pressed)
            with pytest.raises(KeyboardInterrupt):
                ours(story)
        seen = len(colleague.log())
        if changed_back:
            theirs(colleague)
        done = ours(story)
        assert len(colleague.log()) == seen + 2 * changed_back
        now = colleague.get("tumour@2")
        assert repr((now.tags, now.description, now.approval, now.status)) == repr(
            (done.tags, done.description, done.approval, done.status)
        )
    assert (now.description, now.approval, now.status) == ("ours", "Approved", "active")
    assert math.isnan(now.tags["score"])


def test_what_changed_is_on_the_object_that_came_back(story: Registry) -> None:
    edited = [
        story.tag("tumour@2", stage="shadow"),
        story.describe("tumour@2", "the one we know"),
        story.approve("tumour@2", "Approved", reason="reviewed"),
        story.archive("tumour@2"),
        story.restore("tumour@2"),
    ]
    assert [version.edit for version in edited] == [
        Edit("tag", {"tags": {}}),
        Edit("describe", {"description": ""}),
        Edit("approve", {"approval": "PendingManualApproval"}, reason="reviewed"),
        Edit("archive", {"status": "active"}),
        Edit("restore", {"status": "archived"}),
    ]
    assert all(len(repr(version).splitlines()) == 2 for version in edited)
    again = story.get("tumour@2")
    assert again == edited[-1]
    assert again.edit is None
    assert len(repr(again).splitlines()) > 10


def test_what_is_in_use_is_not_archived(story: Registry) -> None:
    story.register("two words", {"w": np.zeros(1)}, alias="champion")
    with pytest.raises(Refused, match="in use as champion") as caught:
        story.archive("two words@1")
    assert caught.value.hint.startswith('%promote "two words@N" champion ')


def test_an_approval_needs_a_reason(story: Registry) -> None:
    with pytest.raises(TypeError, match="reason"):
        story.approve("tumour@2", "Approved")  # type: ignore[call-arg]
    for reason in ("", "  "):
        with pytest.raises(Refused, match="needs a reason") as caught:
            story.approve("tumour@2", "Approved", reason=reason)
        assert caught.value.hint == "%nbr approve tumour@2 Approved --reason TEXT"
    assert story.get("tumour@2").approval == "PendingManualApproval"


def test_the_journal_tells_one_model_from_another(story: Registry) -> None:
    story.register("other", {"w": np.zeros(1)})
    assert [event.ref for event in story.log("other")] == ["other@1"]
    assert len(story.log()) == 4
    assert all(event.actor == "ada" and event.trusted for event in story.log())


def test_an_approval_is_taken_in_any_case(story: Registry) -> None:
    assert story.approve("tumour@2", "approved", reason="reviewed").approval == "Approved"  # type: ignore[arg-type]
    assert story.log("tumour")[-1].detail == {"approval": "Approved"}
    with pytest.raises(Refused, match="'aproved' is not an approval") as caught:
        story.approve("tumour@2", "aproved", reason="reviewed")  # type: ignore[arg-type]
    assert caught.value.nearest == ("Approved",)


DRY_RUNS = {
    "promote": lambda r, **how: r.promote("tumour@3", **how),
    "tag": lambda r, **how: r.set_tags("tumour@2", {"reason": "a tag like any other"}, **how),
    "describe": lambda r, **how: r.describe("tumour@2", "new words", **how),
    "approve": lambda r, **how: r.approve("tumour@2", "Rejected", **how),
    "archive": lambda r, **how: r.archive("tumour@2", **how),
}


@pytest.mark.parametrize("verb", DRY_RUNS)
def test_a_dry_run_shows_what_would_be_and_changes_nothing(story: Registry, root: Path, verb: str) -> None:
    before, events = repr([story.get(f"tumour@{n}") for n in (1, 2, 3)]), len(story.log())
    reader = nbregistry.open(root, read_only=True)
    planned = DRY_RUNS[verb](reader, reason="let us see", dry_run=True)
    assert "Nothing was changed." in repr(planned)
    assert "let us see" in repr(planned)
    assert repr([reader.get(f"tumour@{n}") for n in (1, 2, 3)]) == before
    assert len(reader.log()) == events
    done = DRY_RUNS[verb](story, reason="let us see")
    assert story.log()[-1].verb == verb
    assert story.log()[-1].reason == "let us see"
    if verb != "promote":
        changed = [key for key in planned.edit.before if key != "edit"]
        assert [getattr(planned, key) for key in changed] == [getattr(done, key) for key in changed]


def test_a_dry_run_says_when_nothing_would_change(story: Registry) -> None:
    assert "it is so already" in repr(story.restore("tumour@2", dry_run=True))


def test_a_dry_run_of_what_is_refused_is_refused_too(story: Registry) -> None:
    with pytest.raises(Refused, match="in use as champion"):
        story.archive("tumour@1", dry_run=True)


def test_where_no_model_may_be_loaded_it_is_said_that_loading_was_not_tried(story: Registry, root: Path) -> None:
    server = nbregistry.Registry(root, loads_models=False)
    checks = {check.name: check for check in server.promote("tumour@3", dry_run=True).checks}
    assert (checks["bytes"].outcome, checks["loads"].outcome) == ("passed", "skipped")
    assert checks["loads"].detail == "not tried: no model is loaded in this process"
    with pytest.raises(Refused, match="loads no models"):
        server.load("tumour@3")
