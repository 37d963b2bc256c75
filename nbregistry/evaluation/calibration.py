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
    Order = np.ndarray[Any, np.dtype[np.int64]]

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


def calibrate(happened: ArrayLike, probability: ArrayLike, *, weights: ArrayLike | None = None) -> Calibration:
    """Compare probabilities with what happened.

    Parameters
    ----------
    happened : array-like of n booleans
    probability : array-like of n numbers from 0 to 1
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
    weight = np.ones(len(values)) if weights is None else np.asarray(weights, dtype=np.float64)
    order, starts = bins_of(values)
    columns = np.column_stack((weight, weight**2, weight * values, weight * outcome))
    sums = np.add.reduceat(columns[order], starts)
    counted = sums[:, 0] > 0
    totals, squares, predicted, observed = sums[counted].T
    predicted, observed = predicted / totals, observed / totals
    low, high = wilson_interval(observed, totals**2 / squares)
    error = float(np.abs(predicted - observed) @ totals / totals.sum())
    brier = float(np.average((values - outcome) ** 2, weights=weight))
    counts = np.diff(starts, append=len(values))[counted]
    return Calibration(predicted, observed, low, high, counts, error, brier)


def bins_of(probability: Array) -> tuple[Order, Order]:
    """Cut rows into bins of equally many, by their probability.

    Equal probabilities share a bin, so there may be fewer than ten: cut in the order of the rows, they would tell of
    that order instead.

    Returns
    -------
    tuple of ndarray of int
        The order of the rows by probability, and where in it each bin begins.

    Examples
    --------
    >>> import numpy as np
    >>> order, starts = bins_of(np.array([0.9, 0.2, 0.2]))
    >>> order.tolist(), starts.tolist()
    ([1, 2, 0], [0, 2])
    """
    import numpy as np

    order = np.argsort(probability, kind="stable")
    ordered = probability[order]
    cuts = np.arange(BINS) * len(ordered) // BINS
    return order, np.unique(np.searchsorted(ordered, ordered[cuts], "left"))


def outcomes_of(measured: Measured) -> tuple[Any, Any]:
    """Give what may have happened in each row, and how probable a classifier says that it is.

    Of two classes it is the positive one. Of more it is that the predicted class is right (Guo, Pleiss, Sun and
    Weinberger, 2017, ICML, 1321–1330).
    """
    score = measured.rows["score"]
    if measured.task == "binary":
        return measured.codes == 1, score
    return measured.codes == score.argmax(axis=1), score.max(axis=1)


def calibrations_of(evaluated: Mapping[str, Measured]) -> dict[str, Calibration]:
    """Give the calibration of each classifier that gives probabilities; distances to a boundary promise no share."""
    return {
        name: calibrate(*outcomes_of(measured), weights=measured.weights)
        for name, measured in evaluated.items()
        if "log_loss" in measured.metrics and "score" in measured.rows
    }
