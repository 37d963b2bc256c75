"""DeLong's test, against published values and against its definition."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import roc_auc_score

from nbregistry.evaluation.significance.delong import area, delong, placements

ASAH = Path(__file__).parent.parent / "data" / "asah.csv"


def test_published_values():
    """pROC on its aSAH data (Robin et al. 2011): wfns against s100b, paired, two-sided."""
    patients = pd.read_csv(ASAH)
    poor = (patients["outcome"] == "Poor").to_numpy()
    found = delong(poor, patients["s100b"].to_numpy(), patients["wfns"].to_numpy(dtype=float))
    assert found is not None
    assert [placements(poor, patients[name].to_numpy())[0].mean() for name in ("wfns", "s100b")] == pytest.approx(
        [0.8236789, 0.7313686], abs=5e-8
    )
    assert found.difference / found.standard_error == pytest.approx(2.20898359144091, rel=1e-12)
    assert found.p_value == pytest.approx(0.0271757822291882, rel=1e-12)
    assert found.interval(0.05) == pytest.approx((0.0104061769564846, 0.174214419249478), rel=1e-12)


def by_definition(positive, baseline, other):
    """The covariance of the two areas from every pair of rows, as DeLong et al. (1988) write it."""
    wins = [
        (scores[positive][:, None] > scores[~positive]) + (scores[positive][:, None] == scores[~positive]) / 2
        for scores in (baseline, other)
    ]
    of_positives = np.cov([pairs.mean(axis=1) for pairs in wins])
    of_negatives = np.cov([pairs.mean(axis=0) for pairs in wins])
    covariance = of_positives / positive.sum() + of_negatives / (~positive).sum()
    difference = wins[1].mean() - wins[0].mean()
    return difference, covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]


SCORES = arrays(np.float64, 12, elements=st.integers(0, 5).map(float))


@given(baseline=SCORES, other=SCORES, positives=st.integers(2, 10))
def test_by_ranks_as_by_pairs(baseline, other, positives):
    positive = np.arange(12) < positives
    difference, variance = by_definition(positive, baseline, other)
    found = delong(positive, baseline, other)
    if found is None:
        assert variance == pytest.approx(0, abs=1e-12)
        return
    assert found.difference == pytest.approx(difference, abs=1e-12)
    assert found.standard_error**2 == pytest.approx(variance, abs=1e-12)
    assert placements(positive, other)[0].mean() == pytest.approx(roc_auc_score(positive, other))


def test_the_same_scores_differ_by_nothing():
    positive, scores = np.arange(20) < 8, np.random.default_rng(0).normal(size=20)
    found = delong(positive, scores, 3 * scores + 1)  # in the same order
    assert found is not None
    assert (found.difference, found.p_value, found.interval(0.05)) == (0, 1, (0, 0))


def test_what_has_no_variance_is_not_tested():
    positive = np.arange(6) < 3
    perfect = np.arange(6.0)[::-1]
    assert delong(positive, -perfect, perfect) is None
    assert delong(np.arange(6) < 1, perfect, np.roll(perfect, 1)) is None


def test_one_area_and_its_interval_as_published():
    """pROC's ci.auc on its aSAH data, by DeLong."""
    patients = pd.read_csv(ASAH)
    poor = (patients["outcome"] == "Poor").to_numpy()
    for name, low, high in (("s100b", 0.6301182, 0.8326189), ("wfns", 0.7485258, 0.8988321)):
        found = area(poor, patients[name].to_numpy())
        assert found is not None
        value, error = found
        assert (value - 1.959964 * error, value + 1.959964 * error) == pytest.approx((low, high), abs=2e-4)
    assert area(np.arange(6) < 1, np.arange(6.0)) is None
