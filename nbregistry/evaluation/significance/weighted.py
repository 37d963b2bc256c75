"""Metrics of rows that count more than once: what a resample needs, made ready once and computed many times.

Weights come as blocks of b resamples × n rows, integers, or floats where rows have weights of their own; each statistic
gives b × k values. On weights of one these are scikit-learn's numbers, and a weight of two is the row twice: tests hold
both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np

    Array = np.ndarray[Any, Any]


class Statistic(Protocol):
    """Some metrics."""

    def __call__(self, weights: Array) -> Array:
        """Give b × k values for weights of b × n; NaN where there is none."""
        ...


class Named(Statistic, Protocol):
    """Some metrics of one model."""

    @property
    def names(self) -> tuple[str, ...]:
        """The metrics, in the order of the values."""
        ...


class Means:
    """Means of numbers that each row has.

    Parameters
    ----------
    numbers : sequence of k ndarrays of n
    """

    def __init__(self, numbers: Sequence[Array]) -> None:
        import numpy as np

        self._numbers = np.column_stack(list(numbers))

    def __call__(self, weights: Array) -> Array:
        """Give the values."""
        means: Array = weights.astype(float) @ self._numbers / weights.sum(axis=1, keepdims=True)
        return means


class SquaredErrors:
    """The root of the mean squared error, and the share of the variance that it explains.

    Parameters
    ----------
    target, prediction : ndarray of float, n
    """

    names = ("rmse", "r2")

    def __init__(self, target: Array, prediction: Array) -> None:
        import numpy as np

        around = target - target.mean()  # near zero, where squares lose no digits
        self._columns = np.column_stack(((target - prediction) ** 2, around, around**2))

    def __call__(self, weights: Array) -> Array:
        """Give the values."""
        import numpy as np

        count = weights.sum(axis=1)
        errors, first, second = (weights.astype(float) @ self._columns).T
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.column_stack(((errors / count) ** 0.5, 1 - errors / (second - first**2 / count)))


class Median:
    """The median of one number a row; of an even number of rows the mean of the two in the middle.

    Parameters
    ----------
    name : str
    values : ndarray of float, n
    """

    def __init__(self, name: str, values: Array) -> None:
        import numpy as np

        self.names = (name,)
        self._order = np.argsort(values, kind="stable")
        self._ordered = values[self._order]

    def __call__(self, weights: Array) -> Array:
        """Give the values."""
        passed = _passed(weights, self._order)
        twice = 2 * passed
        low, high = (twice < passed[:, -1:]).sum(axis=1), (twice <= passed[:, -1:]).sum(axis=1)
        middle: Array = (self._ordered[low] + self._ordered[high]) / 2
        return middle[:, None]


def _sum_of(weights: Array) -> Any:
    """Give the type that holds sums of weights: counts are kept small, as they are taken in many orders."""
    import numpy as np

    return np.result_type(weights.dtype, np.int32)


def _passed(weights: Array, order: Array) -> Array:
    """Give how many rows there are up to each, in an order."""
    import numpy as np

    passed: Array = np.cumsum(weights.take(order, axis=1), axis=1, dtype=_sum_of(weights))
    return passed


class AveragePrecision:
    """The mean, over the positives, of the precision at the threshold that just takes each in.

    Parameters
    ----------
    positive : ndarray of bool, n
    scores : ndarray of float, n
    """

    names = ("average_precision",)

    def __init__(self, positive: Array, scores: Array) -> None:
        import numpy as np

        falling = [
            places[np.argsort(-scores[places], kind="stable")] for places in map(np.flatnonzero, (positive, ~positive))
        ]
        self._positives, self._negatives = falling
        of_positives, of_negatives = (-scores[places] for places in falling)
        # Rows of equal scores are behind one threshold: with each of them come all.
        last = np.searchsorted(of_positives, of_positives, "right") - 1
        self._last: Any = slice(None) if (np.diff(last) == 1).all() else last
        self._false = np.searchsorted(of_negatives, of_positives, "right")

    def __call__(self, weights: Array) -> Array:
        """Give the values."""
        import numpy as np

        kind = _sum_of(weights)
        here = weights.take(self._positives, axis=1)
        true = np.cumsum(here, axis=1, dtype=kind)
        false = np.zeros((len(weights), len(self._negatives) + 1), kind)
        np.cumsum(weights.take(self._negatives, axis=1), axis=1, dtype=kind, out=false[:, 1:])
        taken_in = true[:, self._last]
        predicted = taken_in + false.take(self._false, axis=1)
        # Where nothing was drawn yet, the positive itself was not either.
        precision = np.divide(taken_in, predicted, out=np.zeros(here.shape), where=predicted > 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean: Array = np.einsum("bp,bp->b", here, precision) / true[:, -1]
        return mean[:, None]


class RocArea:
    """The area under the ROC curve, by trapezoids.

    Parameters
    ----------
    positive : ndarray of bool, n
    scores : ndarray of float, n
    """

    names = ("roc_auc",)

    def __init__(self, positive: Array, scores: Array) -> None:
        import numpy as np

        self._order = np.argsort(-scores, kind="stable")
        self._positive = positive[self._order].astype(np.int32)
        # Of rows of equal scores only the last is a point of the curve.
        self._ends = np.flatnonzero(np.diff(scores[self._order], append=np.nan) != 0)

    def __call__(self, weights: Array) -> Array:
        """Give the values."""
        import numpy as np

        ordered = weights.take(self._order, axis=1)
        passed = np.cumsum(ordered, axis=1, dtype=_sum_of(weights)).take(self._ends, axis=1)
        true = np.cumsum(ordered * self._positive, axis=1, dtype=_sum_of(weights)).take(self._ends, axis=1)
        false = passed - true
        twice = np.diff(false, axis=1, prepend=0) * (2 * true - np.diff(true, axis=1, prepend=0))
        with np.errstate(divide="ignore", invalid="ignore"):
            area: Array = twice.sum(axis=1, dtype=float) / 2 / true[:, -1] / false[:, -1]
        return area[:, None]


class OneAgainstRest:
    """The mean over the classes, or labels, of the area under each one's ROC curve.

    Parameters
    ----------
    positive : ndarray of bool, n × classes
    scores : ndarray of float, n × classes
    """

    names = ("roc_auc",)

    def __init__(self, positive: Array, scores: Array) -> None:
        self._classes = [RocArea(each, score) for each, score in zip(positive.T, scores.T, strict=True)]

    def __call__(self, weights: Array) -> Array:
        """Give the values."""
        import numpy as np

        mean: Array = np.mean([ranked(weights) for ranked in self._classes], axis=0)
        return mean


class LabelF1:
    """F1 of many labels: over all of them together, and the mean of each one's.

    Parameters
    ----------
    target, prediction : ndarray of int, n × k
        One where a row has a label.
    """

    names = ("f1_micro", "f1_macro")

    def __init__(self, target: Array, prediction: Array) -> None:
        self._hits = (target * prediction).astype(float)
        self._both = target.astype(float) + prediction

    def __call__(self, weights: Array) -> Array:
        """Give the values."""
        import numpy as np

        counts = weights.astype(float)
        hits, both = 2 * (counts @ self._hits), counts @ self._both
        # A label that no row has and none is predicted for has an F1 of 0, as scikit-learn takes it.
        of_labels = np.divide(hits, both, out=np.zeros_like(hits), where=both > 0)
        total = both.sum(axis=1)
        micro = np.divide(hits.sum(axis=1), total, out=np.zeros_like(total), where=total > 0)
        return np.column_stack((micro, of_labels.mean(axis=1)))


class Confusion:
    """Metrics of how often each class is taken for each.

    Parameters
    ----------
    names : tuple of str
        ``"accuracy"``, ``"balanced_accuracy"``, ``"precision"``, ``"recall"``, ``"f1"``, ``"mcc"``.
    target, prediction : ndarray of int, n
        Numbers of classes; -1 is a label that is none.
    classes : int
        For two, precision, recall and F1 are those of the second; for more, means over the classes.
    """

    def __init__(self, names: tuple[str, ...], target: Array, prediction: Array, classes: int) -> None:
        import numpy as np

        self.names = names
        self._classes = classes
        self._size = classes + 1  # a label that is none counts as one more class
        true, predicted = (np.where(codes < 0, classes, codes) for codes in (target, prediction))
        cells = true * self._size + predicted
        # Rows that stand in runs of one cell need not be put in order, which takes longer than to add them up.
        self._runs = np.flatnonzero(np.diff(cells, prepend=-1))
        of_runs = cells[self._runs]
        self._order = np.argsort(of_runs, kind="stable")
        self._there, self._starts = np.unique(of_runs[self._order], return_index=True)

    def __call__(self, weights: Array) -> Array:
        """Give the values."""
        import numpy as np

        # Rows are true classes, columns predicted ones.
        cells = np.zeros((len(weights), self._size**2))
        runs = np.add.reduceat(weights, self._runs, axis=1, dtype=_sum_of(weights))
        cells[:, self._there] = np.add.reduceat(runs.take(self._order, axis=1), self._starts, axis=1)
        table = cells.reshape(len(weights), self._size, self._size)
        hits, true, predicted = table.diagonal(axis1=1, axis2=2), table.sum(axis=2), table.sum(axis=1)
        found: Mapping[str, Callable[[], Array]] = {
            "accuracy": lambda: hits.sum(axis=1) / true.sum(axis=1),
            "balanced_accuracy": lambda: _mean_share(hits, true, true > 0),
            "mcc": lambda: _mcc(hits, true, predicted),
            "precision": lambda: self._share(hits, predicted, true, predicted),
            "recall": lambda: self._share(hits, true, true, predicted),
            "f1": lambda: self._share(hits, (true + predicted) / 2, true, predicted),
        }
        return np.column_stack([found[name]() for name in self.names])

    def _share(self, hits: Array, of: Array, true: Array, predicted: Array) -> Array:
        import numpy as np

        if self._classes == 2:
            with np.errstate(divide="ignore", invalid="ignore"):
                share: Array = hits[:, 1] / of[:, 1]
            return share
        # Of the classes that are in y or predicted, as scikit-learn takes its labels from both.
        return _mean_share(hits, of, true + predicted > 0)


def _mean_share(hits: Array, of: Array, there: Array) -> Array:
    import numpy as np

    shares = np.divide(hits, of, out=np.zeros_like(hits), where=of > 0)
    mean: Array = np.where(there, shares, 0).sum(axis=1) / there.sum(axis=1)
    return mean


def _mcc(hits: Array, true: Array, predicted: Array) -> Array:
    """Give Matthews' correlation coefficient, for any number of classes (Gorodkin 2004)."""
    import numpy as np

    total = true.sum(axis=1)
    covered = hits.sum(axis=1) * total - (true * predicted).sum(axis=1)
    scale = ((total**2 - (predicted**2).sum(axis=1)) * (total**2 - (true**2).sum(axis=1))) ** 0.5
    found: Array = np.divide(covered, scale, out=np.zeros_like(covered), where=scale > 0)
    return found
