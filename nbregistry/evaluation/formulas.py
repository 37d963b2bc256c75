"""The numbers themselves: arrays in, metrics out, each of them scikit-learn's.

A metric that can't be computed on the rows at hand is left out, with a sentence that says why.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from nbregistry.evaluation.predictions import Scores, first_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np

    Array = np.ndarray[Any, Any]

Computed = tuple[dict[str, float], tuple[str, ...]]
"""Metrics by name, and a sentence for each one left out."""

METRICS: Mapping[str, tuple[str, ...]] = {
    "binary": (
        *("accuracy", "balanced_accuracy", "precision", "recall", "f1"),
        *("roc_auc", "average_precision", "log_loss", "brier", "mcc"),
    ),
    "multiclass": (
        "accuracy",
        "balanced_accuracy",
        "precision",
        "recall",
        "f1",
        "roc_auc",
        "log_loss",
        "mcc",
    ),
    "multilabel": ("subset_accuracy", "f1_micro", "f1_macro", "roc_auc", "hamming_loss"),
    "clustering": ("adjusted_rand", "silhouette", "davies_bouldin"),
    "regression": ("r2", "rmse", "mae", "median_absolute_error", "mape"),
}
"""Metrics of each task, in the order in which they are shown."""

NEED_TWO_CLASSES = ("balanced_accuracy", "roc_auc", "average_precision", "mcc")


def measure_regression(target: Array, prediction: Array, weights: Array | None = None) -> Computed:
    """Measure predicted numbers against true ones; ``weights`` say how much each row counts."""
    from sklearn import metrics

    if weights is not None:
        target, prediction, weights = (values[weights > 0] for values in (target, prediction, weights))
    weighted = {"sample_weight": weights}
    warnings: list[str] = []
    wanted: dict[str, Callable[[], Any]] = {
        "r2": lambda: metrics.r2_score(target, prediction, **weighted),
        "rmse": lambda: metrics.root_mean_squared_error(target, prediction, **weighted),
        "mae": lambda: metrics.mean_absolute_error(target, prediction, **weighted),
        "median_absolute_error": lambda: metrics.median_absolute_error(target, prediction, **weighted),
        "mape": lambda: metrics.mean_absolute_percentage_error(target, prediction, **weighted),
    }
    if (target == target[0]).all():
        del wanted["r2"]
        warnings.append("r2 is left out: all values of y are equal")
    if not target.all():
        del wanted["mape"]
        warnings.append("mape is left out: y has zeros")
    return compute(wanted, warnings)


def measure_classification(
    task: str,
    target: Array,
    prediction: Array,
    scores: Scores | None,
    classes: Sequence[Any],
    *,
    weights: Array | None = None,
) -> Computed:
    """Measure predicted classes, and scores where there are any.

    Parameters
    ----------
    task : str
        ``"binary"`` or ``"multiclass"``.
    target, prediction : ndarray of int
        Numbers of classes; -1 is a label that is none.
    scores : Scores or None
    classes : sequence
        Labels, for the sentences.
    weights : ndarray of float, optional
        How much each row counts; one that does not count is as good as not there.
    """
    import numpy as np
    from sklearn import metrics

    if weights is not None:
        counted = weights > 0
        target, prediction, weights = target[counted], prediction[counted], weights[counted]
        scores = scores and Scores(scores.values[counted], scores.are_probabilities)
    weighted = {"sample_weight": weights}

    present = {*np.unique(target).tolist()} - {-1}
    wanted: dict[str, Callable[[], Any]] = {
        "accuracy": lambda: metrics.accuracy_score(target, prediction, **weighted),
        "balanced_accuracy": lambda: metrics.balanced_accuracy_score(target, prediction, **weighted),
    }
    warnings: list[str] = []
    wanted |= _precision_recall_f1(task, target, prediction, classes, warnings, weighted=weighted)
    if scores and len(present) == len(classes):
        wanted |= _ranking(task, target, scores, len(classes), weighted)
    elif scores and len(present) > 1:
        warnings.append("roc_auc is left out: not every class is in y")
    if scores and scores.are_probabilities:
        every = range(len(classes))
        wanted["log_loss"] = lambda: metrics.log_loss(target, scores.values, labels=every, **weighted)
        if task == "binary":
            wanted["brier"] = lambda: metrics.brier_score_loss(
                target, scores.values, labels=every, pos_label=1, **weighted
            )
    wanted["mcc"] = lambda: metrics.matthews_corrcoef(target, prediction, **weighted)
    if len(present) == 1:
        label = classes[present.pop()]
        out = [name for name in NEED_TWO_CLASSES if wanted.pop(name, None) or (scores and name in METRICS[task])]
        warnings.append(f"{', '.join(out)} left out: every row of y is {label!r}")
    return compute({name: wanted[name] for name in METRICS[task] if name in wanted}, warnings)


def _precision_recall_f1(
    task: str,
    target: Array,
    prediction: Array,
    classes: Sequence[Any],
    warnings: list[str],
    *,
    weighted: Mapping[str, Any],
) -> dict[str, Callable[[], Any]]:
    """Give these three of the positive class where their denominators are not zero, or else their means."""
    from sklearn import metrics

    if len(classes) < 2:
        return {}
    # labels=[1] rather than pos_label: a prediction outside both classes then counts as "not positive". In the mean
    # over more classes, one that is never predicted has precision 0, as scikit-learn has it.
    labels = [1] if task == "binary" else None

    @cache  # one pass gives all three, made when the first is computed, under the same settings as every metric
    def together() -> Any:
        return metrics.precision_recall_fscore_support(
            target, prediction, labels=labels, average="macro", zero_division=0, **weighted
        )

    found: dict[str, Callable[[], Any]] = {
        "precision": lambda: together()[0],
        "recall": lambda: together()[1],
        "f1": lambda: together()[2],
    }
    if task == "binary":
        predicted, true = bool((prediction == 1).any()), bool((target == 1).any())
        for name, possible, reason in (
            ("precision", predicted, f"no row was predicted as {classes[1]!r}"),
            ("recall", true, f"no row of y is {classes[1]!r}"),
            ("f1", predicted or true, f"{classes[1]!r} is neither in y nor predicted"),
        ):
            if not possible:
                del found[name]
                warnings.append(f"{name} is left out: {reason}")
    return found


def _ranking(
    task: str, target: Array, scores: Scores, classes: int, weighted: Mapping[str, Any]
) -> dict[str, Callable[[], Any]]:
    from sklearn import metrics, preprocessing

    if task == "binary":
        return {
            "roc_auc": lambda: metrics.roc_auc_score(target, scores.values, **weighted),
            "average_precision": lambda: metrics.average_precision_score(target, scores.values, **weighted),
        }
    # One against the rest, column by column: what multi_class="ovr" gives, for scores that sum to anything.
    columns = preprocessing.label_binarize(target, classes=range(classes))
    return {"roc_auc": lambda: metrics.roc_auc_score(columns, scores.values, average="macro", **weighted)}


def compute(wanted: Mapping[str, Callable[[], Any]], warnings: list[str]) -> tuple[dict[str, float], tuple[str, ...]]:
    """Compute what is wanted; what fails or is no number becomes a sentence."""
    import math
    import warnings as python_warnings

    import sklearn

    found: dict[str, float] = {}
    # The arrays were checked on their way here; checking them again for each metric would take most of the time.
    checked = sklearn.config_context(assume_finite=True, skip_parameter_validation=True)
    with checked, python_warnings.catch_warnings():
        python_warnings.simplefilter("ignore")  # whatever they are about is left out below, and said
        for name, function in wanted.items():
            try:
                value = float(function())
            except ValueError as error:
                warnings.append(f"{name} is left out: {first_line(error)}")
                continue
            if math.isfinite(value):
                found[name] = value
            else:
                warnings.append(f"{name} is left out: it is not a finite number on these rows")
    return found, tuple(warnings)
