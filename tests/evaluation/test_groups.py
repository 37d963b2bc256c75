"""Metrics by group: intervals, tested differences, and groups that are too small."""

from __future__ import annotations

import json

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from nbregistry.evaluation.comparing import compare_versions
from nbregistry.evaluation.metrics import Measured
from nbregistry.evaluation.significance import paired
from nbregistry.evaluation.significance.holm import holm
from nbregistry.evaluation.significance.newcombe import area_interval
from nbregistry.evaluation.significance.paired import infer_all
from nbregistry.model import ModelVersion
from tests.evaluation.significance.samples import binary, equally_good, multiclass, regression

ROWS = 600


@pytest.fixture(autouse=True)
def _few_draws(monkeypatch):
    monkeypatch.setattr(paired, "_RESAMPLES", 199)
    monkeypatch.setattr(paired, "_PERMUTATIONS", 499)


def compared(evaluations, by, **options):
    versions = [ModelVersion("m", number) for number in range(1, len(evaluations) + 1)]
    return compare_versions(versions, evaluations, baseline="m@1", by=by, **options)


def two(seed=0, rows=ROWS):
    """Give a classifier and one that is worse in the north, and where the north is."""
    rng = np.random.default_rng(seed)
    target, one, other = equally_good(rng, rows)
    north = rng.random(rows) < 0.4
    other = np.where(north, rng.random(rows), other)
    return binary(target, one), binary(target, other), np.where(north, "north", "south")


def found(comparison, **wanted):
    return [row for row in comparison.groups if all(getattr(row, name) == value for name, value in wanted.items())]


def test_values_have_the_interval_that_suits_them():
    one, other, region = two()
    metrics = ["accuracy", "recall", "precision", "roc_auc", "f1"]
    comparison = compared([one, other], {"region": region}, metrics=metrics)
    north = one.take(region == "north")
    positive, predicted = north.codes == 1, north.predicted_codes == 1
    for metric, hits in (
        ("accuracy", north.hits),
        ("recall", north.hits[positive]),
        ("precision", north.hits[predicted]),
    ):
        (row,) = found(comparison, group="north", ref="m@1", metric=metric)
        expected = proportion_confint(hits.sum(), len(hits), 0.05, method="wilson")
        assert (row.value_low, row.value_high) == pytest.approx(expected)
        assert row.value == pytest.approx(hits.mean())
    (row,) = found(comparison, group="north", ref="m@1", metric="roc_auc")
    above, below = (north.rows["score"][north.codes == code] for code in (1, 0))
    wins = (above[:, None] > below).astype(float)  # DeLong's structural components
    error = (wins.mean(axis=1).var(ddof=1) / len(above) + wins.mean(axis=0).var(ddof=1) / len(below)) ** 0.5
    logit, half = np.log(row.value / (1 - row.value)), 1.96 * error / row.value / (1 - row.value)
    delong = tuple(1 / (1 + np.exp(-logit - end)) for end in (-half, half))
    newcombe = area_interval(row.value, len(above), len(below), 0.05)
    expected = min(delong[0], newcombe[0]), max(delong[1], newcombe[1])
    assert (row.value_low, row.value_high) == pytest.approx(expected, 1e-4)
    (row,) = found(comparison, group="north", ref="m@1", metric="f1")
    assert row.value_low < row.value < row.value_high


def test_a_difference_is_that_of_the_test_on_the_rows_of_the_group():
    one, other, region = two()
    metrics = ["roc_auc", "log_loss", "f1"]
    comparison = compared([one, other], {"region": region}, metrics=metrics, alpha=0.1)
    for group in ("north", "south"):
        rows = region == group
        alone = infer_all(one.take(rows), {"m@2": other.take(rows)}, [(metric, "m@2") for metric in metrics])
        for (metric, ref), inference in alone.items():
            (row,) = found(comparison, group=group, ref=ref, metric=metric)
            assert row.difference == pytest.approx(inference.difference)
            assert (row.ci_low, row.ci_high) == pytest.approx(inference.interval(0.1))
            assert (row.p_value, row.method, row.n) == (inference.p_value, inference.method, rows.sum())


def test_p_values_are_adjusted_for_all_groups_and_versions_of_a_metric():
    one, other, region = two()
    third = binary(one.rows["target"], one.rows["score"] * 0.9)
    by = {"region": region, "half": np.arange(ROWS) % 2}
    comparison = compared([one, other, third], by, metrics=["accuracy", "roc_auc"])
    for metric in ("accuracy", "roc_auc"):
        rows = [row for row in found(comparison, metric=metric) if row.ref != "m@1"]
        assert len(rows) == 8
        assert [row.p_adjusted for row in rows] == holm([row.p_value for row in rows])
    verdicts = {row.group: row.verdict for row in found(comparison, metric="roc_auc", ref="m@2", column="region")}
    assert verdicts == {"north": "worse", "south": "undecided"}
    assert {row.verdict for row in found(comparison, ref="m@1")} == {None}


def test_a_margin_makes_groups_equivalent():
    one, _, region = two()
    third = binary(one.rows["target"], np.clip(one.rows["score"] + 0.0001, 0, 1))
    comparison = compared([one, third], {"region": region}, metrics=["log_loss"], margin=0.01)
    assert {row.verdict for row in found(comparison, ref="m@2")} == {"equivalent"}


@pytest.mark.parametrize(
    ("rows", "positives", "small"), [(29, 10, True), (30, 4, True), (30, 5, False), (30, 26, True)]
)
def test_small_groups_are_measured_and_not_tested(rows, positives, small):
    one, other, _ = two()
    here = np.zeros(ROWS, dtype=bool)
    here[np.flatnonzero(one.codes == 1)[:positives]] = True
    here[np.flatnonzero(one.codes == 0)[: rows - positives]] = True
    comparison = compared([one, other], {"ward": np.where(here, "a", "b")}, metrics=["accuracy"])
    (row,) = found(comparison, group="a", ref="m@2")
    assert (row.n, row.small, row.verdict is None, row.value_low is None) == (rows, small, small, small)
    assert row.difference is not None
    (rest,) = found(comparison, group="b", ref="m@2")
    assert not rest.small


def test_small_groups_are_no_tests_that_others_pay_for():
    one, other, region = two()
    with_small = region.astype("<U9")
    with_small[:20] = [f"place {n % 10}" for n in range(20)]
    (row,) = found(compared([one, other], {"r": with_small}, metrics=["roc_auc"]), group="north", ref="m@2")
    assert row.p_adjusted <= 2 * row.p_value * (1 + 1e-9)


def test_given_metrics_and_other_rows_are_not_tested():
    one, other, region = two()
    flipped = Measured("binary", other.metrics, other.rows | {"target": 1 - other.rows["target"]}, (), (0, 1))
    comparison = compared([one, flipped], {"region": region}, metrics=["accuracy", "f1"])
    assert {row.verdict for row in comparison.groups} == {None}
    assert all(row.value_low is not None for row in comparison.groups)
    versions = [ModelVersion("m", 1), ModelVersion("m", 2, metrics={"f1": 0.9}, metrics_given=("f1",))]
    given = compare_versions(versions, [one, other], baseline="m@1", by={"region": region}, metrics=["f1"])
    assert {row.verdict for row in given.groups} == {None}


def test_numbers_and_many_classes_have_groups_too():
    rng = np.random.default_rng(1)
    target, half = rng.normal(size=300), np.arange(300) % 2
    one, other = regression(target, target + rng.normal(size=300)), regression(target, target + half)
    comparison = compared([one, other], {"half": half}, metrics=["mae", "r2"])
    assert {row.group: row.verdict for row in found(comparison, ref="m@2", metric="mae")} == {
        "0": "better", "1": "worse"
    }  # fmt: skip
    assert all(row.value_low <= row.value <= row.value_high for row in found(comparison, ref="m@1"))
    codes = rng.integers(0, 3, 300)
    sure, unsure = (multiclass(codes, np.eye(3)[codes] * w + rng.random((300, 3))) for w in (2.0, 0.5))
    comparison = compared([sure, unsure], {"half": half}, metrics=["accuracy", "f1"])
    assert {row.verdict for row in found(comparison, ref="m@2")} == {"worse"}


def test_groups_are_in_the_json_with_their_tests():
    one, other, region = two()
    document = json.loads(compared([one, other], {"region": region}, metrics=["accuracy"]).to_json())
    assert {"value_low", "ci_low", "p_adjusted", "verdict", "small"} <= set(document["groups"][0])
