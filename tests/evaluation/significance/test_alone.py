"""Intervals of one model's metrics: which method each takes, against statsmodels and scikit-learn's values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import t
from sklearn.metrics import f1_score, roc_auc_score
from statsmodels.stats.proportion import proportion_confint

from nbregistry.evaluation.metrics import Measured, measure_rows
from nbregistry.evaluation.significance.alone import interval_alone
from nbregistry.evaluation.significance.delong import area

KNOWN = dict.fromkeys(("f1", "roc_auc", "average_precision"), 0.5)


def measured(task, **rows):
    known = ("accuracy", "recall", "f1", "roc_auc", "rmse")
    return Measured(task, dict.fromkeys(known, 0.5), rows, (), tuple(np.unique(rows["target"]).tolist())[:3])


def binary(n, gap, seed):
    rng = np.random.default_rng(seed)
    target = np.arange(n) % 2
    score = 1 / (1 + np.exp(-(rng.normal(size=n) + gap * target - gap / 2)))
    return measured("binary", target=target, prediction=(score > 0.5) * 1, score=score)


def test_shares_of_rows_are_wilsons():
    found = binary(80, 1.0, 0)
    hits, target = found.hits, found.codes
    expected = proportion_confint(hits.sum(), 80, 0.1, method="wilson")
    assert interval_alone("accuracy", found, 0.1) == pytest.approx(expected)
    expected = proportion_confint(hits[target == 1].sum(), 40, 0.05, method="wilson")
    assert interval_alone("recall", found, 0.05) == pytest.approx(expected)


def test_the_area_has_delongs_variance():
    found = binary(600, 1.0, 1)
    value, error = area(found.codes == 1, found.rows["score"])
    assert value == pytest.approx(roc_auc_score(found.codes, found.rows["score"]))
    low, high = interval_alone("roc_auc", found, 0.1)
    logit, half = np.log(value / (1 - value)), 1.644854 * error / value / (1 - value)
    assert (low, high) == pytest.approx(tuple(1 / (1 + np.exp(-logit - side * half)) for side in (-1, 1)), abs=1e-6)


def test_everything_else_is_drawn():
    found = binary(400, 1.0, 2)
    low, high = interval_alone("f1", found, 0.1)
    assert low < f1_score(found.codes, found.predicted_codes) < high < low + 0.12
    rng = np.random.default_rng(0)
    target = rng.normal(size=200)
    errors = rng.normal(size=200)
    low, high = interval_alone("rmse", measured("regression", target=target, prediction=target + errors), 0.05)
    squares, rmse = errors**2, np.sqrt(np.mean(errors**2))
    around = (squares - squares.mean()) ** 2
    degrees = 200 / ((200 * (around**2).sum() / around.sum() ** 2 - 1) / 2)
    half = t.isf(0.025, degrees) * squares.std(ddof=1) / np.sqrt(200) / 2 / rmse**2
    assert (low, high) == pytest.approx((rmse * np.exp(-half), rmse * np.exp(half)), rel=0.02)


@pytest.mark.parametrize(("metric", "share"), [("f1", 0.1), ("average_precision", 0.3), ("roc_auc", 0.2)])
def test_intervals_hold_the_truth_where_the_classes_come_at_random(metric, share):
    """Where each class has as many rows as it happens to have, as new data do."""
    rng = np.random.default_rng(5)

    def seen(rows):
        target = (rng.random(rows) < share) * 1
        score = 1 / (1 + np.exp(0.5 - rng.normal(size=rows) - 1.5 * target))
        return Measured("binary", {metric: 0.5}, {"target": target, "prediction": (score > 0.6) * 1, "score": score})

    truth = np.mean([measure_rows(replace(many, metrics=KNOWN), slice(None))[metric] for many in (seen(400_000),)])
    found = [interval_alone(metric, replace(seen(200), classes=(0, 1)), 0.05) for _ in range(800)]
    below, above = (np.mean([side(*interval) for interval in found]) for side in (
        lambda low, _: truth < low, lambda _, high: truth > high,
    ))  # fmt: skip
    assert below + above < 0.065
    assert max(below, above) < 0.042


def test_what_the_rows_do_not_tell_is_not_told():
    perfect = binary(40, 50.0, 0)
    assert interval_alone("f1", perfect, 0.05) is None  # the same however the rows are drawn
    low, high = interval_alone("roc_auc", perfect, 0.1)
    assert (round(low, 2), high) == (0.93, 1.0)
    low, high = interval_alone("accuracy", perfect, 0.1)
    assert (round(low, 2), high) == (0.94, 1.0)
