"""All that is known of a cell by its text alone: worked out while nobody waits, remembered until it is asked for."""

from __future__ import annotations


def read_ahead(source: str) -> None:
    """Have a cell analysed, and looked through for secrets."""
    from nbregistry.provenance.cells.names import names_bound_by
    from nbregistry.provenance.redaction import redact

    names_bound_by(source)  # which has it analysed
    redact(source)
