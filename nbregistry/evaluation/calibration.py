"""Whether probabilities are what they say, from arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbregistry.evaluation.wilson import wilson_interval

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import ArrayLike

    from nbregistry.evaluation.metrics import Measured

    Array = np.ndarray[Any, np.dtype[np.float64]]

BINS = 10


@dataclass(frozen=True, eq=False)
class Calibration:
    """Predicted probability against what happened, in bins of equally many rows.

    Attributes
    ----------
    predicted : ndarray
        Mean probability of each bin.
    observed, low, high : ndarray
        Share of rows in which it happened, with Wilson's 95% interval.
    counts : ndarray of int
        Rows of each bin.
    error : float
        Mean distance of predicted and observed, each bin counted by its rows: the expected calibration error with
        bins of equally many rows (Nguyen and O'Connor, 2015, EMNLP, 1587–1598).
    brier : float
        Mean squared distance of probability and outcome.
    """

    predicted: Array
    observed: Array
    low: Array
    high: Array
    counts: np.ndarray[Any, np.dtype[np.int64]]
    error: float
    brier: float

    @property
    def outside(self) -> int:
        """In how many bins the mean probability lies outside the interval of what happened."""
        return int(((self.predicted < self.low) | (self.predicted > self.high)).sum())


def calibrate(
    happened: ArrayLike, probability: ArrayLike, bins: int = BINS, *, weights: ArrayLike | None = None
) -> Calibration:
    """Compare probabilities with what happened.

    Parameters
    ----------
    happened : array-like of n booleans
    probability : array-like of n numbers from 0 to 1
    bins : int, default 10
        Rows with equal probabilities share a bin, so there may be fewer.
    weights : array-like of n numbers, optional
        How much each row counts. An interval is then that of so many equal rows as the weights of its bin are worth:
        the square of their sum by the sum of their squares (Kish, 1965, Survey Sampling).

    Returns
    -------
    Calibration

    Examples
    --------
    >>> calibration = calibrate([False, True, True, True], [0.2, 0.2, 0.9, 0.9])
    >>> calibration.observed.tolist(), round(calibration.error, 3)
    ([0.5, 1.0], 0.2)
    """
    import numpy as np

    values = np.asarray(probability, dtype=np.float64)
    outcome = np.asarray(happened, dtype=np.float64)
    last = -(-np.arange(1, bins) * len(values) // bins) - 1  # the place of each bin's highest value but the last one's
    edges = np.unique(np.sort(values)[last])
    place = np.searchsorted(edges, values, side="left")
    counts = np.bincount(place, minlength=len(edges) + 1)
    full = counts > 0
    weight = np.ones(len(values)) if weights is None else np.asarray(weights, dtype=np.float64)
    totals = np.bincount(place, weight, len(counts))
    full &= totals > 0
    totals, squares = totals[full], np.bincount(place, weight**2, len(counts))[full]
    predicted = np.bincount(place, weight * values, len(counts))[full] / totals
    observed = np.bincount(place, weight * outcome, len(counts))[full] / totals
    low, high = wilson_interval(observed, totals**2 / squares)
    error = float(np.abs(predicted - observed) @ totals / totals.sum())
    brier = float(np.average((values - outcome) ** 2, weights=weight))
    return Calibration(predicted, observed, low, high, counts[full], error, brier)


def calibrations_of(evaluated: Mapping[str, Measured]) -> dict[str, Calibration]:
    """Give the calibration of each classifier that gives probabilities.

    Of two classes it is that of the positive one. Of more it is that of the predicted class, and what may happen is
    that it is right (Guo, Pleiss, Sun and Weinberger, 2017, ICML, 1321–1330).
    """
    found = {}
    for name, measured in evaluated.items():
        if "log_loss" not in measured.metrics or "score" not in measured.rows:
            continue  # distances to a boundary promise no share
        score = measured.rows["score"]
        if measured.task == "binary":
            found[name] = calibrate(measured.codes == 1, score, weights=measured.weights)
        else:
            right = measured.codes == score.argmax(axis=1)
            found[name] = calibrate(right, score.max(axis=1), weights=measured.weights)
    return found
