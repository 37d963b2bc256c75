"""BCa intervals and p-values, against scipy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from nbregistry.evaluation.significance.bootstrap import bca
from nbregistry.evaluation.significance.paired import Drawn, by_class, infer_all
from nbregistry.evaluation.significance.permutation import permute
from nbregistry.evaluation.significance.resampling import LEFT_OUT, Resampled, drawn, left_out, resample
from nbregistry.evaluation.significance.weighted import Means
from tests.evaluation.significance.samples import binary, equally_good, regression


def test_an_interval_is_scipy_s():
    rng = np.random.default_rng(3)
    target = rng.normal(50, 8, 150)
    one = target + rng.gamma(1.0, 3.0, 150)  # skewed: here BCa differs from a percentile interval
    other = target + rng.gamma(1.0, 2.0, 150)

    def gap(y, a, b, axis=-1):
        return np.mean(np.abs(y - b), axis=axis) - np.mean(np.abs(y - a), axis=axis)

    expected = stats.bootstrap(
        (target, one, other), gap, paired=True, vectorized=True, n_resamples=20_000, rng=np.random.default_rng(0)
    )
    found = infer_all(regression(target, one), {"m@2": regression(target, other)}, [("mae", "m@2")])["mae", "m@2"]
    width = expected.confidence_interval.high - expected.confidence_interval.low
    assert found.interval(0.05) == pytest.approx(tuple(expected.confidence_interval), abs=0.04 * width)


def test_the_interval_of_few_skewed_rows_is_shifted_as_scipy_shifts_it():
    rows = np.random.default_rng(8).gamma(0.4, 1.0, 25)
    asked = {"n_resamples": 20_000, "vectorized": True}
    expected, plain = (
        stats.bootstrap((rows,), np.mean, method=method, rng=np.random.default_rng(0), **asked).confidence_interval
        for method in ("BCa", "percentile")
    )
    found = resample(Means([rows]), [25], 20_000)
    inference = bca(
        found.observed[0], found.replicates[:, 0], found.without[:, 0], n=25, method="paired bootstrap (BCa)"
    )
    assert inference is not None
    width = expected.high - expected.low
    assert abs(plain.high - expected.high) > 0.1 * width  # here the two methods differ
    assert inference.interval(0.05) == pytest.approx(tuple(expected), abs=0.03 * width)


def test_the_p_value_is_where_the_interval_begins_to_hold_zero():
    target, one, other = equally_good(np.random.default_rng(11), 200)
    found = infer_all(binary(target, one), {"m@2": binary(target, other)}, [("f1", "m@2")])["f1", "m@2"]
    p_value = found.p_value
    assert 0.001 < p_value < 0.999
    for alpha, holds in ((p_value * 0.9, True), (min(0.999, p_value * 1.1), False)):
        low, high = found.interval(alpha)
        assert (low <= 0 <= high) == holds


def test_a_permutation_is_scipy_s():
    gaps = np.array([0.3, -0.1, 0.4, 0.2, 0.25, -0.3, 0.5, 0.1, 0.15, 0.0, 0.35])
    exact = stats.permutation_test(
        (gaps, np.zeros_like(gaps)),
        lambda a, b, axis: np.mean(a - b, axis=axis),
        permutation_type="samples",
        vectorized=True,
    )
    found, none = permute(np.column_stack([gaps, np.zeros_like(gaps)]), draws=20_000, method="")
    assert found.p_value == pytest.approx(exact.pvalue, abs=0.004)
    assert none.p_value == 1
    assert permute(np.array([[np.inf], [1.0]]), draws=9, method="") == [None]


def test_the_interval_of_a_permutation_is_what_the_test_does_not_refuse():
    gaps = np.random.default_rng(4).gamma(1.0, 1.0, 14)
    (found,) = permute(gaps[:, None], draws=40_000, method="")
    for end in found.interval(0.1):
        moved = gaps - end
        refused = stats.permutation_test(
            (moved, -moved),
            lambda a, b, axis: np.mean(a - b, axis=axis),
            permutation_type="samples",
            vectorized=True,
            n_resamples=np.inf,  # all of them: fewer would be drawn at random, otherwise in each run
        )
        assert refused.pvalue == pytest.approx(0.1, abs=0.01)
    for alpha in (0.01, 0.05, found.p_value, found.p_value * 1.01, 0.5):
        assert (found.interval(alpha)[0] > 0) == (found.p_value < alpha)


def test_what_gives_no_number_is_not_told():
    replicates = np.array([0.1, np.nan, 0.2])
    assert bca(0.1, replicates, np.array([0.1, 0.2]), n=3, method="") is None


def test_of_each_stratum_as_many_rows_are_drawn_as_it_has():
    weights = drawn([40, 7], 30, 0)
    assert weights.shape == (30, 47)
    assert (weights[:, :40].sum(axis=1) == 40).all()
    assert (weights[:, 40:].sum(axis=1) == 7).all()
    assert weights.max() > 1
    assert (drawn([40, 7], 30, 1) != weights).any()


@pytest.mark.parametrize("strata", [[5, 3], [700, 300]])
def test_each_row_is_left_out_once(strata):
    parts = left_out(strata)
    kept = parts.kept(0, len(parts.sizes))
    assert len(kept) == min(sum(strata), LEFT_OUT)
    assert ((1 - kept).sum(axis=0) == 1).all()
    assert ((1 - kept).sum(axis=1) == parts.sizes).all()
    of_rows = np.repeat(np.arange(len(strata)), strata)
    assert (parts.stratum[parts.taken] == of_rows).all()


def test_of_a_rare_class_each_row_is_left_out_alone_and_a_single_one_never():
    parts = left_out([5_000, 30, 1])
    assert (parts.sizes[parts.stratum == 1] == 1).all()
    assert np.bincount(parts.stratum).tolist() == [LEFT_OUT - 30, 30]
    assert parts.taken[-1] == -1
    assert (parts.kept(0, len(parts.sizes))[:, -1] == 1).all()


def test_blocks_are_the_same_whoever_draws_them():
    found = [resample(lambda weights: weights[:, :2] / 1.0, [50_000], 40) for _ in range(2)]
    assert (found[0].replicates == found[1].replicates).all()
    assert found[0].replicates.shape == (40, 2)


def test_who_stops_does_not_wait_for_the_rest():
    def over(total, blocks):
        for block in blocks:
            yield block
            raise KeyboardInterrupt

    computed = []

    def statistic(weights):
        computed.append(len(weights))
        return weights[:, :1] / 1.0

    with pytest.raises(KeyboardInterrupt):
        resample(statistic, [600_000], 300, over)
    assert sum(computed) < 300


def test_permutations_are_drawn_in_blocks_that_can_be_watched_and_stopped():
    asked, blocks_of = [], []

    def over(total, blocks):
        asked.append(total)
        for block in blocks:
            blocks_of.append(len(block))
            if len(blocks_of) == 2:
                raise KeyboardInterrupt
            yield block

    with pytest.raises(KeyboardInterrupt):
        permute(np.zeros((400_000, 1)), draws=999, method="", over=over)
    assert asked == [50]
    assert blocks_of == [40, 40]  # each draw gives two halves
    keys = [("log_loss", "m@2"), ("mcc", "m@2")]
    shown = []
    one, two = (binary(np.arange(200) % 2, np.linspace(0.1, high, 200)) for high in (0.8, 0.9))
    infer_all(one, {"m@2": two}, keys, lambda total, blocks: shown.append(total) or blocks)
    assert len(shown) == 2


@pytest.mark.filterwarnings("error")
def test_two_infinite_losses_have_no_inference_and_no_warning():
    infinite = Resampled(np.array([np.inf, np.inf]), np.empty((0, 2)), np.full((5, 2), np.inf), left_out([5]))
    both = Drawn(5, "m@1", {("mape", "m@1"): 0, ("mape", "m@2"): 1}, infinite)
    assert both.inference("mape", "m@2", "m@1") is None


def test_the_interval_at_the_level_of_the_p_value_ends_at_zero():
    replicates = np.arange(-9.5, 90)
    found = bca(float(np.median(replicates)), replicates, np.array([-1.0, 1.0]), n=50, method="bootstrap")
    assert found.interval(found.p_value)[0] == pytest.approx(0.0, abs=1e-9)


def test_a_stratum_is_a_class_and_a_cell_is_one_run_of_rows():
    target, one, other = equally_good(np.random.default_rng(2), 300)
    shuffled = np.random.default_rng(3).permutation(300)
    first, second = (binary(target[shuffled], score[shuffled]) for score in (one, other))
    strata, order = by_class(first, second)
    assert sorted(order.tolist()) == list(range(300))
    parts = np.split(first.codes[order], np.cumsum(strata)[:-1])
    assert [set(part.tolist()) for part in parts] == [{0}, {1}]
    for measured, most in ((first, 8), (second, 4)):
        cells = (2 * measured.codes + measured.predicted_codes)[order]
        assert np.count_nonzero(np.diff(cells)) < most


def test_two_rows_prove_nothing_and_one_still_less():
    target = np.array([1.0, 2.0])
    key = ("median_absolute_error", "m@2")
    found = infer_all(regression(target, target + 1), {"m@2": regression(target, target + 9)}, [key])
    assert found[key].p_value >= 0.5
    one = infer_all(regression(target[:1], target[:1] + 1), {"m@2": regression(target[:1], target[:1] + 9)}, [key])
    assert one == {}
