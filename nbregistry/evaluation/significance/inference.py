"""What a test says of a difference, whichever test it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

Interval = tuple[float, float]
POWER = 0.8
"""Chance to notice the smallest difference that is told; Cohen's convention (1988, ch. 2)."""


class Inference(Protocol):
    """A difference, how surely it is one, and how large it may be."""

    @property
    def difference(self) -> float:
        """Other minus baseline."""
        ...

    @property
    def p_value(self) -> float:
        """Two-sided, of no difference."""
        ...

    @property
    def method(self) -> str:
        """The test, as a reader would look it up."""
        ...

    @property
    def n(self) -> int:
        """Rows it was made on."""
        ...

    @property
    def rarest(self) -> int:
        """Rows of the rarest class, where each class has a say of its own; 0 where all rows count alike."""
        ...

    def interval(self, alpha: float) -> Interval:
        """Give the interval that covers the true difference with probability ``1 - alpha``."""
        ...


@dataclass(frozen=True)
class NormalInference:
    """A difference whose estimate is close to normal.

    Attributes
    ----------
    difference, p_value, method, n, rarest
        As :class:`Inference` has them.
    centre, standard_error : float
        Of the interval; the centre is the difference itself unless the method adjusts it.
    """

    difference: float
    p_value: float
    method: str
    n: int
    centre: float
    standard_error: float
    rarest: int = 0

    def interval(self, alpha: float) -> Interval:
        """Give the interval at a level; it holds zero where the test, which may be an exact one, does not refuse it."""
        from scipy.stats import norm

        half = float(norm.isf(alpha / 2)) * self.standard_error
        low, high = self.centre - half, self.centre + half
        return (low, high) if self.p_value < alpha else (min(low, 0.0), max(high, 0.0))


@dataclass(frozen=True)
class StudentInference:
    """A difference over its standard error, which follows Student's t.

    Attributes
    ----------
    difference, p_value, method, n, rarest
        As :class:`Inference` has them.
    standard_error, degrees : float
        ``degrees`` of freedom, which may be a fraction.
    """

    difference: float
    p_value: float
    method: str
    n: int
    standard_error: float
    degrees: float
    rarest: int = 0

    def interval(self, alpha: float) -> Interval:
        """Give the interval at a level."""
        from scipy.stats import t

        half = float(t.isf(alpha / 2, self.degrees)) * self.standard_error
        return self.difference - half, self.difference + half


def smallest_difference(inference: Inference, alpha: float, tests: int = 1) -> float:
    """Give the smallest true difference that so many rows would have shown, with a chance of at least 80%.

    Parameters
    ----------
    inference : Inference
    alpha : float
        Level of the test, or of all tests together.
    tests : int, default 1
        How many share the level: where nothing else is found, Holm asks the surest of them for ``alpha / tests``.

    Returns
    -------
    float
        ``(z(1 - alpha/(2 tests)) + z(0.8)) · SE``, the standard error taken from the interval's width.

    Examples
    --------
    >>> round(smallest_difference(NormalInference(0.01, 0.3, "DeLong", 200, 0.01, 0.01), 0.05), 3)
    0.028
    """
    from scipy.stats import norm

    low, high = inference.interval(alpha)
    wanted = float(norm.isf(alpha / (2 * tests)) + norm.ppf(POWER))
    return (high - low) / 2 * wanted / float(norm.isf(alpha / 2))
