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
    from nbregistry.evaluation.significance.weighted import Statistic

    Array = np.ndarray[Any, Any]

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

_CONFUSION = ("accuracy", "balanced_accuracy", "precision", "recall", "f1", "mcc")


def statistics_of(measured: Measured, metrics: Collection[str]) -> list[Statistic]:
    """Give what computes these metrics, in the order of the statistics."""
    return list(_statistics(measured, metrics))


def _statistics(measured: Measured, metrics: Collection[str]) -> Iterator[Statistic]:
    means = {name: LOSSES[name](measured) for name in metrics if name in LOSSES and name != "rmse"}
    if means:
        yield Means(means)
    yield from _OF_TASKS.get(measured.task, _of_classes)(measured, metrics)


def _of_amounts(measured: Measured, metrics: Collection[str]) -> Iterator[Statistic]:
    rows = measured.rows
    if not {"rmse", "r2"}.isdisjoint(metrics):
        yield SquaredErrors(rows["target"], rows["prediction"])
    if "median_absolute_error" in metrics:
        yield Median("median_absolute_error", losses.absolute_errors(rows["target"], rows["prediction"]))


def _of_labels(measured: Measured, metrics: Collection[str]) -> Iterator[Statistic]:
    rows = measured.rows
    if not {"f1_micro", "f1_macro"}.isdisjoint(metrics):
        yield LabelF1(rows["target"], rows["prediction"])
    if "roc_auc" in metrics:
        yield OneAgainstRest(rows["target"] == 1, rows["score"])


def _of_classes(measured: Measured, metrics: Collection[str]) -> Iterator[Statistic]:
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


_OF_TASKS: Mapping[str, Callable[[Measured, Collection[str]], Iterator[Statistic]]] = {
    "regression": _of_amounts,
    "multilabel": _of_labels,
}
