"""McNemar's test of two hit rates on the same rows.

McNemar, Psychometrika 12 (1947) 153-157; exact where few rows differ. The interval holds the differences that the score
test does not refuse, of which McNemar's is the one of no difference: Tango, Statistics in Medicine 17 (1998) 891-908.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from nbregistry.evaluation.significance.inference import Interval

    Array = np.ndarray[Any, Any]

FEW = 25
"""Below so many rows that only one of the two gets right, the test is exact."""
_MOST = 1 - 1e-12
"""Two shares differ by less than one; at one the score test has no variance."""


@dataclass(frozen=True)
class PairedShares:
    """Rows that only one of two models gets right.

    Attributes
    ----------
    p_value, method, n, rarest
        As :class:`~nbregistry.evaluation.significance.inference.Inference` has them.
    fixed, broken : int
        Rows that only the other gets right, and that only the baseline does.
    """

    p_value: float
    method: str
    n: int
    fixed: int
    broken: int

    rarest = 0

    @property
    def difference(self) -> float:
        """Share of hits of the other, less that of the baseline."""
        return (self.fixed - self.broken) / self.n

    def interval(self, alpha: float) -> Interval:
        """Give the interval at a level; it holds zero where the test, which may be an exact one, does not refuse it."""
        from scipy.optimize import brentq
        from scipy.stats import norm

        if not self.fixed + self.broken:
            return 0.0, 0.0
        z = float(norm.isf(alpha / 2))
        seen = min(max(self.difference, -_MOST), _MOST)
        low = float(brentq(lambda assumed: self.score(assumed) - z, -_MOST, seen)) if seen > -_MOST else -1.0
        high = float(brentq(lambda assumed: self.score(assumed) + z, seen, _MOST)) if seen < _MOST else 1.0
        return (low, high) if self.p_value < alpha else (min(low, 0.0), max(high, 0.0))

    def score(self, assumed: float) -> float:
        """Give by how many standard errors the difference lies above one that is assumed.

        The standard error is that of the likeliest shares among those that differ by as much.
        """
        rows, fixed, broken = self.n, self.fixed, self.broken
        linear = (2 * rows - fixed + broken) * assumed - fixed - broken
        root = math.sqrt(max(linear**2 + 8 * rows * broken * assumed * (1 - assumed), 0.0))
        likeliest = (root - linear) / (4 * rows)  # the share of broken rows
        variance = rows * (2 * likeliest + assumed * (1 - assumed))
        return (fixed - broken - rows * assumed) / math.sqrt(variance) if variance > 0 else 0.0


def mcnemar(baseline: Array, other: Array) -> PairedShares:
    """Test whether two models are right equally often.

    Parameters
    ----------
    baseline, other : ndarray of bool, n
        Which rows each got right.

    Examples
    --------
    >>> import numpy as np
    >>> found = mcnemar(np.arange(100) < 80, np.arange(100) < 90)
    >>> round(found.difference, 2), round(found.p_value, 4), found.method
    (0.1, 0.002, 'McNemar, exact')
    >>> [round(end, 3) for end in found.interval(0.05)]
    [0.055, 0.174]
    """
    import numpy as np
    from scipy.stats import binomtest, chi2

    fixed, broken = int(np.sum(other & ~baseline)), int(np.sum(baseline & ~other))
    differing = fixed + broken
    if differing < FEW:
        p_value, method = binomtest(fixed, differing).pvalue if differing else 1.0, "McNemar, exact"
    else:
        p_value, method = chi2.sf((fixed - broken) ** 2 / differing, 1), "McNemar"
    return PairedShares(float(p_value), method, len(baseline), fixed, broken)
