"""Cards as plain text: complete in words, for terminals, logs and screen readers.

Tables are drawn by ``tabulate``. Every piece of text passes :func:`~nbregistry.display.visible.visible` on its
way in, at one place, so that nothing a user wrote can act on a terminal.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import singledispatch

from nbregistry.display.blocks import (
    FENCES,
    NOTE_SIGNS,
    SOURCE_SIGNS,
    Beside,
    Block,
    Card,
    Cell,
    Column,
    Commands,
    Facts,
    Line,
    Node,
    Notes,
    Picture,
    Row,
    Section,
    Source,
    Span,
    Table,
    Tiles,
    Tree,
    Words,
)
from nbregistry.display.visible import visible

_WIDTH = 100
_UNBROKEN = "\x1f"  # a blank at which no line ends: a command is pasted whole; no text of a user holds one by now
_CELL_WIDTH = 44


def render_text(card: Card) -> str:
    """Give a card as text.

    Parameters
    ----------
    card : Card

    Returns
    -------
    str
        Lines without trailing blanks; no control characters but the line breaks between them.
    """
    head = _words(card.title)
    if card.aside:
        head += f"  {_words(card.aside)}"
    parts = ["\n".join([head, *_wrapped(_words(card.lead))] if card.lead else [head])]
    parts += [drawn for block in card.blocks if (drawn := "\n".join(_block(block)))]
    return "\n".join(text_line.rstrip() for text_line in "\n\n".join(parts).replace(_UNBROKEN, " ").split("\n"))


def _words(words: Line) -> str:
    found: list[str] = []
    for span in words:
        before, after = FENCES.get(span.kind, ("", ""))
        text = visible(span.text)
        found.append(f"{before}{text.replace(' ', _UNBROKEN) if span.kind == 'code' else text}{after}")
    return "".join(found)


def _wrapped(text: str, indent: str = "", width: int = _WIDTH) -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


@singledispatch
def _block(block: Block) -> Iterator[str]:
    """Draw a block, line by line; each kind is registered below."""
    raise TypeError(f"no text for a {type(block).__name__}")


@_block.register
def _words_block(block: Words) -> Iterator[str]:
    yield from _wrapped(_words(block.words))


@_block.register
def _facts(block: Facts) -> Iterator[str]:
    yield from _pairs([(label, _words(value)) for label, value in block.items])


@_block.register
def _tiles(block: Tiles) -> Iterator[str]:
    from tabulate import tabulate

    rows = [(_words(tile.label), _words(tile.value), _words(tile.below)) for tile in block.tiles]
    drawn: str = tabulate(rows, tablefmt="plain", disable_numparse=True, colalign=("left", "right", "left"))
    yield from drawn.split("\n")


@_block.register
def _notes(block: Notes) -> Iterator[str]:
    if block.title:
        yield f"{visible(block.title)}:"
    for item in block.items:
        first, *rest = _wrapped(_words(item), "  ") or [""]
        yield f"{NOTE_SIGNS[block.kind]} {first[2:]}"
        yield from rest


@_block.register
def _commands(block: Commands) -> Iterator[str]:
    yield f"{visible(block.title)}:"
    yield from _pairs([(typed, visible(told)) for typed, told in block.items], "  ")


@_block.register
def _source(block: Source) -> Iterator[str]:
    yield f"{_words(block.caption)}:"
    for source_line in block.lines:
        sign = f"{SOURCE_SIGNS[source_line.kind]} " if block.signed else ""
        yield f"  {sign}{_words(source_line.words)}"


@_block.register
def _tree(block: Tree) -> Iterator[str]:
    yield f"{visible(block.caption)}:"
    for root in block.roots:
        yield from _branch(root, "", "")


@_block.register
def _section(block: Section) -> Iterator[str]:
    yield f"{_words(block.title)}:"
    for index, inner in enumerate(block.blocks):
        if index:
            yield ""
        yield from (f"  {text_line}" for text_line in _block(inner))


@_block.register
def _beside(block: Beside) -> Iterator[str]:
    drawn = ["\n".join(_block(inner)) for column in block.columns for inner in column]
    yield from "\n\n".join(filter(None, drawn)).split("\n")


@_block.register
def _picture(_block: Picture) -> Iterator[str]:
    yield from ()  # its numbers stand in a table beside it


def _pairs(pairs: Sequence[tuple[str, str]], indent: str = "") -> Iterator[str]:
    """Align what stands behind labels; long values continue below themselves."""
    labels = [visible(label) for label, _ in pairs]
    width = max(map(len, labels), default=0)
    for label, (_, value) in zip(labels, pairs, strict=True):
        room = max(_WIDTH - len(indent) - width - 2, 40)
        first, *rest = textwrap.wrap(value, room, break_long_words=False, break_on_hyphens=False) or [""]
        yield f"{indent}{label:<{width}}  {first}"
        for more in rest:
            yield f"{indent}{'':<{width}}  {more}"


@_block.register
def _table(table: Table) -> Iterator[str]:
    if table.caption and not table.told:
        yield from _wrapped(_words(table.caption))
    spread = list(_grid(_beside_each_other(table)))
    yield from spread if max(map(len, spread)) <= _WIDTH else _grid(table)


def _beside_each_other(table: Table) -> Table:
    """Put what stands small below a number beside it, aligned: a row is then one line, and read as one."""
    all_rows = (*table.rows, *table.foot)
    rooms = [
        max((len(_words(row.cells[place].small)) for row in all_rows), default=0) if column.numeric else 0
        for place, column in enumerate(table.columns)
    ]

    def spread(row: Row) -> Row:
        cells = zip(row.cells, rooms, strict=True)
        return replace(row, cells=tuple(_on_one_line(cell, room) if room else cell for cell, room in cells))

    return replace(table, rows=tuple(map(spread, table.rows)), foot=tuple(map(spread, table.foot)))


def _on_one_line(cell: Cell, room: int) -> Cell:
    return Cell((*cell.main, Span(f"  {_words(cell.small):>{room}}")))


def _grid(table: Table) -> Iterator[str]:
    from tabulate import SEPARATING_LINE, tabulate

    rows: list[list[str]] = [_row(row, table.columns) for row in table.rows]
    if table.foot:
        rows += [[SEPARATING_LINE], *(_row(row, table.columns) for row in table.foot)]
    drawn: str = tabulate(
        rows,
        headers=[_words(column.title) for column in table.columns],
        tablefmt="simple",
        disable_numparse=True,
        preserve_whitespace=True,
        colalign=["right" if column.numeric else "left" for column in table.columns],
    )
    yield from drawn.split("\n")


def _row(row: Row, columns: Sequence[Column]) -> list[str]:
    cells = [_cell(cell, numeric=column.numeric) for cell, column in zip(row.cells, columns, strict=True)]
    if row.kind == "marked":
        cells[0] = f"▶ {cells[0]}"
    return cells


def _cell(cell: Cell, *, numeric: bool) -> str:
    lines = [_words(part) for part in (cell.main, cell.small) if part]
    if not numeric:
        lines = [more for text_line in lines for more in _wrapped(text_line, width=_CELL_WIDTH)]
    return "\n".join(lines)


def _branch(node: Node, first: str, rest: str) -> Iterator[str]:
    yield f"{first}{_words(node.label)}"
    for index, child in enumerate(() if node.folded else node.children):
        last = index == len(node.children) - 1
        yield from _branch(child, rest + ("└── " if last else "├── "), rest + ("    " if last else "│   "))
