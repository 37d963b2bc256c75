"""Running the slice gives the target that running all of it gives: on random programs."""

from __future__ import annotations

import contextlib
import io
from typing import Any

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from nbregistry.provenance.cells.cell import Cell
from nbregistry.provenance.slicing import slice_cells
from tests.provenance.slicing.programs import TARGETS, program


class TooLong(Exception):
    pass


def run(text: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(text, "<program>", "exec"), namespace)
    return namespace


def value(namespace: dict[str, Any], target: str) -> str:
    return repr(eval(target, namespace))


@settings(max_examples=150, deadline=None, report_multiple_bugs=False, suppress_health_check=list(HealthCheck))
@given(cells=program(), target=st.sampled_from(TARGETS))
def test_the_slice_makes_what_the_whole_makes(cells: list[str], target: str) -> None:
    whole = run("\n".join(cells))
    cut = slice_cells([Cell(at + 1, cell) for at, cell in enumerate(cells)], [target])
    note("\n\n".join(cells))
    note("---- slice for " + target)
    note(cut.script)
    assert value(run(cut.script), target) == value(whole, target)
