"""A model card is made of the record and the stored rows alone, and says what it does not know."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import nbregistry
from nbregistry.cli import main
from nbregistry.errors import NotFound, Refused
from nbregistry.evaluation.metrics import Measured
from nbregistry.evaluation.significance.alone import interval_alone
from tests.models import pipeline, tumours

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.registry import Registry


def test_each_metric_has_the_interval_that_it_has_alone(story: Registry) -> None:
    card = story.card("tumour@2")
    (measure,) = card.measures
    one = measure.evaluation
    measured = Measured(one.task, one.metrics, one.rows, (), (0, 1))
    assert set(measure.intervals) == set(one.metrics) - {"prediction_seconds"}
    for metric in ("accuracy", "roc_auc", "log_loss", "f1"):
        assert measure.intervals[metric] == pytest.approx(interval_alone(metric, measured, 0.05), abs=0.01)
        assert measure.intervals[metric][0] < one.metrics[metric] <= measure.intervals[metric][1]
    frame = card.to_frame()
    assert list(frame.columns) == ["evaluation", "at", "metric", "value", "low", "high", "n", "dataset"]
    assert len(frame) == len(one.metrics)


def test_gaps_are_named_and_close_when_somebody_fills_them(story: Registry) -> None:
    story.register("bare", {"w": np.zeros(2)})
    everything = ("description", "intended use", "limits", "license", "training data", "evaluation", "approval")
    assert story.card("bare@1").gaps == everything
    assert story.card("tumour@1").gaps == ("description", "intended use", "limits", "license", "approval")
    story.tag("tumour@1", intended_use="triage", limits=" ", license="mit")
    story.describe("tumour@1", "a pipeline")
    story.approve("tumour@1", "Approved", reason="seen")
    card = story.card("tumour@1")
    assert card.gaps == ("limits",)
    assert [event.verb for event in card.events] == ["register", "tag", "describe", "approve"]


def test_groups_are_those_of_the_newest_rows_whose_columns_were_kept(registry: Registry) -> None:
    _, X, _, y = tumours()
    registry.register("m", pipeline(), on=(X, y))
    assert registry.card("m@1").groups == ()
    frame = pd.DataFrame(X).assign(clinic=np.where(np.arange(len(X)) % 2, "north", "south"))
    registry.evaluate("m@1", frame, y, name="clinics", keep="clinic")
    groups = registry.card("m@1").groups
    assert {(row.column, row.group) for row in groups} == {("clinic", "north"), ("clinic", "south")}
    assert {row.ref for row in groups} == {"m@1"}
    assert all(row.value_low is not None for row in groups if row.metric == "accuracy")


def test_rows_that_it_was_trained_on_have_no_interval_or_are_told(story: Registry) -> None:
    X_train, X, y_train, y = tumours()
    story.evaluate("tumour@1", X_train, y_train, name="train rows")
    both = np.vstack([X, np.asarray(X_train)[:40]]), np.concatenate([y, np.asarray(y_train)[:40]])
    story.evaluate("tumour@1", *both, name="some of them")
    _, learned, some = story.card("tumour@1").measures
    assert (learned.evaluation.on_training_rows, learned.intervals) == (True, {})
    assert some.intervals
    assert "tumour@1 was trained on" in some.leak
    assert "(40) of these rows" in some.leak


def test_a_damaged_evaluation_is_told_and_the_rest_stands(story: Registry, root: Path) -> None:
    for digest in {document["digest"] for document in story._workspace.view().evaluations_of("tumour", 1)}:
        hexadecimal = digest.removeprefix("sha256:")
        next(path for path in (root / "blobs").rglob("*") if hexadecimal.endswith(path.name)).write_bytes(b"other")
    (measure,) = nbregistry.open(root).card("tumour@1").measures
    assert "is damaged" in measure.problem
    assert measure.intervals == {}
    assert "rows that could not be read" in repr(nbregistry.open(root).card("tumour@1"))


def test_no_model_is_needed(story: Registry, root: Path) -> None:
    """Its bytes may be gone: a card is made without them."""
    digest = story.get("tumour@1").digest.removeprefix("sha256:")
    next(path for path in (root / "blobs").rglob("*") if digest.endswith(path.name)).unlink()
    assert nbregistry.open(root).card("tumour@1").measures[0].intervals


def test_what_a_stranger_said_is_told(story: Registry, root: Path, tmp_path: Path, monkeypatch: Any) -> None:
    with monkeypatch.context() as other:
        other.setenv("NBREGISTRY_HOME", str(tmp_path / "eve"))
        nbregistry.open(root).tag("tumour@1", license="wtfpl")
        nbregistry.open(root).approve("tumour@1", "Approved", reason="mine")
    text = repr(story.card("tumour@1"))
    assert "Set by a key that is not trusted:" in text
    assert "tags.license" in text
    assert "! key not trusted" in text


def test_the_same_card_twice_is_equal_and_survives_another_copy(story: Registry, root: Path, tmp_path: Path) -> None:
    first = story.card("tumour@2").to_markdown()
    shutil.copytree(root, tmp_path / "copy")
    assert nbregistry.open(tmp_path / "copy").card("tumour@2").to_markdown() == first


def test_a_card_of_nothing_is_refused(story: Registry) -> None:
    with pytest.raises(NotFound, match="has no version 9"):
        story.card("tumour@9")


def test_the_command_line_writes_it(
    story: Registry, root: Path, in_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--registry", str(root)]
    assert main(["card", "tumour@1", "--output", "README.md", *at]) == 0
    assert "written to README.md" in capsys.readouterr().out
    assert (in_folder / "README.md").read_text() == story.card("tumour@1").to_markdown()
    assert main(["card", "tumour@1", "--output", "card.html", *at]) == 0
    assert (in_folder / "card.html").read_text().startswith("<!doctype html>")
    assert main(["card", "tumour@1", "--output", "README.md", *at]) == 1
    assert "README.md exists" in capsys.readouterr().err
    assert main(["card", "tumour@1", "--json", *at]) == 0
    assert {path.name for path in in_folder.iterdir()} == {"README.md", "card.html"}


def test_a_magic_writes_it_too(story: Registry, in_folder: Path) -> None:
    from nbregistry.magics.verbs.card import VERB

    arguments = VERB.parser().parse(["tumour@1", "--output", "no folder/README.md"])
    with pytest.raises(Exception, match="could not be written"):
        VERB.run(story, arguments, {})
    arguments.output = "bad\0name"
    with pytest.raises(Refused, match="is no path"):
        VERB.run(story, arguments, {})
