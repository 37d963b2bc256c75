"""A notebook's shell in this process, for tests of what cells leave with a version."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from nbregistry import magics

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def notebook(folder: Path, *, history: bool = False) -> Iterator[InteractiveShell]:
    """Give a shell; with a history, as a kernel has one, or none."""
    config = Config()
    config.HistoryManager.enabled = history
    config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShell.colors = "nocolor"
    shell = InteractiveShell(config=config, ipython_dir=str(folder / "ipython"))
    try:
        yield shell
    finally:
        magics.unload(shell)
        if history:
            shell.history_manager.end_session()


def run(shell: InteractiveShell, *cells: str | tuple[str, str]) -> Any:
    """Run cells, with their ids or without, and give what the last one gives; whatever one raises is raised."""
    result = None
    for cell in cells:
        source, cell_id = cell if isinstance(cell, tuple) else (cell, None)
        result = shell.run_cell(source, cell_id=cell_id, store_history=True)
        result.raise_error()
    return result.result if result else None
