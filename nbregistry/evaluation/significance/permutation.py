"""Permutation of paired losses: if two models are equally good, which of them made a loss is a coin's toss."""

from __future__ import annotations

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

    rows, pairs = differences.shape
    rng = np.random.default_rng(0)
    total = differences.sum(axis=0)
    # Sums of the same numbers in another order differ in their last digits.
    observed = np.abs(total) * (1 - 1e-12)
    reached = np.zeros(pairs, dtype=np.int64)
    for start in range(0, permutations, _AT_ONCE):
        count = min(_AT_ONCE, permutations - start)
        bits = np.unpackbits(rng.integers(0, 256, (count, -(-rows // 8)), dtype=np.uint8), axis=1)[:, :rows]
        reached += (np.abs(2 * (bits.astype(np.float64) @ differences) - total) >= observed).sum(axis=0)
    p_values: Array = (reached + 1) / (permutations + 1)
    return p_values
