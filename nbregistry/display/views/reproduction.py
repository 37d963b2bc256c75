"""Whether a version could be made again, and what that rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Block, Card, Commands, Notes, Section, Source, SourceLine, Span, line
from nbregistry.display.commands import command
from nbregistry.display.highlighting import highlighted
from nbregistry.display.quantities import duration
from nbregistry.display.views.parts import ref_of

if TYPE_CHECKING:
    from nbregistry.display.blocks import Line, Tone
    from nbregistry.outcomes import Reproduction

_TONES: dict[str, Tone] = {"within tolerance": "warned", "different": "bad", "failed": "bad"}


def card(found: Reproduction) -> Card:
    """Show how making it again went."""
    blocks: list[Block] = []
    if found.notes:
        blocks.append(Notes("", tuple(line(Span(note, "user")) for note in found.notes), "warning"))
    if not found.journaled:
        blocks.append(Notes("", (line("The registry is read-only: how it went was not kept."),)))
    lines = tuple(map(SourceLine, highlighted(found.slice)))
    blocks.append(Section(line("The code that ran"), (Source(line("In a fresh kernel"), lines),)))
    blocks.append(Commands("next", _next(found)))
    where = ", with the packages that it was made with" if found.environment == "recorded" else ""
    return Card(
        title=line("Reproduced " if found.ok else "Not reproduced: ", ref_of(found.ref)),
        aside=line(f"in {duration(found.seconds)}{where}"),
        lead=line(badge(found.outcome), ": ", Span(found.detail, "user"), "" if found.detail.endswith("…") else "."),
        blocks=tuple(blocks),
        tone=_TONES.get(found.outcome, "good"),
    )


def badge(outcome: str) -> Line:
    """Say how it went, with a sign."""
    if outcome in ("identical bytes", "identical predictions"):
        return (Span(f"✓ {outcome}", "good"),)
    return (Span(f"! {outcome}", "warned"),) if outcome == "within tolerance" else (Span(f"✗ {outcome}", "bad"),)


def _next(found: Reproduction) -> tuple[tuple[str, str], ...]:
    shown = (command("%nbr show", found.ref) + " --code", "the cells, and what else ran")
    notebook = (command("%nbr export", found.ref, notebook="made.ipynb"), "to look into it by hand")
    return (shown,) if found.ok else (shown, notebook)
