"""What an alias was on, from when to when: what was live, who put it there, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Block, Card, Cell, Column, Notes, Row, Span, Table, line
from nbregistry.display.commands import command
from nbregistry.display.quantities import duration, moment, plural
from nbregistry.display.views.parts import ref_of, signer

if TYPE_CHECKING:
    from nbregistry.listings import AliasLog, Holding

_SHOWN = 50


def card(log: AliasLog) -> Card:
    """Show holders as a table, the present one last."""
    shown = log.items[-_SHOWN:]
    strangers = any(not holding.trusted for holding in shown)
    blocks: list[Block] = [_table(log, shown)]
    if len(shown) < log.total:
        how = f"; {command('holders = %nbr log', log.name, alias=log.alias)}, then holders.to_frame()"
        told = f"showing the last {len(shown):,} of {log.total:,}{how if len(shown) == _SHOWN else ''}"
        blocks.append(Notes("", (line(Span(told, "muted")),)))
    present = log.items[-1]
    since = Span(moment(present.since), "time", present.since)
    by = line(", put there by ", Span(present.actor, "user")) if present.actor else ()
    return Card(
        title=line(Span(log.alias, "chip", "alias"), " of ", Span(log.name, "user"), "  ", _count(log)),
        aside=line("the present one last") if len(shown) > 1 else (),
        lead=line(Span(log.alias, "strong"), " is on ", ref_of(present.ref), " since ", since, by, "."),
        blocks=tuple(blocks),
        tone="warned" if strangers else "plain",
    )


def _count(log: AliasLog) -> Span:
    return Span(plural(log.total, "holder"), "muted")


def _table(log: AliasLog, shown: tuple[Holding, ...]) -> Table:
    heads = ("version", "from (UTC)", "until (UTC)", "how long", "by whom", "verb", "why")
    rows = tuple(_row(holding) for holding in shown)
    return Table(line("What ", Span(log.alias, "user"), " was on"), tuple(Column(line(head)) for head in heads), rows)


def _row(holding: Holding) -> Row:
    who = () if holding.trusted else signer(holding.key, trusted=False)
    span = () if holding.seconds is None else line(duration(holding.seconds), "" if holding.until else " so far")
    return Row(
        (
            Cell((ref_of(holding.ref),)),
            Cell((Span(moment(holding.since), "time", holding.since),)),
            Cell((Span(moment(holding.until), "time", holding.until),) if holding.until else line("now")),
            Cell(span),
            Cell((Span(holding.actor, "user"),), who),
            Cell(line(Span(holding.verb, "strong"))),
            Cell((Span(holding.reason, "user"),) if holding.reason else ()),
        ),
        "" if holding.until else "marked",
    )
