"""Sessions for the tests, as one text with ``# %%`` between the cells."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

from nbregistry.provenance.cells.cell import Cell
from nbregistry.provenance.slicing import Slice, slice_cells


def cells_of(text: str, **more: Any) -> list[Cell]:
    return [
        Cell(at + 1, source.strip("\n"), id=f"c{at + 1}", **more)
        for at, source in enumerate(dedent(text).split("# %%\n"))
    ]


def cut(text: str, *targets: str, **more: Any) -> Slice:
    return slice_cells(cells_of(text, **more), targets)


def kept(text: str, *targets: str, **more: Any) -> list[str]:
    """Give the kept lines."""
    return [line for line in cut(text, *targets, **more).script.splitlines() if line.strip()]
