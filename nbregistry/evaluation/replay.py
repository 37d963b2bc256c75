"""Golden predictions: what a model said of a few rows when it was registered, and what it says of them now."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from nbregistry.evaluation.predictions import count_rows, first_line, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np

    Array = np.ndarray[Any, Any]

Replayed = Literal["identical", "within tolerance", "different", "failed"]

TOLERANCE = {"f8": 1e-6, "f4": 1e-4}
"""How far a number may be off, as a share of the largest of its kind: by dtype, doubles and single precision."""

_SCORES = ("predict_proba", "decision_function")
# What models have that predict nothing.
_INSTEAD = ("transform", "score_samples")


@dataclass(frozen=True)
class Example:
    """A few rows that a model takes, and what it said of them.

    Attributes
    ----------
    rows : array-like
        As the model takes them, in a table of the kind they came in.
    predictions : dict
        Method of the model to an array: ``"predict"``, ``"predict_proba"`` …
    """

    rows: Any
    predictions: Mapping[str, Array] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return count_rows(self.rows)


@dataclass(frozen=True)
class PredictionsCompared:
    """What a model says now, against what was said when it was registered.

    Attributes
    ----------
    outcome : str
        ``"identical"``; ``"within tolerance"``; ``"different"``; ``"failed"`` where the model no longer takes the rows.
    largest : float or None
        The largest difference of two numbers; 0 where all are the same, ``None`` where labels or shapes differ, or
        there is nothing to compare.
    detail : str
        A sentence.
    """

    outcome: Replayed
    largest: float | None
    detail: str


def predictions_of(model: Any, rows: Any) -> dict[str, Array]:
    """Ask a model about rows, by whatever it answers: labels or numbers, and the scores behind them.

    Parameters
    ----------
    model : object
    rows : array-like

    Returns
    -------
    dict
        Method to array; empty where the model refuses these rows or has no such method. Of several outputs, each has an
        entry of its own: ``"predict_proba[0]"``.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> sorted(predictions_of(DummyClassifier().fit([[0], [1]], [0, 1]), [[0]]))
    ['predict', 'predict_proba']
    """
    given: dict[str, Array] = {}
    for method in _methods(model):
        try:
            given |= dict(_ask(model, method, rows))
        except Exception:  # noqa: BLE001 - whatever it does not like about these rows: they are no example then
            if method not in _SCORES:
                return {}
    return given


def compare_predictions(model: Any, example: Example) -> PredictionsCompared:
    """Ask a model about the rows of an example again, and compare.

    Parameters
    ----------
    model : object
    example : Example

    Examples
    --------
    >>> from sklearn.linear_model import LinearRegression
    >>> model = LinearRegression().fit([[0.0], [1.0]], [0.0, 2.0])
    >>> example = Example([[3.0]], predictions_of(model, [[3.0]]))
    >>> compare_predictions(model, example).detail
    'predict of 1 row: identical'
    >>> model.coef_ += 1e-3
    >>> compare_predictions(model, example).outcome
    'different'
    """
    if not example.predictions:
        return PredictionsCompared("failed", None, "no predictions were kept to compare with")
    found: dict[str, Array] = {}
    for method in dict.fromkeys(name.partition("[")[0] for name in example.predictions):
        try:
            found |= dict(_ask(model, method, example.rows))
        except Exception as error:  # noqa: BLE001 - whatever a model's own code raises is the finding
            return PredictionsCompared("failed", None, f"{method} fails: {first_line(error)}")
    compared = {name: _compare(kept, found.get(name)) for name, kept in example.predictions.items()}
    worst = max(compared.values(), key=lambda one: _ORDER.index(one.outcome))
    rows = f"{example.count} row{'s' * (example.count != 1)}"
    if worst.outcome == "different":
        told = next(f"{name} of {rows}: {one.detail}" for name, one in compared.items() if one is worst)
    else:
        told = f"{', '.join(compared)} of {rows}: {worst.detail}"
    return PredictionsCompared(worst.outcome, worst.largest, told)


_ORDER: tuple[Replayed, ...] = ("identical", "within tolerance", "different", "failed")


def _methods(model: Any) -> list[str]:
    """Name what to ask: predictions and one kind of scores, or what there is instead."""
    if _has(model, "predict"):
        return ["predict", *[name for name in _SCORES if _has(model, name)][:1]]
    return [name for name in _INSTEAD if _has(model, name)][:1]


def _has(model: Any, name: str) -> bool:
    if isinstance(model, type):
        return False
    try:
        return callable(getattr(model, name, None))
    except Exception:  # noqa: BLE001 - a third party's property must not stand in the way of a registration
        return False


def _ask(model: Any, method: str, rows: Any) -> Iterator[tuple[str, Array]]:
    """Give what a method says, as arrays without objects; what cannot be one is left out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # whoever fitted it has seen them
        answer = getattr(model, method)(rows)
    outputs = {f"{method}[{place}]": one for place, one in enumerate(answer)} if _is_several(answer) else {}
    for name, output in (outputs or {method: answer}).items():
        array = plain(output)
        if not array.dtype.hasobject and array.ndim and len(array) == count_rows(rows):
            yield name, array


def _is_several(answer: Any) -> bool:
    return isinstance(answer, list) and bool(answer) and all(getattr(one, "ndim", 0) == 2 for one in answer)


def _compare(kept: Array, found: Array | None) -> PredictionsCompared:
    import numpy as np

    if found is None or found.shape != kept.shape:
        told = "nothing" if found is None else f"the shape {found.shape}, and not {kept.shape}"
        return PredictionsCompared("different", None, f"it gives {told}")
    numeric = kept.dtype.kind in "biufc" and found.dtype.kind in "biufc"
    same = (kept == found) | ((kept != kept) & (found != found))  # noqa: PLR0124 - NaN is the same as NaN
    if same.all():
        return PredictionsCompared("identical", 0.0 if numeric else None, "identical")
    if not numeric or kept.dtype.kind in "bi" or found.dtype.kind in "bi":  # labels, or counts: near is not the same
        rows = int((~same).reshape(len(same), -1).any(axis=1).sum())
        return PredictionsCompared("different", None, f"{rows} differ")
    with np.errstate(invalid="ignore"):  # infinities less infinities are no number
        off = np.abs(found.astype(kept.dtype) - kept)
    off[same] = 0
    sizes = np.abs(kept[np.isfinite(kept)])
    single = "f4" in (kept.dtype.str[1:], found.dtype.str[1:])
    allowed = TOLERANCE["f4" if single else "f8"] * float(sizes.max(initial=0))
    largest = float(off.max())
    if largest <= allowed:
        return PredictionsCompared(
            "within tolerance", largest, f"within tolerance, the largest difference {largest:.2g}"
        )
    rows = int((~(off <= allowed)).reshape(len(off), -1).any(axis=1).sum())
    if not np.isfinite(largest):
        return PredictionsCompared("different", None, f"{rows} differ")
    return PredictionsCompared("different", largest, f"{rows} differ, by up to {largest:.3g}")
