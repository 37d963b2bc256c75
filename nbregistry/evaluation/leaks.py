"""Rows of an evaluation that a version was trained on: there it remembers, and need not predict.

A row is one that it was trained on if all its features are equal, whatever was to be predicted: what was learned of the
row is in the model also where its label was corrected since. Where features take few values, different cases have
equal rows; those are counted too, for no one can tell them apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


def trained_on(rows: Array, training: Array) -> Array:
    """Tell which rows are among those of a training.

    Parameters
    ----------
    rows : ndarray of uint64, n
        Their fingerprints.
    training : ndarray of uint64
        Sorted.

    Returns
    -------
    ndarray of bool, n

    Examples
    --------
    >>> import numpy as np
    >>> trained_on(np.array([5, 9, 7], dtype=np.uint64), np.array([3, 5, 7], dtype=np.uint64)).tolist()
    [True, False, True]
    """
    import numpy as np

    if not len(training):
        return np.zeros(len(rows), dtype=bool)
    places = np.minimum(np.searchsorted(training, rows), len(training) - 1)
    found: Array = training[places] == rows
    return found


def share_of(count: int, rows: int) -> str:
    """Say how many of some rows these are, as a share and in number.

    Examples
    --------
    >>> share_of(57, 1839), share_of(1, 90_000), share_of(89_999, 90_000)
    ('3.1% (57)', 'less than 0.1% (1)', 'more than 99.9% (89,999)')
    """
    percent = 100 * count / rows
    if percent < 0.1:
        return f"less than 0.1% ({count:,})"
    return f"more than 99.9% ({count:,})" if count < rows and percent > 99.9 else f"{percent:.1f}% ({count:,})"


def warning_of(rows: Array | None, training: Array | None) -> tuple[str, ...]:
    """Warn of metrics that tell in part how well a model remembers.

    Parameters
    ----------
    rows, training : ndarray or None
        As :func:`trained_on` has them; nothing is said of what is not known.
    """
    if rows is None or training is None:
        return ()
    count = int(trained_on(rows, training).sum())
    if not count:
        return ()
    if count == len(rows):
        return ("it was scored on the rows it was trained on: new rows will be harder",)
    return (f"it was trained on {share_of(count, len(rows))} of the rows it was scored on: new rows will be harder",)
