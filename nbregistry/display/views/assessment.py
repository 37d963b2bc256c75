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
    from collections.abc import Iterable

    from nbregistry.outcomes import Assessment, Check


def card(shown: Assessment) -> Card:
    """Show how a version did."""
    caption = line("Checked: ", tally_of(shown.checks))
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
    gates = [check for check in shown.checks if check.is_gate]
    others = [check for check in shown.checks if not check.is_gate]
    failed, doubts = _named(gates, "failed"), len(_named(gates, "warned"))
    if shown.ok:
        told = f", {doubts:,} of them with a doubt" if doubts else ""
        answer = line(Span("✓ passes", "good"), f" {plural(len(gates), 'gate')}{told}")
    else:
        of = f" {len(failed)} of {plural(len(gates), 'gate')}: " if failed else ""
        answer = line(Span("✗ fails", "bad"), of, joined("; ", failed))
    # What is no gate, as that it is archived or that the alias is nearly another, is not counted as one.
    refused, doubtful = joined("; ", _named(others, "failed")), joined("; ", _named(others, "warned"))
    if refused:
        answer = line(answer, "; besides: " if failed else ": ", refused)
    if doubtful:
        answer = line(answer, "; doubtful: ", doubtful)
    return line(ref_of(shown.ref), " ", answer, ".")


def _named(checks: Iterable[Check], outcome: str) -> list[Line]:
    return [(Span(check.name, "user"),) for check in checks if check.outcome == outcome]
