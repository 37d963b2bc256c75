"""What is left between target and prediction."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nbregistry.display.plots import canvas
from nbregistry.display.plots.clouds import paint_cloud
from nbregistry.display.quantities import number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure

    from nbregistry.evaluation.residuals import Residuals

_HEIGHT = 300
_SMALL_HEIGHT = 240
_HEADROOM = 1.3  # above the highest bar, for the legend

Limits = tuple[float, float]


def draw_residual_histogram(residuals: Mapping[str, Residuals]) -> bytes:
    """Draw the residuals of several models as outlines of histograms.

    Parameters
    ----------
    residuals : dict
        By reference; at most :data:`canvas.MOST` of them.

    Returns
    -------
    bytes
        A PNG.
    """
    return canvas.png(canvas.WIDTH, _HEIGHT, partial(_paint_histogram, residuals))


def draw_residuals(ref: str, residuals: Residuals, index: int, limits: tuple[Limits, Limits]) -> bytes:
    """Draw the residuals of one model against its predictions.

    Parameters
    ----------
    ref : str
    residuals : Residuals
    index : int
        The place of the version among those compared: its colour.
    limits : tuple of two pairs of float
        Of the axes to the right and upwards, the same for all versions.

    Returns
    -------
    bytes
        A PNG.
    """
    return canvas.png(canvas.SMALL, _SMALL_HEIGHT, partial(_paint, ref, residuals, index, limits))


def _paint_histogram(residuals: Mapping[str, Residuals], figure: Figure) -> None:
    weighted = any(found.is_weighted for found in residuals.values())
    axes = canvas.quiet_axes(figure, "residual: true minus predicted", "rows, by weight" if weighted else "rows")
    for index, (ref, found) in enumerate(residuals.items()):
        axes.stairs(
            found.counts,
            found.edges,
            color=canvas.colour(index),
            linestyle=canvas.dashes(index),
            linewidth=1.2,
            label=f"{canvas.legible(ref)}   mean {number(found.mean)}",
        )
    axes.axvline(0, **canvas.GUIDE)
    peak = max((float(found.counts.max(initial=0)) for found in residuals.values()), default=0)
    axes.set_ylim(0, _HEADROOM * max(peak, 1))
    canvas.legend(figure, axes, "upper right")


def _paint(ref: str, residuals: Residuals, index: int, limits: tuple[Limits, Limits], figure: Figure) -> None:
    axes = canvas.quiet_axes(figure, "predicted value", "residual", xlim=limits[0], ylim=limits[1])
    canvas.title(axes, ref)
    paint_cloud(axes, residuals.cloud, canvas.colour(index))
    axes.axhline(0, **canvas.GUIDE)
