"""Probabilities that do not come true as often as they say.

The rows are put into bins of equally many by their probability, and in each bin the mean probability is held against
how often it came true. The mean gap is the expected calibration error (Naeini, Cooper & Hauskrecht, AAAI 2015; with
bins of equal counts, Nguyen & O'Connor, EMNLP 2015); of many classes, that of the most probable one (Guo et al., ICML
2017).

Few rows have gaps by chance alone. How large those are is known exactly: outcomes are drawn from the probabilities
themselves, as if they were right (Bröcker & Smith, Weather and Forecasting 22 (2007) 651-661; Vaicenavicius et al.,
AISTATS 2019). The gap is told only where it is surely more than chance, and large beside that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.evaluation.calibration import bins_of, calibrate, outcomes_of
from nbregistry.evaluation.pitfalls.sentences import Pitfall

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from nbregistry.evaluation.metrics import Measured

    Array = np.ndarray[Any, Any]

LARGE = 0.05
"""A mean gap, beyond what chance gives, that changes decisions; 100,000 rows prove smaller ones, which nobody minds."""

ALPHA = 0.01
_DRAWS = 999
_FEW_ROWS = 1_000
"""Up to so many rows each row is drawn; beyond, each bin's mean, which is as good as normal."""


def miscalibrated(measured: Measured) -> Iterator[Pitfall]:
    """Notice probabilities that are surely and considerably off."""
    if "log_loss" not in measured.metrics or (measured.codes < 0).any():
        return
    came_true, probability = outcomes_of(measured)
    gap = calibrate(came_true, probability, weights=measured.weights).error
    if gap < LARGE:  # beyond chance it is smaller still
        return
    by_chance = errors_by_chance(probability, measured.weights)
    usual = float(by_chance.mean())
    if gap - usual < LARGE or p_value(gap, by_chance) >= ALPHA:
        return
    yield Pitfall(
        "probabilities are not calibrated",
        f"off by {gap:.2f} on average, where chance explains {usual:.2f}",
        "calibrate them (CalibratedClassifierCV) before you go by log_loss, brier or a threshold",
    )


def errors_by_chance(probability: Array, weights: Array | None = None) -> Array:
    """Give the gaps of outcomes that were drawn from the probabilities, the same each time.

    Parameters
    ----------
    probability : ndarray of float, n
    weights : ndarray of float, n, optional
        How much each row counts.

    Returns
    -------
    ndarray of float, 999
    """
    import numpy as np

    rng = np.random.default_rng(0)
    order, starts = bins_of(probability)
    ordered = probability[order].astype(float)
    count = np.ones(len(order)) if weights is None else weights[order]
    if len(ordered) <= _FEW_ROWS:
        drawn = rng.random((_DRAWS, len(ordered))) < ordered
        gaps = np.add.reduceat(count * (drawn - ordered), starts, axis=1)
    else:
        spread = np.add.reduceat(count**2 * ordered * (1 - ordered), starts) ** 0.5
        gaps = rng.normal(size=(_DRAWS, len(starts))) * spread
    mean: Array = np.abs(gaps).sum(axis=1) / count.sum()
    return mean


def p_value(gap: float, by_chance: Array) -> float:
    """Give the chance of a gap as large: a Monte Carlo test, so that it holds exactly."""
    reached = int((by_chance >= gap * (1 - 1e-12)).sum())
    return (reached + 1) / (len(by_chance) + 1)
