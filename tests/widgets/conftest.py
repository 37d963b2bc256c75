"""Panels without a browser: front ends set traits and click, and so do these tests."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import ipywidgets
import numpy as np
import pytest

from nbregistry.catalog.log import CommitLog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nbregistry.registry import Registry
    from nbregistry.widgets import Panel

PATIENCE = 20


async def until(true: Callable[[], object]) -> None:
    """Let the loop go on until something is true."""
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110 - what is waited for is what a widget shows
            await asyncio.sleep(0.005)


class Disk:
    """A disk that can hang, and notes who reads from it on the kernel's own loop meanwhile."""

    def __init__(self) -> None:
        self._goes = threading.Event()
        self._goes.set()
        self.read_on_the_loop = 0

    def hangs(self) -> None:
        self._goes.clear()

    def goes(self) -> None:
        self._goes.set()

    def wait(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            self._goes.wait(PATIENCE)
        elif not self._goes.is_set():
            self.read_on_the_loop += 1


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    """The disk that all registries are on."""
    made, read = Disk(), CommitLog.read_after

    def reading(log: CommitLog, number: int) -> Any:
        made.wait()
        return read(log, number)

    monkeypatch.setattr(CommitLog, "read_after", reading)
    yield made
    made.goes()


def within(widget: Any) -> Iterator[Any]:
    """Give a widget and all that it shows, out of sight or not."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from within(child)


def in_sight(widget: Any) -> Iterator[Any]:
    """Give a widget and all that it shows, as far as it is in sight."""
    if widget.layout.display != "none" and widget.layout.visibility != "hidden":
        yield widget
        for child in getattr(widget, "children", ()):
            yield from in_sight(child)


def htmls(panel: Panel, among: Callable[[Any], Iterator[Any]] = within) -> list[str]:
    """Give all that a panel sets as HTML."""
    return [widget.value for widget in among(panel) if isinstance(widget, ipywidgets.HTML)]


def labelled(panel: Panel, label: str) -> Any:
    """Find a button or field by its label."""
    (found,) = [widget for widget in within(panel) if getattr(widget, "description", None) == label]
    return found


def offered(panel: Panel) -> list[str]:
    """Give the buttons of the changes that are offered."""
    buttons = [widget.description for widget in within(panel) if isinstance(widget, ipywidgets.Button)]
    return [text.removesuffix("…") for text in buttons if text.endswith("…")]


@pytest.fixture
def thirty(registry: Registry) -> Registry:
    """A model in thirty versions, the first of which is the champion."""
    for number in range(1, 31):
        registry.register(
            "churn",
            {"w": np.full(3, number)},
            metrics={"roc_auc": number / 100, "log_loss": number / 10, "odd one": 31 - number},
            tags={"team": "fraud" if number % 3 else "crm"},
            alias="champion" if number == 1 else None,
        )
    return registry


@pytest.fixture
def panel(thirty: Registry) -> Iterator[Panel]:
    """Its panel."""
    made = thirty.panel("churn")
    yield made
    made.close()
