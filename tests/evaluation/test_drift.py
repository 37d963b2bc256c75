"""Drift: large changes are told, chance is not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from nbregistry.evaluation.drift import LEVEL, find_drift
from nbregistry.model import ColumnProfile
from nbregistry.provenance.profile import profile_columns, profile_like


def test_psi_derived_by_hand():
    before = ColumnProfile("x", (1.0,), (), (600, 400))
    (found,) = find_drift([before], [ColumnProfile("x", (1.0,), (), (300, 700))])
    p, q = 600.5 / 1001, 300.5 / 1001
    assert found.psi == pytest.approx((q - p) * np.log(q / p) + (p - q) * np.log((1 - q) / (1 - p)))
    assert found.by_chance == pytest.approx(1 / 1000 + 1 / 1000)
    assert found.size == "large"


@pytest.mark.parametrize("rows", [40, 100, 1_000])
def test_rows_of_the_same_source_did_not_drift_however_few_they_are(rows):
    rng = np.random.default_rng(rows)
    told, psi, expected = 0, [], []
    for _ in range(60):
        train = profile_columns(rng.normal(size=(800, 20)))
        found = find_drift(train, profile_like(train, rng.normal(size=(rows, 20))))
        told += any(drift.size != "none" for drift in found)
        psi += [drift.psi for drift in found]
        expected += [drift.by_chance for drift in found]
    assert told <= 60 * LEVEL + 2
    assert np.mean(psi) == pytest.approx(np.mean(expected), rel=0.15)
    assert rows > 100 or max(psi) > 0.25  # the custom alone would have cried


def test_what_drifted_comes_first():
    rng = np.random.default_rng(1)
    train = pd.DataFrame({"a": rng.normal(size=2_000), "b": rng.normal(size=2_000), "sex": ["f", "m"] * 1_000})
    profile = profile_columns(train)
    now = pd.DataFrame({"a": rng.normal(size=300), "b": rng.normal(0.6, 1, size=300), "sex": ["m"] * 280 + ["d"] * 20})
    found = find_drift(profile, profile_like(profile, now))
    assert [drift.name for drift in found] == ["sex", "b", "a"]
    assert [drift.size for drift in found] == ["large", "large", "none"]


def test_values_that_are_missing_now_are_a_drift():
    rng = np.random.default_rng(2)
    train = profile_columns(rng.normal(size=(1_000, 1)))
    gone = rng.normal(size=(500, 1))
    gone[:200] = np.nan
    (found,) = find_drift(train, profile_like(train, gone))
    assert found.size == "large"
    assert (found.missing_before, found.missing_now) == (0, 0.4)


def test_columns_in_other_bins_are_not_compared():
    before = [ColumnProfile("a", (1.0,), (), (5, 5)), ColumnProfile("b", (), ("x",), (5, 5))]
    now = [ColumnProfile("a", (2.0,), (), (5, 5)), ColumnProfile("c", (1.0,), (), (5, 5))]
    assert find_drift(before, now) == ()
    assert find_drift(before, [ColumnProfile("a", (1.0,), (), (0, 0))]) == ()


def test_what_chance_explains_is_taken_off_the_size():
    edges = tuple(map(float, range(9)))
    before = ColumnProfile("x", edges, (), (20,) * 10)
    (found,) = find_drift([before], [ColumnProfile("x", edges, (), (8, 32, 8, 32, 8, 32, 12, 28, 20, 20))])
    assert found.psi > 0.25
    assert found.by_chance == pytest.approx(0.09)
    assert found.size == "moderate"
