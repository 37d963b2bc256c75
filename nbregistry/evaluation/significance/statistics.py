"""The metrics of a model as statistics that a resample can compute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.evaluation.significance import losses
from nbregistry.evaluation.significance.weighted import (
    AveragePrecision,
    Confusion,
    LabelF1,
    Means,
    Median,
    OneAgainstRest,
    RocArea,
    SquaredErrors,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    import numpy as np

    from nbregistry.evaluation.metrics import Measured
    from nbregistry.evaluation.significance.weighted import Named, Statistic

    Array = np.ndarray[Any, Any]

Key = tuple[str, str]
"""Metric and reference."""

LOSSES: Mapping[str, Callable[[Measured], Array]] = {
    "log_loss": lambda measured: losses.log_losses(measured.codes, measured.rows["score"]),
    "brier": lambda measured: losses.brier_losses(measured.codes, measured.rows["score"]),
    "hamming_loss": lambda measured: (measured.rows["target"] != measured.rows["prediction"]).mean(axis=1),
    "subset_accuracy": lambda measured: measured.hits.astype(float),
    "mae": lambda measured: losses.absolute_errors(measured.rows["target"], measured.rows["prediction"]),
    "mape": lambda measured: losses.relative_errors(measured.rows["target"], measured.rows["prediction"]),
    "rmse": lambda measured: (measured.rows["target"] - measured.rows["prediction"]) ** 2,
}
"""What each row costs, for metrics that go up and down with its mean."""

MEDIANS = frozenset({"median_absolute_error"})
"""Metrics that hang on one or two rows in the middle: to leave out a row says little of how far they vary."""

_CONFUSION = ("accuracy", "balanced_accuracy", "precision", "recall", "f1", "mcc")


def gaps(metric: str, baseline: Measured, other: Measured) -> Array:
    """Give numbers of the rows whose mean is the difference of a metric, one of :data:`LOSSES`.

    Their signs turn round where the two models change places. Two roots of means differ as the means do, by the sum of
    the roots.

    Examples
    --------
    >>> import numpy as np
    >>> from nbregistry.evaluation.metrics import Measured
    >>> target, far = np.zeros(2), (np.array([3.0, 4.0]), np.array([3.0, 5.0]))
    >>> one, two = (Measured("regression", {}, {"target": target, "prediction": errors}) for errors in far)
    >>> bool(np.isclose(gaps("rmse", one, two).mean(), 17**0.5 - 12.5**0.5))
    True
    """
    before, after = LOSSES[metric](baseline), LOSSES[metric](other)
    roots = float(before.mean()) ** 0.5 + float(after.mean()) ** 0.5
    return (after - before) / roots if metric == "rmse" and roots else after - before


def statistics_of(models: Mapping[str, Measured], metrics: Collection[str]) -> list[tuple[list[Key], Statistic]]:
    """Give what computes these metrics of models, each with the metric and the model of its values.

    The means of all models are one statistic: a resample is made numbers with fractions, and gone through, once.
    """
    chosen = {ref: {*metrics} & {*measured.metrics} for ref, measured in models.items()}
    means = {
        (name, ref): LOSSES[name](measured)
        for ref, measured in models.items()
        for name in sorted(chosen[ref])
        if name in LOSSES and name != "rmse"
    }
    found: list[tuple[list[Key], Statistic]] = [(list(means), Means(list(means.values())))] if means else []
    for ref, measured in models.items():
        statistics = _OF_TASKS.get(measured.task, _of_classes)(measured, chosen[ref])
        found += [([(name, ref) for name in statistic.names], statistic) for statistic in statistics]
    return found


def _of_amounts(measured: Measured, metrics: Collection[str]) -> Iterator[Named]:
    rows = measured.rows
    if not {"rmse", "r2"}.isdisjoint(metrics):
        yield SquaredErrors(rows["target"], rows["prediction"])
    if "median_absolute_error" in metrics:
        yield Median("median_absolute_error", losses.absolute_errors(rows["target"], rows["prediction"]))


def _of_labels(measured: Measured, metrics: Collection[str]) -> Iterator[Named]:
    rows = measured.rows
    if not {"f1_micro", "f1_macro"}.isdisjoint(metrics):
        yield LabelF1(rows["target"], rows["prediction"])
    if "roc_auc" in metrics:
        yield OneAgainstRest(rows["target"] == 1, rows["score"])


def _of_classes(measured: Measured, metrics: Collection[str]) -> Iterator[Named]:
    import numpy as np

    confusion = tuple(name for name in _CONFUSION if name in metrics)
    if confusion:
        yield Confusion(confusion, measured.codes, measured.predicted_codes, len(measured.labels))
    score: Any = measured.rows.get("score")
    if measured.task == "binary":
        if "roc_auc" in metrics:
            yield RocArea(measured.codes == 1, score)
        if "average_precision" in metrics:
            yield AveragePrecision(measured.codes == 1, score)
    elif "roc_auc" in metrics:
        yield OneAgainstRest(measured.codes[:, None] == np.arange(score.shape[1]), score)


_OF_TASKS: Mapping[str, Callable[[Measured, Collection[str]], Iterator[Named]]] = {
    "regression": _of_amounts,
    "multilabel": _of_labels,
}
