"""What versions cost, beside how good they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Cell, Column, Notes, Row, Section, Span, Table, line
from nbregistry.display.quantities import MISSING, byte_size, duration, small_duration
from nbregistry.display.views.parts import ref_of
from nbregistry.evaluation.costs import COSTS

if TYPE_CHECKING:
    from nbregistry.evaluation.comparison import Comparison

_WORDS = {
    "training_seconds": ("training", duration),
    "prediction_seconds": ("prediction, a row", small_duration),
    "size": ("size", lambda size: byte_size(int(size))),
}


def costs(comparison: Comparison) -> Section | None:
    """Put times and sizes side by side, folded; ``None`` where nothing is known but the size."""
    known = [name for name in COSTS if any(name in found for found in comparison.costs.values())]
    if known in ([], ["size"]):
        return None
    columns = [Column(line("version")), *(Column(line(_WORDS[name][0]), numeric=True) for name in known)]
    body = tuple(
        Row(
            (
                Cell((ref_of(ref),)),
                *(Cell(line(_WORDS[name][1](found[name]) if name in found else MISSING)) for name in known),
            )
        )
        for ref, found in comparison.costs.items()
    )
    machines = sorted({machine for machine in comparison.machines.values() if machine})
    apart = ", which are different machines" if len(machines) > 1 else ""
    where = (line("prediction was timed on ", Span(" and ".join(machines), "user"), apart),) if machines else ()
    table = Table(line("Costs"), tuple(columns), body, told=True)
    return Section(line("What they cost"), (table, *((Notes("", where),) if where else ())))
