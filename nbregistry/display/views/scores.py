"""How the scores of each class are spread: side by side, each with its numbers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nbregistry.display.blocks import Beside, Block, Cell, Column, Picture, Row, Span, Table, line
from nbregistry.display.plots import canvas
from nbregistry.display.plots.scores import draw_scores
from nbregistry.display.quantities import number
from nbregistry.display.views.parts import ref_of
from nbregistry.evaluation.score_histograms import LEVELS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbregistry.evaluation.score_histograms import ScoreHistogram

_DRAWN = 4


def scores(found: Mapping[str, ScoreHistogram]) -> tuple[Block, ...]:
    """Show score histograms beside each other, and the quantiles of all in one table.

    Parameters
    ----------
    found : dict
        By reference; the first four are drawn.
    """
    drawn = dict(list(found.items())[:_DRAWN])
    pictures = tuple(
        (Picture(partial(draw_scores, ref, each), f"Scores of {ref} by class", canvas.SMALL),)
        for ref, each in drawn.items()
    )
    rows = tuple(
        Row(
            (
                Cell((ref_of(ref),)),
                Cell((Span(str(group), "user"),)),
                Cell(line(f"{int(counts.sum()):,}")),
                *(Cell(line(number(float(level)))) for level in levels),
            )
        )
        for ref, each in found.items()
        for group, counts, levels in zip(each.groups, each.counts, each.quantiles, strict=True)
    )
    heads = ["version", "class", "rows", *("median" if level == 0.5 else f"{level:.0%}" for level in LEVELS)]
    columns = tuple(Column(line(head), numeric=place > 1) for place, head in enumerate(heads))
    left_out = f", {len(drawn)} of {len(found)} versions drawn" if len(drawn) < len(found) else ""
    by_weight = " by weight" if any(each.is_weighted for each in found.values()) else ""
    return Beside(pictures), Table(line(f"Scores by class: quantiles{by_weight}{left_out}"), columns, rows)
