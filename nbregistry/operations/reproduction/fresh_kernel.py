"""Code in a kernel of its own: a new process that knows nothing, in a folder of its own."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from nbregistry.provenance.cells.as_notebook import as_notebook, code_cell

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_PATIENCE = 0.1
"""Seconds between two looks at whether it was interrupted."""
_START = 60
"""Seconds that a kernel may take to start."""


@dataclass(frozen=True)
class Failure:
    """What stopped a run.

    Attributes
    ----------
    place : int
        Of the cell, from 0.
    error : str
        Type and message.
    """

    place: int
    error: str


def run_in_fresh_kernel(
    sources: Sequence[str],
    folder: Path,
    environ: Mapping[str, str],
    *,
    done: Callable[[], object] = lambda: None,
    python: str = sys.executable,
) -> Failure | None:
    """Run cells one after the other; whatever interrupts it ends the kernel.

    Parameters
    ----------
    sources : sequence of str
    folder : Path
        Where the kernel works.
    environ : dict
        Its environment variables, all of them.
    done : callable
        Called, in the caller's thread, each time a cell is done.
    python : str
        Which Python; it needs ipykernel.

    Returns
    -------
    Failure or None
        ``None`` if all went well.
    """
    run = _Run(sources, folder, environ, python)
    Thread(target=run.work, name="nbregistry-reproduction", daemon=True).start()
    told = 0
    try:
        # An interrupt of Thread.join makes Python 3.11 take a thread that runs for one that has ended.
        while not run.ended.wait(_PATIENCE):
            while told < run.done:
                told += 1
                done()
    except BaseException:
        run.stop()
        run.ended.wait()
        raise
    for _ in range(told, run.done):
        done()
    if run.problem is not None:
        raise run.problem
    return run.failure


class _Run:
    """One run in a thread, which has an event loop of its own: the notebook's is busy with the cell that asks."""

    def __init__(self, sources: Sequence[str], folder: Path, environ: Mapping[str, str], python: str) -> None:
        self.done = 0
        self.ended = Event()
        self.failure: Failure | None = None
        self.problem: BaseException | None = None
        self._sources = sources
        self._folder = folder
        self._environ = dict(environ)
        self._python = python
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_stopped = False

    def work(self) -> None:
        """Run the cells."""
        try:
            with asyncio.Runner() as runner, tempfile.TemporaryDirectory() as private:
                self._loop = runner.get_loop()
                runner.run(self._run(Path(private)))
        except asyncio.CancelledError:
            pass
        except BaseException as problem:  # noqa: BLE001 - raised again in the thread that asked
            self.problem = problem
        finally:
            self.ended.set()

    def stop(self) -> None:
        """End it, and the kernel with it."""
        self._is_stopped = True
        if self._loop is not None and self._task is not None:
            with suppress(RuntimeError):  # it has ended by itself
                self._loop.call_soon_threadsafe(self._task.cancel)

    async def _run(self, private: Path) -> None:
        from jupyter_client.manager import AsyncKernelManager

        self._task = asyncio.current_task()
        if self._is_stopped:
            return
        manager = AsyncKernelManager(
            kernel_spec_manager=_only(self._python),
            connection_file=str(private / "kernel.json"),
            # Sockets in a folder that nobody else may enter, where there are such.
            transport="ipc" if os.name == "posix" else "tcp",
        )
        said = private / "stderr"
        with said.open("wb") as stderr:
            await manager.start_kernel(cwd=str(self._folder), env=self._environ, stderr=stderr)
        channels = manager.client()
        channels.start_channels()
        try:
            await channels.wait_for_ready(timeout=_START)
            await self._execute(manager, channels)
        except RuntimeError:  # it ended before it answered, or later
            last = said.read_text(errors="replace").strip().rpartition("\n")[2]
            self.failure = Failure(self.done, f"the kernel died{f': {last}' if last else ''}")
        finally:
            channels.stop_channels()
            await manager.shutdown_kernel(now=True)

    async def _execute(self, manager: Any, channels: Any) -> None:
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError
        from nbformat import from_dict

        notebook: Any = from_dict(as_notebook(map(code_cell, self._sources)))  # type: ignore[no-untyped-call]
        client = NotebookClient(
            notebook, km=manager, timeout=None, store_widget_state=False, on_cell_executed=self._told
        )
        client.kc = channels
        try:
            await client.async_execute()
        except CellExecutionError as error:
            self.failure = Failure(self.done - 1, f"{error.ename}: {error.evalue}")

    def _told(self, **_: Any) -> None:
        self.done += 1


def _only(python: str) -> Any:
    """Make a manager that knows one kernel: this Python's, whatever other kernels are installed."""
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

    class Only(KernelSpecManager):
        def get_kernel_spec(self, kernel_name: str) -> KernelSpec:  # noqa: ARG002
            argv = [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            return KernelSpec(argv=argv, display_name="Python", language="python")

    return Only()
