"""Columns as a tree sees them, and its splits in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from nbregistry.evaluation.features import CUTS, features_of


def only(column):
    (feature,) = features_of(pd.DataFrame({"c": column}))
    return feature


def said(feature, threshold, *, missing=False):
    return [feature.said(threshold, is_low=is_low, missing=missing) for is_low in (True, False)]


def test_numbers_lie_up_to_a_cut_or_behind_it():
    feature = only([3, 1, 2, 2])
    assert feature.codes.tolist() == [2, 0, 1, 1]
    assert said(feature, 0.5) == ["c ≤ 1", "c > 1"]
    assert said(feature, 1.5) == ["c ≤ 2", "c > 2"]


def test_many_numbers_are_cut_at_quantiles_and_each_cut_is_true():
    values = np.random.default_rng(0).lognormal(size=1000)
    values[0] = np.inf
    feature = only(values)
    assert len(feature.low) == CUTS - 1
    for code in range(len(feature.low)):
        cut = float(feature.low[code].removeprefix("c ≤ "))
        assert ((feature.codes <= code) == (values <= cut)).mean() >= 0.999  # written with six digits
        assert (feature.codes <= code).mean() == pytest.approx((code + 1) / CUTS, abs=0.01)


def test_a_value_that_most_rows_have_is_no_cut_twice():
    feature = only([0.0] * 900 + list(range(1, 101)))
    assert len(set(feature.low)) == len(feature.low)
    assert feature.codes.max() == len(feature.low)


def test_missing_values_go_with_a_side_or_stand_alone():
    feature = only([1.0, None, 2.0])
    assert np.isnan(feature.codes[1])
    assert said(feature, 0.5, missing=True) == ["c ≤ 1 or missing", "c > 1 or missing"]
    assert said(feature, np.inf) == ["c is known", "c is missing"]
    assert said(only([1, 2]), 0.5, missing=True) == ["c ≤ 1", "c > 1"]


def test_dates_are_written_as_dates():
    days = pd.Series(pd.to_datetime(["2024-01-01", "2024-06-01 12:30", None, "2025-01-01"], format="mixed"))
    feature = only(days)
    assert feature.low == ("c ≤ 2024-01-01", "c ≤ 2024-06-01 12:30:00")
    assert feature.codes[[0, 1, 3]].tolist() == [0, 1, 2]
    assert np.isnan(feature.codes[2])
    assert only(days.dt.tz_localize("UTC").dropna()).codes.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    "column",
    [
        ["a", "b", None],
        pd.Categorical(["a", "b", None]),
        pd.array(["a", "b", None], dtype="string"),
    ],
)
def test_categories_are_asked_for_one_by_one(column):
    found = features_of(pd.DataFrame({"c": column}))
    assert [feature.high for feature in found] == [("c is (missing)",), ("c is a",), ("c is b",)]
    assert found[1].codes.tolist() == [1, 0, 0]
    assert said(found[2], 0.5) == ["c is not b", "c is b"]


def test_what_says_nothing_is_left_out():
    table = pd.DataFrame({"id": [f"row {n}" for n in range(30)], "one": 1, "none": None, "flag": [True, False] * 15})
    assert [feature.high[0] for feature in features_of(table)] == ["flag is False", "flag is True"]
    odd = pd.DataFrame({"mixed": [1, "b", (2,)] * 5, "lists": [[1], [2], [3]] * 5})
    assert "mixed is b" in [feature.high[0] for feature in features_of(odd)]
