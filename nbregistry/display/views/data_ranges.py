"""The columns of a data set: their types, from where to where they go, how many values are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Cell, Column, Line, Row, Section, Span, Table, line
from nbregistry.display.quantities import number, plural, short_digest
from nbregistry.display.views.parts import folded

if TYPE_CHECKING:
    from nbregistry.model import ColumnRange, Dataset


def ranges_table(dataset: Dataset) -> Section:
    """Show the columns, folded: the line says how many there are, and in how many values are missing."""
    types = {column.name: column.dtype for column in dataset.inputs if column.name}
    unnamed = {str(place): column.dtype for place, column in enumerate(dataset.inputs) if not column.name}
    incomplete = sum(column.missing > 0 for column in dataset.ranges)
    gaps = f", {plural(incomplete, 'column')} with missing values" if incomplete else ", none with missing values"
    title = line(
        Span(dataset.role, "user"),
        f": ranges of {plural(len(dataset.ranges), 'column')}{gaps}",
        *((" · in any order ", Span(short_digest(dataset.any_order), "code")) if dataset.any_order else ()),
    )
    rows = tuple(_row(column, (types | unnamed).get(column.name, "")) for column in dataset.ranges)
    heads = (
        Column(line("column")),
        Column(line("type")),
        Column(line("lowest"), numeric=True),
        Column(line("highest"), numeric=True),
        Column(line("missing"), numeric=True),
    )
    return folded(title, Table(line("Ranges of the columns"), heads, rows))


def _row(column: ColumnRange, dtype: str) -> Row:
    words = (
        (Span(column.name, "user"),),
        (Span(dtype, "user"),),
        _bound(column.lowest),
        _bound(column.highest),
        line(f"{column.missing:,}"),
    )
    return Row(tuple(map(Cell, words)))


def _bound(value: float | str | None) -> Line:
    return (Span(value, "user"),) if isinstance(value, str) else line(number(value))
