"""What in an evaluation could fool its reader: told before it does, and only where it is large enough to matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.evaluation.pitfalls.calibration import miscalibrated
from nbregistry.evaluation.pitfalls.classes import close_to_guessing, constant_predictions, too_few_rows
from nbregistry.evaluation.pitfalls.ranking import upside_down
from nbregistry.evaluation.pitfalls.sentences import Pitfall, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbregistry.evaluation.metrics import Measured

__all__ = ["Pitfall", "find_pitfalls", "remarks", "told"]


def remarks(measured: Measured) -> tuple[str, ...]:
    """Say what was left out when a model was measured, and what in its rows could fool a reader.

    Returns
    -------
    tuple of str
        Sentences without the stop at their end.
    """
    return (*measured.warnings, *told({"": find_pitfalls(measured)}))


def find_pitfalls(measured: Measured) -> tuple[Pitfall, ...]:
    """Tell what in the rows of an evaluation could fool its reader.

    Parameters
    ----------
    measured : Measured

    Returns
    -------
    tuple of Pitfall
        Empty for a sound model on enough rows.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> from nbregistry.evaluation import evaluate
    >>> X, y = [[0.0]] * 100, ["no"] * 80 + ["yes"] * 20
    >>> told({"m@1": find_pitfalls(evaluate(DummyClassifier().fit(X, y), X, y))})[0]
    "every row gets the same prediction: 'no' for all 100 rows; it has learned nothing from the inputs"
    """
    return tuple(_pitfalls(measured)) if measured.n else ()


def _pitfalls(measured: Measured) -> Iterator[Pitfall]:
    constant = constant_predictions(measured)
    yield from constant
    if measured.task in ("binary", "multiclass"):
        yield from too_few_rows(measured)
        if not constant:
            yield from close_to_guessing(measured)
        yield from miscalibrated(measured)
    if measured.task == "binary":
        yield from upside_down(measured)
