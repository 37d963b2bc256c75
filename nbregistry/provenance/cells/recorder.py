"""Keeping the cells of a session as they run."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from nbregistry.provenance.cells.call_site import CallSite, call_site
from nbregistry.provenance.cells.cell import Cell
from nbregistry.provenance.cells.random_states import load_what_is_about_to_be, moved, random_states

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence


@dataclass(frozen=True)
class Session:
    """What ran in a kernel until now.

    Attributes
    ----------
    cells : tuple of Cell
        In the order in which they ran. The last may still run.
    unseen : int
        So many of the first were taken from the history: nobody saw how they went.
    registrations : tuple of CallSite or None
        For each model that the cell that runs has begun to register, where; ``None`` where no code of the notebook did.
    """

    cells: tuple[Cell, ...]
    unseen: int = 0
    registrations: tuple[CallSite | None, ...] = ()


@dataclass
class _Run:
    """A cell that runs: what it was when it began."""

    cell: Cell
    begun: float
    states: Mapping[str, Any] | None
    registrations: list[CallSite | None] = field(default_factory=list)


class Recorder:
    """Takes down each cell that runs, from when it is told to look.

    A cell that runs another one, as ``%%time`` or ``%run notebook.ipynb`` do, is one cell: its text says the rest.

    Parameters
    ----------
    history : iterable of str
        Sources of the cells that ran before.
    heard : callable, optional
        Is given all cells that have ended, each time that one has.
    namespace : dict, optional
        The notebook's variables.

    Examples
    --------
    >>> recorder = Recorder(["import math"])
    >>> recorder.begin("x = math.pi")
    >>> recorder.end()
    >>> [(cell.number, cell.source, cell.drew) for cell in recorder.session().cells]
    [(1, 'import math', None), (2, 'x = math.pi', ())]
    """

    def __init__(
        self,
        history: Iterable[str] = (),
        heard: Callable[[Sequence[Cell]], None] = lambda _: None,
        namespace: Mapping[str, Any] | None = None,
    ) -> None:
        self.namespace: Mapping[str, Any] = {} if namespace is None else namespace
        self._cells = [Cell(number, source) for number, source in enumerate(history, 1)]
        self._unseen = len(self._cells)
        self._running: list[_Run] = []
        self._heard = heard
        self._states: dict[int, Mapping[str, Any]] = {}
        if self._cells:
            heard(tuple(self._cells))

    def begin(self, source: str, cell_id: str = "", *, late: bool = False) -> None:
        """Take down that a cell begins; ``late`` if it was running already."""
        if not late:
            load_what_is_about_to_be(source)
        cell = Cell(len(self._cells) + 1, source, cell_id, "" if late else datetime.now(UTC).isoformat())
        self._running.append(_Run(cell, time.perf_counter(), None if late else random_states()))

    def end(self, error: BaseException | None = None) -> None:
        """Take down that the cell that began last has ended, and how."""
        if not self._running:
            return
        run = self._running.pop()
        if self._running:
            return
        known = run.states is not None
        states = self._before(run)
        if states:
            self._states[run.cell.number] = states
        self._cells.append(
            replace(
                self._drawn(run),
                seconds=time.perf_counter() - run.begun if known else None,
                error="" if error is None else f"{type(error).__name__}: {error}",
                failed_line=_line_of(error),
            )
        )
        self._heard(tuple(self._cells))

    def registers(self) -> None:
        """Take down that a registration begins, and where."""
        if self._running:
            self._running[0].registrations.append(call_site(self.namespace))

    def session(self) -> Session:
        """Tell what ran until now."""
        if not self._running:
            return Session(tuple(self._cells), self._unseen)
        run = self._running[0]
        return Session((*self._cells, self._drawn(run)), self._unseen, tuple(run.registrations))

    def states_before(self, number: int) -> Mapping[str, Any]:
        """Give the random states that a cell moved, as they were when it began; none that was not looked at."""
        if self._running and self._running[0].cell.number == number:
            return self._before(self._running[0])
        return self._states.get(number, {})

    def _before(self, run: _Run) -> Mapping[str, Any]:
        drew = self._drawn(run).drew or ()
        return {name: state for name, state in (run.states or {}).items() if name in drew}

    def _drawn(self, run: _Run) -> Cell:
        return run.cell if run.states is None else replace(run.cell, drew=moved(run.states, random_states()))


def _line_of(error: BaseException | None) -> int | None:
    """Give the line of the notebook's own code that an error came through first."""
    trace = error.__traceback__ if error is not None else None
    while trace is not None:
        if trace.tb_frame.f_globals.get("__name__") == "__main__":
            return trace.tb_lineno
        trace = trace.tb_next
    return None
