"""In what versions differ: the parameters in full view, everything else folded, what is equal counted."""

from __future__ import annotations

from os.path import commonprefix
from typing import TYPE_CHECKING

from nbregistry.display.blocks import Block, Cell, Column, Line, Notes, Row, Section, Span, Table, line
from nbregistry.display.quantities import byte_size, plural, scalar
from nbregistry.display.views.parts import folded, ref_of
from nbregistry.display.visible import clip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbregistry.evaluation.comparison import Comparison, Difference

SIDE_BY_SIDE = 5
"""So many versions stand side by side; more are read more easily one below the other."""

_PARAMS = "params"
_ROWS = 25
_COLUMNS = 8
_VALUE_LENGTH = 60
_BEFORE = 16
"""So much of what is equal stands before what is not."""
_HEADS = {
    _PARAMS: "parameter",
    "data": "data set",
    "features": "feature",
    "environment": "package",
    "size": "size",
}


def params(comparison: Comparison) -> Block:
    """Show the parameters that differ."""
    found = comparison.differences.get(_PARAMS, ())
    if not found:
        return Notes("", (line("No parameter that was set differs."),))
    verb = "differs" if len(found) == 1 else "differ"
    return _table(line(f"{plural(len(found), 'parameter')} {verb}"), _PARAMS, found, comparison)


def others(comparison: Comparison) -> list[Block]:
    """Fold away the other differences, a table each, and count what is equal."""
    counts = {heading: len(found) for heading, found in comparison.differences.items() if heading != _PARAMS}
    tables = [
        _table(
            line(f"{heading.capitalize()}: {plural(count, 'difference')}"),
            heading,
            comparison.differences[heading],
            comparison,
        )
        for heading, count in counts.items()
    ]
    blocks: list[Block] = [folded(table.caption, table) for table in tables]
    if len(tables) > 1:
        counted = ", ".join(f"{count:,} in {heading}" for heading, count in counts.items())
        blocks = [Section(line(f"What else differs: {counted}"), tuple(tables))]
    told = [f"{count:,} in {heading}" for heading, count in comparison.equal.items() if count]
    if told:
        blocks.append(Notes("", (line(Span(f"equal and not listed: {', '.join(told)}", "muted")),)))
    return blocks


def _table(caption: Line, heading: str, found: Sequence[Difference], comparison: Comparison) -> Table:
    refs = comparison.refs
    upright = len(refs) > SIDE_BY_SIDE
    shown = found[: _COLUMNS if upright else _ROWS]
    if len(found) > len(shown):
        caption = line(caption, f", {len(shown)} of them shown; .differences has all")
    heads = [(Span(one.name, "user"),) for one in shown]
    named = [(ref_of(ref),) for ref in refs]
    cells = [[_value(one.values.get(ref), heading, one) for ref in refs] for one in shown]
    first = Column(line("version" if upright else _HEADS.get(heading, heading)))
    if upright:
        rows = [Row((Cell(name), *(column[place] for column in cells))) for place, name in enumerate(named)]
        return Table(caption, (first, *map(Column, heads)), tuple(rows))
    rows = [Row((Cell(head), *values)) for head, values in zip(heads, cells, strict=True)]
    return Table(caption, (first, *map(Column, named)), tuple(rows))


def _part_at(text: str, one: Difference) -> int:
    """Give where a long value parts from those that read like it when they are cut: that may be far in."""
    values = {scalar(value) for value in one.values.values() if value is not None}
    alike = [value for value in values if clip(value, _VALUE_LENGTH) == clip(text, _VALUE_LENGTH)]
    return len(commonprefix(alike)) if len(alike) > 1 else 0  # noqa: RUF071 - character by character is what is meant


def _value(value: object, heading: str, one: Difference) -> Cell:
    """Write a value; a long one from a little before the place that tells it from the others."""
    if value is None:
        return Cell((Span("–", "muted", "has none"),))
    if heading == "size" and isinstance(value, int):
        return Cell((Span(byte_size(value), "word", f"{value:,} bytes"),))
    text = scalar(value)
    start = max(_part_at(text, one) - _BEFORE, 0)
    return Cell((Span(clip(f"…{text[start:]}" if start else text, _VALUE_LENGTH), "user"),))
