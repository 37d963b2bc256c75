"""Panels without a browser: front ends set traits and click, and so do these tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets
import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbregistry.registry import Registry
    from nbregistry.widgets import Panel


def within(widget: Any) -> Iterator[Any]:
    """Give a widget and all that it shows, out of sight or not."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from within(child)


def htmls(panel: Panel) -> list[str]:
    """Give all that a panel sets as HTML."""
    return [widget.value for widget in within(panel) if isinstance(widget, ipywidgets.HTML)]


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
