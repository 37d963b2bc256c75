"""Tests on two different sets of rows, against published values, scipy and statsmodels, and simulated truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from nbregistry.evaluation.metrics import METRICS
from nbregistry.evaluation.significance.paired import infer_all
from nbregistry.evaluation.significance.unpaired import infer_unpaired, two_proportions, unpaired_delong, welch
from tests.evaluation.significance.samples import binary, equally_good, multiclass, regression
from tests.evaluation.significance.test_delong import ASAH
from tests.evaluation.significance.test_error_rates import rates

PUBLISHED = {
    ("s100b", "wfns"): (1.43490640926908, 0.152825378808796),
    ("ndka", "wfns"): (3.10125096778969, 0.00220950791756457),
    ("s100b", "ndka"): (-1.55995743389685, 0.120192832430845),
}


@pytest.mark.parametrize("names", PUBLISHED)
def test_published_values(names):
    """What pROC's own tests hold it to, on its aSAH data (Robin et al. 2011): unpaired, two-sided."""
    patients = pd.read_csv(ASAH)
    poor = (patients["outcome"] == "Poor").to_numpy()
    found = unpaired_delong(*((poor, patients[name].to_numpy(dtype=float)) for name in names))
    assert found is not None
    statistic, p_value = PUBLISHED[names]
    assert found.difference / found.standard_error == pytest.approx(statistic, rel=1e-12)
    assert found.p_value == pytest.approx(p_value, rel=1e-12)


@pytest.mark.parametrize(("right", "sizes"), [((80, 150), (100, 200)), ((500, 420), (600, 500)), ((30, 10), (60, 40))])
def test_two_proportions_are_statsmodels(right, sizes):
    found = two_proportions(*(np.arange(n) < hits for hits, n in zip(right, sizes, strict=True)))
    assert found is not None
    assert found.method == "unpaired, two proportions"
    assert found.p_value == pytest.approx(proportions_ztest(right, sizes)[1], rel=1e-12)
    expected = confint_proportions_2indep(right[1], sizes[1], right[0], sizes[0], "agresti-caffo", "diff")
    assert found.interval(0.05) == pytest.approx(expected, rel=1e-9)


def test_few_rows_are_tested_exactly():
    found = two_proportions(np.arange(20) < 19, np.arange(30) < 22)
    assert found is not None
    assert found.method == "unpaired, Fisher's exact"
    assert found.p_value == pytest.approx(stats.fisher_exact([[19, 1], [22, 8]]).pvalue)
    assert found.p_value > 0.06
    assert found.interval(0.06)[1] >= 0  # the test does not refuse zero, so the interval holds it
    assert two_proportions(np.ones(0, dtype=bool), np.ones(3, dtype=bool)) is None


def test_welch_is_scipy():
    rng = np.random.default_rng(0)
    one, two = rng.exponential(1, 80), rng.exponential(1.4, 200)
    found, expected = welch(one, two), stats.ttest_ind(two, one, equal_var=False)
    assert found is not None
    assert found.p_value == pytest.approx(expected.pvalue)
    assert found.interval(0.1) == pytest.approx(tuple(expected.confidence_interval(0.9)))
    assert welch(np.ones(5), np.ones(7)) is None


@pytest.mark.filterwarnings("error")
def test_losses_that_differ_in_their_last_digits_are_equal():
    rounded = 0.1 + np.arange(40) % 2 * 1e-17 + np.arange(40) % 3 * 1.4e-17
    assert welch(rounded, rounded + 0.2) is None
    assert welch(rounded, np.arange(40.0)) is not None


def test_the_bootstrap_of_medians_is_scipy():
    rng = np.random.default_rng(1)
    errors = rng.normal(0, 1, 300), rng.normal(0, 1.3, 150)
    measured = [regression(20 + error * 0, 20 + error) for error in errors]
    key = ("median_absolute_error", "m@2")
    found = infer_unpaired(measured[0], {"m@2": measured[1]}, [key])[key]
    expected = stats.bootstrap(
        [np.abs(error) for error in errors],
        lambda one, two, axis: np.median(two, axis) - np.median(one, axis),
        n_resamples=4999,
        rng=rng,
    )
    assert found.method == "unpaired bootstrap (BCa)"
    assert found.interval(0.05) == pytest.approx(tuple(expected.confidence_interval), abs=0.02)


def test_the_jackknife_is_the_delta_method_for_roots_of_means():
    rng = np.random.default_rng(1)
    squares = rng.normal(0, 1, 300) ** 2, rng.normal(0, 1.3, 150) ** 2
    measured = [regression(np.full(len(some), 20.0), 20 + some**0.5) for some in squares]
    found = infer_unpaired(measured[0], {"m@2": measured[1]}, [("rmse", "m@2")])["rmse", "m@2"]
    error = np.sqrt(sum(some.var(ddof=1) / len(some) / 4 / some.mean() for some in squares))
    assert found.method == "unpaired jackknife"
    assert found.difference == pytest.approx(squares[1].mean() ** 0.5 - squares[0].mean() ** 0.5)
    assert found.standard_error == pytest.approx(error, rel=0.05)


@pytest.mark.parametrize("rows", [50, 100, 300])
def test_rates_of_the_jackknife(rows):
    """Few rows, and as many of each class as came: what a bootstrap in each class told to be different in 15%."""
    rng, keys = np.random.default_rng(rows), [(metric, "m@2") for metric in ("precision", "f1", "average_precision")]
    found = []
    while len(found) < 800:
        pair = []
        for _ in range(2):
            target = (rng.random(rows) < 0.35) * 1
            score = 1.2 * target + rng.normal(size=rows) - 0.6
            pair.append(binary(target, 1 / (1 + np.exp(-2 * score))))
        found.append(infer_unpaired(pair[0], {"m@2": pair[1]}, keys))
    for key in keys:
        wrong, covered = rates(each[key] for each in found)
        assert 0.03 <= wrong <= 0.065, key
        assert covered == pytest.approx(1 - wrong)


def drawn_apart(make, count, seed):
    """Give two equally good models, each on rows of its own."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        (y, a, _), (z, _, b) = make(rng, 500), make(rng, 300)
        yield (y, a), (z, b)


def test_rates_of_the_tests_with_a_formula():
    """Wrong in 5% of the cases, and intervals that hold the truth in 95%."""
    of_areas, of_shares, of_means = [], [], []
    for (y, a), (z, b) in drawn_apart(equally_good, 1500, 5):
        of_areas.append(unpaired_delong((y == 1, a), (z == 1, b)))
        of_shares.append(two_proportions((a > 0.5) == y, (b > 0.5) == z))
        of_means.append(welch((a - y) ** 2, (b - z) ** 2))
    for found in (of_areas, of_shares, of_means):
        wrong, covered = rates(found)
        assert 0.04 <= wrong <= 0.06
        assert 0.94 <= covered <= 0.96


def test_sets_that_are_the_same_rows_are_still_two_sets():
    """Resamples of both are independent: else the same rows would be paired after all."""
    rng = np.random.default_rng(2)
    y, a, b = equally_good(rng, 400)
    key = ("f1", "m@2")
    apart = infer_unpaired(binary(y, a), {"m@2": binary(y, b)}, [key])[key]
    together = infer_all(binary(y, a), {"m@2": binary(y, b)}, [key])[key]
    alone = infer_unpaired(binary(y, a), {"m@2": binary(y, a)}, [key])[key]
    widths = [high - low for low, high in (found.interval(0.05) for found in (apart, together, alone))]
    assert widths[0] > widths[1]
    assert widths[2] > 0.8 * widths[0]


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_every_metric_has_a_test(task):
    rng = np.random.default_rng(0)
    if task == "binary":
        one, two = (binary(y, a) for y, a, _ in (equally_good(rng, 200), equally_good(rng, 90)))
    elif task == "multiclass":
        one, two = (multiclass(np.arange(n) % 3, rng.dirichlet([1, 1, 1], n)) for n in (90, 60))
    else:
        one, two = (regression(rng.normal(9, 1, n), rng.normal(9, 1, n)) for n in (90, 60))
    keys = [(metric, "m@2") for metric in METRICS[task] if metric in one.metrics]
    found = infer_unpaired(one, {"m@2": two}, keys)
    assert list(found) == keys
    for (metric, _), inference in found.items():
        assert inference.method.startswith("unpaired")
        assert inference.n in (one.n + two.n, (one.codes == 1).sum() + (two.codes == 1).sum())
        # Of a root of means, the loss that Welch takes is another one, but none of the others.
        assert inference.difference == pytest.approx(two.metrics[metric] - one.metrics[metric], abs=1e-9)
