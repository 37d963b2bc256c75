"""Work that is cut into blocks, done by several threads, and watched by whoever waits for it."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np

    Array = np.ndarray[Any, Any]
    Over = Callable[[int, Iterator[Array]], Iterator[Array]]

_MOST_THREADS = 8


def unwatched(_total: int, blocks: Iterator[Array]) -> Iterator[Array]:
    """Hand blocks on, without a bar."""
    return blocks


def in_blocks(compute: Callable[[int], Array], total: int, over: Over = unwatched) -> list[Array]:
    """Compute blocks side by side; they come in their order.

    Parameters
    ----------
    compute : callable
        Gives a block by its number; called from several threads.
    total : int
        How many blocks there are.
    over : callable, optional
        Takes how many blocks there will be, and the blocks; hands them on, and may draw a bar, or stop.

    Examples
    --------
    >>> import numpy as np
    >>> [block.tolist() for block in in_blocks(np.arange, 3)]
    [[], [0], [0, 1]]
    """
    with ThreadPoolExecutor(min(_MOST_THREADS, os.cpu_count() or 1)) as pool:
        try:
            return list(over(total, pool.map(compute, range(total))))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)  # whoever interrupts does not wait for the rest
            raise
