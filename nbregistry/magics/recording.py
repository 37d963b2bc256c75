"""From IPython's events to the recorder: what the notebook tells of each cell that it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.provenance.cells import listening
from nbregistry.provenance.cells.reading_ahead import read_ahead
from nbregistry.provenance.cells.recorder import Recorder
from nbregistry.provenance.cells.warming import Warmer

if TYPE_CHECKING:
    from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult, InteractiveShell


class Recording:
    """One notebook's cells, recorded from now on.

    Parameters
    ----------
    shell : InteractiveShell
        Its history says which cells ran before.
    """

    def __init__(self, shell: InteractiveShell) -> None:
        running = _running(shell)
        self._events: Any = shell.events
        self._recorder = Recorder(_before(shell, running), Warmer(read_ahead).warm, shell.user_ns)
        if running is not None:
            self._recorder.begin(_source_of(running), _id_of(running), late=True)
        self._events.register("pre_run_cell", self._begins)
        self._events.register("post_run_cell", self._ended)
        listening.listen(self._recorder)

    def stop(self) -> None:
        """Listen no more."""
        self._events.unregister("pre_run_cell", self._begins)
        self._events.unregister("post_run_cell", self._ended)
        listening.stop(self._recorder)

    def _begins(self, info: ExecutionInfo) -> None:
        self._recorder.begin(_source_of(info), _id_of(info))

    def _ended(self, result: ExecutionResult | None) -> None:
        if result is None:
            self._recorder.end()
        elif _source_of(result.info).strip():  # of a blank cell it tells only the end
            self._recorder.end(result.error_before_exec or result.error_in_exec)


def _running(shell: InteractiveShell) -> ExecutionInfo | None:
    """Give the cell that runs now: the one that loads the extension."""
    result: Any = shell.displayhook.exec_result
    return None if result is None else result.info


def _source_of(info: ExecutionInfo | None) -> str:
    return (info.raw_cell if info is not None else None) or ""


def _id_of(info: ExecutionInfo) -> str:
    return getattr(info, "cell_id", None) or ""


def _before(shell: InteractiveShell, running: ExecutionInfo | None) -> list[str]:
    """Give the sources of the cells that this session kept before the one that runs."""
    history: Any = shell.history_manager
    sources = list(history.input_hist_raw)[1:] if history is not None else []
    if running is not None and running.store_history and sources:
        sources.pop()  # it is put there before it runs
    return sources
