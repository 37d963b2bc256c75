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

from nbregistry.evaluation.pitfalls.sentences import Pitfall

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from nbregistry.evaluation.metrics import Measured

    Array = np.ndarray[Any, Any]

BINS = 10
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
    score = measured.rows["score"]
    if measured.task == "binary":
        came_true, probability = measured.codes == 1, score
    else:
        came_true, probability = score.argmax(axis=1) == measured.codes, score.max(axis=1)
    gap = calibration_error(came_true, probability, measured.weights)
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


def calibration_error(came_true: Array, probability: Array, weights: Array | None = None) -> float:
    """Give the mean gap between probabilities and how often they come true.

    Parameters
    ----------
    came_true : ndarray of bool, n
    probability : ndarray of float, n
    weights : ndarray of float, n, optional
        How much each row counts.

    Examples
    --------
    >>> import numpy as np
    >>> said = np.repeat([0.1, 0.9], 50)
    >>> round(calibration_error(np.arange(100) % 10 == 0, said), 2)
    0.4
    """
    import numpy as np

    order, starts = _bins(probability)
    count = np.ones(len(order)) if weights is None else weights
    gaps = np.add.reduceat((count * (came_true - probability))[order], starts)
    return float(np.abs(gaps).sum() / count.sum())


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
    order, starts = _bins(probability)
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


def _bins(probability: Array) -> tuple[Array, Array]:
    """Give the order of the rows by probability, and where in it each bin begins.

    Equal probabilities share a bin: cut in the order of the rows, they would tell of that order instead.
    """
    import numpy as np

    order = np.argsort(probability, kind="stable")
    ordered = probability[order]
    cuts = np.arange(BINS) * len(ordered) // BINS
    return order, np.unique(np.searchsorted(ordered, ordered[cuts], "left"))
