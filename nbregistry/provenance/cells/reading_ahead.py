"""What is known of cells by their text and their files: worked out while nobody waits, remembered until asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbregistry.provenance.cells.cell import Cell


def read_ahead(cells: Sequence[Cell]) -> None:
    """Look through cells for secrets and names that they bind, follow what they do, and read the files they read."""
    from nbregistry.provenance.cells.files import read_file
    from nbregistry.provenance.cells.names import names_bound_by
    from nbregistry.provenance.redaction import redact
    from nbregistry.provenance.slicing.session import walk_ahead

    for cell in cells:
        names_bound_by(cell.source)
        redact(cell.source)
    for path in walk_ahead(cells):
        read_file(path)
