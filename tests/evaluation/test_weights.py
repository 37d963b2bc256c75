"""Rows that count more than others: metrics, tests, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics
from sklearn.cluster import KMeans
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.tree import DecisionTreeClassifier

from nbregistry.errors import Refused
from nbregistry.evaluation.comparing import compare_versions
from nbregistry.evaluation.curves import curves_of
from nbregistry.evaluation.metrics import METRICS, evaluate, measure_rows
from nbregistry.evaluation.significance.paired import JACKKNIFE, WEIGHTED, draw
from nbregistry.model import ModelVersion

VERSIONS = [ModelVersion("m", number) for number in (1, 2)]


def fitted(load, models):
    X, y = load(return_X_y=True)
    weights = np.random.default_rng(0).exponential(size=len(y[1::2]))
    weights[::7] = 0
    return X[1::2], y[1::2], weights, [model.fit(X[::2], y[::2]) for model in models]


def classified(load=load_breast_cancer):
    return fitted(load, [DecisionTreeClassifier(max_depth=depth, random_state=0) for depth in (1, 3)])


def by_sklearn(task, y, prediction, score, weights):
    binary = task == "binary"
    ranked = score[:, 1] if binary else score
    averaged = {"average": "binary" if binary else "macro", "zero_division": 0}
    multi = {} if binary else {"multi_class": "ovr"}
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(y, prediction, sample_weight=weights, **averaged)
    found = {
        "accuracy": metrics.accuracy_score(y, prediction, sample_weight=weights),
        "balanced_accuracy": metrics.balanced_accuracy_score(y, prediction, sample_weight=weights),
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "roc_auc": metrics.roc_auc_score(y, ranked, sample_weight=weights, **multi),
        "log_loss": metrics.log_loss(y, score, sample_weight=weights),
        "mcc": metrics.matthews_corrcoef(y, prediction, sample_weight=weights),
    }
    if binary:
        found["average_precision"] = metrics.average_precision_score(y, ranked, sample_weight=weights)
        found["brier"] = metrics.brier_score_loss(y, ranked, sample_weight=weights)
    return found


@pytest.mark.parametrize(("task", "load"), [("binary", load_breast_cancer), ("multiclass", load_wine)])
def test_classifiers_are_measured_as_scikit_learn_does(task, load):
    X, y, weights, (_, model) = classified(load)
    found = evaluate(model, X, y, weights)
    expected = by_sklearn(task, y, model.predict(X), model.predict_proba(X), weights)
    assert set(found.metrics) == set(METRICS[task]) == set(expected)
    assert found.metrics == pytest.approx(expected, rel=1e-12)
    chosen = X[:, 0] > np.median(X[:, 0])
    assert measure_rows(found, chosen) == pytest.approx(
        dict(evaluate(model, X[chosen], y[chosen], weights[chosen]).metrics)
    )


def test_regressors_are_measured_as_scikit_learn_does():
    X, y, weights, (model,) = fitted(load_diabetes, [LinearRegression()])
    found, prediction = evaluate(model, X, y, weights), model.predict(X)
    for name, function in (
        ("r2", metrics.r2_score),
        ("rmse", metrics.root_mean_squared_error),
        ("mae", metrics.mean_absolute_error),
        ("median_absolute_error", metrics.median_absolute_error),
        ("mape", metrics.mean_absolute_percentage_error),
    ):
        assert found.metrics[name] == pytest.approx(function(y, prediction, sample_weight=weights), rel=1e-12)


def test_a_row_without_weight_is_not_there():
    X, y, weights, (_, model) = classified()
    there = weights > 0
    assert evaluate(model, X, y, weights).metrics == pytest.approx(
        dict(evaluate(model, X[there], y[there], weights[there]).metrics)
    )
    only = np.where(y == 1, weights, 0)
    assert "every row of y is np.int64(1)" not in (said := evaluate(model, X, y, only).warnings)
    assert any("every row of y is 1" in warning for warning in said)


@pytest.mark.parametrize("load", [load_breast_cancer, load_wine, load_diabetes])
def test_what_is_resampled_is_the_weighted_metric(load):
    models = [Ridge(), LinearRegression()] if load is load_diabetes else None
    X, y, weights, models = fitted(load, models) if models else classified(load)
    found = evaluate(models[-1], X, y, weights)
    drawn = draw({"m@1": found}, set(found.metrics))
    for metric, value in found.metrics.items():
        assert drawn.values.observed[drawn.places[metric, "m@1"]] == pytest.approx(value, rel=1e-9), metric


def test_a_weight_of_two_is_the_row_twice():
    X, y, _, (_, model) = classified()
    twice = np.arange(len(y)) % 3 == 0
    found = evaluate(model, X, y, 1 + twice)
    doubled = evaluate(model, np.concatenate([X, X[twice]]), np.concatenate([y, y[twice]]))
    assert found.metrics == pytest.approx(dict(doubled.metrics))
    assert curves_of({"m": found})["m"].auc == pytest.approx(curves_of({"m": doubled})["m"].auc)


def test_every_test_is_a_weighted_jackknife():
    X, y, weights, models = classified()
    found = [evaluate(model, X, y, weights) for model in models]
    comparison = compare_versions(VERSIONS, found, baseline="m@1", by={"half": np.arange(len(y)) % 2})
    tested = [row for row in comparison.rows if row.ref == "m@2"]
    assert {row.method for row in (*tested, *(row for row in comparison.groups if row.method))} == {
        WEIGHTED + JACKKNIFE
    }
    assert len(tested) == len(METRICS["binary"])
    accuracy = next(row for row in tested if row.metric == "accuracy")
    assert accuracy.ci_low < accuracy.difference < accuracy.ci_high
    rows = weights.sum() ** 2 / (weights**2).sum()
    assert f"metrics are weighted by row: 284 rows tell as much as {rows:,.0f} of equal weight" in comparison.notes


def test_intervals_of_weighted_metrics_hold_the_truth():
    """Rows that count ten times are right more often: only the weighted interval holds the weighted truth."""
    rng = np.random.default_rng(1)
    held = []
    for _ in range(20):
        heavy = rng.random(300) < 0.3
        right = [rng.random(300) < np.where(heavy, good, 0.6) for good in (0.6, 0.9)]
        y = rng.integers(0, 2, 300)
        weights = np.where(heavy, 10.0, 1.0)
        found = [evaluate(Said(np.where(hit, y, 1 - y)), np.zeros((300, 1)), y, weights) for hit in right]
        rows = compare_versions(VERSIONS, found, baseline="m@1", metrics=["accuracy"]).rows
        held.append(rows[1].ci_low < 0.3 * 3 / 3.7 < rows[1].ci_high)
    assert np.mean(held) >= 0.85


class Said:
    """A classifier that says what it is told to say."""

    classes_ = np.array([0, 1])

    def __init__(self, prediction):
        self._prediction = prediction

    def predict(self, X):
        return self._prediction


def test_other_weights_are_not_paired():
    X, y, weights, models = classified()
    found = [evaluate(models[0], X, y, weights), evaluate(models[1], X, y)]
    comparison = compare_versions(VERSIONS, found, baseline="m@1")
    assert not any(row.method for row in comparison.rows)
    assert any("m@2 was evaluated with other weights than m@1" in note for note in comparison.notes)


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ([1.0, -1.0, 1.0], "1 of 3 weights are negative"),
        ([1.0, np.nan, np.inf], "2 of 3 weights are missing or infinite"),
        ([1.0, 1.0], "X has 3 rows, and the weights are 2"),
        ([0.0, 0.0, 0.0], "all weights are zero"),
        (["a", "b", "c"], "no number"),
        (np.ones((3, 2)), r"shape \(3, 2\)"),
        (1.0, r"shape \(\)"),
    ],
)
def test_weights_that_are_none(weights, said):
    with pytest.raises(Refused, match=said):
        evaluate(Said(np.array([0, 1, 0])), np.zeros((3, 1)), [0, 1, 1], weights)


def test_clusters_say_that_they_know_no_weights():
    X = np.random.default_rng(0).normal(size=(60, 2))
    y = (X[:, 0] > 0).astype(int)
    model = KMeans(2, n_init=1, random_state=0).fit(X)
    assert (
        "the metrics of clusters know no weights: each row counts once" in evaluate(model, X, y, np.ones(60)).warnings
    )
    assert not evaluate(model, X, y).warnings
