"""Predicted probability against what happened, on one pair of axes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nbregistry.display.plots import canvas

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

    from nbregistry.evaluation.calibration import Calibration


def draw_calibration(calibrations: Mapping[str, Calibration]) -> bytes:
    """Draw a point for each bin, with its interval where few models are drawn.

    Parameters
    ----------
    calibrations : dict
        Reference to its calibration; at most :data:`canvas.MOST` of them.

    Returns
    -------
    bytes
        A PNG.
    """
    axes = "predicted probability", "share in which it happened"
    return canvas.square_png(*axes, partial(_paint, calibrations), "upper left")


def _paint(calibrations: Mapping[str, Calibration], axes: Axes) -> None:
    axes.plot([0, 1], [0, 1], **canvas.GUIDE)
    for index, (ref, found) in enumerate(calibrations.items()):
        colour = canvas.colour(index)
        if len(calibrations) <= canvas.WITH_BANDS:
            axes.vlines(found.predicted, found.low, found.high, color=colour, alpha=0.45, linewidth=1)
        axes.plot(
            found.predicted,
            found.observed,
            color=colour,
            linestyle=canvas.dashes(index),
            linewidth=1.1,
            marker=canvas.marker(index),
            markersize=3.5,
            label=f"{canvas.legible(ref)}   Brier {found.brier:.4f}",
        )
