"""Precision against recall on one pair of axes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nbregistry.display.plots import canvas

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure

    from nbregistry.evaluation.precision_recall import PrecisionRecallCurve

_HEIGHT = 400


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
    return canvas.png(canvas.WIDTH, canvas.with_legend(_HEIGHT, len(curves)), partial(_paint, curves))


def _paint(curves: Mapping[str, PrecisionRecallCurve], figure: Figure) -> None:
    axes = canvas.unit_axes(figure, "recall", "precision")
    for rate in sorted({curve.base_rate for curve in curves.values()}):
        axes.axhline(rate, color=canvas.GREY, linewidth=0.6, linestyle=(0, (1, 3)))
    for index, (ref, curve) in enumerate(curves.items()):
        label = f"{canvas.legible(ref)}   AP {curve.average_precision:.4f}"
        canvas.curve(axes, index, (curve.recall, curve.precision), label, curve.own)
    canvas.legend(axes, "lower left")
