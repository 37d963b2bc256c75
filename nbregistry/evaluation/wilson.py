"""Wilson's interval of a share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike

    Array = np.ndarray[Any, np.dtype[np.float64]]

LEVEL = 0.95


def wilson_interval(share: ArrayLike, n: ArrayLike, level: float = LEVEL) -> tuple[Array, Array]:
    """Give the interval of shares that were seen in n rows.

    It stays within 0 and 1 and has a width also at shares of 0 and 1, where the textbook's has none (E. B. Wilson,
    1927, JASA 22, 209–212; recommended by Brown, Cai and DasGupta, 2001, Statistical Science 16, 101–133).

    Parameters
    ----------
    share : array-like of numbers from 0 to 1
    n : array-like of positive numbers
        Rows that each share was seen in.
    level : float, default 0.95

    Returns
    -------
    tuple of ndarray
        Lower and upper ends.

    Examples
    --------
    >>> low, high = wilson_interval(1.0, 10)
    >>> round(float(low), 4), float(high)
    (0.7225, 1.0)
    """
    import numpy as np
    from scipy.special import ndtri

    p, rows = np.asarray(share, dtype=np.float64), np.asarray(n, dtype=np.float64)
    z = float(ndtri((1 + level) / 2))
    centre = (p + z**2 / (2 * rows)) / (1 + z**2 / rows)
    half = z / (1 + z**2 / rows) * np.sqrt(p * (1 - p) / rows + z**2 / (4 * rows**2))
    # At 0 and 1 the ends are 0 and 1; rounding would put them a hair beside.
    return np.where(p <= 0, 0.0, centre - half), np.where(p >= 1, 1.0, centre + half)
