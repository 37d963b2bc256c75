"""An interval of the area under a ROC curve that holds where a class has few rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbregistry.evaluation.significance.inference import Interval


_HAIR = 1e-9
"""Areas of 0 and 1 have no variance, so that the search begins beside them."""


def area_interval(area: float, positives: int, negatives: int, alpha: float) -> Interval:
    """Give the areas that are not refused by the variance that they themselves would have.

    DeLong's variance is seen in the rows: a few positives lie together by chance, and where they all lie above the
    negatives it is zero. This one follows from the area and the counts (Newcombe, Statistics in Medicine 25 (2006)
    559-573, method 5), as it would be if the scores of both classes were spread alike.

    Parameters
    ----------
    area : float
    positives, negatives : int
        Rows of each class.
    alpha : float
        The interval covers the true area with probability ``1 - alpha``.

    Examples
    --------
    >>> low, high = area_interval(1.0, 3, 500, 0.1)
    >>> round(low, 3), high
    (0.781, 1.0)
    >>> [round(end, 3) for end in area_interval(0.9, 200, 200, 0.1)]
    [0.87, 0.923]
    """
    from scipy.optimize import brentq
    from scipy.stats import norm

    z, rows = float(norm.isf(alpha / 2)), (positives + negatives) / 2 - 1

    def beyond(true: float) -> float:
        """Tell by how much more than chance allows the area lies away from a true one."""
        spread = 1 + rows * ((1 - true) / (2 - true) + true / (1 + true))
        return float(abs(area - true) - z * (true * (1 - true) * spread / (positives * negatives)) ** 0.5)

    inside = min(max(area, _HAIR), 1 - _HAIR)
    low = float(brentq(beyond, 0.0, inside)) if area > 0 else 0.0
    high = float(brentq(beyond, inside, 1.0)) if area < 1 else 1.0
    return low, high
