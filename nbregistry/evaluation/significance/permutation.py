"""Permutation of paired losses: if two models are equally good, which of them made a loss is a coin's toss.

The interval holds the differences that this test would not refuse, so that both say the same: its ends are quantiles of
the means of random halves of the rows (Hartigan's typical values, Journal of the American Statistical Association 64
(1969) 1303-1317).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbregistry.evaluation.significance.blocks import in_blocks, unwatched

if TYPE_CHECKING:
    import numpy as np

    from nbregistry.evaluation.significance.blocks import Over
    from nbregistry.evaluation.significance.inference import Interval

    Array = np.ndarray[Any, Any]

_AT_ONCE, _LARGEST_BLOCK = 64, 1 << 23
"""So many draws are made at once, or as many as there is room for that many signs."""
_ROUNDING = 1e-12
"""Sums of the same numbers in another order differ in their last digits."""


@dataclass(frozen=True)
class PermutationInference:
    """A mean difference, and the means of random halves of the rows.

    Attributes
    ----------
    difference, method, n, rarest
        As :class:`~nbregistry.evaluation.significance.inference.Inference` has them.
    halves : ndarray
        Sorted: of each draw the mean of the rows whose sign was kept, and that of the others.
    """

    difference: float
    method: str
    n: int
    halves: Array = field(repr=False, compare=False)

    rarest = 0

    @property
    def p_value(self) -> float:
        """Two-sided: ``(b + 1) / (draws + 1)`` for the b draws that are as far from zero as the rows.

        Phipson & Smyth, Statistical Applications in Genetics and Molecular Biology 9 (2010) 39. A draw is as far where
        one of its halves has the other sign.
        """
        if not self.difference:
            return 1.0
        upward = self.halves if self.difference > 0 else -self.halves
        far = int((upward <= abs(self.difference) * _ROUNDING).sum())
        return min(1.0, (far + 1) / (len(self.halves) // 2 + 1))

    def interval(self, alpha: float) -> Interval:
        """Give the interval that begins to hold zero where ``alpha`` is the p-value."""
        draws = len(self.halves) // 2
        beyond = max(0, math.ceil(alpha * (draws + 1) - 1) - 1)
        low, high = float(self.halves[beyond]), float(self.halves[-1 - beyond])
        nothing = abs(self.difference) * _ROUNDING
        return (0.0 if abs(low) <= nothing else low), (0.0 if abs(high) <= nothing else high)


def permute(
    differences: Array, *, draws: int, method: str, over: Over = unwatched
) -> list[PermutationInference | None]:
    """Test mean differences of zero, by signs drawn at random, the same each time.

    Parameters
    ----------
    differences : ndarray, n × k
        Loss of one model minus loss of another, row by row, for k pairs of them.
    draws : int
    method : str
    over : callable, optional
        As :func:`~nbregistry.evaluation.significance.blocks.in_blocks` has it.

    Returns
    -------
    list of k PermutationInference or None
        ``None`` where a difference is no number.

    Examples
    --------
    >>> import numpy as np
    >>> losses = np.array([[0.5, 0.1], [0.4, -0.1], [0.6, 0.2], [0.3, -0.2], [0.7, 0.0], [0.4, 0.1], [0.5, 0.0]])
    >>> [found.p_value < 0.05 for found in permute(losses, draws=999, method="permutation")]
    [True, False]
    """
    import numpy as np

    rows = len(differences)
    known = np.atleast_1d(np.isfinite(differences).all(axis=0))
    differences = np.where(known, differences, 0.0)
    columns = np.column_stack([differences, np.ones(rows)])
    total = columns.sum(axis=0)
    at_once = max(1, min(_AT_ONCE, _LARGEST_BLOCK // max(rows, 1)))

    def halve(number: int) -> Array:
        """Give the means of both halves in each draw of a block; the same block is always the same."""
        count = min(at_once, draws - number * at_once)
        drawn = np.random.default_rng(number).bytes(count * rows // 8 + 1)
        bits = np.unpackbits(np.frombuffer(drawn, dtype=np.uint8), count=count * rows)
        one = bits.reshape(count, -1).astype(np.float64) @ columns
        both = np.concatenate([one, total - one])
        # No row at all is a half of mean zero: the other half is as far from zero as all rows.
        means: Array = both[:, :-1] / np.maximum(both[:, -1:], 1)
        return means

    halves = np.sort(np.concatenate(in_blocks(halve, -(-draws // at_once), over)), axis=0)
    return [
        PermutationInference(float(mean), method, rows, found) if is_known else None
        for mean, found, is_known in zip(differences.mean(axis=0), halves.T, known, strict=True)
    ]
