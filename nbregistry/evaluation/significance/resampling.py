"""How often each row stands in a resample: parts of each class left out in turn, and draws with replacement.

One set of draws serves all models and all metrics, so that every difference is a paired one. Weights come in blocks of
resamples × rows of 16-bit integers: numpy adds these up several times as fast as numbers with fractions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from nbregistry.evaluation.significance.blocks import in_blocks, unwatched

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np

    from nbregistry.evaluation.significance.blocks import Over

    Array = np.ndarray[Any, Any]

LEFT_OUT = 200
"""So many parts are left out in turn, or as many as there are rows if these are fewer."""
FEWEST_PARTS = 5
"""Of each stratum at least so many, however many strata there are."""

BLOCK = 1 << 19
"""Weights in a block."""

_IN_CACHE = 1 << 16
"""So many counts are drawn at once: rows are hit in no order, and that is fast where they lie near the processor."""


class Parts(NamedTuple):
    """Rows that are left out in turn, each part of one stratum.

    Attributes
    ----------
    taken : ndarray, n
        The number of the part that each row is of; -1 for the only row of a stratum, which stays.
    stratum, sizes : ndarray of int
        Of each part: its stratum, and how many rows it has.
    rows : tuple of int
        How many rows each stratum has.
    """

    taken: Array
    stratum: Array
    sizes: Array
    rows: tuple[int, ...]

    def kept(self, start: int, stop: int) -> Array:
        """Give the weights of the rows that are left without each of some parts, parts × n."""
        import numpy as np

        weights: Array = (self.taken != np.arange(start, stop)[:, None]).astype(np.int16)
        return weights


@dataclass(frozen=True, eq=False)
class Resampled:
    """Values of k statistics.

    Attributes
    ----------
    observed : ndarray, k
        On the rows as they are.
    replicates : ndarray, draws × k
        On bootstrap resamples.
    without : ndarray, parts × k
        With each part of the rows left out.
    parts : Parts
    """

    observed: Array
    replicates: Array
    without: Array
    parts: Parts


def resample(
    statistic: Callable[[Array], Array], strata: Sequence[int], draws: int, over: Over = unwatched
) -> Resampled:
    """Compute statistics on the rows, on resamples of them, and on parts of them.

    Parameters
    ----------
    statistic : callable
        Takes weights of b × n and gives values of b × k; called from several threads.
    strata : sequence of int
        How many rows each stratum has; they stand one stratum after the other.
    draws : int
        Of bootstrap resamples; may be 0.
    over : callable, optional
        As :func:`~nbregistry.evaluation.significance.blocks.in_blocks` has it.
    """
    import numpy as np

    rows = sum(strata)
    parts = left_out(strata)
    sizes = block_sizes(draws, rows)
    ends = np.cumsum([0, *block_sizes(len(parts.sizes), rows)]).tolist()

    def compute(number: int) -> Array:
        if number < len(ends) - 1:
            return statistic(parts.kept(ends[number], ends[number + 1]))
        block = number - len(ends) + 1
        return statistic(drawn(strata, sizes[block], block))

    found = in_blocks(compute, len(ends) - 1 + len(sizes), over)
    observed = statistic(np.ones((1, rows), dtype=np.int16))[0]
    none = np.empty((0, len(observed)))
    without, replicates = (np.concatenate([none, *some]) for some in (found[: len(ends) - 1], found[len(ends) - 1 :]))
    return Resampled(observed, replicates, without, parts)


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


def left_out(strata: Sequence[int]) -> Parts:
    """Cut the rows into the parts that are left out in turn: single rows, or as many groups as :data:`LEFT_OUT` allows.

    Strata share the parts equally as far as they have rows, so that of a rare class each row is seen alone.
    """
    import numpy as np

    rng = np.random.default_rng(0)
    counts = _shared(strata)
    taken = np.full(sum(strata), -1)
    start = first = 0
    for rows, count in zip(strata, counts, strict=True):
        if count:
            taken[start + rng.permutation(rows)] = first + np.arange(rows) % count
        start, first = start + rows, first + count
    sizes = np.bincount(taken[taken >= 0], minlength=first)
    return Parts(taken, np.repeat(np.arange(len(strata)), counts), sizes, tuple(strata))


def _shared(strata: Sequence[int]) -> list[int]:
    """Say into how many parts each stratum is cut; one of a single row into none."""
    counts = [0] * len(strata)
    left = LEFT_OUT
    by_size = sorted((place for place, rows in enumerate(strata) if rows > 1), key=strata.__getitem__)
    for rank, place in enumerate(by_size):
        counts[place] = min(strata[place], max(FEWEST_PARTS, left // (len(by_size) - rank)))
        left -= counts[place]
    return counts
