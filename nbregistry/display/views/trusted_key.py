"""A key: what trusting it means, or no longer trusting it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Card, Commands, Span, line
from nbregistry.display.commands import command
from nbregistry.display.quantities import short_digest

if TYPE_CHECKING:
    from nbregistry.outcomes import TrustedKey


def card(shown: TrustedKey) -> Card:
    """Show a key that was trusted or untrusted."""
    who = Span(shown.label or "unnamed", "user")
    key = Span(short_digest(shown.key), "code", shown.key)
    if shown.trusted:
        lead = line("Trusted: versions signed by this key load without a word, for you on this machine.")
        undo = (command("%registry untrust", shown.key), "no longer trust it")
    else:
        lead = line("No longer trusted: versions signed by this key are not loaded if their format can execute code.")
        undo = (command("%registry trust", shown.key), "trust it again")
    return Card(title=line(who, " ", key), lead=lead, blocks=(Commands("to undo", (undo,)),))
