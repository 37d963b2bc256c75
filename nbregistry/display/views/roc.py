"""ROC curves on one pair of axes, and their numbers beside them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nbregistry.display.blocks import Block, Cell, Column, Line, Picture, Row, Span, Table, line
from nbregistry.display.measures import best_of
from nbregistry.display.plots import canvas
from nbregistry.display.plots.roc import draw_roc
from nbregistry.display.quantities import number
from nbregistry.display.views.parts import measured, ref_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nbregistry.evaluation.curves import RocCurve

_FALSE_ALARMS = (0.05, 0.1)
_FOUND = "how many of the positives are found, when that share of the negatives is taken for positive"
_OWN = "false- and true-positive rate of the model's own predictions: the marks in the plot"


def roc(
    curves: Mapping[str, RocCurve],
    *,
    first: str = "",
    heading: str = "version",
    name: Callable[[str], Span] = ref_of,
    mark_best: bool = True,
) -> tuple[Block, ...]:
    """Draw ROC curves, and give their numbers: the area, what is found at few false alarms, where each model decides.

    Parameters
    ----------
    curves : dict
        By name; of more than can be told apart the largest are drawn, and the table has all.
    first : str
        The one that is drawn whatever its area.
    heading : str
        What the names are.
    name : callable
        Shows a name.
    mark_best : bool, default True
        Whether the largest area is the best of several.
    """
    ranked = sorted(curves, key=lambda each: (each != first, -curves[each].auc))
    drawn = {each: curve for each, curve in curves.items() if each in ranked[: canvas.MOST]}
    areas: dict[str, float | None] = {each: curve.auc for each, curve in curves.items()}
    best = best_of("roc_auc", areas) if mark_best else []
    decide = any(curve.own for curve in curves.values())
    rows = []
    for each, curve in curves.items():
        cells = [Cell((name(each),)), Cell(measured(curve.auc, best=each in best))]
        cells += [_found(curve, rate) for rate in _FALSE_ALARMS]
        rows.append(Row((*cells, *([_own(curve)] if decide else []))))
    columns = [Column(line(heading)), Column(line("AUC"), numeric=True)]
    columns += [Column(line(Span(f"TPR at {rate:.0%} FPR", "word", _FOUND)), numeric=True) for rate in _FALSE_ALARMS]
    columns += [Column(line(Span("decides at", "word", _OWN)), numeric=True)] if decide else []
    alt = "ROC curves: " + ", ".join(f"{each} with AUC {number(curve.auc)}" for each, curve in drawn.items())
    picture = Picture(partial(draw_roc, drawn), alt, canvas.WIDTH)
    return picture, Table(_caption(curves, drawn), tuple(columns), tuple(rows))


def _caption(curves: Mapping[str, RocCurve], drawn: Mapping[str, RocCurve]) -> Line:
    counts = {(curve.positives, curve.negatives) for curve in curves.values()}
    known = counts != {(0, 0)}
    told = f"ROC curves, {len(drawn)} of {len(curves)} drawn" if len(drawn) < len(curves) else "ROC curves in numbers"
    if not known:
        whole = any(len(curve.thresholds) for curve in curves.values())
        return line(told if whole else f"{told}: the mean over the classes, each against the rest")
    rows = "{:,} positive and {:,} negative rows; ".format(*counts.pop()) if len(counts) == 1 else ""
    return line(f"{told}; {rows}95% intervals")


def _found(curve: RocCurve, rate: float) -> Cell:
    band = curve.band(rate)
    below = line(Span(f"{float(band[0]):.1%} to {float(band[1]):.1%}", "muted")) if band else ()
    return Cell(line(f"{float(curve.at(rate)):.1%}"), below)


def _own(curve: RocCurve) -> Cell:
    if not curve.own:
        return Cell(line(number(None)))
    false, true = curve.own
    return Cell(line(f"FPR {false:.1%}"), line(Span(f"TPR {true:.1%}", "muted")))
