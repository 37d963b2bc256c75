"""ROC curves on one pair of axes, and their numbers beside them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nbregistry.display.blocks import Block, Cell, Column, Picture, Row, Span, Table, line
from nbregistry.display.measures import best_of
from nbregistry.display.plots import MOST, WIDTH, draw_roc
from nbregistry.display.quantities import number
from nbregistry.display.views.parts import measured, ref_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nbregistry.evaluation.curves import RocCurve

_FALSE_ALARMS = (0.05, 0.1)
_FOUND = "how many of the positives are found, when that share of the negatives is taken for positive"


def roc(
    curves: Mapping[str, RocCurve],
    *,
    first: str = "",
    heading: str = "version",
    name: Callable[[str], Span] = ref_of,
    mark_best: bool = True,
) -> tuple[Block, ...]:
    """Draw ROC curves, and give their numbers: the area, and what is found at few false alarms.

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
    import numpy as np

    ranked = sorted(curves, key=lambda each: (each != first, -curves[each].auc))
    drawn = {each: curve for each, curve in curves.items() if each in ranked[:MOST]}
    areas: dict[str, float | None] = {each: curve.auc for each, curve in curves.items()}
    best = best_of("roc_auc", areas) if mark_best else []
    rows = []
    for each, curve in curves.items():
        found = [Cell(line(f"{float(np.interp(rate, curve.fpr, curve.tpr)):.1%}")) for rate in _FALSE_ALARMS]
        rows.append(Row((Cell((name(each),)), Cell(measured(curve.auc, best=each in best)), *found)))
    columns = [Column(line(heading)), Column(line("AUC"), numeric=True)]
    columns += [Column(line(Span(f"TPR at {rate:.0%} FPR", "word", _FOUND)), numeric=True) for rate in _FALSE_ALARMS]
    left_out = len(curves) - len(drawn)
    title = line(f"ROC curves, {len(drawn)} of {len(curves)} drawn" if left_out else "ROC curves in numbers")
    alt = "ROC curves: " + ", ".join(f"{each} with AUC {number(curve.auc)}" for each, curve in drawn.items())
    return Picture(partial(draw_roc, drawn), alt, WIDTH), Table(title, tuple(columns), tuple(rows))
