"""Precision-recall curves on one pair of axes, and their numbers beside them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nbregistry.display.blocks import Block, Cell, Column, Picture, Row, Span, Table, line
from nbregistry.display.measures import best_of
from nbregistry.display.plots import canvas
from nbregistry.display.plots.precision_recall import draw_precision_recall
from nbregistry.display.quantities import number
from nbregistry.display.views.parts import measured, ref_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbregistry.evaluation.precision_recall import PrecisionRecallCurve

_RECALLS = (0.8, 0.95)


def precision_recall(curves: Mapping[str, PrecisionRecallCurve], *, first: str) -> tuple[Block, ...]:
    """Draw precision-recall curves, and give their numbers.

    Parameters
    ----------
    curves : dict
        By reference; of more than can be told apart those with the highest average precision are drawn.
    first : str
        The one that is drawn whatever its precision.
    """
    import numpy as np

    ranked = sorted(curves, key=lambda ref: (ref != first, -curves[ref].average_precision))
    drawn = {ref: curve for ref, curve in curves.items() if ref in ranked[: canvas.MOST]}
    averages: dict[str, float | None] = {ref: curve.average_precision for ref, curve in curves.items()}
    best = best_of("average_precision", averages)
    decide = any(curve.own for curve in curves.values())
    rows = []
    for ref, curve in curves.items():
        cells = [Cell((ref_of(ref),)), Cell(measured(curve.average_precision, best=ref in best))]
        cells += [Cell(line(f"{float(np.interp(rate, curve.recall, curve.precision)):.1%}")) for rate in _RECALLS]
        rows.append(Row((*cells, *([_own(curve)] if decide else []))))
    columns = [Column(line("version")), Column(line("average precision"), numeric=True)]
    columns += [Column(line(f"precision at {rate:.0%} recall"), numeric=True) for rate in _RECALLS]
    columns += [Column(line("decides at"), numeric=True)] if decide else []
    rates = " and ".join(f"{rate:.1%}" for rate in sorted({curve.base_rate for curve in curves.values()}))
    mean = "" if decide else "; the mean over the classes, each against the rest"
    left_out = f", {len(drawn)} of {len(curves)} drawn" if len(drawn) < len(curves) else ""
    caption = line(f"Precision and recall in numbers{left_out}; guessing has precision {rates}{mean}")
    alt = "Precision-recall curves: " + ", ".join(
        f"{ref} with average precision {number(curve.average_precision)}" for ref, curve in drawn.items()
    )
    picture = Picture(partial(draw_precision_recall, drawn), alt, canvas.WIDTH)
    return picture, Table(caption, tuple(columns), tuple(rows))


def _own(curve: PrecisionRecallCurve) -> Cell:
    if not curve.own:
        return Cell(line(number(None)))
    recall, precision = curve.own
    return Cell(line(f"recall {recall:.1%}"), line(Span(f"precision {precision:.1%}", "muted")))
