"""A bill of materials: what is in it, and what it has no room for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Block, Card, Cell, Column, Commands, Notes, Row, Section, Span, Table, line
from nbregistry.display.commands import command
from nbregistry.display.quantities import byte_size, plural
from nbregistry.display.views.parts import ref_of

if TYPE_CHECKING:
    from nbregistry.bom import BillOfMaterials, Material

_SHOWN = 200
_FOLDED = 12


def card(bom: BillOfMaterials) -> Card:
    """Show the materials, and where the document is."""
    blocks: list[Block] = []
    if bom.written_to:
        blocks.append(Notes("", (line("written to ", Span(bom.written_to, "code")),)))
    without = sum(one.kind == "library" and not one.purl for one in bom.materials)
    told = [
        line("metrics, parameters and data sets are properties: the library that writes it knows no model cards yet")
    ]
    if without:
        who = "it" if without == 1 else "they"
        told.append(line(f"{plural(without, 'package')} without an address: {who} came from no index"))
    table = _table(bom)
    title = line(plural(len(bom.materials), "component"))
    blocks += [
        Section(title, (table,), open=len(bom.materials) <= _FOLDED),
        Notes("", tuple(told)),
        Commands("next", _next(bom)),
    ]
    return Card(
        title=line("Bill of materials of ", ref_of(bom.ref)),
        aside=line(f"CycloneDX {bom.spec}, {byte_size(len(bom.document.encode(errors='replace')))}"),
        lead=line(Span(bom.serial, "code"), ", made from the content: the same record gives the same document."),
        blocks=tuple(blocks),
    )


def _table(bom: BillOfMaterials) -> Table:
    heads = ("kind", "name", "version", "address")
    rows = tuple(map(_row, bom.materials[:_SHOWN]))
    more = f", the first {_SHOWN} of {len(bom.materials):,}" if len(bom.materials) > _SHOWN else ""
    return Table(line(f"Components{more}"), tuple(Column(line(head)) for head in heads), rows, told=not more)


def _row(one: Material) -> Row:
    texts = (Span(one.kind), Span(one.name, "user"), Span(one.version, "user"), Span(one.purl, "user"))
    return Row(tuple(Cell((text,) if text.text else ()) for text in texts))


def _next(bom: BillOfMaterials) -> tuple[tuple[str, str], ...]:
    on = {verb: command(f"%nbr {verb}", bom.ref) or f"%nbr {verb} REF" for verb in ("bom", "card")}
    return ((f"{on['bom']} --output bom.json", "writes it"), (on["card"], "the same for people, with intervals"))
