"""Intervals on a scale without an end: small ones are as they were, large ones stay where the metric can be."""

from __future__ import annotations

import pytest

from nbregistry.evaluation.significance.inference import StudentInference
from nbregistry.evaluation.significance.scales import interval_of_value


def found(value, error):
    return StudentInference(value, 0.0, "", 100, error, 99.0)


@pytest.mark.parametrize(
    ("metric", "value"),
    [("f1", 0.8), ("brier", 0.1), ("log_loss", 0.7), ("rmse", 12.0), ("r2", 0.9), ("r2", -0.3), ("mcc", -0.4)],
)
def test_a_short_interval_is_as_it_would_be_without_a_scale(metric, value):
    inference = found(value, 1e-6)
    low, high = inference.interval(0.05)
    assert interval_of_value(metric, inference, 0.05) == pytest.approx((low, high), abs=1e-9)


@pytest.mark.parametrize(
    ("metric", "value", "least", "most"),
    [
        ("average_precision", 0.95, 0.0, 1.0),
        ("hamming_loss", 0.02, 0.0, 1.0),
        ("mae", 0.5, 0.0, float("inf")),
        ("r2", 0.9, float("-inf"), 1.0),
        ("mcc", 0.9, -1.0, 1.0),
    ],
)
def test_a_wide_interval_stays_where_the_metric_can_be(metric, value, least, most):
    low, high = interval_of_value(metric, found(value, 0.3), 0.05)
    assert least < low < value < high < most


def test_a_metric_of_which_nothing_is_known_has_the_interval_as_it_is():
    inference = found(0.95, 0.3)
    assert interval_of_value("gain", inference, 0.05) == inference.interval(0.05)


@pytest.mark.parametrize("metric", ["f1", "r2", "mcc", "rmse"])
def test_what_does_not_vary_has_no_scale_to_be_put_on(metric):
    value = 0.0 if metric == "rmse" else 1.0
    assert interval_of_value(metric, found(value, 0.0), 0.05) == (value, value)
