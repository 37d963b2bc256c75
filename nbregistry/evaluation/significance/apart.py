"""Whether a metric differs between two sets of rows that have nothing to do with each other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbregistry.evaluation.significance.inference import Interval


def difference_apart(value: float, interval: Interval, other: float, other_interval: Interval) -> Interval:
    """Give the interval of ``other - value`` from the intervals of two independent estimates.

    Their distances are added as squares (MOVER: Zou and Donner, 2008, Statistics in Medicine 27, 1693-1702), so that
    intervals that are not symmetric stay so. It has the level of the two intervals.

    Parameters
    ----------
    value, other : float
    interval, other_interval : tuple of two float

    Returns
    -------
    tuple of two float

    Examples
    --------
    >>> low, high = difference_apart(0.9, (0.87, 0.92), 0.8, (0.76, 0.83))
    >>> round(low, 3), round(high, 3)
    (-0.145, -0.058)
    """
    low, high = interval
    other_low, other_high = other_interval
    difference = other - value
    return (
        difference - math.hypot(other - other_low, high - value),
        difference + math.hypot(other_high - other, value - low),
    )
