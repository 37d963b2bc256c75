"""ROC curves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as reference

from nbregistry.errors import Refused
from nbregistry.evaluation.curves import roc_curve


def test_a_curve_derived_by_hand():
    # By falling score: 0.9 is positive, 0.6 negative, 0.4 positive, 0.1 negative.
    curve = roc_curve([0, 0, 1, 1], [0.1, 0.6, 0.4, 0.9], 1)
    assert curve.fpr.tolist() == [0, 0, 0.5, 0.5, 1]
    assert curve.tpr.tolist() == [0, 0.5, 0.5, 1, 1]
    assert curve.auc == 0.75
    assert np.isinf(curve.thresholds[0])


@pytest.mark.parametrize(
    ("target", "positive"), [(["no", "yes"] * 50, "yes"), ([False, True] * 50, True), ([1, 2] * 50, 2)]
)
def test_any_label_equals_sklearn(target, positive):
    score = np.random.default_rng(0).normal(size=100)
    curve = roc_curve(target, score, positive)
    assert curve.auc == pytest.approx(reference.roc_auc_score(np.asarray(target) == positive, score))


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=30))
def test_the_area_is_the_share_of_pairs_in_the_right_order(rows):
    good = [score for positive, score in rows if positive]
    bad = [score for positive, score in rows if not positive]
    target, scores = [positive for positive, _ in rows], [score for _, score in rows]
    if not good or not bad:
        with pytest.raises(Refused, match="both classes"):
            roc_curve(target, scores, positive=True)
        return
    right = sum((g > b) + (g == b) / 2 for g in good for b in bad)
    curve = roc_curve(target, scores, positive=True)
    assert curve.auc == pytest.approx(right / len(good) / len(bad))
    assert (np.diff(curve.fpr) >= 0).all()
    assert (np.diff(curve.tpr) >= 0).all()


def test_a_score_that_is_no_number_is_refused():
    with pytest.raises(Refused, match="NaN"):
        roc_curve([0, 1], [np.nan, 1], 1)
