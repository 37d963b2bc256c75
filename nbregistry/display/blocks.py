"""What a display consists of, as data: no HTML and no text layout here.

A view turns a noun into one :class:`Card`; a renderer turns a card into text or HTML. So both always say the
same, and a third renderer needs no second look at the nouns. A :data:`Line` is a run of :class:`Span`: words with a
role. A span never relies on its role to be understood: ``▲ ahead`` says so itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Kind = Literal[
    "word",  # our own words
    "strong",
    "muted",
    "user",  # somebody else's words: isolated from the direction of the text around them
    "ref",  # name@version
    "code",
    "chip",  # an alias
    "badge",  # a status
    "alarm",  # what must not be overlooked, e.g. a key that is not trusted
    "best",
    "better",
    "worse",
    "good",
    "bad",
    "warned",
    "spark",
    "time",
    "pair",  # a number, an arrow, a number: in a narrow card it breaks at the arrow
    "source",  # program text, and what stands in it
    "keyword",
    "literal",
    "comment",
]
Tone = Literal["plain", "good", "warned", "bad"]

FENCES: dict[str, tuple[str, str]] = {"chip": ("[", "]"), "badge": ("(", ")")}
"""What stands around a span where there is no style to set it off."""

SIGNED = frozenset({"best", "better", "worse", "good", "bad", "warned"})
"""Spans that begin with a sign and a blank; a style may colour the sign, the words stay as they are."""

SOURCE_SIGNS = {"": " ", "added": "+", "removed": "−", "gap": " "}
"""What stands before each line of program text, by its kind."""

NOTE_SIGNS = {"note": "·", "warning": "!", "problem": "✗"}
"""What stands before each note of a kind."""


@dataclass(frozen=True, slots=True)
class Span:
    """Words with a role; ``title`` explains them on hover and says nothing that is not said elsewhere."""

    text: str
    kind: Kind = "word"
    title: str = ""


Line = tuple[Span, ...]


def line(*parts: str | Span | Line) -> Line:
    """Join words, spans and lines into one line.

    Examples
    --------
    >>> [span.text for span in line("champion is ", Span("churn@1", "ref"), ".")]
    ['champion is ', 'churn@1', '.']
    """
    spans: list[Span] = []
    for part in parts:
        if isinstance(part, str):
            spans.append(Span(part))
        elif isinstance(part, Span):
            spans.append(part)
        else:
            spans.extend(part)
    return tuple(spans)


def joined(separator: str, parts: Sequence[Line]) -> Line:
    """Join lines with words between them; empty lines are left out."""
    spans: list[Span] = []
    for part in parts:
        if part:
            if spans:
                spans.append(Span(separator))
            spans.extend(part)
    return tuple(spans)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: what is read first, what stands small below it, and what stands below that."""

    main: Line = ()
    below: Line = ()
    lowest: Line = ()

    @property
    def small(self) -> Line:
        """All that is small, in one line."""
        return joined(", ", [self.below, self.lowest])


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column; numbers stand on the right, prose is set a little smaller."""

    title: Line
    numeric: bool = False
    prose: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row; its first cell names it. A marked row is the one to look at, a gap tells of rows left out."""

    cells: tuple[Cell, ...]
    kind: Literal["", "marked", "gap"] = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption.

    Attributes
    ----------
    caption : Line
    columns : tuple of Column
    rows, foot : tuple of Row
    told : bool, default False
        The title above says already what it is: the caption is for those who can't see that, e.g. screen readers.
    """

    caption: Line
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    foot: tuple[Row, ...] = ()
    told: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and what stands behind them."""

    caption: str
    items: tuple[tuple[str, Line], ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """One number that matters: its name, its value, and what to think of it."""

    label: Line
    value: Line
    below: Line = ()


@dataclass(frozen=True, slots=True)
class Tiles:
    """A few numbers side by side."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    words: Line


@dataclass(frozen=True, slots=True)
class Notes:
    """A short list of sentences: remarks, warnings or problems, each with the sign of its kind."""

    title: str
    items: tuple[Line, ...]
    kind: Literal["note", "warning", "problem"] = "note"


@dataclass(frozen=True, slots=True)
class Commands:
    """What to type next: command and what it does."""

    title: str
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A plot. Its numbers always stand in a table beside it, for readers who can't see it.

    Attributes
    ----------
    draw : callable
        Gives the PNG; called only by a renderer that shows pictures, for drawing takes longer than all the rest.
    alt : str
    width : int
        In pixels of the page; the PNG has twice as many.
    """

    draw: Callable[[], bytes]
    alt: str
    width: int


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line of program text; a gap tells of lines left out, the others may be one side of a difference."""

    words: Line
    kind: Literal["", "added", "removed", "gap"] = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Program text under a caption.

    Attributes
    ----------
    caption : Line
    lines : tuple of SourceLine
    signed : bool, default False
        It is a difference: each line says which side it is on.
    """

    caption: Line
    lines: tuple[SourceLine, ...]
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a tree and what grows from it.

    Attributes
    ----------
    label : Line
    children : tuple of Node
    marked : bool, default False
        The one to look at.
    folded : bool, default False
        The label says what is below: it is unfolded by a click where there are clicks, and not drawn in text.
    """

    label: Line
    children: tuple[Node, ...] = ()
    marked: bool = False
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Tree:
    """Nested nodes under a heading."""

    caption: str
    roots: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks under a heading that can be folded away."""

    title: Line
    blocks: tuple[Block, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """Columns of blocks that stand side by side where there is room."""

    columns: tuple[tuple[Block, ...], ...]


Block = Table | Facts | Tiles | Words | Notes | Commands | Picture | Source | Tree | Section | Beside


@dataclass(frozen=True, slots=True)
class Card:
    """One whole display.

    Attributes
    ----------
    title : Line
        What it is about.
    aside : Line
        Small facts beside the title.
    lead : Line
        The answer, in one sentence.
    blocks : tuple of Block
    tone : str
    """

    title: Line
    aside: Line = ()
    lead: Line = ()
    blocks: tuple[Block, ...] = ()
    tone: Tone = "plain"
