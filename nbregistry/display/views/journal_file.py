"""A journal that was written to a file, and how it is checked there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Card, Commands, Facts, Span, line
from nbregistry.display.commands import command
from nbregistry.display.quantities import byte_size, plural
from nbregistry.display.views.parts import signer

if TYPE_CHECKING:
    from nbregistry.journals import JournalFile


def card(written: JournalFile) -> Card:
    """Show where it is, and what to keep beside it."""
    of = line(" of ", Span(written.name, "user")) if written.name else ()
    facts = Facts(
        "What it proves",
        (
            ("last commit", line(f"{written.head_seq:,}, ", Span(written.head, "code"))),
            ("sealed with", signer(written.key, trusted=True, whole=True)),
        ),
    )
    check = command("%nbr verify", log=written.path) or f"nbregistry.verify_log({written.path!a})"
    kept = (
        "Whoever keeps the digest of the last commit, and the key, can tell later that nothing was cut or written anew."
    )
    return Card(
        title=line("Exported the journal", of),
        aside=line(f"{plural(written.commits, 'commit')}, {byte_size(written.bytes)} written"),
        lead=line("to ", Span(written.path, "code"), ". ", kept),
        blocks=(facts, Commands("next", ((check, "checks it, with or without a registry"),))),
        tone="good",
    )
