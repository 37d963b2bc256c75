"""BCa intervals from bootstrap replicates, and the p-values that agree with them.

Efron, Journal of the American Statistical Association 82 (1987) 171-185.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from nbregistry.evaluation.significance.inference import Interval

    Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class BcaInference:
    """A difference and its bootstrap distribution.

    Attributes
    ----------
    difference, method, n, rarest
        As :class:`~nbregistry.evaluation.significance.inference.Inference` has them.
    replicates : ndarray
        Sorted.
    bias, acceleration : float
        z0 and a in Efron's words.
    tested : float or None
        The p-value of another test that goes with this interval, which holds zero where that does not refuse it.
    """

    difference: float
    method: str
    n: int
    replicates: Array = field(repr=False, compare=False)
    bias: float
    acceleration: float
    tested: float | None = None

    rarest = 0

    @property
    def p_value(self) -> float:
        """Give the level at which the interval begins to hold zero, or what another test said."""
        from scipy.stats import norm

        if self.tested is not None:
            return self.tested
        if self._is_constant:
            return 1.0 if self.difference == 0 else self._least_p
        # The share of replicates below zero is the point of the distribution that an end of the interval stands on.
        import numpy as np

        below = (np.searchsorted(self.replicates, 0, "left") + np.searchsorted(self.replicates, 0, "right")) / 2
        share = (below + 0.5) / (len(self.replicates) + 1)
        moved = float(norm.ppf(share)) - self.bias
        return max(
            self._least_p, min(1.0, 2 * float(norm.sf(abs(moved / (1 + self.acceleration * moved) - self.bias))))
        )

    def interval(self, alpha: float) -> Interval:
        """Give the BCa interval at a level."""
        import numpy as np
        from scipy.stats import norm

        if self._is_constant:
            return self.difference, self.difference
        shifted = self.bias + norm.ppf([alpha / 2, 1 - alpha / 2])
        shares = norm.cdf(self.bias + shifted / (1 - self.acceleration * shifted))
        # A share p is the p (B + 1)-th of B replicates, as in the p-value (Davison & Hinkley, 1997, section 5.2).
        low, high = np.quantile(self.replicates, shares, method="weibull")
        refused = self.tested is None or self.tested < alpha
        return (float(low), float(high)) if refused else (min(float(low), 0.0), max(float(high), 0.0))

    @property
    def _is_constant(self) -> bool:
        return bool(self.replicates[0] == self.replicates[-1])

    @property
    def _least_p(self) -> float:
        """No draw tells more than that all of n rows fell to one side, as n coins might."""
        return max(1 / (len(self.replicates) + 1), 2.0 ** (1 - self.n))


def bca(
    difference: float, replicates: Array, jackknife: Array, *, n: int, method: str, p_value: float | None = None
) -> BcaInference | None:
    """Make an inference of bootstrap replicates.

    Parameters
    ----------
    difference : float
    replicates : ndarray
        The difference in each resample; NaN where it could not be computed.
    jackknife : ndarray
        The difference with each row, or each of many groups of rows, left out.
    n : int
    method : str
    p_value : float, optional
        Of another test, where there is a better one.

    Returns
    -------
    BcaInference or None
        ``None`` where a resample or the rows themselves give no number, or there is one row.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> rows = rng.normal(0.5, 1, 200)
    >>> resampled = rng.choice(rows, (2000, 200)).mean(axis=1)
    >>> without = (rows.sum() - rows) / 199
    >>> found = bca(rows.mean(), resampled, without, n=200, method="bootstrap")
    >>> low, high = found.interval(0.05)
    >>> bool(low < 0.5 < high), found.p_value < 0.001
    (True, True)
    """
    import numpy as np
    from scipy.stats import norm

    if not (
        len(jackknife) and np.isfinite(difference) and np.isfinite(replicates).all() and np.isfinite(jackknife).all()
    ):
        return None
    ordered = np.sort(replicates)
    # Replicates that are equal to the estimate count half, as for metrics of few values they are many.
    below = (np.searchsorted(ordered, difference, "left") + np.searchsorted(ordered, difference, "right")) / 2
    share = (below + 0.5) / (len(ordered) + 1)
    deviations = jackknife.mean() - jackknife
    scale = float((deviations**2).sum()) ** 1.5
    acceleration = float((deviations**3).sum()) / (6 * scale) if scale > 0 else 0.0
    return BcaInference(difference, method, n, ordered, float(norm.ppf(share)), acceleration, p_value)
