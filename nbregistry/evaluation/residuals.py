"""Predicted numbers against true ones, and what is left between them, bounded in size however many rows there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbregistry.evaluation.weights import in_rows, quantiles

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from nbregistry.evaluation.metrics import Measured

    Array = np.ndarray[Any, np.dtype[np.float64]]

POINTS = 2_000
"""Rows that are shown one by one; of more, the cells of a grid are counted."""
CELLS = 60
BINS = 40
PARTS = 5
LEVELS = (0.05, 0.5, 0.95)
"""Which quantiles of the residuals are told."""


@dataclass(frozen=True, eq=False)
class Cloud:
    """Points of a plane, or the cells of a grid that hold any.

    Attributes
    ----------
    x, y : ndarray
        Where they are; of cells the middle.
    counts : ndarray of float
        For how many rows each stands; rows with weights count for more or less than one.
    cell : tuple of two float
        Width and height of a cell; 0 for points.
    """

    x: Array
    y: Array
    counts: Array
    cell: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, eq=False)
class Predicted:
    """Predictions against the target.

    Attributes
    ----------
    cloud : Cloud
        Target to the right, prediction upwards.
    target, prediction : ndarray
        Means in equal fifths of the rows, by rising target; NaN where none of a fifth's rows counts.
    counts : ndarray of int
        Rows of each fifth.
    is_weighted : bool
    """

    cloud: Cloud
    target: Array
    prediction: Array
    counts: np.ndarray[Any, np.dtype[np.int64]]
    is_weighted: bool = False


@dataclass(frozen=True, eq=False)
class Residuals:
    """Target minus prediction.

    Attributes
    ----------
    cloud : Cloud
        Prediction to the right, residual upwards.
    edges : ndarray
        Of the histogram's bins, the same for all that are compared.
    counts : ndarray of float
        Rows of each bin, as :class:`Cloud` counts them.
    mean, deviation : float
        Mean residual (above 0 the model predicts too little) and standard deviation.
    quantiles : tuple of float
        At 5%, 50% and 95%.
    largest : float
        The residual farthest from 0, of the rows that count.
    is_weighted : bool
    """

    cloud: Cloud
    edges: Array
    counts: Array
    mean: float
    deviation: float
    quantiles: tuple[float, ...]
    largest: float
    is_weighted: bool = False


def gather(x: Array, y: Array, weights: Array | None = None) -> Cloud:
    """Give points as they are, or, of many, how many lie in each cell of a grid.

    Nothing is drawn at random: the same rows always give the same cloud.

    Examples
    --------
    >>> import numpy as np
    >>> cloud = gather(np.arange(10_000.0), np.zeros(10_000))
    >>> len(cloud.x), int(cloud.counts.sum())
    (60, 10000)
    """
    import numpy as np

    each = in_rows(weights, len(x))
    if len(x) <= POINTS:
        return Cloud(x, y, each)
    counts, across, upwards = np.histogram2d(x, y, CELLS, weights=each)
    column, row = counts.nonzero()
    middle = [(edges[:-1] + edges[1:]) / 2 for edges in (across, upwards)]
    cell = float(across[1] - across[0]), float(upwards[1] - upwards[0])
    return Cloud(middle[0][column], middle[1][row], counts[column, row], cell)


def predicted_of(evaluated: Mapping[str, Measured]) -> dict[str, Predicted]:
    """Put the predictions of each regression against the target."""
    import numpy as np

    found = {}
    for name, measured in _regressions(evaluated).items():
        target, prediction, weights = measured.rows["target"], measured.rows["prediction"], measured.weights
        parts = [part for part in np.array_split(target.argsort(kind="stable"), PARTS) if len(part)]
        found[name] = Predicted(
            gather(target, prediction, weights),
            np.array([_mean(target, part, weights) for part in parts]),
            np.array([_mean(prediction, part, weights) for part in parts]),
            np.array([len(part) for part in parts]),
            weights is not None,
        )
    return found


def residuals_of(evaluated: Mapping[str, Measured]) -> dict[str, Residuals]:
    """Give the residuals of each regression, in the same bins."""
    import numpy as np

    measured_of = _regressions(evaluated)
    rows = {name: measured.rows["target"] - measured.rows["prediction"] for name, measured in measured_of.items()}
    if not rows:
        return {}
    edges = np.histogram_bin_edges(np.concatenate(list(rows.values())), BINS)
    return {name: _residuals(measured, rows[name], edges) for name, measured in measured_of.items()}


def _residuals(measured: Measured, left: Array, edges: Array) -> Residuals:
    import numpy as np

    weights = measured.weights
    mean = float(np.average(left, weights=weights))
    counted = left if weights is None else left[weights > 0]
    return Residuals(
        gather(measured.rows["prediction"], left, weights),
        edges,
        np.histogram(left, edges, weights=in_rows(weights, len(left)))[0],
        mean,
        float(np.average((left - mean) ** 2, weights=weights)) ** 0.5,
        tuple(quantiles(left, LEVELS, weights).tolist()),
        float(counted[np.abs(counted).argmax()]),
        weights is not None,
    )


def _mean(values: Array, rows: Array, weights: Array | None) -> float:
    import numpy as np

    if weights is None:
        return float(values[rows].mean())
    return float(np.average(values[rows], weights=weights[rows])) if weights[rows].any() else float("nan")


def _regressions(evaluated: Mapping[str, Measured]) -> dict[str, Measured]:
    return {name: measured for name, measured in evaluated.items() if measured.task == "regression"}
