"""A confusion matrix, its cells the darker the larger their share of the true class."""

from __future__ import annotations

from functools import partial
from os.path import commonprefix
from typing import TYPE_CHECKING

from nbregistry.display.plots import canvas

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from nbregistry.evaluation.confusion import Confusion

# From a quarter on a cell is opaque and its number white, with a contrast above 4 on any ground; below it is a tint.
_TINT = "#3f87d9"
_LIGHT, _FULL = "#4a7db5", "#1d4f91"
_OPAQUE_FROM = 0.25
_LABEL = 12
_CELL = 34


def draw_confusion(ref: str, confusion: Confusion) -> bytes:
    """Draw the matrix of one model.

    Parameters
    ----------
    ref : str
    confusion : Confusion
        Of a few classes: each cell holds its number.

    Returns
    -------
    bytes
        A PNG.
    """
    width = width_of(confusion)
    return canvas.png(width, width - 40, partial(_paint, ref, confusion))


def width_of(confusion: Confusion) -> int:
    """Give the width of its plot in pixels of the page."""
    return max(canvas.SMALL, 90 + _CELL * len(confusion.labels))


def _paint(ref: str, confusion: Confusion, figure: Figure) -> None:
    from matplotlib.patches import Rectangle

    count = len(confusion.labels)
    axes = canvas.quiet_axes(figure, "predicted class", "true class", aspect="auto")
    axes.grid(visible=False)
    canvas.title(axes, ref)
    shares = confusion.shares
    for row in range(count):
        for column in range(count):
            share = float(shares[row, column])
            opaque = share >= _OPAQUE_FROM
            axes.add_patch(Rectangle((column, row), 1, 1, facecolor=_shade(share), linewidth=0))
            axes.text(
                column + 0.5,
                row + 0.5,
                f"{confusion.counts[row, column]:,}",
                ha="center",
                va="center",
                color="white" if opaque else canvas.GREY,
            )
    labels = _short([str(label) for label in confusion.labels])
    middles = [place + 0.5 for place in range(count)]
    crowded = sum(map(len, labels)) > 5 * count and count > 3
    axes.set(xlim=(0, count), ylim=(count, 0))
    axes.set_xticks(middles, labels, rotation=45 if crowded else 0, ha="right" if crowded else "center")
    axes.set_yticks(middles, labels)


def _short(labels: list[str]) -> list[str]:
    """Cut labels to what there is room for; where they would all read the same, what they begin with is left out."""
    cut = [canvas.legible(label, _LABEL) for label in labels]
    if len(set(cut)) == len(set(labels)):
        return cut
    common = len(commonprefix(labels))  # noqa: RUF071 - character by character is what is meant
    return [canvas.legible(f"…{label[common:]}", _LABEL) for label in labels]


def _shade(share: float) -> tuple[float, ...]:
    """Give the colour of a cell."""
    from matplotlib.colors import to_rgb, to_rgba

    if share < _OPAQUE_FROM:
        return to_rgba(_TINT, 0.8 * share)
    strength = (share - _OPAQUE_FROM) / (1 - _OPAQUE_FROM)
    return tuple(a + (b - a) * strength for a, b in zip(to_rgb(_LIGHT), to_rgb(_FULL), strict=True))
