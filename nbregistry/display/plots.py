"""Plots as PNG: transparent, legible on light and on dark ground, the same bytes every time.

matplotlib's ``Figure`` is used without pyplot: no backend is chosen, no global figure is left behind, and the
style that a notebook has set for its own plots is neither used nor touched.
"""

from __future__ import annotations

import warnings
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

from nbregistry.display.visible import short_ref

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbregistry.evaluation.curves import RocCurve

WIDTH = 440
_HEIGHT = 400
_DPI = 200  # twice the pixels of the page, for dense screens
_GREY = "#7d7d7d"  # contrast above 4 against white and against #111
# Of middle lightness, told apart also by people who don't see red and green as two; dashes tell them apart once more.
_COLOURS = ("#3f87d9", "#d9791c", "#2a9d74", "#b565c9", "#a08a12", "#d6557a", "#1f9fb3", "#8a7f78")
_DASHES = ("-", (0, (6, 2)), (0, (2, 1.5)), (0, (6, 2, 1.5, 2)))
MOST = len(_COLOURS)
_NAME_LENGTH = 28
# matplotlib has one style for all: a server draws in several threads.
_PLAIN_STYLE = Lock()


def draw_roc(curves: Mapping[str, RocCurve]) -> bytes:
    """Draw ROC curves on one pair of axes.

    Parameters
    ----------
    curves : dict
        Reference to its curve; at most :data:`MOST` of them.

    Returns
    -------
    bytes
        A PNG.
    """
    import matplotlib as mpl
    from matplotlib import style
    from matplotlib.figure import Figure

    # A name may use a script that matplotlib's own font lacks; the table beside the plot spells it.
    with (
        _PLAIN_STYLE,
        style.context("default"),
        mpl.rc_context({"text.parse_math": False}),
        warnings.catch_warnings(),
    ):
        warnings.filterwarnings("ignore", message="Glyph")
        figure = Figure(figsize=(WIDTH * 2 / _DPI, _HEIGHT * 2 / _DPI), dpi=_DPI, layout="constrained")
        axes = figure.add_subplot()
        axes.plot([0, 1], [0, 1], color=_GREY, linewidth=0.6, linestyle=(0, (1, 3)))
        for index, (ref, curve) in enumerate(curves.items()):
            axes.plot(
                curve.fpr,
                curve.tpr,
                color=_COLOURS[index % len(_COLOURS)],
                linestyle=_DASHES[index % len(_DASHES)],
                linewidth=1.3,
                label=f"{_legible(ref)}   AUC {curve.auc:.4f}",
            )
        axes.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.01), aspect="equal")
        axes.set_xlabel("false positive rate", color=_GREY, fontsize=7.5)
        axes.set_ylabel("true positive rate", color=_GREY, fontsize=7.5)
        axes.tick_params(colors=_GREY, labelsize=7, length=2, width=0.5)
        axes.grid(visible=True, color=_GREY, alpha=0.2, linewidth=0.4)
        for side, spine in axes.spines.items():
            spine.set_visible(side in ("left", "bottom"))
            spine.set(color=_GREY, linewidth=0.5)
        axes.legend(loc="lower right", frameon=False, labelcolor=_GREY, fontsize=7.5, handlelength=3)
        png = BytesIO()
        figure.savefig(png, format="png", dpi=_DPI, transparent=True, metadata={"Software": None})
    return png.getvalue()


def _legible(ref: str) -> str:
    """Give a name as a legend has it: matplotlib leaves out what begins with an underscore."""
    name = short_ref(ref, _NAME_LENGTH)
    return f" {name}" if name.startswith("_") else name
