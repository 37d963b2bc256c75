"""How often each row stands in a resample: stratified draws with replacement, and groups of rows left out.

One set of draws serves all models and all metrics, so that every difference is a paired one. Weights come in blocks of
resamples × rows of 32-bit integers: numpy adds these up several times as fast as numbers with fractions.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np

    Array = np.ndarray[Any, Any]
    Over = Callable[[int, Iterator[Array]], Iterator[Array]]

LEFT_OUT = 200
"""At most so many parts are left out in turn; below that, one row each."""

BLOCK = 1 << 19
"""Weights in a block."""

_IN_CACHE = 1 << 16
"""So many counts are drawn at once: rows are hit in no order, and that is fast where they lie near the processor."""


@dataclass(frozen=True, eq=False)
class Resampled:
    """Values of k statistics.

    Attributes
    ----------
    observed : ndarray, k
        On the rows as they are.
    replicates : ndarray, draws × k
        On bootstrap resamples.
    jackknife : ndarray, parts × k
        With each part of the rows left out.
    """

    observed: Array
    replicates: Array
    jackknife: Array


def resample(
    statistic: Callable[[Array], Array], strata: Sequence[int], draws: int, over: Over = lambda _, blocks: blocks
) -> Resampled:
    """Compute statistics on the rows, on resamples of them, and on parts of them.

    Parameters
    ----------
    statistic : callable
        Takes weights of b × n and gives values of b × k; called from several threads.
    strata : sequence of int
        How many rows each stratum has; they stand one stratum after the other.
    draws : int
    over : callable, optional
        Takes how many blocks there will be, and the blocks; hands them on, and may draw a bar, or stop.
    """
    import numpy as np

    rows = sum(strata)
    sizes = block_sizes(draws, rows)
    kept = left_out(strata)
    ends = np.cumsum(block_sizes(len(kept), rows))[:-1]
    with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool:
        parts = pool.map(statistic, np.split(kept, ends))
        blocks = pool.map(lambda number: statistic(drawn(strata, sizes[number], number)), range(len(sizes)))
        try:
            replicates = np.concatenate(list(over(len(sizes), blocks)))
            jackknife = np.concatenate(list(parts))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)  # whoever interrupts does not wait for the rest
            raise
    return Resampled(statistic(np.ones((1, rows), dtype=np.int16))[0], replicates, jackknife)


def block_sizes(count: int, rows: int) -> list[int]:
    """Cut a number of resamples into blocks."""
    size = max(1, BLOCK // max(1, rows))
    return [min(size, count - start) for start in range(0, count, size)]


def drawn(strata: Sequence[int], size: int, number: int) -> Array:
    """Draw a block of bootstrap weights: of each stratum as many rows as it has, with replacement.

    Parameters
    ----------
    strata : sequence of int
        How many rows each has; they stand one stratum after the other.
    size : int
        How many resamples.
    number : int
        Of the block. The same block is always the same, whoever draws the others.

    Returns
    -------
    ndarray of int16, size × n
    """
    import numpy as np

    rng = np.random.default_rng(number)
    counts = np.empty((size, sum(strata)), dtype=np.int16)
    start = 0
    for rows in strata:
        at_once = max(1, _IN_CACHE // rows)
        for part in np.split(counts[:, start : start + rows], range(at_once, size, at_once)):
            picked = rng.integers(0, rows, part.shape)
            picked += np.arange(len(part))[:, None] * rows
            part[:] = np.bincount(picked.ravel(), minlength=part.size).reshape(part.shape)
        start += rows
    return counts


def left_out(strata: Sequence[int]) -> Array:
    """Give jackknife weights: each row left out, or each of :data:`LEFT_OUT` groups with rows of every stratum.

    Returns
    -------
    ndarray of int16, groups × n
    """
    import numpy as np

    rng = np.random.default_rng(0)
    ends = np.cumsum(strata)
    shuffled = np.concatenate([end - rows + rng.permutation(rows) for rows, end in zip(strata, ends, strict=True)])
    rows = len(shuffled)
    groups = min(rows, LEFT_OUT)
    group_of = np.empty(rows, dtype=np.int64)
    group_of[shuffled] = np.arange(rows) % groups
    kept: Array = (group_of != np.arange(groups)[:, None]).astype(np.int16)
    return kept
