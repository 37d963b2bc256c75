"""All that is known of cells by their text: worked out while nobody waits, remembered until it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbregistry.provenance.cells.cell import Cell


def read_ahead(cells: Sequence[Cell]) -> None:
    """Look through cells for secrets and for the names that they bind, and follow what they do."""
    from nbregistry.provenance.cells.names import names_bound_by
    from nbregistry.provenance.redaction import redact
    from nbregistry.provenance.slicing.session import walk_ahead

    for cell in cells:
        names_bound_by(cell.source)
        redact(cell.source)
    walk_ahead(cells)
