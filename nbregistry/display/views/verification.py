"""What was checked, and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Block, Card, Notes, Span, line
from nbregistry.display.quantities import byte_size, duration, plural
from nbregistry.display.views.parts import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbregistry.outcomes import Verification


def card(found: Verification) -> Card:
    """Show how much was read, how fast, and each problem."""
    counted = ((found.commits, "commit"), (found.signatures, "signature"), (found.blobs, "blob"))
    counts = ", ".join(plural(count, noun) for count, noun in counted)
    rate = f" ({byte_size(round(found.bytes / found.seconds))}/s)" if found.seconds else ""
    read = line(f"{counts}, {byte_size(found.bytes)} in {duration(found.seconds)}{rate}")
    if found.ok:
        return Card(
            title=(Span("✓ All is well", "good"),),
            aside=read,
            lead=line("Every digest and signature that was read is right."),
            blocks=_left_alone(found.foreign),
            tone="good",
        )
    return Card(
        title=(Span(f"✗ {plural(len(found.problems), 'problem')}", "bad"),),
        aside=read,
        blocks=(Notes("", listed(found.problems), "problem"), *_left_alone(found.foreign)),
        tone="bad",
    )


def _left_alone(foreign: Sequence[str]) -> tuple[Block, ...]:
    return (Notes("not the registry's, and left alone", listed(foreign, ".foreign")),) if foreign else ()
