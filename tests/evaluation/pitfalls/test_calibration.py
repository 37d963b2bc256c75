"""Calibration: the gap by definition, and how often sound probabilities are called wrong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nbregistry.evaluation.calibration import calibrate, calibrations_of
from nbregistry.evaluation.metrics import Measured
from nbregistry.evaluation.pitfalls.calibration import ALPHA, LARGE, errors_by_chance, miscalibrated, p_value
from nbregistry.evaluation.weights import WEIGHT


def of(came_true, probability):
    rows = {"target": came_true.astype(int), "prediction": (probability > 0.5).astype(int), "score": probability}
    return Measured("binary", {"log_loss": 0.0}, rows, (), (0, 1))


def outcomes(probability, seed):
    return np.random.default_rng(seed).random(len(probability)) < probability


def calibration_error(came_true, probability, weights=None):
    return calibrate(came_true, probability, weights=weights).error


def test_the_gap_by_its_definition():
    rng = np.random.default_rng(0)
    probability = rng.random(237)
    came_true = rng.random(237) < probability**2
    order = probability.argsort()
    bins = np.split(order, np.arange(1, 10) * 237 // 10)
    gaps = [len(rows) / 237 * abs(came_true[rows].mean() - probability[rows].mean()) for rows in bins]
    assert calibration_error(came_true, probability) == pytest.approx(sum(gaps), rel=1e-12)


@pytest.mark.parametrize("rows", [60, 400, 3_000])
def test_sound_probabilities_are_called_wrong_as_rarely_as_promised(rows):
    """1,000 sets of outcomes, drawn from the probabilities: a test at 0.05 says no to 5% of them."""
    probability = np.random.default_rng(1).beta(0.7, 1.5, rows)
    by_chance = errors_by_chance(probability)
    p_values = np.array(
        [p_value(calibration_error(outcomes(probability, seed), probability), by_chance) for seed in range(1_000)]
    )
    assert 0.03 <= (p_values < 0.05).mean() <= 0.07
    assert (p_values < ALPHA).mean() <= 0.02


def test_a_small_gap_on_many_rows_is_nothing():
    probability = np.random.default_rng(2).random(100_000)
    off = np.clip(probability + 0.02, 0, 1)
    came_true = outcomes(probability, 0)
    gap = calibration_error(came_true, off)
    assert p_value(gap, errors_by_chance(off)) < ALPHA  # it is surely there
    assert gap < LARGE
    assert not list(miscalibrated(of(came_true, off)))


def test_a_large_gap_is_told_with_what_chance_explains():
    probability = np.random.default_rng(2).random(500)
    came_true = outcomes(probability**3, 0)
    (found,) = miscalibrated(of(came_true, probability))
    gap, usual = calibration_error(came_true, probability), errors_by_chance(probability).mean()
    assert gap == pytest.approx(0.25, abs=0.05)
    assert found.figure == f"off by {gap:.2f} on average, where chance explains {usual:.2f}"
    assert not list(miscalibrated(of(outcomes(probability, 0), probability)))


@pytest.mark.parametrize("rows", [35, 64, 237])
def test_the_gap_that_is_told_is_the_one_that_a_plot_has(rows):
    """Also where the rows cannot be cut into ten bins of the same size."""
    probability = np.random.default_rng(rows).random(rows).round(2)
    measured = of(outcomes(1 - probability, 0), probability)
    (found,) = miscalibrated(measured)
    assert found.figure.startswith(f"off by {calibrations_of({'m@1': measured})['m@1'].error:.2f} on average")


def test_few_rows_are_off_by_chance():
    probability = np.full(40, 0.5)
    came_true = np.arange(40) % 4 < 2
    assert calibration_error(came_true, probability) == 0
    came_true = outcomes(probability, 4)
    assert calibration_error(came_true, probability) > LARGE
    assert not list(miscalibrated(of(came_true, probability)))


def test_equal_probabilities_share_a_bin():
    came_true = np.arange(400) < 100
    assert calibration_error(came_true, np.full(400, 0.25)) == pytest.approx(0, abs=1e-12)
    assert not list(miscalibrated(of(came_true, np.full(400, 0.25))))


def test_scores_that_only_rank_are_not_looked_at():
    probability = np.random.default_rng(2).random(500)
    found = of(outcomes(probability**3, 0), probability)
    assert not list(miscalibrated(Measured("binary", {}, found.rows, (), (0, 1))))


def test_of_many_classes_the_most_probable_one_counts():
    rng = np.random.default_rng(5)
    score = rng.dirichlet([1, 1, 1], 2_000)
    drawn = np.array([rng.choice(3, p=row) for row in score])
    sharp = score**4 / (score**4).sum(axis=1, keepdims=True)

    def found(values):
        rows = {"target": drawn, "prediction": values.argmax(axis=1), "score": values}
        return list(miscalibrated(Measured("multiclass", {"log_loss": 1.0}, rows, (), (0, 1, 2))))

    assert not found(score)
    assert "off by 0.2" in found(sharp)[0].figure


@pytest.mark.parametrize("rows", [400, 3_000])
def test_rows_count_by_their_weights(rows):
    """Sound where the weight lies, and off elsewhere; then the same, the other way round."""
    rng = np.random.default_rng(rows)
    heavy = rng.random(rows) < 0.5
    probability = rng.uniform(0.1, 0.6, rows)
    came_true = rng.random(rows) < np.where(heavy, probability, probability + 0.4)
    plain = of(came_true, probability)
    on_sound, on_off = (
        replace(plain, rows={**plain.rows, WEIGHT: np.where(chosen, 50.0, 0.01)}) for chosen in (heavy, ~heavy)
    )
    assert list(miscalibrated(plain))
    assert not list(miscalibrated(on_sound))
    (found,) = miscalibrated(on_off)
    assert float(found.figure.split()[2]) == pytest.approx(0.4, abs=0.08)


def test_a_weight_of_two_is_the_row_twice_for_the_gap():
    probability = np.random.default_rng(1).random(100)
    came_true = outcomes(probability, 2)
    twice = np.repeat(np.arange(100), 2)
    doubled = calibration_error(came_true[twice], probability[twice])
    assert calibration_error(came_true, probability, np.full(100, 2.0)) == pytest.approx(doubled)


def test_sound_probabilities_of_weighted_rows_are_called_wrong_as_rarely_as_promised():
    rng = np.random.default_rng(3)
    probability, weights = rng.random(300), rng.exponential(size=300)
    by_chance = errors_by_chance(probability, weights)
    found = [
        p_value(calibration_error(outcomes(probability, seed), probability, weights), by_chance) for seed in range(1000)
    ]
    assert np.mean(np.array(found) < 0.05) == pytest.approx(0.05, abs=0.02)
