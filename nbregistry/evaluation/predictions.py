"""What a model says about rows, as plain arrays, or a clear reason why it says nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbregistry.errors import Refused
from nbregistry.evaluation.pitfalls.columns import columns_amiss
from nbregistry.evaluation.pitfalls.inputs import missing_inputs

if TYPE_CHECKING:
    from collections.abc import Callable

AGREEMENT = 0.9
"""Share of rows in which the class with the highest score must be the predicted one."""


@dataclass(frozen=True, eq=False)
class Scores:
    """One score a row and class, in the order of the model's classes.

    Attributes
    ----------
    values : ndarray
        n for two classes (of the second one), n × classes for more.
    are_probabilities : bool
        False for distances to a boundary.
    """

    values: Any
    are_probabilities: bool


def count_rows(X: Any) -> int:
    """Count the rows of anything array-like."""
    shape = getattr(X, "shape", None)
    return int(shape[0]) if shape else len(X)


def plain(values: Any) -> Any:
    """Give labels or numbers as an array of a plain dtype, one column as one dimension.

    Columns of pandas often come as objects; as text, booleans or numbers they can be stored without pickle.
    """
    import numpy as np

    if hasattr(values, "toarray"):
        values = values.toarray()
    try:
        array = np.asarray(values)
    except ValueError:  # rows of different lengths
        array = np.empty(len(values), dtype=object)
        array[:] = list(values)
    if array.ndim > 1 and array.shape[1:] == (1,) * (array.ndim - 1):
        array = array.reshape(len(array))
    if array.dtype == object and array.ndim == 1:
        items = array.tolist()
        for kind in (str, bool, int, (int, float)):
            if all(isinstance(item, kind) for item in items):
                return np.asarray(items)
    return array


def as_labels(values: Any, own: Any) -> Any:
    """Give labels in the dtype of others where that changes no value: 1.0 and True are the class 1.

    Parameters
    ----------
    values, own : ndarray
        Values that are not the same numbers, or no numbers at all, stay as they are.
    """
    import numpy as np

    numeric = values.dtype.kind in "biuf" and own.dtype.kind in "biuf"
    if not numeric or values.dtype.kind == own.dtype.kind:
        return values
    with np.errstate(invalid="ignore"):  # NaN is no whole number, and the comparison finds it
        same = values.astype(own.dtype)
    return same if (same == values).all() else values


def predict(model: Any, X: Any) -> Any:
    """Ask for one prediction a row.

    Raises
    ------
    Refused
        When the model is not fitted, or refuses the rows.
    """
    predictions = plain(ask(model.predict, X))
    rows = count_rows(X)
    if predictions.ndim == 0 or len(predictions) != rows:
        raise Refused(f"the model gave {predictions.size} predictions for {rows} rows")
    return predictions


def score(model: Any, X: Any, prediction: Any, classes: int) -> tuple[Scores | None, str]:
    """Ask for scores: probabilities, or else distances to the boundary.

    Parameters
    ----------
    model : object
    X : array-like
    prediction : ndarray of int
        The class it predicted for each row, by number.
    classes : int

    Returns
    -------
    tuple
        The scores or ``None``, and a sentence about what could not be had, or ``""``.
    """
    import numpy as np

    for method, are_probabilities in (("predict_proba", True), ("decision_function", False)):
        if not hasattr(model, method):
            continue
        try:
            values = np.asarray(ask(getattr(model, method), X), dtype=np.float64)
        except (Refused, TypeError, ValueError):
            continue
        wrong = _no_probabilities(values) if are_probabilities else ""
        if classes == 2 and values.shape == (count_rows(X), 2):
            values = values[:, 1]
        expected = (count_rows(X),) if classes == 2 else (count_rows(X), classes)
        if values.shape != expected or _is_one_against_one(values, prediction, are_probabilities):
            continue
        lost = int(np.isnan(values.reshape(len(values), -1)).any(axis=1).sum())
        if lost:
            told = f"{method} gives NaN in {lost:,} of {len(values):,} rows"
            return None, f"some scores are NaN, so metrics that need scores are left out: {told}"
        return Scores(values, are_probabilities and not wrong), wrong
    return None, "the model gives no score for each class, so metrics that need scores are left out"


def estimator_type(model: Any) -> str:
    """Give ``"classifier"``, ``"regressor"``, ``"clusterer"``, ``"outlier_detector"``, another kind, or ``""``."""
    if hasattr(model, "__sklearn_tags__"):
        from sklearn.utils import get_tags

        try:
            return get_tags(model).estimator_type or ""
        except (AttributeError, TypeError):  # a class that mixes scikit-learn's bases in the wrong order
            return ""
    return str(getattr(model, "_estimator_type", "") or "")


def first_line(error: BaseException) -> str:
    """Give the first line of an error, with its kind where the text alone would say too little."""
    text = str(error).strip().split("\n", 1)[0]
    return text if isinstance(error, ValueError) and text else f"{type(error).__name__}: {text}".rstrip(": ")


def _no_probabilities(values: Any) -> str:
    """Say what keeps these from being probabilities: some outside 0 to 1, or rows that do not add up to 1."""
    import numpy as np

    rows = values.reshape(len(values), -1)
    outside = ((rows < 0) | (rows > 1)).any(axis=1)
    # As closely as scikit-learn looks before it computes log_loss.
    off = np.abs(rows.sum(axis=1) - 1) > np.finfo(rows.dtype).eps ** 0.5
    if outside.any():
        low, high = float(np.nanmin(rows)), float(np.nanmax(rows))
        what = f"outside 0 to 1 in {int(outside.sum()):,} of {len(rows):,} rows ({low:.3g} to {high:.3g})"
    elif rows.shape[1] > 1 and off.any():
        low, high = float(rows.sum(axis=1).min()), float(rows.sum(axis=1).max())
        what = f"that do not add up to 1 in {int(off.sum()):,} of {len(rows):,} rows ({low:.3g} to {high:.3g})"
    else:
        return ""
    told = "they only rank the rows, and metrics of probabilities are left out"
    return f"predict_proba gives values {what}: {told}; calibrate them or divide by their sum"


def _is_one_against_one(values: Any, prediction: Any, are_probabilities: bool) -> bool:  # noqa: FBT001
    """Tell whether the columns are pairs of classes, not classes: three classes have three pairs as well."""
    if are_probabilities or values.ndim == 1:
        return False
    return bool((values.argmax(axis=1) == prediction).mean() < AGREEMENT)


def ask(method: Callable[[Any], Any], X: Any) -> Any:
    """Ask a model about rows.

    Raises
    ------
    Refused
        When the model is not fitted, or refuses the rows.
    """
    from sklearn.exceptions import NotFittedError

    try:
        return method(X)
    except NotFittedError as error:
        raise Refused("the model is not fitted", hint="call its fit(X, y) first") from error
    except Exception as error:
        # A model that takes NaN may refuse the rows for another reason.
        lost = missing_inputs(X) if re.search(r"\bNaN\b", str(error), re.IGNORECASE) else ""
        amiss = columns_amiss(getattr(method, "__self__", None), X)
        hint = "fill in what is missing, as for the rows it was fitted on" if lost else amiss.hint
        said = "; ".join(filter(None, (first_line(error).rstrip("."), lost or amiss.told)))
        raise Refused(f"the model refuses these rows: {said}", hint=hint) from error
