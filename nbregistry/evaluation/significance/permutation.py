"""Permutation of paired losses: if two models are equally good, which of them made a loss is a coin's toss."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

_AT_ONCE = 64


def permutation_p_values(differences: Array, *, permutations: int) -> Array:
    """Give the two-sided p-values of mean differences of zero, by signs drawn at random, the same each time.

    Parameters
    ----------
    differences : ndarray, n × k
        Loss of one model minus loss of another, row by row, for k pairs of them.
    permutations : int

    Returns
    -------
    ndarray, k
        ``(b + 1) / (permutations + 1)`` for the b draws that are as far from zero as the rows (Phipson & Smyth,
        Statistical Applications in Genetics and Molecular Biology 9 (2010) 39).

    Examples
    --------
    >>> import numpy as np
    >>> losses = np.array([[0.5, 0.1], [0.4, -0.1], [0.6, 0.2], [0.3, -0.2], [0.7, 0.0], [0.4, 0.1], [0.5, 0.0]])
    >>> (permutation_p_values(losses, permutations=999) < 0.05).tolist()
    [True, False]
    """
    import numpy as np

    total = differences.sum(axis=0)
    # Sums of the same numbers in another order differ in their last digits.
    observed = np.abs(total) * (1 - 1e-12)

    def reached(number: int) -> Array:
        """Count the draws of a block that are as far from zero; the same block is always the same."""
        count = min(_AT_ONCE, permutations - number * _AT_ONCE)
        drawn = np.random.default_rng(number).bytes(count * len(differences) // 8 + 1)
        bits = np.unpackbits(np.frombuffer(drawn, dtype=np.uint8), count=count * len(differences))
        signed = 2 * (bits.reshape(count, -1).astype(np.float64) @ differences) - total
        far: Array = (np.abs(signed) >= observed).sum(axis=0)
        return far

    with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool:
        far_in_all = np.sum(list(pool.map(reached, range(-(-permutations // _AT_ONCE)))), axis=0)
    p_values: Array = (far_in_all + 1) / (permutations + 1)
    return p_values
