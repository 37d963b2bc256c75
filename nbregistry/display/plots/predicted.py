"""Predicted numbers against true ones."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nbregistry.display.plots import canvas
from nbregistry.display.plots.clouds import paint_cloud

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from nbregistry.evaluation.residuals import Predicted

_HEIGHT = 280


def draw_predicted(ref: str, predicted: Predicted, index: int, limits: tuple[float, float]) -> bytes:
    """Draw the predictions of one model, and the line on which they would be right.

    Parameters
    ----------
    ref : str
    predicted : Predicted
    index : int
        The place of the version among those compared: its colour.
    limits : tuple of two float
        Of both axes, the same for all versions.

    Returns
    -------
    bytes
        A PNG.
    """
    return canvas.png(canvas.SMALL, _HEIGHT, partial(_paint, ref, predicted, index, limits))


def _paint(ref: str, predicted: Predicted, index: int, limits: tuple[float, float], figure: Figure) -> None:
    axes = canvas.quiet_axes(figure, "true value", "predicted value", xlim=limits, ylim=limits, aspect="equal")
    canvas.title(axes, ref)
    paint_cloud(axes, predicted.cloud, canvas.colour(index))
    axes.plot(limits, limits, **canvas.GUIDE)
