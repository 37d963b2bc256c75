"""The interval of an area that a few rows of a class do not see the variance of."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from nbregistry.evaluation.significance.alone import interval_alone
from nbregistry.evaluation.significance.newcombe import area_interval
from tests.evaluation.significance.samples import binary


@pytest.mark.parametrize(("area", "positives", "negatives"), [(0.9, 5, 500), (0.5, 30, 20), (0.999, 400, 90)])
def test_the_ends_are_as_far_away_as_chance_allows(area, positives, negatives):
    balanced = (positives + negatives) / 2
    for end in area_interval(area, positives, negatives, 0.1):
        # Hanley & McNeil's variance, with both classes as large as they are on average.
        above, both_above = end / (2 - end), 2 * end**2 / (1 + end)
        variance = end * (1 - end) + (balanced - 1) * (above + both_above - 2 * end**2)
        assert abs(area - end) == pytest.approx(norm.isf(0.05) * np.sqrt(variance / positives / negatives), rel=1e-6)


def test_perfect_areas_have_one_sided_intervals():
    low, high = area_interval(1.0, 3, 500, 0.1)
    assert (0.5 < low < 0.9, high) == (True, 1.0)
    assert area_interval(0.0, 3, 500, 0.1) == pytest.approx((1 - high, 1 - low))
    assert area_interval(1.0, 500_000, 500_000, 0.1)[0] > 0.999_99


def test_the_same_from_either_side():
    low, high = area_interval(0.8, 40, 70, 0.05)
    assert area_interval(1 - 0.8, 40, 70, 0.05) == pytest.approx((1 - high, 1 - low))
    assert area_interval(0.8, 70, 40, 0.05) == pytest.approx((low, high))


@pytest.mark.parametrize("positives", [5, 20])
@pytest.mark.parametrize("truth", [0.7, 0.85, 0.95])
def test_a_lower_bound_holds_with_a_few_positives(positives, truth):
    """DeLong's alone did so in 74 to 93% of the data sets."""
    rng = np.random.default_rng(3)
    target = np.arange(500 + positives) < positives
    held = 0
    for _ in range(400):
        scores = rng.normal(size=len(target)) + norm.ppf(truth) * np.sqrt(2) * target
        low, _ = interval_alone("roc_auc", binary(target, norm.cdf(scores)), 0.1)
        held += low <= truth
    assert held >= 0.93 * 400
