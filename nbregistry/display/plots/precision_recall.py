"""Precision against recall on one pair of axes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nbregistry.display.plots import canvas

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

    from nbregistry.evaluation.precision_recall import PrecisionRecallCurve


def draw_precision_recall(curves: Mapping[str, PrecisionRecallCurve]) -> bytes:
    """Draw the curves, the point at which each model decides, and what guessing gives.

    Parameters
    ----------
    curves : dict
        Reference to its curve; at most :data:`canvas.MOST` of them.

    Returns
    -------
    bytes
        A PNG.
    """
    axes = "recall", "precision"
    return canvas.square_png(*axes, partial(_paint, curves), "lower left")


def _paint(curves: Mapping[str, PrecisionRecallCurve], axes: Axes) -> None:
    for rate in sorted({curve.base_rate for curve in curves.values()}):
        axes.axhline(rate, **canvas.GUIDE)
    for index, (ref, curve) in enumerate(curves.items()):
        label = f"{canvas.legible(ref)}   AP {curve.average_precision:.4f}"
        canvas.curve(axes, index, (curve.recall, curve.precision), label, curve.own)
