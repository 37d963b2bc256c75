"""Confusion matrices side by side, each with its numbers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nbregistry.display.blocks import Beside, Block, Cell, Column, Line, Notes, Picture, Row, Span, Table, line
from nbregistry.display.plots.confusion import draw_confusion, width_of
from nbregistry.display.views.parts import folded, ref_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbregistry.evaluation.confusion import Confusion

MOST_CLASSES = 12
_SMALL = 3
_SIDE_BY_SIDE = 4
_PAIRS = 10


def confusion(found: Mapping[str, Confusion], *, first: str) -> tuple[Block, ...]:
    """Show confusion matrices beside each other, the baseline's first.

    Parameters
    ----------
    found : dict
        By reference; of more than four the baseline and those with the largest share right.
    first : str
        The baseline.
    """
    ranked = sorted(found, key=lambda ref: (ref != first, -found[ref].accuracy))[:_SIDE_BY_SIDE]
    shown = {ref: each for ref, each in found.items() if ref in ranked}
    tables = [_table(ref, each) for ref, each in shown.items()]
    pictures = [_picture(ref, each) for ref, each in shown.items()]
    left_out = len(found) - len(shown)
    told = line(Span(f"{left_out} more versions: name fewer to see their matrices", "muted"))
    notes = (Notes("", (told,)),) if left_out else ()
    if max(len(each.labels) for each in shown.values()) <= _SMALL:
        beside: list[tuple[Block, ...]] = [(*picture, table) for picture, table in zip(pictures, tables, strict=True)]
        return Beside(tuple(beside)), *notes
    drawn = tuple(picture for picture in pictures if picture)
    folds = (folded(table.caption, table, is_open=not drawn) for table in tables)
    return (*((Beside(drawn),) if drawn else ()), *folds, *notes)


def _picture(ref: str, found: Confusion) -> tuple[Picture, ...]:
    if len(found.labels) > MOST_CLASSES:
        return ()
    alt = f"Confusion matrix of {ref}: {told_right(found)}"
    return (Picture(partial(draw_confusion, ref, found), alt, width_of(found)),)


def _table(ref: str, found: Confusion) -> Table:
    caption = line(ref_of(ref), f": {told_right(found)}")
    return (pairs_table if len(found.labels) > MOST_CLASSES else confusion_table)(found, caption)


def told_right(found: Confusion) -> str:
    """Say how much is right; shares go by weight where rows have one, and counts stay counts."""
    by_weight = f", {found.accuracy:.1%} by weight, as are the shares" if found.weights is not None else ""
    return f"{found.right:,} of {found.total:,} right{by_weight}"


def confusion_table(found: Confusion, caption: Line) -> Table:
    """Put the counts in a table, with each one's share of its true class."""
    shares = found.shares
    body = tuple(
        Row(
            (
                Cell((Span(str(label), "user"),)),
                *(
                    _counted(int(found.counts[row, column]), float(shares[row, column]))
                    for column in range(len(found.labels))
                ),
            )
        )
        for row, label in enumerate(found.labels)
    )
    columns = (
        Column(line("true ↓ predicted →")),
        *(Column((Span(str(label), "user"),), numeric=True) for label in found.labels),
    )
    return Table(caption, columns, body)


def _counted(count: int, share: float) -> Cell:
    """Give a count with its share; of none there is none to give, and the others stand out."""
    return Cell(line(f"{count:,}"), line(Span(f"{share:.1%}" if count else "", "muted")))


def pairs_table(found: Confusion, caption: Line) -> Table:
    """Put the pairs of classes that are confused most often in a table."""
    body = tuple(
        Row(
            (
                Cell((Span(str(true), "user"),)),
                Cell((Span(str(predicted), "user"),)),
                Cell(line(f"{count:,}")),
                Cell(line(f"{share:.1%}")),
            )
        )
        for true, predicted, count, share in found.most_confused(_PAIRS)
    )
    heads = ("true class", "taken for", "rows", "of the class")
    columns = tuple(Column(line(head), numeric=head in heads[2:]) for head in heads)
    return Table(line(caption, "; confused most often"), columns, body)
