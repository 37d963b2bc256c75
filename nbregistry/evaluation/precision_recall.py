"""Precision against recall over all thresholds, from arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from nbregistry.evaluation.metrics import Measured

    Array = np.ndarray[Any, np.dtype[np.float64]]

GRID = 201
"""Points of a curve: as many as its plot can show, however many rows there are."""


@dataclass(frozen=True, eq=False)
class PrecisionRecallCurve:
    """Precision at each recall.

    Attributes
    ----------
    recall, precision : ndarray
        Recall rises from 0 to 1 in equal steps; each precision is that of the first threshold that finds so many.
    average_precision : float
        Precision averaged over the thresholds, each by what it adds to the recall; scikit-learn's, of all rows.
    base_rate : float
        Share of positives: the precision of guessing.
    own : tuple of two float or None
        Recall and precision of the model's own predictions.
    """

    recall: Array
    precision: Array
    average_precision: float
    base_rate: float
    own: tuple[float, float] | None = None


def precision_recall_curves_of(evaluated: Mapping[str, Measured]) -> dict[str, PrecisionRecallCurve]:
    """Give the curve of each classifier that gives scores, on rows of every class.

    Of more than two classes each is taken against the rest, and precision is averaged at equal recall.
    """
    return {
        name: _of_two(measured) if measured.task == "binary" else _of_many(measured)
        for name, measured in evaluated.items()
        if "roc_auc" in measured.metrics and "score" in measured.rows
    }


def _of_two(measured: Measured) -> PrecisionRecallCurve:
    import numpy as np

    positives = measured.codes == 1
    decided = measured.predicted_codes == 1
    count = np.ones(measured.n) if measured.weights is None else measured.weights
    found, all_positive, all_decided = (float(count[rows].sum()) for rows in (decided & positives, positives, decided))
    own = (found / all_positive, found / all_decided) if all_decided else None
    return _curve(positives, measured.rows["score"], measured.weights, own)


def _of_many(measured: Measured) -> PrecisionRecallCurve:
    import numpy as np

    scores = measured.rows["score"]
    each = [_curve(measured.codes == code, scores[:, code], measured.weights) for code in range(len(measured.labels))]
    return PrecisionRecallCurve(
        each[0].recall,
        np.mean([curve.precision for curve in each], axis=0),
        float(np.mean([curve.average_precision for curve in each])),
        float(np.mean([curve.base_rate for curve in each])),
    )


def _curve(positives: Any, score: Any, weights: Any, own: tuple[float, float] | None = None) -> PrecisionRecallCurve:
    import numpy as np
    from sklearn import metrics

    precision, recall, _ = metrics.precision_recall_curve(positives, score, sample_weight=weights)
    precision, recall = precision[::-1], recall[::-1]  # by rising recall, beginning with (0, 1)
    average = float(np.sum(np.diff(recall) * precision[1:]))
    grid = np.linspace(0, 1, GRID)
    # The first threshold that finds at least so many; at recall 0 that is the highest score.
    places = np.maximum(np.searchsorted(recall, grid - 1e-12, side="left"), 1)
    return PrecisionRecallCurve(grid, precision[places], average, float(np.average(positives, weights=weights)), own)
