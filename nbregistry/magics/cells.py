"""Running a cell before its model is registered, as the notebook itself would run it."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from nbregistry.errors import Refused

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def run_timed(shell: InteractiveShell, cell: str) -> float:
    """Run a cell, its output and last expression displayed, and give the seconds it took.

    Raises
    ------
    Refused
        If the cell failed; its own traceback has been shown by then.
    """
    _refuse_await(shell, cell)
    # The cell within takes the display hook's result slot and empties it; the cell around still needs it.
    outer = shell.displayhook.exec_result
    run_cell: Any = shell.run_cell  # IPython leaves it untyped
    started = time.perf_counter()
    try:
        result = run_cell(cell, store_history=False)
    finally:
        shell.displayhook.exec_result = outer
    seconds = time.perf_counter() - started
    error = result.error_before_exec or result.error_in_exec
    if error is not None:
        raise Refused(
            f"nothing was registered, because the cell stopped with {_public_name(type(error))}",
            hint="mend the cell and run it again",
        )
    return seconds


def _public_name(kind: type) -> str:
    """Give the name that is documented, of an error whose own kind is Python's private matter.

    Examples
    --------
    >>> _public_name(type("_IncompleteInputError", (SyntaxError,), {}))
    'SyntaxError'
    """
    return next(each.__name__ for each in kind.__mro__ if not each.__name__.startswith("_"))


def _refuse_await(shell: InteractiveShell, cell: str) -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    transform: Any = shell.transform_cell
    try:
        code = transform(cell)
    except SyntaxError:  # shown when the cell is run
        return
    if shell.should_run_async(cell, transformed_cell=code):
        raise Refused(
            "a cell that awaits at its top level cannot be run inside another one",
            hint="run the cell without %%register, then %register NAME MODEL",
        )
