"""ROC curves on one pair of axes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nbregistry.display.plots import canvas

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

    from nbregistry.evaluation.curves import RocCurve

_GRID = 101


def draw_roc(curves: Mapping[str, RocCurve]) -> bytes:
    """Draw ROC curves, the point at which each model decides, and, of up to three, the band.

    Parameters
    ----------
    curves : dict
        Reference to its curve; at most :data:`canvas.MOST` of them.

    Returns
    -------
    bytes
        A PNG.
    """
    axes = "false positive rate", "true positive rate"
    return canvas.square_png(*axes, partial(_paint, curves), "lower right")


def _paint(curves: Mapping[str, RocCurve], axes: Axes) -> None:
    import numpy as np

    axes.plot([0, 1], [0, 1], **canvas.GUIDE)
    grid = np.linspace(0, 1, _GRID)
    for index, (ref, curve) in enumerate(curves.items()):
        band = curve.band(grid) if len(curves) <= canvas.WITH_BANDS else None
        if band:
            axes.fill_between(grid, *band, color=canvas.colour(index), alpha=0.16, linewidth=0)
        label = f"{canvas.legible(ref)}   AUC {curve.auc:.4f}"
        canvas.curve(axes, index, (curve.fpr, curve.tpr), label, curve.own)
