"""Means of rows, which may count more or less than one each, and whether one lies above another.

The variance of a weighted mean is that of the linearised sum (Taylor series), and it has as many degrees of freedom as
there are rows of equal weight that tell as much, less one (Kish, Survey Sampling, 1965, section 8.2). Where all rows
count the same it is Student's variance, and the difference of two means is tested as Welch does (Biometrika 34 (1947)
28-35).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbregistry.evaluation.weights import effective_rows

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

ROUNDING = 1e-12
"""A standard error that is smaller, beside the mean, is none: equal numbers differ in their last digits."""


@dataclass(frozen=True)
class Estimate:
    """A number with its uncertainty.

    Attributes
    ----------
    value : float
    variance : float
        Of the value, not of the rows.
    freedom : float
        Degrees of freedom of the variance.
    """

    value: float
    variance: float
    freedom: float

    def minus(self, other: Estimate) -> Estimate:
        """Give the difference to what was measured on other rows; its degrees of freedom are Welch's."""
        variance = self.variance + other.variance
        parts = self.variance**2 / self.freedom + other.variance**2 / other.freedom
        return Estimate(self.value - other.value, variance, variance**2 / parts if parts else float("inf"))

    @property
    def t(self) -> float:
        """How many standard errors it lies above zero; 0 where it has none."""
        return self.value / self.variance**0.5 if self.variance else 0.0

    def p_above_zero(self) -> float:
        """Give the one-sided p-value of its not being above zero; 1 where it has no variance."""
        from scipy.stats import t

        return float(t.sf(self.t, self.freedom)) if self.variance else 1.0

    def p_value(self) -> float:
        """Give the two-sided p-value of its being zero; 1 where it has no variance."""
        from scipy.stats import t

        return 2 * float(t.sf(abs(self.t), self.freedom)) if self.variance else 1.0

    def interval(self, alpha: float) -> tuple[float, float]:
        """Give the interval that covers the true value with probability ``1 - alpha``."""
        from scipy.stats import t

        half = float(t.isf(alpha / 2, self.freedom)) * self.variance**0.5
        return self.value - half, self.value + half


def mean(values: Array, weights: Array | None = None) -> Estimate:
    """Estimate the mean.

    Parameters
    ----------
    values : ndarray of n numbers
        Two rows or more.
    weights : ndarray of n numbers above zero, optional

    Returns
    -------
    Estimate

    Examples
    --------
    >>> import numpy as np
    >>> from scipy.stats import ttest_ind
    >>> rng = np.random.default_rng(0)
    >>> a, b = rng.normal(0.3, size=50), rng.normal(size=70)
    >>> found = mean(a).minus(mean(b))
    >>> bool(np.isclose(found.p_value(), ttest_ind(a, b, equal_var=False).pvalue))
    True
    """
    import numpy as np

    rows = len(values)
    weights = np.ones(rows) if weights is None else weights
    total = weights.sum()
    value = float(weights @ values / total)
    variance = float(((weights * (values - value)) ** 2).sum() / total**2) * rows / (rows - 1)
    if variance <= (ROUNDING * value) ** 2:
        variance = 0.0
    return Estimate(value, variance, effective_rows(weights) - 1)
