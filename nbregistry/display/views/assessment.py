"""Whether a version passes its gates: the answer first, then each requirement with the figure that decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Block, Card, Commands, Line, Span, joined, line
from nbregistry.display.commands import command
from nbregistry.display.quantities import plural
from nbregistry.display.views.move import checks_table, tally_of
from nbregistry.display.views.parts import ref_of
from nbregistry.reference import CHAMPION

if TYPE_CHECKING:
    from nbregistry.outcomes import Assessment


def card(shown: Assessment) -> Card:
    """Show how a version did."""
    caption = line("Required: ", tally_of(shown.checks))
    blocks: list[Block] = [checks_table(caption, shown.checks)]
    following = _next(shown)
    if following:
        blocks.append(Commands("next", (following,)))
    doubtful = any(check.outcome == "warned" for check in shown.checks)
    return Card(
        title=line("Gates before ", Span(shown.alias, "chip", "alias"), " ", ref_of(shown.ref)),
        lead=_lead(shown),
        blocks=tuple(blocks),
        tone="bad" if not shown.ok else "warned" if doubtful else "good",
    )


def _next(shown: Assessment) -> tuple[str, str] | None:
    """Say what puts it into use, or what shows why it is not as good as the one that is."""
    if shown.ok:
        alias = () if shown.alias == CHAMPION else (shown.alias,)
        return command("%promote", shown.ref, *alias), f"puts {shown.alias} on it"
    behind = any(check.outcome == "failed" and check.name.endswith(f"than {shown.alias}") for check in shown.checks)
    holder = f"{shown.ref.rpartition('@')[0]}@{shown.alias}"
    return (command("%compare", holder, shown.ref), "why, and where") if behind else None


def _lead(shown: Assessment) -> Line:
    failed = [check for check in shown.checks if check.outcome == "failed"]
    if not failed:
        doubts = sum(check.outcome == "warned" for check in shown.checks)
        told = f", {doubts:,} of them with a doubt" if doubts else ""
        return line(
            ref_of(shown.ref), " ", Span("✓ passes", "good"), f" {plural(len(shown.checks), 'gate')}", told, "."
        )
    named = joined("; ", [(Span(check.name, "user"),) for check in failed])
    of = f" {len(failed)} of {plural(len(shown.checks), 'gate')}: "
    return line(ref_of(shown.ref), " ", Span("✗ fails", "bad"), of, named, ".")
