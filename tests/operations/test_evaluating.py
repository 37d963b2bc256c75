"""Evaluate and compare: on given rows, on kept ones, by a column."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from sklearn.tree import DecisionTreeClassifier

from nbregistry.artifacts.local import LocalStore
from nbregistry.errors import Refused
from nbregistry.evaluation.metrics import Measured
from nbregistry.operations.evaluating import store_rows, to_measured
from tests.models import pipeline, tumours

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.registry import Registry

X_train, X_test, y_train, y_test = tumours()


def test_compare_on_given_rows(story: Registry) -> None:
    comparison = story.compare("tumour@1", "tumour@2", "tumour@3", on=(X_test, y_test))
    assert comparison.baseline_ref == "tumour@1"
    frame = comparison.to_frame().set_index(["metric", "ref"])
    for version in (1, 2, 3):
        row = frame.loc["roc_auc", f"tumour@{version}"]
        assert row["value"] == pytest.approx(story.get(f"tumour@{version}").metrics["roc_auc"])
        assert row["difference"] == pytest.approx(row["value"] - row["baseline"])
    assert "clf__C" in {difference.name for difference in comparison.differences["params"]}
    assert set(comparison.curves) == {"tumour@1", "tumour@2", "tumour@3"}


def test_the_journal_tells_how_good_it_was(story: Registry) -> None:
    found = story.evaluate("tumour@2", X_test, y_test, name="second clinic")
    event = story.log("tumour")[-1]
    assert event.detail == {"evaluation": "second clinic", "n": 171, "metrics": found.metrics}
    assert f"roc_auc {found.metrics['roc_auc']:.4f}" in repr(story.log("tumour"))


def test_compare_stored_evaluations_needs_neither_data_nor_models(
    story: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = story.compare("tumour@1", "tumour@2", on=(X_test, y_test))
    monkeypatch.setattr("nbregistry.operations.loading.Loader.load", None)
    stored = story.compare("tumour@1", "tumour@2")
    assert stored.to_frame().equals(given.to_frame())
    assert stored.dataset is not None
    assert stored.dataset.rows == 171


def test_evaluations_accumulate(story: Registry) -> None:
    evaluation = story.evaluate("tumour@2", X_train, y_train, name="train again", on_name="X_train, y_train")
    assert evaluation.dataset.name == "X_train, y_train"
    assert (evaluation.ref, evaluation.name, evaluation.n) == ("tumour@2", "train again", 398)
    assert evaluation.metrics["accuracy"] == 1.0
    assert list(evaluation.to_frame().columns) == ["target", "prediction", "score"]
    found = story.evaluations("tumour@2")
    assert [evaluation.n for evaluation in found] == [171, 398]
    assert list(found.to_frame()["n"]) == [171, 398]
    assert "train again" in repr(found)
    assert "train again" in repr(story.get("tumour@2"))
    assert len(story.get("tumour@2").evaluations[1].to_frame()) == 398
    assert story.get("tumour@2").metrics["accuracy"] < 1.0  # what it was registered with stays


def test_a_version_without_metrics_shows_its_first_evaluation(registry: Registry) -> None:
    registry.register("m", pipeline())
    registry.evaluate("m@1", X_test, y_test)
    assert registry.get("m@1").metrics["accuracy"] > 0.9


def test_a_target_in_other_numbers_is_the_same_target(registry: Registry) -> None:
    registry.register("m", pipeline())
    registry.register("m", pipeline(0.01))
    one = registry.evaluate("m@1", X_test, y_test.astype(float))
    registry.evaluate("m@2", X_test, y_test.astype(float))
    right = round(one.metrics["accuracy"] * one.n)
    assert f"Confusion matrix: {right} of 171 right" in repr(one)
    assert "predicted 0.0" not in repr(one)
    assert set(registry.compare("m@1", "m@2").curves) == {"m@1", "m@2"}


def test_rows_kept_with_a_target_in_other_numbers_are_read_as_classes(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    rows = {"target": np.array([0.0, 1.0, 1.0]), "prediction": np.array([0, 0, 0]), "score": np.array([0.1, 0.4, 0.3])}
    kept = store_rows(Measured("binary", {}, rows, (), (0, 1)), store)
    assert kept is not None
    document = {"task": "binary", "metrics": {}, "classes": ["0", "1"], "digest": kept.digest}
    measured = to_measured(document, store)
    assert measured.classes == (0, 1)
    assert measured.rows["target"].tolist() == [0, 1, 1]


def test_an_evaluation_says_what_was_left_out(registry: Registry) -> None:
    registry.register("m", pipeline())
    only = y_test == 1
    found = registry.evaluate("m@1", X_test[only], y_test[only])
    assert found.warnings
    assert "every row of y is 1" in repr(found)
    with pytest.raises(Refused, match="labels the model does not know"):
        registry.evaluate("m@1", X_test, y_test * 1.5)


def test_what_could_fool_is_said_when_registering_evaluating_and_comparing(registry: Registry) -> None:
    X, y = np.arange(400.0)[:, None], np.array([0] * 380 + [1] * 20)
    X[7, 0] = np.nan
    for depth in (1, 2):
        model = DecisionTreeClassifier(max_depth=depth, class_weight="balanced").fit(X, 1 - y)  # the wrong way round
        card = repr(registry.register("m", model, on=(X, y)))
        assert "scores are upside down" in card
        assert "X has NaN in 1 of 400 rows: in column 0 (1)" in card
    assert "scores are upside down" in repr(registry.evaluate("m@1", X, y))
    given, stored = registry.compare("m@1", "m@2", on=(X, y)), registry.compare("m@1", "m@2")
    assert stored.notes == given.notes
    assert any(note.startswith("m@1, m@2: X has NaN in 1 of 400 rows") for note in stored.notes)
    assert any(note.startswith("the scores are upside down: ROC AUC 0.000") for note in stored.notes)


def test_plots_are_chosen_by_name(story: Registry) -> None:
    rows = (X_test, y_test)
    usual = story.compare("tumour@1", "tumour@2", on=rows)
    assert set(usual.plots) == {"roc"}
    assert usual.plots["roc"]["tumour@1"] is usual.curves["tumour@1"]
    assert usual.curves["tumour@1"].own is not None
    chosen = story.compare("tumour@1", "tumour@2", on=rows, plots=("calibration", "pr"))
    assert list(chosen.plots) == ["calibration", "pr"]
    assert set(chosen.plots["pr"]) == set(chosen.curves) == {"tumour@1", "tumour@2"}
    assert story.compare("tumour@1", "tumour@2", on=rows, plots="none").plots == {}
    with pytest.raises(Refused, match="calibration"):
        story.compare("tumour@1", "tumour@2", on=rows, plots="callibration")


def test_compare_by_a_column(story: Registry) -> None:
    rows = X_test.assign(half=np.where(X_test["mean radius"] > 13, "large", "small"))
    comparison = story.compare("tumour@1", "tumour@2", on=(rows, y_test), by="half")
    assert {(row.column, row.group, row.ref) for row in comparison.groups} == {
        ("half", group, ref) for group in ("large", "small") for ref in ("tumour@1", "tumour@2")
    }
    with pytest.raises(Refused, match="kept the column 'half'") as caught:
        story.compare("tumour@1", "tumour@latest", by=["half", "mean radius"])
    named = '--by half "mean radius"'
    assert caught.value.hint.startswith(f"%compare tumour@1 tumour@3 --on X y {named}; or first %evaluate")
    with pytest.raises(Refused, match="no column 'radius'"):
        story.compare("tumour@1", "tumour@2", on=(rows, y_test), by="radius")


def test_weights_are_kept_with_the_rows(registry: Registry) -> None:
    weights = np.where(y_test == 1, 1.0, 3.0)
    for C in (1.0, 0.01):
        registry.register("m", pipeline(C), on=(X_test, y_test), weights=weights)
    again = registry.evaluate("m@1", X_test, y_test, weights=weights.tolist())
    assert again.metrics == registry.get("m@1").metrics
    assert again.rows["weight"].tolist() == weights.tolist()
    given = registry.compare("m@1", "m@2", on=(X_test, y_test), weights=weights)
    stored = registry.compare("m@1", "m@2")
    assert stored.to_frame().equals(given.to_frame())
    assert {row.method for row in stored.rows if row.ref == "m@2"} == {"weighted paired jackknife"}
    assert "metrics are weighted by row: 171 rows tell as much as 131" in repr(stored)


def test_evaluations_with_the_same_weights_go_together(registry: Registry) -> None:
    weights = np.where(y_test == 1, 1.0, 3.0)
    registry.register("m", pipeline(), on=(X_test, y_test))
    registry.register("m", pipeline(0.01), on=(X_test, y_test))
    registry.evaluate("m@2", X_test, y_test, weights=weights)  # later, and of no use against m@1
    assert all(row.method for row in registry.compare("m@1", "m@2").rows if row.ref == "m@2")
    registry.register("m", pipeline(0.1), on=(X_test, y_test), weights=weights)
    apart = registry.compare("m@1", "m@3")
    assert not any(row.method for row in apart.rows)
    assert "m@3 was evaluated with other weights than m@1" in repr(apart)


def test_weights_without_rows_are_refused(registry: Registry) -> None:
    with pytest.raises(Refused, match="weights are of the rows to evaluate on"):
        registry.register("m", pipeline(), weights=[1.0])
    with pytest.raises(TypeError, match="two things, X and y") as caught:
        registry.register("m", pipeline(), on=(X_test, y_test, y_test))
    assert "weights=w" in str(caught.value)
    with pytest.raises(Refused, match="3 of 171 weights are negative"):
        registry.register("m", pipeline(), on=(X_test, y_test), weights=np.r_[[-1] * 3, [1] * 168])
    assert len(registry.models()) == 0
    registry.register("m", pipeline(), on=(X_test, y_test))
    registry.register("m", pipeline(0.1))
    with pytest.raises(Refused, match="weights are of the rows to evaluate on"):
        registry.compare("m@1", "m@2", weights=[1.0])
    with pytest.raises(Refused, match="the weights are 1"):
        registry.evaluate("m@1", X_test, y_test, weights=[1.0])
    assert len(registry.evaluations("m@1")) == 1


def test_data_that_are_spread_otherwise_than_when_it_was_trained_are_told(registry: Registry) -> None:
    for depth in (1, 2):
        model = DecisionTreeClassifier(max_depth=depth).fit(X_train, y_train)
        registry.register("m", model, train=(X_train, y_train), on=(X_test, y_test))
    assert "drifted far" not in repr(registry.get("m@1"))
    odd = DecisionTreeClassifier(max_depth=3).fit(X_train, y_train)
    shifted = X_test.assign(**{"mean area": 0.0})
    assert "1 of 30 columns has drifted far" in repr(
        registry.register("m", odd, train=(X_train, y_train), on=(shifted, y_test))
    )
    calm = registry.evaluate("m@1", X_test, y_test)
    assert not any("drifted far" in warning for warning in calm.warnings)
    assert "Drift against the training data: none of 30 columns; none to speak of in the scores" in repr(calm)
    moved = registry.evaluate("m@1", X_test.assign(**{"mean radius": X_test["mean radius"] + 9}), y_test)
    assert any(
        warning.startswith("1 of 30 columns has drifted far from the training data") and "mean radius" in warning
        for warning in moved.warnings
    )
    again = registry.evaluations("m@1")[-1]
    assert "1 of 30 columns" in repr(again)
    assert again.dataset.profile[0].edges == registry.get("m@1").datasets[0].profile[0].edges
    far = (X_test.assign(**{"mean radius": 99.0}), y_test)
    given = registry.compare("m@1", "m@2", on=far)
    assert [columns[0].name for columns in given.drift.values()] == ["mean radius"] * 2
    assert sum("drifted far" in note for note in given.notes) == 1
    assert set(registry.compare("m@1", "m@2").drift) == {"m@1", "m@2"}
    assert json.loads(given.to_json())["drift"]["m@1"][0]["size"] == "large"


def test_without_training_data_there_is_no_drift_of_columns(registry: Registry) -> None:
    registry.register("m", DecisionTreeClassifier(max_depth=2).fit(X_train, y_train), on=(X_test, y_test))
    assert "Drift" not in repr(registry.evaluations("m@1")[0])
    flipped = registry.evaluate("m@1", X_test[y_test == 0], y_test[y_test == 0])
    assert "Drift; large in the scores" in repr(flipped)


def test_compare_looks_for_slices(story: Registry) -> None:
    X, y = pd.concat([X_test, X_train]), pd.concat([y_test, y_train])
    comparison = story.compare("tumour@1", "tumour@2", on=(X, y), slices=True, metrics="accuracy")
    assert comparison.slices is not None
    assert comparison.slices.n == 285
    assert "rows it was not found on" in repr(comparison) or "Weakest slices" in repr(comparison)
    with pytest.raises(Refused, match="171 rows are too few"):
        story.compare("tumour@1", "tumour@2", on=(X_test, y_test), slices=True)
    with pytest.raises(Refused, match="looked for in the rows") as caught:
        story.compare("tumour@1", "tumour@latest", slices=True)
    now, _, later = caught.value.hint.partition("; ")
    assert now == "%compare tumour@1 tumour@3 --on X y --slices"
    assert later == "or first %evaluate REF X y --keep COLUMN …"
