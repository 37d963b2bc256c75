"""Means of rows with weights: scipy's where all count the same, and intervals that hold where they do not."""

import numpy as np
import pytest
from scipy import stats

from nbregistry.evaluation.significance.means import mean


def test_without_weights_it_is_student_s_and_welch_s():
    rng = np.random.default_rng(0)
    a, b = rng.normal(0.3, 2, size=40), rng.normal(size=70)
    one, two = stats.ttest_1samp(a, 0, alternative="greater"), stats.ttest_ind(a, b, equal_var=False)
    assert mean(a).p_above_zero() == pytest.approx(one.pvalue)
    assert mean(a).interval(0.1) == pytest.approx(tuple(stats.ttest_1samp(a, 0).confidence_interval(0.9)))
    for weights in (None, 7.0):
        first, second = (mean(x, None if weights is None else np.full(len(x), weights)) for x in (a, b))
        found = first.minus(second)
        assert (found.t, found.freedom, found.p_value()) == pytest.approx((two.statistic, two.df, two.pvalue))
        assert found.interval(0.05) == pytest.approx(tuple(two.confidence_interval(0.95)))


def test_equal_numbers_have_no_variance_and_show_nothing():
    found = mean(np.full(30, 0.7), np.linspace(0.3, 2, 30))
    assert (found.variance, found.p_value(), found.p_above_zero()) == (0, 1, 1)
    assert found.minus(found).p_value() == 1
    assert mean(np.array([1.0, 2.0])).minus(found).freedom == pytest.approx(1)


def test_weighted_intervals_hold_the_truth_where_weights_go_with_what_is_measured():
    """Rows that lose much are three times as likely to be seen, and weigh a third; the true mean loss is 1."""
    rng = np.random.default_rng(1)
    held = refused = 0
    for _ in range(2000):
        losses = rng.exponential(size=1200)
        chance = np.where(losses > 1, 0.6, 0.2)
        seen = rng.random(1200) < chance
        found = mean(losses[seen], 1 / chance[seen])
        low, high = found.interval(0.05)
        held += low <= 1 <= high
        other = mean(rng.exponential(size=200), rng.exponential(size=200))
        refused += found.minus(other).p_value() < 0.05
    assert 0.94 <= held / 2000 <= 0.96
    assert 0.04 <= refused / 2000 <= 0.06
