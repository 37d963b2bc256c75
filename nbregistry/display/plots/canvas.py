"""What all plots share: size, colours, axes, and how a figure becomes a PNG.

matplotlib's ``Figure`` is used without pyplot: no backend is chosen, no global figure is left behind, and the
style that a notebook has set for its own plots is neither used nor touched.
"""

from __future__ import annotations

import warnings
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from nbregistry.display.visible import short_ref

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    Corner = Literal["upper right", "upper left", "lower left", "lower right"]
    LineStyle = str | tuple[float, tuple[float, ...]]

WIDTH = 440
"""Of a plot by itself, in pixels of the page."""
_SQUARE_HEIGHT = 400  # the axes are square, the rest is what is written beside them
SMALL = 300
"""Of a plot that stands beside others of its kind."""
GREY = "#7d7d7d"  # contrast above 4 against white and against #111
GUIDE: dict[str, Any] = {"color": GREY, "linewidth": 0.6, "linestyle": (0, (1, 3))}
"""The look of a faint line that the versions' own are to be seen against."""
# Of middle lightness, told apart also by people who don't see red and green as two; dashes tell them apart once more.
COLOURS = ("#3f87d9", "#d9791c", "#2a9d74", "#b565c9", "#a08a12", "#d6557a", "#1f9fb3", "#8a7f78")
_DASHES: tuple[LineStyle, ...] = ("-", (0, (6, 2)), (0, (2, 1.5)), (0, (6, 2, 1.5, 2)))
_MARKERS = "osD^vPX*"
MOST = len(COLOURS)
"""So many lines can be told apart."""
WITH_BANDS = 3
"""Of more lines than this the bands would hide each other."""
SIZE = 7.5
_INSIDE = 4
_LEGEND_LINE = 17
_HANDLE = 3  # the length of a legend's lines, in letters
_IN_TWO_COLUMNS = 165  # pixels of the page that each of two columns has beside such a line
_POINTS = 72  # in an inch
_DPI = 200  # twice the pixels of the page, for dense screens
_PALETTE = 256  # the most that a PNG's palette holds
_NAME_LENGTH = 28
# matplotlib has one style for all: a server draws in several threads.
_PLAIN_STYLE = Lock()


def png(width: int, height: int, paint: Callable[[Figure], None]) -> bytes:
    """Draw a figure.

    Parameters
    ----------
    width, height : int
        In pixels of the page; the PNG has twice as many.
    paint : callable
        Draws on the empty figure that it is given.

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
        mpl.rc_context({"text.parse_math": False, "font.size": SIZE, "text.color": GREY, "axes.labelcolor": GREY}),
        warnings.catch_warnings(),
    ):
        warnings.filterwarnings("ignore", message="Glyph")
        figure = Figure(figsize=(width * 2 / _DPI, height * 2 / _DPI), dpi=_DPI, layout="constrained")
        paint(figure)
        drawn = BytesIO()
        figure.savefig(drawn, format="png", dpi=_DPI, transparent=True, pil_kwargs={"compress_level": 0})
    return _small(drawn)


def _small(drawn: BytesIO) -> bytes:
    """Encode a picture with a palette: a third of the bytes, which a notebook keeps for good, and to the eye the same.

    An octree is the one method of Pillow's that keeps transparency.
    """
    from PIL import Image

    encoded = BytesIO()
    with Image.open(drawn) as picture:
        picture.quantize(_PALETTE, method=Image.Quantize.FASTOCTREE).save(encoded, "PNG", optimize=True)
    return encoded.getvalue()


def quiet_axes(figure: Figure, x: str, y: str, **settings: Any) -> Axes:
    """Add axes of thin grey lines, with a faint grid.

    Parameters
    ----------
    figure : Figure
    x, y : str
        What they measure.
    **settings
        For ``Axes.set``.
    """
    axes = figure.add_subplot()
    axes.set(xlabel=x, ylabel=y, **settings)
    axes.tick_params(colors=GREY, labelsize=7, length=2, width=0.5)
    axes.grid(visible=True, color=GREY, alpha=0.2, linewidth=0.4)
    axes.set_axisbelow(True)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set(color=GREY, linewidth=0.5)
    return axes


def square_png(x: str, y: str, paint: Callable[[Axes], None], legend_at: Corner) -> bytes:
    """Draw lines that stand for versions on square axes for two shares.

    Parameters
    ----------
    x, y : str
        Which shares they are.
    paint : callable
        Draws on the axes.
    legend_at : str
        The corner in which lines are least likely to be.

    Returns
    -------
    bytes
        A PNG.
    """

    def on(figure: Figure) -> None:
        axes = quiet_axes(figure, x, y, xlim=(-0.01, 1.01), ylim=(-0.01, 1.01), aspect="equal")
        paint(axes)
        legend(figure, axes, legend_at)

    return png(WIDTH, _SQUARE_HEIGHT, on)


def curve(axes: Axes, index: int, points: tuple[Any, Any], label: str, own: tuple[float, float] | None) -> None:
    """Draw a version's curve, and the point at which the model itself decides, if it does."""
    axes.plot(*points, color=colour(index), linestyle=dashes(index), linewidth=1.3, label=label)
    if own:
        axes.plot(*own, marker=marker(index), markersize=4.5, color=colour(index), clip_on=False)


def title(axes: Axes, ref: str) -> None:
    """Say whose plot it is, where each version has its own."""
    axes.set_title(legible(ref), color=GREY, fontsize=SIZE, loc="left")


def legend(figure: Figure, axes: Axes, place: Corner) -> None:
    """Name the lines, in a corner, or where they are many below the axes: the figure grows by as much as that takes."""
    look: dict[str, Any] = {"frameon": False, "labelcolor": GREY, "fontsize": SIZE, "handlelength": _HANDLE}
    names = axes.get_legend_handles_labels()[1]
    if len(names) <= _INSIDE:
        axes.legend(loc=place, **look)
        return
    columns = 2 if max(map(_width, names)) <= _IN_TWO_COLUMNS else 1
    figure.set_figheight(figure.get_figheight() + -(-len(names) // columns) * _LEGEND_LINE * 2 / _DPI)
    figure.legend(loc="outside lower left", ncols=columns, **look)


def _width(text: str) -> float:
    """Measure a text, in pixels of the page."""
    from matplotlib.textpath import TextPath

    return float(TextPath((0, 0), text, size=SIZE).get_extents().width) * _DPI / 2 / _POINTS


def colour(index: int) -> str:
    """Give the colour of a version by its place."""
    return COLOURS[index % len(COLOURS)]


def dashes(index: int) -> LineStyle:
    """Give the line style of a version by its place."""
    return _DASHES[index % len(_DASHES)]


def marker(index: int) -> str:
    """Give the marker of a version by its place."""
    return _MARKERS[index % len(_MARKERS)]


def legible(text: str, length: int = _NAME_LENGTH) -> str:
    """Give a name as a legend has it: matplotlib leaves out what begins with an underscore."""
    name = short_ref(text, length)
    return f" {name}" if name.startswith("_") else name
