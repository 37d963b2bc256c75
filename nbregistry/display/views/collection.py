"""What was collected, or would be; who loses something by it; and what lies in the trash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Card, Cell, Column, Commands, Line, Row, Span, Table, Words, joined, line
from nbregistry.display.commands import command
from nbregistry.display.quantities import byte_size, plural
from nbregistry.display.views.parts import ref_of, refs_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbregistry.display.blocks import Block
    from nbregistry.outcomes import Collection

_SHOWN = 50


def card(found: Collection) -> Card:
    """Show the bytes, what each archived version loses or why it does not, and the trash."""
    blocks = (*_losses(found), *_protected(found), *_trash(found), *_undo(found))
    if not found.blobs and not found.losses:
        return Card(title=line("Nothing to collect"), lead=line("Every blob here is needed."), blocks=blocks)
    what = line(f"{byte_size(found.freed_bytes)} in {plural(found.blobs, 'blob')}")
    if found.applied:
        until = f" until {found.trash[-1].until} at least" if found.trash else ""
        return Card(
            title=line("Collected"),
            aside=what,
            lead=line(f"Moved to the trash, where it stays{until}."),
            blocks=blocks,
            tone="good",
        )
    losing = f"{plural(len(found.losses), 'archived version')} would keep the record and lose the artifacts."
    nobody = "Nothing refers to these bytes: no version and no alias loses anything."
    to_do = "%nbr gc --archived --apply" if found.losses else "%nbr gc --apply"
    return Card(
        title=line("To collect ", Span("dry run", "badge")),
        aside=what,
        lead=line(Span("Nothing was removed.", "strong"), " ", losing if found.losses else nobody),
        blocks=(*blocks, Commands("to do it", ((to_do, "moves them to the trash, for 7 days at least"),))),
    )


def _losses(found: Collection) -> tuple[Block, ...]:
    title = "Lost their artifacts" if found.applied else "Would lose their artifacts"
    if not any(loss.known_as for loss in found.losses):
        told = line(f"{title}: ", refs_of([loss.ref for loss in found.losses], _SHOWN), ".")
        return (Words(told),) if found.losses else ()
    rows = [((ref_of(loss.ref),), joined(", ", [(ref_of(ref),) for ref in loss.known_as])) for loss in found.losses]
    return _table(title, ("version", "also known as"), rows)


def _undo(found: Collection) -> tuple[Block, ...]:
    back = command("%nbr restore", found.losses[0].ref) if found.losses and found.applied else ""
    return (Commands("to undo", ((back, "while its artifacts lie in the trash"),)),) if back else ()


def _protected(found: Collection) -> tuple[Block, ...]:
    rows = [((ref_of(kept.ref),), (Span(kept.reason, "user"),)) for kept in found.protected]
    return _table("Archived, and kept", ("version", "because"), rows)


def _trash(found: Collection) -> tuple[Block, ...]:
    rows = [
        (line(lying.day), line(f"{byte_size(lying.bytes)} in {plural(lying.blobs, 'blob')}"), line(lying.until))
        for lying in found.trash
    ]
    return _table("In the trash", ("since", "what", "until at least"), rows)


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[Line]]) -> tuple[Block, ...]:
    if not rows:
        return ()
    shown = [Row(tuple(Cell(words) for words in row)) for row in rows[:_SHOWN]]
    more = f" (the first {_SHOWN} of {len(rows):,})" if len(rows) > _SHOWN else ""
    return (Table(line(title, more), tuple(Column(line(head)) for head in heads), tuple(shown)),)
