"""How good a model is on labelled rows.

The task is chosen from the estimator, and where that does not tell, from the target and the predictions: numbers
with fractions, or of more than ``MOST_CLASSES`` different values, are a regression. Every number is
scikit-learn's. One that can't be computed is left out with a sentence that says why: never NaN in silence.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from nbregistry.errors import Refused
from nbregistry.evaluation.direction import higher_is_better
from nbregistry.evaluation.formulas import METRICS, measure_classification, measure_regression
from nbregistry.evaluation.multilabel import is_indicator, label_names, measure_multilabel, score_labels
from nbregistry.evaluation.pitfalls.inputs import missing_inputs, other_order
from nbregistry.evaluation.predictions import (
    Scores,
    as_labels,
    count_rows,
    estimator_type,
    plain,
    predict,
    score,
)
from nbregistry.evaluation.unsupervised import AsClassifier, measure_clusters, outlier_labels
from nbregistry.evaluation.weights import WEIGHT, checked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

    from nbregistry.evaluation.costs import Timing

    Array = np.ndarray[Any, Any]

__all__ = ["METRICS", "Measured", "evaluate", "higher_is_better", "measure_part", "measure_rows"]

MOST_CLASSES = 20
"""More different numbers than this, in y and the predictions of a model that does not say its kind, are amounts."""

_FILLED = "make sure that the model is meant to fill them in"

MOSTLY = 0.5
"""Where this share of y, of its different labels or of its rows, is unknown to the model, y is of another model."""


@dataclass(frozen=True)
class Measured:
    """Metrics of one model on one set of rows, and the rows they were computed from.

    Attributes
    ----------
    task : str
        ``"binary"``, ``"multiclass"``, ``"multilabel"``, ``"clustering"``, ``"regression"``; ``""``
        where nothing could be measured.
    metrics : dict
    rows : dict
        Arrays of n rows: ``target``, ``prediction`` and, for classifiers that give one, ``score`` (n for
        binary, n × classes for multiclass); all three n × labels for multilabel; ``weight`` where rows were given one.
    warnings : tuple of str
        One sentence for each thing that was left out.
    classes : tuple
        Labels in the order of the scores; for binary the second is the positive one. Left out, they are the sorted
        labels of the rows, which is scikit-learn's own order.
    timing : Timing or None
        How long it took to predict, where it was timed.
    """

    task: str
    metrics: Mapping[str, float]
    rows: Mapping[str, Any] = field(default_factory=dict, compare=False)
    warnings: tuple[str, ...] = ()
    classes: tuple[Any, ...] = ()
    timing: Timing | None = field(default=None, compare=False)

    @property
    def n(self) -> int:
        """How many rows were measured."""
        return len(self.rows["target"]) if "target" in self.rows else 0

    @property
    def weights(self) -> Array | None:
        """How much each row counts; ``None`` where all count the same."""
        return self.rows.get(WEIGHT)

    @property
    def positive(self) -> Any:
        """The positive class of a binary task, else ``None``."""
        labels = self.labels
        return labels[1] if self.task == "binary" and len(labels) == 2 else None

    @property
    def labels(self) -> tuple[Any, ...]:
        """The classes, as said by the model or else as seen in the rows."""
        if self.classes or self.task in ("regression", "clustering") or not self.n:
            return self.classes
        if self.task == "multilabel":
            return tuple(map(str, range(self.rows["target"].shape[1])))
        return _sorted_labels(self.rows["target"], self.rows["prediction"])

    @cached_property
    def codes(self) -> Array:
        """The number of each row's class; -1 for a label that is none."""
        return _codes(self.rows["target"], self.labels)

    @cached_property
    def predicted_codes(self) -> Array:
        """The number of each row's predicted class."""
        return _codes(self.rows["prediction"], self.labels)

    @property
    def hits(self) -> Array:
        """Which rows were got right; of several labels, all of them."""
        if self.task == "multilabel":
            same: Array = (self.rows["target"] == self.rows["prediction"]).all(axis=1)
            return same
        right: Array = self.codes == self.predicted_codes
        return right

    def take(self, rows: Array) -> Measured:
        """Give the same with these rows, by number or mask; its metrics stay those of all rows."""
        taken = {name: values[rows] for name, values in self.rows.items()}
        return replace(self, rows=taken, classes=self.labels)


def evaluate(model: Any, X: Any, y: Any, weights: Any = None) -> Measured:
    """Measure a fitted model on labelled rows.

    Parameters
    ----------
    model : object with ``predict``
        A classifier or regressor; its ``classes_[1]`` is the positive class of a binary task. One that is no
        estimator of scikit-learn's and has no ``classes_`` is a regressor if y or its predictions hold numbers that
        are not whole, or more than 20 different ones together; else a classifier.
    X : array-like
    y : array-like of one label or number a row, or n × labels of zeros and ones
        For clusters the groups that are known; for outliers -1 (or, among zeros, 1) where a row is one.
    weights : array-like of one number a row, optional
        How much each row counts in every metric, as scikit-learn's ``sample_weight``.

    Returns
    -------
    Measured
        Without metrics, and with a warning, where model or target are of a kind that has none. An outlier detector is
        a classifier of the two classes ``"inlier"`` and ``"outlier"``.

    Raises
    ------
    Refused
        When X and y differ in length or are empty, y has missing values, the model is not fitted or refuses X, or the
        weights are not one number of at least zero for each row.

    Examples
    --------
    >>> from sklearn.linear_model import LinearRegression
    >>> X, y = [[0.0], [1.0], [2.0]], [1.0, 2.0, 4.0]
    >>> measured = evaluate(LinearRegression().fit(X, y), X, y)
    >>> measured.task, round(measured.metrics["r2"], 3)
    ('regression', 0.964)
    """
    target = plain(y)
    rows = count_rows(X)
    if rows != len(target):
        raise Refused(f"X has {rows:,} rows, y has {len(target):,}", hint="give X and y of the same rows")
    if not rows:
        raise Refused("X and y have no rows", hint="give the rows to measure it on; an empty selection has none")
    count = {} if weights is None else {WEIGHT: checked(weights, rows)}
    if not hasattr(model, "predict"):
        return _nothing(f"{type(model).__name__} has no predict, so it is not evaluated")
    if target.ndim > 1:
        measured = _measure_columns(model, X, target, names=label_names(y, target.shape[1]), count=count)
    else:
        _refuse_sets(target)
        _refuse_missing(target)
        measured = _measure_column(model, X, target, count)
    missing = missing_inputs(X)
    found = filter(None, (f"{missing}; {_FILLED}" if missing else "", other_order(X, y)))
    return replace(measured, warnings=(*measured.warnings, *found))


def _measure_column(model: Any, X: Any, target: Array, count: Mapping[str, Array]) -> Measured:
    """Measure a model of one target, by its kind."""
    kind = estimator_type(model)
    if kind == "outlier_detector":
        return _measure_outliers(model, X, target, count)
    prediction = predict(model, X)
    if kind == "clusterer":
        metrics, left_out = measure_clusters(X, target, prediction)
        left_out += ("the metrics of clusters know no weights: each row counts once",) if count else ()
        return Measured("clustering", metrics, {"target": target, "prediction": prediction}, left_out)
    if prediction.ndim > 1:
        return _nothing(f"the model predicts {prediction.shape[1]} values a row, so it is not evaluated")
    if _is_regression(model, kind, target, prediction):
        return _measure_regression(target, prediction, count)
    return _measure_classes(model, X, target, prediction, count)


def measure_rows(measured: Measured, chosen: Any) -> dict[str, float]:
    """Compute the same metrics again on some of the rows; those that can't be computed are left out.

    Parameters
    ----------
    measured : Measured
    chosen : ndarray
        Boolean mask or row numbers.

    Returns
    -------
    dict
        Metric to value.
    """
    rows = {name: values[chosen] for name, values in measured.rows.items()}
    if measured.task == "multilabel":
        return measure_multilabel(
            rows["target"], rows["prediction"], rows.get("score"), tuple(map(str, measured.labels)), rows.get(WEIGHT)
        )[0]
    if measured.task == "clustering":
        return {}
    if measured.task == "regression":
        return measure_regression(rows["target"], rows["prediction"], rows.get(WEIGHT))[0]
    labels = measured.labels
    scores = Scores(rows["score"], "log_loss" in measured.metrics) if "score" in rows else None
    codes = _codes(rows["target"], labels), _codes(rows["prediction"], labels)
    found, _ = measure_classification(measured.task, *codes, scores, labels, weights=rows.get(WEIGHT))
    return {name: value for name, value in found.items() if name in measured.metrics}


def measure_part(measured: Measured, chosen: Any) -> Measured:
    """Give some of the rows, with the metrics that :func:`measure_rows` computes on them."""
    return replace(measured.take(chosen), metrics=measure_rows(measured, chosen))


def _measure_columns(
    model: Any, X: Any, target: Array, *, names: tuple[str, ...], count: Mapping[str, Array]
) -> Measured:
    """Measure labels, of which each row may have any number; several targets of any other kind are not evaluated."""
    import numpy as np

    if estimator_type(model) not in ("classifier", "") or not is_indicator(target):
        return _nothing(
            f"y has {len(names)} columns, and models of several targets are not evaluated as one: "
            "evaluate each column with a model of its own, or give labels as columns of 0 and 1"
        )
    prediction = predict(model, X)
    if prediction.shape != target.shape or not is_indicator(prediction):
        return _nothing(f"y has {len(names)} columns of labels, and the model predicts none of that form")
    target, prediction = target.astype(np.int8), prediction.astype(np.int8)
    scores, warning = score_labels(model, X, len(names))
    metrics, left_out = measure_multilabel(target, prediction, scores, names, count.get(WEIGHT))
    rows = {"target": target, "prediction": prediction, **({} if scores is None else {"score": scores}), **count}
    return Measured("multilabel", metrics, rows, (*([warning] if warning else []), *left_out), names)


def _measure_outliers(model: Any, X: Any, target: Array, count: Mapping[str, Array]) -> Measured:
    """Measure an outlier detector as a classifier, where y tells the outliers."""
    told = outlier_labels(target)
    if told is None:
        return _nothing(
            f"{type(model).__name__} is a kind of outlier detector, and y does not tell the outliers: "
            "they are -1 among 1, or 1 among 0"
        )
    detector = AsClassifier(model)
    return _measure_classes(detector, X, told, predict(detector, X), count)


def _refuse_sets(target: Array) -> None:
    if target.dtype == object and target.size and isinstance(target[0], (set, frozenset, list, tuple)):
        raise Refused(
            f"y holds a {type(target[0]).__name__} of labels in each row",
            hint="MultiLabelBinarizer().fit_transform(y) gives one column of 0 and 1 for each label",
        )


def _nothing(warning: str) -> Measured:
    return Measured("", {}, warnings=(warning,))


def _refuse_missing(target: Array) -> None:
    values = target.tolist()
    # Only NaN, NaT and NA are unequal to themselves; NA answers neither yes nor no.
    missing = sum(value is None or str(value) in ("<NA>", "NaT") or value != value for value in values)  # noqa: PLR0124
    if missing:
        raise Refused(
            f"y has {missing:,} missing value{'s' * (missing != 1)} in {len(values):,} rows",
            hint="leave the rows out whose label is not known",
        )


def _is_regression(model: Any, kind: str, target: Array, prediction: Array) -> bool:
    """Choose the task: the estimator's word counts, and one that says its classes is a classifier.

    Of any other, target and predictions decide together: where a number among them is not whole, or both are numbers
    and there are more different ones than classes usually are, the model predicts amounts.
    """
    import numpy as np

    if kind in ("classifier", "regressor"):
        return kind == "regressor"
    if _known_classes(model) is not None:
        return False
    numbers = [values for values in (target, prediction) if values.dtype.kind in "biufc"]
    if any(values.dtype.kind in "fc" and (values != np.floor(values.real)).any() for values in numbers):
        return True
    return len(numbers) == 2 and len(np.unique(np.concatenate(numbers))) > MOST_CLASSES


def _measure_regression(target: Array, prediction: Array, count: Mapping[str, Array]) -> Measured:
    import numpy as np

    try:
        target, prediction = target.astype(np.float64), prediction.astype(np.float64)
    except (TypeError, ValueError):
        return _nothing("a regressor needs numbers, and y holds something else; it is not evaluated")
    lost = int((~np.isfinite(prediction)).sum())
    if lost:
        told = f"{lost:,} of {len(prediction):,} predictions are NaN or infinite, so the model is not evaluated"
        return _nothing(f"{told}: find out which inputs give them")
    metrics, warnings = measure_regression(target, prediction, count.get(WEIGHT))
    return Measured("regression", metrics, {"target": target, "prediction": prediction, **count}, warnings)


def _measure_classes(model: Any, X: Any, target: Array, prediction: Array, count: Mapping[str, Array]) -> Measured:

    known = _known_classes(model)
    own = target if known is None else known
    target, prediction = as_labels(target, own), as_labels(prediction, own)
    classes = _sorted_labels(target, prediction) if known is None else tuple(known.tolist())
    codes = _codes(target, classes)
    task = "binary" if len(classes) <= 2 else "multiclass"
    unknown = list(dict.fromkeys(label for label, code in zip(target.tolist(), codes, strict=True) if code < 0))
    some = ", ".join(map(repr, unknown[:3])) + (", …" if len(unknown) > 3 else "")
    few_known = (codes < 0).mean() >= MOSTLY or len(unknown) >= MOSTLY * len(set(target.tolist()))
    if unknown and (task == "binary" or few_known):
        return _nothing(f"y holds labels the model does not know ({some}), so it is not evaluated")
    warnings = []
    scores = None
    if unknown:
        warnings.append(f"y holds labels the model does not know ({some}): metrics that need scores are left out")
    elif len(classes) < 2:
        warnings.append("the model knows one class only: metrics that need scores are left out")
    else:
        scores, warning = score(model, X, _codes(prediction, classes), len(classes))
        warnings += [warning] if warning else []
    metrics, left_out = measure_classification(
        task, codes, _codes(prediction, classes), scores, classes, weights=count.get(WEIGHT)
    )
    rows = {"target": target, "prediction": prediction, **({"score": scores.values} if scores else {}), **count}
    return Measured(task, metrics, rows, (*warnings, *left_out), classes)


def _known_classes(model: Any) -> Array | None:
    """Give the labels in the order of the model's scores, where it says them."""
    import numpy as np

    known = getattr(model, "classes_", None)
    return plain(known) if known is not None and np.ndim(known) == 1 else None


def _sorted_labels(target: Array, prediction: Array) -> tuple[Any, ...]:
    """Give the labels that are seen, numbers of any type by their value, each in its words among the predictions."""
    seen = {label: label for label in target.tolist()} | {label: label for label in prediction.tolist()}
    return tuple(
        sorted(seen.values(), key=lambda label: ("" if isinstance(label, int | float) else str(type(label)), label))
    )


def _codes(labels: Array, classes: Sequence[Any]) -> Array:
    """Give the number of each label's class, -1 for none, so that text, booleans and numbers are measured alike."""
    import numpy as np

    known = np.asarray(classes)
    if known.dtype == labels.dtype and known.dtype.kind in "iub" and len(known):
        order = np.argsort(known, kind="stable")
        places = order[np.minimum(np.searchsorted(known, labels, sorter=order), len(known) - 1)]
        found: Array = np.where(known[places] == labels, places, -1)
        return found
    numbers = {label: number for number, label in enumerate(classes)}
    return np.fromiter((numbers.get(label, -1) for label in labels.tolist()), dtype=np.int64, count=len(labels))
