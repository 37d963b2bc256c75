"""Several blobs at a time: hashing and waiting for the disk let other threads run."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

Item = TypeVar("Item")
Result = TypeVar("Result")

# More would only wait for each other.
_THREADS = min(4, 2 * (os.cpu_count() or 1))


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
        # Each with what is known here: who watches the bytes that pass.
        results = [threads.submit(copy_context().run, action, item) for item in items]
        for item, result in zip(items, results, strict=True):
            yield item, result.result()
    finally:
        threads.shutdown(cancel_futures=True)
