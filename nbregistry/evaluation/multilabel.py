"""Models that give each row any number of labels: y is an n × k table of zeros and ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.errors import Refused
from nbregistry.evaluation.formulas import compute
from nbregistry.evaluation.predictions import ask, count_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from nbregistry.evaluation.formulas import Computed

    Array = np.ndarray[Any, Any]


def is_indicator(values: Array) -> bool:
    """Tell whether a table holds zeros and ones only.

    Examples
    --------
    >>> import numpy as np
    >>> is_indicator(np.array([[0, 1], [1, 1]])), is_indicator(np.array([[0.5, 1.0]]))
    (True, False)
    """
    return values.ndim == 2 and values.dtype.kind in "biuf" and bool(((values == 0) | (values == 1)).all())


def label_names(y: Any, count: int) -> tuple[str, ...]:
    """Name the labels by the columns of y where it has names, else by number."""
    columns = getattr(y, "columns", None)
    return tuple(map(str, columns if columns is not None else range(count)))


def measure_multilabel(
    target: Array, prediction: Array, scores: Array | None, names: tuple[str, ...], weights: Array | None = None
) -> Computed:
    """Measure labels against labels.

    Parameters
    ----------
    target, prediction : ndarray of int, n × k
    scores : ndarray of float, n × k, or None
    names : tuple of str
        Of the labels, for the sentences.
    weights : ndarray of float, optional
        How much each row counts.

    Returns
    -------
    tuple
        Share of rows of which all labels are right (``subset_accuracy``), F1 over all labels and as their mean, mean
        area under the ROC curves of the labels, and share of wrong labels; and a sentence for each one left out.
    """
    from sklearn import metrics

    if weights is not None:
        counted = weights > 0
        target, prediction, weights = target[counted], prediction[counted], weights[counted]
        scores = None if scores is None else scores[counted]
    weighted = {"sample_weight": weights}
    warnings: list[str] = []
    wanted: dict[str, Callable[[], Any]] = {
        "subset_accuracy": lambda: metrics.accuracy_score(target, prediction, **weighted),
        "f1_micro": lambda: metrics.f1_score(target, prediction, average="micro", zero_division=0, **weighted),
        "f1_macro": lambda: metrics.f1_score(target, prediction, average="macro", zero_division=0, **weighted),
    }
    constant = [name for name, column in zip(names, target.T, strict=True) if (column == column[0]).all()]
    if scores is not None and constant:
        named = ", ".join(map(repr, constant[:3])) + (", …" if len(constant) > 3 else "")
        warnings.append(f"roc_auc is left out: in every row or in none is the label {named}")
    elif scores is not None:
        wanted["roc_auc"] = lambda: metrics.roc_auc_score(target, scores, average="macro", **weighted)
    wanted["hamming_loss"] = lambda: metrics.hamming_loss(target, prediction, **weighted)
    return compute(wanted, warnings)


def score_labels(model: Any, X: Any, labels: int) -> tuple[Array | None, str]:
    """Ask for a score of each label: probabilities in either shape, or distances to a boundary.

    scikit-learn gives probabilities of many labels as an n × k table, or as a list of k tables of n × 2.

    Returns
    -------
    tuple
        The scores, n × k, or ``None``, and a sentence about what could not be had, or ``""``.
    """
    import numpy as np

    for method in ("predict_proba", "decision_function"):
        if not hasattr(model, method):
            continue
        try:
            given = ask(getattr(model, method), X)
            values = _of_list(given, model) if isinstance(given, list) else np.asarray(given, dtype=np.float64)
        except (Refused, TypeError, ValueError):
            continue
        if values.shape != (count_rows(X), labels):
            continue
        lost = int(np.isnan(values).any(axis=1).sum())
        if lost:
            return None, f"roc_auc is left out: {method} gives NaN in {lost:,} of {len(values):,} rows"
        return values, ""
    return None, "the model gives no score for each label, so roc_auc is left out"


def _of_list(tables: list[Any], model: Any) -> Array:
    """Take the column of each label's table that stands for having it."""
    import numpy as np

    known = getattr(model, "classes_", None)
    columns = []
    for place, table in enumerate(tables):
        array = np.asarray(table, dtype=np.float64)
        if array.shape[1] == 2:
            columns.append(array[:, 1])
        else:  # a label that every row had when the model was fitted, or none
            always = known is not None and bool(np.asarray(known[place])[0])
            columns.append(np.full(len(array), float(always)))
    return np.column_stack(columns)
