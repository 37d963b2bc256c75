"""How long a model takes to predict a row, measured in a few milliseconds."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, Any

from nbregistry.evaluation.costs import Timing, machine_of

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS = 1_000
"""At most so many rows are predicted at a time."""

SECONDS, REPEATS = 0.01, 7
"""It is repeated so often, as long as it took no longer than this in all."""


def time_prediction(model: Any, X: Any, clock: Callable[[], float] = time.perf_counter) -> Timing | None:
    """Time ``predict`` on the first rows of X; the model has already predicted all of them.

    Parameters
    ----------
    model : object with ``predict``
    X : array-like
    clock : callable, optional
        Gives seconds.

    Returns
    -------
    Timing or None
        ``None`` where the rows can't be cut, or the model refuses a part of them.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> X, ticks = [[0.0], [1.0]], iter([0.0, 0.4, 0.5, 0.7])
    >>> time_prediction(DummyClassifier().fit(X, [0, 1]), X, lambda: next(ticks)).seconds
    0.2
    """
    from nbregistry.evaluation.predictions import count_rows
    from nbregistry.provenance.environment import capture_environment

    try:
        rows = X if count_rows(X) <= ROWS else _first(X)
        taken: list[float] = []
        while len(taken) < REPEATS and sum(taken) < SECONDS:
            started = clock()
            model.predict(rows)
            taken.append(clock() - started)
    except Exception:  # noqa: BLE001 - an evaluation that went well is not lost for a time
        return None
    return Timing(statistics.median(taken) / count_rows(rows), machine_of(capture_environment()))


def _first(X: Any) -> Any:
    if hasattr(X, "iloc"):
        return X.iloc[:ROWS]
    return (X.tocsr() if hasattr(X, "tocsr") else X)[:ROWS]
