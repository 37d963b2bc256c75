"""Several blobs at a time: hashing and waiting for the disk let other threads run."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

Item = TypeVar("Item")
Result = TypeVar("Result")

# Each holds a blob, and what it was or is to be compressed to: the number is also a bound on memory.
_THREADS = 3


def together(action: Callable[[Item], Result], items: Collection[Item]) -> Iterator[tuple[Item, Result]]:
    """Do something with each item, several at a time, and give each with its result, in their order.

    What one of them raises is raised, once those that have begun are done; the others are not begun then.

    Examples
    --------
    >>> list(together(len, ["a", "bc"]))
    [('a', 1), ('bc', 2)]
    """
    threads = ThreadPoolExecutor(_THREADS, "nbregistry")
    try:
        yield from zip(items, threads.map(action, items), strict=True)
    finally:
        threads.shutdown(cancel_futures=True)
