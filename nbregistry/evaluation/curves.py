"""ROC curves over all thresholds, from arrays, with how sure they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbregistry.errors import Refused
from nbregistry.evaluation.wilson import wilson_interval

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import ArrayLike

    from nbregistry.evaluation.metrics import Measured

    Array = np.ndarray[Any, np.dtype[np.float64]]

GRID = 201
"""Points of a mean curve."""


@dataclass(frozen=True, eq=False)
class RocCurve:
    """True-positive rate against false-positive rate.

    Attributes
    ----------
    fpr, tpr : ndarray
        From (0, 0) to (1, 1); points on a straight line between their neighbours are left out.
    thresholds : ndarray
        A row counts as positive where its score is at least this; the first is infinite. Empty for a mean of curves.
    auc : float
        Area under the curve.
    positives, negatives : int
        Rows of each class; 0 where the curve is a mean of several.
    own : tuple of two float or None
        False- and true-positive rate of the model's own predictions: the threshold at which it decides.
    """

    fpr: Array
    tpr: Array
    thresholds: Array
    auc: float
    positives: int = 0
    negatives: int = 0
    own: tuple[float, float] | None = None

    def at(self, fpr: ArrayLike) -> Array:
        """Give the true-positive rates at false-positive rates."""
        import numpy as np

        return np.asarray(np.interp(np.asarray(fpr, dtype=np.float64), self.fpr, self.tpr))

    def band(self, fpr: ArrayLike) -> tuple[Array, Array] | None:
        """Give the 95% interval of the true-positive rate at each false-positive rate, one by one.

        Two things are uncertain at a false-positive rate: the share of positives found, and the threshold, which the
        negatives alone decide. Wilson's interval of each is put through the curve and their distances are added as
        squares (MOVER: Zou and Donner, 2008, Statistics in Medicine 27, 1693–1702). It needs no resampling, and no
        estimate of the curve's slope.

        Parameters
        ----------
        fpr : array-like of numbers from 0 to 1

        Returns
        -------
        tuple of ndarray or None
            Lower and upper ends; ``None`` where the numbers of positives and negatives are not known.
        """
        import numpy as np

        if not self.positives or not self.negatives:
            return None
        rates = np.asarray(fpr, dtype=np.float64)
        found = self.at(rates)
        low, high = wilson_interval(found, self.positives)
        strict, lax = map(self.at, wilson_interval(rates, self.negatives))
        below, above = np.hypot(found - low, found - strict), np.hypot(high - found, lax - found)
        return np.maximum(found - below, 0.0), np.minimum(found + above, 1.0)


def roc_curve(
    target: ArrayLike,
    score: ArrayLike,
    positive: Any,
    prediction: ArrayLike | None = None,
    *,
    weights: ArrayLike | None = None,
) -> RocCurve:
    """Give the ROC curve of one set of scores.

    Parameters
    ----------
    target : array-like of n labels
    score : array-like of n numbers
        Higher means more probably positive.
    positive : label
        Every other label counts as negative.
    prediction : array-like of n labels, optional
        What the model decided, for :attr:`RocCurve.own`.
    weights : array-like of n numbers, optional
        How much each row counts; such a curve has no band, whose intervals are of rows that count the same.

    Returns
    -------
    RocCurve

    Raises
    ------
    Refused
        When the target holds only positives or none, or a score is no number.

    Examples
    --------
    >>> curve = roc_curve(["no", "no", "yes", "yes"], [0.1, 0.6, 0.4, 0.9], "yes", ["no", "yes", "no", "yes"])
    >>> curve.auc, curve.own
    (0.75, (0.5, 0.5))
    """
    import numpy as np
    from sklearn import metrics

    values = np.asarray(score, dtype=np.float64)
    positives = _are(target, positive)
    if positives.all() or not positives.any():
        which = "only" if positives.any() else "no"
        raise Refused(f"a ROC curve needs both classes, and the target has {which} {positive!r}")
    if np.isnan(values).any():
        raise Refused("a ROC curve needs a score for every row, and some are NaN")
    fpr, tpr, thresholds = metrics.roc_curve(positives, values, sample_weight=weights)
    own = None
    if prediction is not None:
        decided = _are(prediction, positive)
        count = np.ones(len(values)) if weights is None else np.asarray(weights)
        false, true = (float(np.average(decided[rows], weights=count[rows])) for rows in (~positives, positives))
        own = false, true
    area = float(metrics.auc(fpr, tpr))
    if weights is not None:
        return RocCurve(fpr, tpr, thresholds, area, own=own)
    found = int(positives.sum())
    return RocCurve(fpr, tpr, thresholds, area, found, len(positives) - found, own)


def _are(labels: ArrayLike, positive: Any) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Tell which labels are the positive one.

    All but numbers are compared one by one: numpy would turn a list of mixed labels, or a label of another type, into
    text.
    """
    import numpy as np

    array = np.asarray(labels)
    if array.dtype.kind in "biuf" and isinstance(positive, int | float | np.number | np.bool_):
        return np.asarray(array == positive)
    return np.fromiter((label == positive for label in array.tolist()), dtype=bool)


def curves_of(evaluated: Mapping[str, Measured]) -> dict[str, RocCurve]:
    """Give the ROC curve of each that has one: of binary classifiers that give scores, on rows of both classes."""
    return {
        name: roc_curve(
            *(measured.rows["target"], measured.rows["score"], measured.positive, measured.rows["prediction"]),
            weights=measured.weights,
        )
        for name, measured in evaluated.items()
        if measured.task == "binary" and "roc_auc" in measured.metrics and "score" in measured.rows
    }


def mean_curves_of(evaluated: Mapping[str, Measured]) -> dict[str, RocCurve]:
    """Give the mean ROC curve of each classifier of more than two classes that gives scores.

    Every class is taken against the rest, and the curves are averaged at equal false-positive rates, every class
    counting the same: their mean area is ``roc_auc`` of these models.
    """
    import numpy as np

    found = {}
    grid = np.linspace(0, 1, GRID)
    for name, measured in evaluated.items():
        if measured.task != "multiclass" or "roc_auc" not in measured.metrics or "score" not in measured.rows:
            continue
        scores = measured.rows["score"]
        each = [roc_curve(measured.codes == code, scores[:, code], True) for code in range(len(measured.labels))]
        rates = np.mean([curve.at(grid) for curve in each], axis=0)
        area = float(np.mean([curve.auc for curve in each]))
        fpr, tpr = np.concatenate([[0.0], grid]), np.concatenate([[0.0], rates])
        found[name] = RocCurve(fpr, tpr, np.empty(0), area)
    return found
