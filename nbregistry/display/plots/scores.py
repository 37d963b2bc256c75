"""The scores of two groups of rows as histograms, one upwards and one downwards."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nbregistry.display.plots import canvas

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from nbregistry.evaluation.score_histograms import ScoreHistogram

_HEIGHT = 220


def draw_scores(ref: str, histogram: ScoreHistogram) -> bytes:
    """Draw the scores of one model: each group as shares of its own rows, so that a rare class is seen too.

    Parameters
    ----------
    ref : str
    histogram : ScoreHistogram

    Returns
    -------
    bytes
        A PNG.
    """
    return canvas.png(canvas.SMALL, _HEIGHT, partial(_paint, ref, histogram))


def _paint(ref: str, histogram: ScoreHistogram, figure: Figure) -> None:
    from matplotlib.ticker import FuncFormatter

    axes = canvas.quiet_axes(figure, "score", "share of the class")
    canvas.title(axes, ref)
    for index, (group, shares, sign) in enumerate(zip(histogram.groups, histogram.shares, (-1, 1), strict=True)):
        label = canvas.legible(str(group))
        colour = canvas.colour(1 - index)
        axes.stairs(sign * shares, histogram.edges, fill=True, color=colour, alpha=0.75, label=label)
    axes.axhline(0, color=canvas.GREY, linewidth=0.5)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{abs(share):.0%}"))
    axes.margins(y=0.12)
    axes.legend(loc="best", frameon=False, labelcolor=canvas.GREY, fontsize=7, handlelength=1, reverse=True)
