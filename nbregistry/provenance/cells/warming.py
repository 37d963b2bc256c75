"""Looking at cells while nobody waits, so that a registration finds that work done."""

from __future__ import annotations

from contextlib import suppress
from threading import Lock, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbregistry.provenance.cells.cell import Cell


class Warmer:
    """Hands the cells that have run to what remembers its answers, in a thread that ends when it has seen the last.

    Parameters
    ----------
    read : callable
        Works out what is known of cells by their text, and remembers it; what it raises is left to the next who asks.
    """

    def __init__(self, read: Callable[[Sequence[Cell]], object]) -> None:
        self._read = read
        self._lock = Lock()
        self._waiting: Sequence[Cell] | None = None
        self._is_working = False

    def warm(self, cells: Sequence[Cell]) -> None:
        """Have these read soon; they are all that ran until now."""
        with self._lock:
            self._waiting = cells
            if not self._is_working:
                self._is_working = True
                Thread(target=self._work, name="nbregistry-cells", daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._lock:
                cells, self._waiting = self._waiting, None
                if cells is None:
                    self._is_working = False
                    return
            with suppress(Exception):  # whoever needs the answer will meet the same, and tell it
                self._read(cells)
