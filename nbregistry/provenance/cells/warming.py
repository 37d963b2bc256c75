"""Reading each cell while its reader looks at what it gave, so that a registration finds that work done."""

from __future__ import annotations

from queue import SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Warmer:
    """Hands sources to what remembers its answers, in a thread that ends when there is nothing left to do.

    Parameters
    ----------
    read : callable
        Works out all that is known of a cell by its source alone; must not fail.
    """

    def __init__(self, read: Callable[[str], object]) -> None:
        self._read = read
        self._waiting: SimpleQueue[str] = SimpleQueue()
        self._lock = Lock()
        self._thread: Thread | None = None

    def warm(self, source: str) -> None:
        """Have this read soon."""
        self._waiting.put(source)
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._work, name="nbregistry-cells", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if self._waiting.empty():
                    self._thread = None
                    return
            self._read(self._waiting.get())
