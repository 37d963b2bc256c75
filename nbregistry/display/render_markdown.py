"""Cards as Markdown: headings, lists and tables as GitHub and the Hugging Face Hub read them, and no HTML.

Whatever somebody wrote passes :func:`escaped` on its way in, at one place: it is read as these very characters, and
makes no heading, link, picture, formula, table or tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import singledispatch
from typing import TYPE_CHECKING

from nbregistry.display.blocks import (
    FENCES,
    NOTE_SIGNS,
    Beside,
    Block,
    Card,
    Cell,
    Commands,
    Facts,
    Line,
    Node,
    Notes,
    Picture,
    Row,
    Section,
    Span,
    Table,
    Tiles,
    Tree,
    Words,
)
from nbregistry.display.visible import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

# A backslash before any of these makes them themselves in every kind of Markdown.
_MARKS = re.compile(r"[\\`*_{}\[\]#|~^=]")
# Entities, as a backslash would not do: tags, formulas, and what is made a link without any mark.
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;", "@": "&#64;", '"': "&quot;"}
_LINKS = re.compile(r":(?=//)|(?<=www)\.|:(?=[A-Za-z0-9+-]+:)", re.IGNORECASE)
# What begins a list, a rule or a heading at the start of a line.
_BEGINS = re.compile(r"^(?:([-+])|(\d{1,9})([.)]))(?=\s|-|$)")
_STRONG = frozenset({"strong", "alarm"})
# Stars beside anything else than letters are read as stars in some places.
_EDGES = re.compile(r"\w(?:.*\w)?")


def render_markdown(card: Card) -> str:
    """Give a card as Markdown.

    Parameters
    ----------
    card : Card

    Returns
    -------
    str
        Lines without trailing blanks, and one line break at the end.
    """
    parts = [f"# {_words(card.title)}"]
    parts += [_paragraph(found) for found in (card.lead, card.aside) if found]
    parts += [part for block in card.blocks for part in _block(block, 2) if part]
    return "\n\n".join("\n".join(text.rstrip() for text in part.split("\n")) for part in parts) + "\n"


def escaped(text: str) -> str:
    r"""Write a text so that Markdown shows these very characters.

    Examples
    --------
    >>> escaped("a_b <b> [x](javascript:alert(1)) | $x$")
    'a\\_b &lt;b&gt; \\[x\\](javascript:alert(1)) \\| &#36;x&#36;'
    >>> escaped("see http://example.invalid")
    'see http&#58;//example.invalid'
    """
    shown = _MARKS.sub(r"\\\g<0>", visible(text).replace("&", "&amp;"))
    for mark, entity in _ENTITIES.items():
        if mark != "&":
            shown = shown.replace(mark, entity)
    return _LINKS.sub(lambda found: f"&#{ord(found.group())};", shown)


def _words(words: Line) -> str:
    return "".join(map(_span, words)).strip()


def _span(span: Span) -> str:
    before, after = FENCES.get(span.kind, ("", ""))
    if span.kind == "code":
        # Nothing hovers here: what was shortened for the eye is written out.
        return _code(span.title if span.title.startswith(span.text.rstrip("…")) else span.text)
    text = escaped(f"{before}{span.text}{after}")
    return f"**{text}**" if span.kind in _STRONG and _EDGES.fullmatch(text) else text


def _code(text: str) -> str:
    """Write a digest, path or command; what has marks that end code, or a cell, is written as any other text."""
    shown = visible(text)
    return f"`{shown}`" if shown.strip() and not re.search(r"[`|\\<>&$]|^\s|\s$", shown) else escaped(text)


def _paragraph(words: Line) -> str:
    """Write a line that begins nothing but a paragraph."""
    text = _words(words)
    return _BEGINS.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", text)


@singledispatch
def _block(block: Block, _depth: int) -> Iterator[str]:
    """Write a block, part by part; each kind is registered below."""
    raise TypeError(f"no Markdown for a {type(block).__name__}")


@_block.register
def _words_block(block: Words, _depth: int) -> Iterator[str]:
    yield _paragraph(block.words)


@_block.register
def _facts(block: Facts, _depth: int) -> Iterator[str]:
    yield _list(f"**{escaped(label)}**: {_words(value)}" for label, value in block.items)


@_block.register
def _tiles(block: Tiles, _depth: int) -> Iterator[str]:
    yield _list(f"**{_words(tile.label)}**: {_words(tile.value)} {_words(tile.below)}" for tile in block.tiles)


@_block.register
def _notes(block: Notes, _depth: int) -> Iterator[str]:
    if block.title:
        yield f"**{escaped(block.title)}**"
    sign = "" if block.kind == "note" else f"{escaped(NOTE_SIGNS[block.kind])} "
    yield _list(f"{sign}{_paragraph(item)}" for item in block.items)


@_block.register
def _commands(block: Commands, _depth: int) -> Iterator[str]:
    yield f"**{escaped(block.title)}**"
    yield _list(f"{_code(typed)}: {escaped(told)}" for typed, told in block.items)


@_block.register
def _section(block: Section, depth: int) -> Iterator[str]:
    yield f"{'#' * min(depth, 6)} {_words(block.title)}"
    for inner in block.blocks:
        yield from _block(inner, depth + 1)


@_block.register
def _beside(block: Beside, depth: int) -> Iterator[str]:
    for column in block.columns:
        for inner in column:
            yield from _block(inner, depth)


@_block.register
def _picture(_picture: Picture, _depth: int) -> Iterator[str]:
    yield from ()  # its numbers stand in a table beside it


@_block.register
def _tree(block: Tree, _depth: int) -> Iterator[str]:
    yield f"**{escaped(block.caption)}**"
    yield "\n".join(text for root in block.roots for text in _branch(root, 0))


@_block.register
def _table(table: Table, _depth: int) -> Iterator[str]:
    if table.caption and not table.told:
        yield f"**{_words(table.caption)}**"
    rules = ["--:" if column.numeric else "---" for column in table.columns]
    lines = [_row([_words(column.title) for column in table.columns]), _row(rules)]
    lines += [_row(_cells(row)) for row in (*table.rows, *table.foot)]
    yield "\n".join(lines)


def _cells(row: Row) -> list[str]:
    return [_cell(cell) for cell in row.cells]


def _cell(cell: Cell) -> str:
    return " · ".join(filter(None, (_words(cell.main), _words(cell.small))))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _list(items: Iterator[str]) -> str:
    return "\n".join(f"- {item.strip()}" for item in items)


def _branch(node: Node, depth: int) -> Iterator[str]:
    yield f"{'  ' * depth}- {_words(node.label)}"
    for child in node.children:
        yield from _branch(child, depth + 1)
