"""Look, as long as somebody sees the panel, whether other kernels committed anything."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from nbregistry.errors import RegistryError

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbregistry.registry import Registry

INTERVAL = 1.0
"""Seconds between two looks."""


class Watch:
    """Looks at a registry's head, beside the kernel.

    Parameters
    ----------
    registry : Registry
    changed : callable
        Called when the head is another one, and as long as we are behind.
    failed : callable
        Called with the error where there is no head to be had.
    is_behind : callable
        Tells whether what is shown lacks something that could not be read.
    """

    def __init__(
        self,
        registry: Registry,
        changed: Callable[[], None],
        failed: Callable[[RegistryError], None],
        is_behind: Callable[[], bool],
    ) -> None:
        self._registry = registry
        self._changed = changed
        self._failed = failed
        self._is_behind = is_behind
        self._task: asyncio.Task[None] | None = None

    @property
    def is_running(self) -> bool:
        """Whether it looks."""
        return self._task is not None

    def start(self) -> None:
        """Begin, on the loop that runs; without one there is nobody to look for."""
        if self._task is None:
            try:
                loop = asyncio.get_running_loop()
            except RuntimeError:
                return
            self._task = loop.create_task(self._look())
            self._task.add_done_callback(_raise_bugs)

    def stop(self) -> None:
        """End."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _look(self) -> None:
        seen: tuple[int, str] | None = None
        while True:
            try:
                # In a thread: a folder that hangs must not hang the kernel.
                head = await asyncio.to_thread(self._registry.head)
            except RegistryError as error:
                self._failed(error)
            else:
                if head != seen or self._is_behind():
                    seen = head
                    self._changed()
            await asyncio.sleep(INTERVAL)


def _raise_bugs(task: asyncio.Task[Any]) -> None:
    """Let an error of the program reach the kernel's log; nobody awaits the task."""
    if not task.cancelled():
        task.result()
