"""Cells as a notebook's file, the same for the same cells, always."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def code_cell(source: str) -> dict[str, Any]:
    """Make a code cell that has not run."""
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}


def markdown_cell(source: str) -> dict[str, Any]:
    """Make a cell of text."""
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def as_notebook(cells: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Make a notebook of the format 4.5; its cells are called by their places.

    Examples
    --------
    >>> [cell["id"] for cell in as_notebook([code_cell("x = 1"), code_cell("x")])["cells"]]
    ['cell-1', 'cell-2']
    """
    return {
        "cells": [cell | {"id": f"cell-{place}"} for place, cell in enumerate(cells, 1)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
