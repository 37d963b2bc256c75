"""How surely a metric of one model is what it is: its interval on the rows it was measured on.

Shares of rows (accuracy, and recall and precision of the positive class): Wilson. The area under the ROC curve: DeLong,
and where a class has few rows the wider of that and Newcombe's. Medians: a bootstrap (BCa). Everything else: a
jackknife. The areas and the rest stay where such a metric can be (:mod:`nbregistry.evaluation.significance.scales`),
and vary with how many rows of each class there happen to be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.evaluation.formulas import METRICS
from nbregistry.evaluation.significance.blocks import unwatched
from nbregistry.evaluation.significance.delong import area
from nbregistry.evaluation.significance.inference import NormalInference, StudentInference
from nbregistry.evaluation.significance.newcombe import area_interval
from nbregistry.evaluation.significance.paired import draw
from nbregistry.evaluation.significance.scales import interval_of_value
from nbregistry.evaluation.wilson import wilson_interval

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbregistry.evaluation.metrics import Measured
    from nbregistry.evaluation.significance.blocks import Over
    from nbregistry.evaluation.significance.inference import Interval
    from nbregistry.evaluation.significance.paired import Drawn

SURE_FROM = 200
"""With fewer rows of a class DeLong's one-sided bound of 95% does not hold: with 5 positives in 69 to 90% of the data
sets of an AUC of 0.7 to 0.95, with 20 in 79 to 95%. The wider of both does in 72 to 100%, and 88 to 100%; the least
where the scores of the positives spread three times as far as those of the negatives."""
_SHARES = {
    "binary": ("accuracy", "recall", "precision"),
    "multiclass": ("accuracy",),
    "multilabel": ("subset_accuracy",),
}


def interval_of(metric: str, ref: str, measured: Measured, drawn: Drawn | None, alpha: float) -> Interval | None:
    """Give the interval of a metric.

    Parameters
    ----------
    metric, ref : str
        The metric, and what the model is called among those that were drawn.
    measured : Measured
    drawn : Drawn or None
        Resamples, for a metric whose interval has no formula.
    alpha : float
        The interval covers the true value with probability ``1 - alpha``; each of its ends is a one-sided bound of the
        level ``1 - alpha / 2``.

    Returns
    -------
    tuple of float or None
        ``None`` where the rows do not tell.
    """
    if metric in _shares(measured):
        return _share_interval(metric, measured, alpha)
    if _is_area(metric, measured):
        return _area_interval(measured, alpha)
    inference = drawn.inference(metric, ref) if drawn else None
    if isinstance(inference, StudentInference):
        return interval_of_value(metric, inference, alpha)
    return inference.interval(alpha) if inference else None


def interval_alone(metric: str, measured: Measured, alpha: float, over: Over = unwatched) -> Interval | None:
    """Give the interval of one metric of one model; resamples are drawn where it takes some.

    Examples
    --------
    >>> import numpy as np
    >>> from nbregistry.evaluation.metrics import Measured
    >>> rows = {"target": np.arange(20) % 2, "prediction": np.arange(20) % 2}
    >>> low, high = interval_alone("accuracy", Measured("binary", {"accuracy": 1.0}, rows, (), (0, 1)), 0.1)
    >>> round(low, 3), high
    (0.881, 1.0)
    """
    return _intervals([metric], measured, alpha, over).get(metric)


def intervals_alone(measured: Measured, alpha: float, over: Over = unwatched) -> dict[str, Interval]:
    """Give the interval of each metric of one model that has one; resamples are drawn once for all.

    Examples
    --------
    >>> import numpy as np
    >>> from nbregistry.evaluation.metrics import Measured
    >>> rows = {"target": np.arange(20) % 2, "prediction": np.arange(20) % 2}
    >>> found = intervals_alone(Measured("binary", {"accuracy": 1.0, "gain": 3.0}, rows, (), (0, 1)), 0.1)
    >>> list(found), round(found["accuracy"][0], 3)
    (['accuracy'], 0.881)
    """
    return _intervals(measured.metrics, measured, alpha, over)


def _intervals(metrics: Iterable[str], measured: Measured, alpha: float, over: Over) -> dict[str, Interval]:
    if measured.task == "clustering":  # whose metrics are of no row
        return {}
    of_rows = [metric for metric in metrics if metric in METRICS.get(measured.task, ())]
    without_formula = {metric for metric in of_rows if not _has_formula(metric, measured)}
    drawn = draw({"": measured}, without_formula, over) if without_formula else None
    found = {metric: interval_of(metric, "", measured, drawn, alpha) for metric in of_rows}
    # One without a width says only that the metric is the same however the rows are drawn.
    return {metric: interval for metric, interval in found.items() if interval and interval[0] < interval[1]}


def _has_formula(metric: str, measured: Measured) -> bool:
    """Tell whether the interval of a metric follows from the rows as they are."""
    return metric in _shares(measured) or _is_area(metric, measured)


def _is_area(metric: str, measured: Measured) -> bool:
    """Tell whether a metric is the area under a ROC curve of rows that count the same."""
    return (measured.task, metric) == ("binary", "roc_auc") and measured.weights is None


def _shares(measured: Measured) -> tuple[str, ...]:
    """Give the metrics that are shares of rows, which those of rows with weights are not."""
    return _SHARES.get(measured.task, ()) if measured.weights is None else ()


def _share_interval(metric: str, measured: Measured, alpha: float) -> Interval | None:
    hits = measured.hits
    if metric == "recall":
        hits = hits[measured.codes == 1]
    elif metric == "precision":
        hits = hits[measured.predicted_codes == 1]
    if not len(hits):
        return None
    low, high = wilson_interval(hits.mean(), len(hits), 1 - alpha)
    return float(low), float(high)


def _area_interval(measured: Measured, alpha: float) -> Interval | None:
    positives = int((measured.codes == 1).sum())
    found = area(measured.codes == 1, measured.rows["score"])
    if found is None:
        return None
    value, error = found
    low, high = value, value
    # Where all positives lie above all negatives, or below them, it has no variance.
    if error and 0 < value < 1:
        low, high = interval_of_value("roc_auc", NormalInference(value, 0.0, "", measured.n, value, error), alpha)
    if min(positives, measured.n - positives) < SURE_FROM:
        least, most = area_interval(value, positives, measured.n - positives, alpha)
        low, high = min(low, least), max(high, most)
    return (low, high) if low < high else None
