"""Golden predictions: asked again, a model says the same, nearly the same, something else, or nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.datasets import make_classification
from sklearn.ensemble import IsolationForest, RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from nbregistry.evaluation.replay import Example, compare_predictions, predictions_of

X, y = make_classification(200, random_state=0)


@pytest.mark.parametrize(
    ("model", "methods"),
    [
        (LogisticRegression().fit(X, y), ["predict", "predict_proba"]),
        (LogisticRegression().fit(X, np.where(y, "yes", "no")), ["predict", "predict_proba"]),
        (LinearSVC().fit(X, y), ["predict", "decision_function"]),
        (LinearRegression().fit(X, y), ["predict"]),
        (IsolationForest(random_state=0).fit(X), ["predict", "decision_function"]),
        (KMeans(2, random_state=0).fit(X), ["predict"]),
        (StandardScaler().fit(X), ["transform"]),
        (
            RandomForestClassifier(random_state=0).fit(X, np.c_[y, y]),
            ["predict", "predict_proba[0]", "predict_proba[1]"],
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_model_is_asked_what_it_answers_and_answers_it_again(model: Any, methods: list[str]) -> None:
    found = predictions_of(model, X)
    assert list(found) == methods
    assert not any(array.dtype.hasobject for array in found.values())
    compared = compare_predictions(model, Example(X, found))
    assert compared.outcome == "identical"
    assert compared.detail == f"{', '.join(found)} of 200 rows: identical"


def test_a_model_that_does_not_take_the_rows_has_no_example() -> None:
    model = LogisticRegression().fit(X, y)
    assert predictions_of(model, X[:, :3]) == {}
    assert predictions_of(LogisticRegression(), X) == {}
    assert predictions_of(LogisticRegression, X) == {}
    assert predictions_of(object(), X) == {}


def test_what_no_longer_takes_them_fails() -> None:
    model = LogisticRegression().fit(X, y)
    example = Example(X, predictions_of(model, X))
    compared = compare_predictions(LogisticRegression().fit(X[:, :3], y), example)
    assert (compared.outcome, compared.largest) == ("failed", None)
    assert compared.detail.startswith("predict fails: X has 20 features")
    assert compare_predictions(object(), example).outcome == "failed"
    assert compare_predictions(model, Example(X)).outcome == "failed"


def said(kept: Any, now: Any) -> tuple[str, float | None, str]:
    """Compare what a model says that says anything."""
    model = type("Says", (), {"predict": lambda _, __: now})()
    found = compare_predictions(model, Example(np.zeros((len(kept), 1)), {"predict": np.asarray(kept)}))
    return found.outcome, found.largest, found.detail


def test_rounding_is_within_tolerance_and_its_size_is_told() -> None:
    assert said([1000.0, 1.0], [1000.0, 1.0 + 1e-9])[0] == "within tolerance"
    assert said([1000.0, 1.0], [1000.0, 1.0 + 1e-9])[2].endswith("within tolerance, the largest difference 1e-09")
    assert said([1.0, 2.0], [1.0, 2.0 + 1e-5])[:2] == ("different", pytest.approx(1e-5))
    assert said([1e-9, 2e-9], [1e-9, 3e-9])[0] == "different", "small numbers have a small tolerance"
    single = np.array([1.0, 2.0], dtype="f4")
    assert said(single, single + np.float32(1e-5))[0] == "within tolerance"
    assert said([1.0, 2.0], single + np.float32(1e-5))[0] == "within tolerance", "one of the two is of single precision"


def test_labels_are_the_same_or_not() -> None:
    assert said(["a", "b", "a"], ["a", "b", "b"]) == ("different", None, "predict of 3 rows: 1 differ")
    assert said([0, 1, 1], [0, 0, 0]) == ("different", None, "predict of 3 rows: 2 differ")
    assert said(["a"], ["a"])[:2] == ("identical", None)
    assert said([0, 1], ["0", "1"])[0] == "different"


def test_what_is_missing_or_infinite_is_the_same_if_it_is() -> None:
    odd = [np.nan, np.inf, -np.inf, 1.0]
    assert said(odd, odd)[:2] == ("identical", 0.0)
    assert said(odd, [np.nan, np.inf, -np.inf, 1.0 + 1e-9])[0] == "within tolerance"
    assert said(odd, [np.nan, np.inf, np.inf, 1.0])[0] == "different"
    assert said(odd, [0.0, np.inf, -np.inf, 1.0]) == ("different", None, "predict of 4 rows: 1 differ")


def test_another_shape_is_different() -> None:
    outcome, largest, detail = said([[1.0, 2.0]], [[1.0]])
    assert (outcome, largest) == ("different", None)
    assert "(1, 2)" in detail


def test_the_worst_of_several_outputs_counts() -> None:
    model = LogisticRegression().fit(X, y)
    example = Example(X, predictions_of(model, X))
    model.coef_ = model.coef_ * (1 + 1e-4)
    compared = compare_predictions(model, example)
    assert compared.outcome == "different"
    assert compared.detail.startswith("predict_proba of 200 rows: ")
    assert compared.largest is not None
    assert 0 < compared.largest < 1e-3
