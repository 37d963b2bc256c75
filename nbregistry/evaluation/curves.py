"""Curves over all thresholds, from arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbregistry.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import ArrayLike

    from nbregistry.evaluation.metrics import Measured


@dataclass(frozen=True, eq=False)
class RocCurve:
    """True-positive rate against false-positive rate.

    Attributes
    ----------
    fpr, tpr : ndarray
        From (0, 0) to (1, 1); points on a straight line between their neighbours are left out.
    thresholds : ndarray
        A row counts as positive where its score is at least this; the first is infinite.
    auc : float
        Area under the curve.
    """

    fpr: np.ndarray[Any, np.dtype[np.float64]]
    tpr: np.ndarray[Any, np.dtype[np.float64]]
    thresholds: np.ndarray[Any, np.dtype[np.float64]]
    auc: float


def roc_curve(target: ArrayLike, score: ArrayLike, positive: Any) -> RocCurve:
    """Give the ROC curve of one set of scores.

    Parameters
    ----------
    target : array-like of n labels
    score : array-like of n numbers
        Higher means more probably positive.
    positive : label
        Every other label counts as negative.

    Returns
    -------
    RocCurve

    Raises
    ------
    Refused
        When the target holds only positives or none, or a score is no number.

    Examples
    --------
    >>> roc_curve(["no", "no", "yes", "yes"], [0.1, 0.6, 0.4, 0.9], "yes").auc
    0.75
    """
    import numpy as np
    from sklearn import metrics

    values = np.asarray(score, dtype=np.float64)
    # Compared one by one: numpy would turn a list of mixed labels, or a label of another type, into text.
    positives = np.fromiter((label == positive for label in np.asarray(target).tolist()), dtype=bool)
    if positives.all() or not positives.any():
        which = "only" if positives.any() else "no"
        raise Refused(f"a ROC curve needs both classes, and the target has {which} {positive!r}")
    if np.isnan(values).any():
        raise Refused("a ROC curve needs a score for every row, and some are NaN")
    fpr, tpr, thresholds = metrics.roc_curve(positives, values)
    return RocCurve(fpr, tpr, thresholds, float(metrics.auc(fpr, tpr)))


def curves_of(evaluated: Mapping[str, Measured]) -> dict[str, RocCurve]:
    """Give the ROC curve of each that has one: of binary classifiers that give scores, on rows of both classes."""
    return {
        name: roc_curve(measured.rows["target"], measured.rows["score"], measured.positive)
        for name, measured in evaluated.items()
        if measured.task == "binary" and "roc_auc" in measured.metrics and "score" in measured.rows
    }
