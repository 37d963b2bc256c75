"""Rows that count more than others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    Array = np.ndarray[Any, Any]

WEIGHT = "weight"
"""What the weights are called among the rows of an evaluation."""


def checked(weights: Any, rows: int) -> Array:
    """Give weights as an array of floats.

    Parameters
    ----------
    weights : array-like of n numbers
        How much each row counts; only their ratios matter.
    rows : int
        How many rows there are.

    Raises
    ------
    Refused
        If there is not one for each row, or some are missing, infinite, negative or no numbers, or all are zero.

    Examples
    --------
    >>> checked([1, 2.5], 2).tolist()
    [1.0, 2.5]
    """
    import numpy as np

    try:
        array = np.asarray(weights, dtype=np.float64)
    except (TypeError, ValueError):
        raise Refused("the weights hold something that is no number", hint="give one number a row") from None
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.shape != (rows,):
        given = f"{len(array):,}" if array.ndim == 1 else f"an array of shape {array.shape}"
        raise Refused(f"X has {rows:,} rows, and the weights are {given}", hint="give one number a row")
    for wrong, word in ((~np.isfinite(array), "missing or infinite"), (array < 0, "negative")):
        if wrong.any():
            raise Refused(f"{int(wrong.sum()):,} of {rows:,} weights are {word}", hint="0 leaves a row out")
    if not array.any():
        raise Refused("all weights are zero: no row is left to evaluate")
    return array


def effective_rows(weights: Array) -> float:
    """Give how many rows of equal weight tell as much (Kish, Survey Sampling, 1965, section 8.2).

    Examples
    --------
    >>> import numpy as np
    >>> effective_rows(np.array([1.0, 1.0, 0.0, 0.0]))
    2.0
    """
    return float(weights.sum() ** 2 / (weights**2).sum())


def in_rows(weights: Array | None, rows: int) -> Array:
    """Give what each row counts for, so that all of them together count for as many as they are.

    Examples
    --------
    >>> import numpy as np
    >>> in_rows(np.array([30.0, 10.0]), 2).tolist(), in_rows(None, 2).tolist()
    ([1.5, 0.5], [1.0, 1.0])
    """
    import numpy as np

    return np.ones(rows) if weights is None else np.asarray(weights) * (rows / weights.sum())


def quantiles(values: Array, levels: Sequence[float], weights: Array | None = None) -> Array:
    """Give quantiles: between two rows where all count the same, else at the row that reaches the level.

    Parameters
    ----------
    values : ndarray of n numbers
    levels : sequence of float
        From 0 to 1.
    weights : ndarray of n numbers, optional

    Returns
    -------
    ndarray
        NaN where no row counts.

    Examples
    --------
    >>> import numpy as np
    >>> quantiles(np.array([1.0, 2.0]), [0.5]).tolist()
    [1.5]
    >>> quantiles(np.array([1.0, 2.0]), [0.5], np.array([1.0, 3.0])).tolist()
    [2.0]
    """
    import numpy as np

    if not len(values) or (weights is not None and not weights.any()):
        return np.full(len(levels), np.nan)
    if weights is None:
        return np.asarray(np.quantile(values, levels))
    return np.asarray(np.quantile(values, levels, weights=weights, method="inverted_cdf"))
