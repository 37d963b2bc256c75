"""Whether probabilities are what they say: on one pair of axes, and in numbers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nbregistry.display.blocks import Block, Cell, Column, Picture, Row, Span, Table, line
from nbregistry.display.measures import best_of
from nbregistry.display.plots import canvas
from nbregistry.display.plots.calibration import draw_calibration
from nbregistry.display.quantities import number
from nbregistry.display.views.parts import folded, measured, ref_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbregistry.evaluation.calibration import Calibration

_SIDE_BY_SIDE = 4


def calibration(found: Mapping[str, Calibration], *, first: str, of_prediction: bool) -> tuple[Block, ...]:
    """Draw calibration curves, and give their numbers.

    Parameters
    ----------
    found : dict
        By reference; of more than can be told apart the best are drawn.
    first : str
        The one that is drawn whatever it is like.
    of_prediction : bool
        Whether it is the calibration of the predicted class, of more than two.
    """
    ranked = sorted(found, key=lambda ref: (ref != first, found[ref].error))
    drawn = {ref: each for ref, each in found.items() if ref in ranked[: canvas.MOST]}
    briers: dict[str, float | None] = {ref: each.brier for ref, each in found.items()}
    errors: dict[str, float | None] = {ref: each.error for ref, each in found.items()}
    best = best_of("brier", briers), best_of("calibration_error", errors)
    rows = tuple(
        Row(
            (
                Cell((ref_of(ref),)),
                Cell(measured(each.brier, best=ref in best[0])),
                Cell(measured(each.error, best=ref in best[1])),
                Cell(line(f"{each.outside} of {len(each.counts)}")),
            )
        )
        for ref, each in found.items()
    )
    outside = Span("bins outside", "word", "bins whose mean probability lies outside the interval of what happened")
    columns = (
        Column(line("version")),
        Column(line("Brier"), numeric=True),
        Column(line("calibration error"), numeric=True),
        Column(line(outside), numeric=True),
    )
    left_out = f", {len(drawn)} of {len(found)} drawn" if len(drawn) < len(found) else ""
    what = "; the probability is that of the predicted class, which may be right" if of_prediction else ""
    caption = line(f"Calibration in numbers{left_out}; bins of equally many rows, 95% intervals{what}")
    alt = "Calibration: " + ", ".join(f"{ref} with error {number(each.error)}" for ref, each in drawn.items())
    picture = Picture(partial(draw_calibration, drawn), alt, canvas.WIDTH)
    shown = {ref: drawn[ref] for ref in list(drawn)[:_SIDE_BY_SIDE]}
    return picture, Table(caption, columns, rows), folded(line("Bin by bin"), _bins(shown))


def _bins(found: Mapping[str, Calibration]) -> Table:
    """Put the bins of each version in a column: what was predicted, what happened, and in how many rows."""
    most = max(len(each.counts) for each in found.values())
    body = tuple(
        Row((Cell(line(str(place + 1))), *(_bin(each, place) for each in found.values()))) for place in range(most)
    )
    columns = (Column(line("bin")), *(Column((ref_of(ref),), numeric=True) for ref in found))
    return Table(line("Predicted and what happened, bin by bin"), columns, body)


def _bin(found: Calibration, place: int) -> Cell:
    if place >= len(found.counts):
        return Cell()
    told = f"{found.low[place]:.1%} to {found.high[place]:.1%}, {found.counts[place]:,} rows"
    return Cell(line(f"{found.predicted[place]:.1%} → {found.observed[place]:.1%}"), line(Span(told, "muted")))
