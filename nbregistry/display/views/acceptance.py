"""A history that is meant as it is: where it ends, and what was seen of it before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Card, Commands, Facts, Line, Span, line

if TYPE_CHECKING:
    from nbregistry.outcomes import Acceptance


def card(shown: Acceptance) -> Card:
    """Show what was accepted, or that there was nothing to accept."""
    ends = f"commit {shown.seq:,}" if shown.seq else "nothing yet"
    facts: tuple[tuple[str, Line], ...] = (("ends at", line(ends)),)
    if not shown.refused:
        title, lead = "Nothing to accept", line("All that you saw here before is there.")
    else:
        title, lead = "Accepted", line("Refused until now: ", Span(shown.refused, "user"), ".")
        facts += (("you had seen", line(f"commit {shown.seen:,}")),)
    return Card(
        title=line(title, " ", Span(shown.url, "code")),
        lead=lead,
        blocks=(
            Facts("The history", facts),
            Commands("next", (("%nbr verify", "is what is there whole?"), ("%nbr log", "what is in it"))),
        ),
        tone="warned" if shown.refused else "plain",
    )
