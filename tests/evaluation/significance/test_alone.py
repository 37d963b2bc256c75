"""Intervals of one model's metrics: which method each takes, against statsmodels and scikit-learn's values."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score, roc_auc_score
from statsmodels.stats.proportion import proportion_confint

from nbregistry.evaluation.metrics import Measured
from nbregistry.evaluation.significance.alone import interval_alone
from nbregistry.evaluation.significance.delong import area


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
    assert (low, high) == pytest.approx((value - 1.645 * error, value + 1.645 * error), abs=1e-4)


def test_everything_else_is_drawn():
    found = binary(400, 1.0, 2)
    low, high = interval_alone("f1", found, 0.1)
    assert low < f1_score(found.codes, found.predicted_codes) < high < low + 0.12
    rng = np.random.default_rng(0)
    target = rng.normal(size=200)
    errors = rng.normal(size=200)
    low, high = interval_alone("rmse", measured("regression", target=target, prediction=target + errors), 0.05)
    assert low < np.sqrt(np.mean(errors**2)) < high < low + 0.25


def test_what_the_rows_do_not_tell_is_not_told():
    perfect = binary(40, 50.0, 0)
    assert interval_alone("roc_auc", perfect, 0.05) is None  # the same however the rows are drawn
    assert interval_alone("f1", perfect, 0.05) is None
    low, high = interval_alone("accuracy", perfect, 0.1)
    assert (round(low, 2), high) == (0.94, 1.0)
