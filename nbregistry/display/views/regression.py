"""Predicted numbers against true ones, and what is left between them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nbregistry.display.blocks import Beside, Block, Cell, Column, Picture, Row, Span, Table, line
from nbregistry.display.plots import canvas
from nbregistry.display.plots.predicted import draw_predicted
from nbregistry.display.plots.residuals import draw_residual_histogram, draw_residuals
from nbregistry.display.quantities import difference, number
from nbregistry.display.views.parts import ref_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nbregistry.evaluation.residuals import Predicted, Residuals

_DRAWN = 4
_MARGIN = 0.04


def predicted(found: Mapping[str, Predicted]) -> tuple[Block, ...]:
    """Show predictions against the target, side by side, and the means of both in fifths of the rows.

    Parameters
    ----------
    found : dict
        By reference; the first four are drawn.
    """
    import numpy as np

    drawn = dict(list(found.items())[:_DRAWN])
    limits = _limits(value for each in drawn.values() for axis in (each.cloud.x, each.cloud.y) for value in axis)
    pictures = tuple(
        (
            Picture(
                partial(draw_predicted, ref, each, place, limits),
                f"Predicted against true values of {ref}",
                canvas.SMALL,
            ),
        )
        for place, (ref, each) in enumerate(drawn.items())
    )
    some = next(iter(found.values()))
    same = all(np.array_equal(each.target, some.target, equal_nan=True) for each in found.values())
    rows = tuple(
        Row(
            (
                Cell(line(f"fifth {place + 1}")),
                Cell(line(f"{some.counts[place]:,}" if same else number(None))),
                Cell(line(number(float(some.target[place])) if same else number(None))),
                *(_mean(each, place) for each in found.values()),
            )
        )
        for place in range(len(some.counts))
    )
    columns = (
        Column(line("by true value")),
        Column(line("rows"), numeric=True),
        Column(line("true mean"), numeric=True),
        *(Column((ref_of(ref),), numeric=True) for ref in found),
    )
    left_out = f", {len(drawn)} of {len(found)} versions drawn" if len(drawn) < len(found) else ""
    by_weight = ", means by weight" if any(each.is_weighted for each in found.values()) else ""
    caption = line(f"Mean prediction in fifths of the rows, and how far it is off{by_weight}{left_out}")
    return Beside(pictures), Table(caption, columns, rows)


def residuals(found: Mapping[str, Residuals]) -> tuple[Block, ...]:
    """Show residuals as one histogram and against the predictions, and their numbers.

    Parameters
    ----------
    found : dict
        By reference; the first eight share the histogram, the first four are drawn against the predictions.
    """
    outlined = dict(list(found.items())[: canvas.MOST])
    drawn = dict(list(found.items())[:_DRAWN])
    x = _limits(value for each in drawn.values() for value in each.cloud.x)
    y = _limits(value for each in drawn.values() for value in each.cloud.y)
    alt = "Histogram of residuals: " + ", ".join(
        f"{ref} with mean {number(each.mean)} and deviation {number(each.deviation)}" for ref, each in outlined.items()
    )
    rows = tuple(
        Row(
            (
                Cell((ref_of(ref),)),
                *(
                    Cell(line(value))
                    for value in (
                        difference(each.mean),
                        number(each.deviation),
                        *map(difference, each.quantiles),
                        difference(each.largest),
                    )
                ),
            )
        )
        for ref, each in found.items()
    )
    heads = ("version", "mean", "deviation", "5%", "median", "95%", "farthest")
    columns = tuple(Column(line(head), numeric=place > 0) for place, head in enumerate(heads))
    pictures = tuple(
        (
            Picture(
                partial(draw_residuals, ref, each, place, (x, y)),
                f"Residuals of {ref} against predictions",
                canvas.SMALL,
            ),
        )
        for place, (ref, each) in enumerate(drawn.items())
    )
    by_weight = "; by weight" if any(each.is_weighted for each in found.values()) else ""
    told = f"Residuals, true minus predicted: above 0 the prediction is too low{by_weight}"
    table = Table(line(told), columns, rows)
    histogram = Picture(partial(draw_residual_histogram, outlined), alt, canvas.WIDTH)
    return histogram, table, Beside(pictures)


def _mean(found: Predicted, place: int) -> Cell:
    if place >= len(found.counts):
        return Cell()
    off = float(found.prediction[place] - found.target[place])
    return Cell(line(number(float(found.prediction[place]))), line(Span(difference(off), "muted")))


def _limits(values: Iterable[float]) -> tuple[float, float]:
    """Give limits with some room around the values."""
    known = [float(value) for value in values]
    low, high = min(known), max(known)
    room = (high - low) * _MARGIN or abs(high) * _MARGIN or 1.0
    return low - room, high + room
