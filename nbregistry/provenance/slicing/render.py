"""The kept units of a cell as text: the lines on which they stand, as they were typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nbregistry.provenance.slicing.facts import Facts, first_line, is_elif, line_of_else
from nbregistry.provenance.slicing.result import Part

if TYPE_CHECKING:
    import ast
    from collections.abc import Sequence

    from nbregistry.provenance.cells.cell import Cell


@dataclass
class _Page:
    """Lines that are kept, by number, and the ``pass`` that stands in place of a body of which nothing is."""

    facts: Facts
    units: set[int]
    lines: set[int] = field(default_factory=set)
    filled: dict[int, str] = field(default_factory=dict)

    def keep(self, first: int, last: int) -> None:
        self.lines.update(range(first, last + 1))

    def keeps(self, statement: ast.stmt) -> bool:
        return id(self.facts.units[id(statement)]) in self.units


def part_of(cell: Cell, facts: Facts, units: set[int]) -> Part:
    """Give what is kept of a cell.

    Parameters
    ----------
    cell : Cell
    facts : Facts
    units : set of int
        The ``id`` of each unit that is kept.
    """
    whole = facts.units.get(0)
    if whole is not None and id(whole) in units:
        return Part(cell.number, facts.source, tuple(range(1, len(facts.lines) + 1)), cell.id)
    page = _Page(facts, units)
    if facts.tree is not None:
        _write(page, facts.tree.body)
    rows = {number: facts.lines[number - 1] for number in page.lines if number <= len(facts.lines)} | page.filled
    return Part(cell.number, "\n".join(rows[number] for number in sorted(rows)), tuple(sorted(page.lines)), cell.id)


def _write(page: _Page, body: Sequence[ast.stmt]) -> bool:
    """Keep what is needed of a body; tell whether that is anything."""
    wrote = False
    for statement in body:
        unit = page.facts.units[id(statement)]
        if not page.keeps(statement):
            continue
        wrote = True
        page.keep(unit.first, unit.last)
        if unit.opens:
            _write_inside(page, statement)
    return wrote


def _write_inside(page: _Page, statement: ast.stmt) -> None:
    body: list[ast.stmt] = statement.body  # type: ignore[attr-defined]
    orelse: list[ast.stmt] = getattr(statement, "orelse", [])
    lines = page.facts.lines
    if not _write(page, body):
        at = first_line(body[0])
        text = lines[at - 1]
        page.filled[at] = text[: len(text) - len(text.lstrip())] + "pass"
    if not orelse:
        return
    if is_elif(statement, lines):
        _write(page, orelse)
    elif _write(page, orelse):
        at_else = line_of_else(body, orelse, lines)
        if at_else is not None:
            page.keep(at_else, at_else)
