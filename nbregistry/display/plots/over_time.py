"""A metric over versions and over time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from nbregistry.display.plots import canvas

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_HEIGHT = 250
_LABELLED = 12
_CROWDED = 60
"""So many points hide each other, and what is written among them."""


@dataclass(frozen=True)
class Held:
    """A version in use, its value, and from when to when."""

    version: int
    value: float
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Dated:
    """A value at a time, with its interval where that is known."""

    at: datetime
    value: float
    low: float
    high: float


def draw_by_version(metric: str, values: Sequence[tuple[int, float]], held: Sequence[int], best: int | None) -> bytes:
    """Draw a metric over the numbers of the versions.

    Parameters
    ----------
    metric : str
    values : sequence of (int, float)
        Version and value.
    held : sequence of int
        Versions that were champion at some time: their points are filled.
    best : int or None
        The best version, which has a star.

    Returns
    -------
    bytes
        A PNG.
    """
    return canvas.png(canvas.WIDTH, _HEIGHT, partial(_paint_versions, metric, values, held, best))


def draw_champions(metric: str, values: Sequence[tuple[datetime, float]], held: Sequence[Held]) -> bytes:
    """Draw a metric of all versions when they were made, and that of the champion through time.

    Parameters
    ----------
    metric : str
    values : sequence of (datetime, float)
        When a version was made, and its value.
    held : sequence of Held
        The champions, oldest first.

    Returns
    -------
    bytes
        A PNG.
    """
    return canvas.png(canvas.WIDTH, _HEIGHT, partial(_paint_champions, metric, values, held))


def draw_evaluations(metric: str, values: Sequence[Dated]) -> bytes:
    """Draw a metric of one version on one data set after the other.

    Parameters
    ----------
    metric : str
    values : sequence of Dated
        Oldest first.

    Returns
    -------
    bytes
        A PNG.
    """
    return canvas.png(canvas.WIDTH, _HEIGHT, partial(_paint_evaluations, metric, values))


def _paint_versions(
    metric: str, values: Sequence[tuple[int, float]], held: Sequence[int], best: int | None, figure: Figure
) -> None:
    from matplotlib.ticker import MaxNLocator

    axes = canvas.quiet_axes(figure, "version", canvas.legible(metric))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    crowded = len(values) > _CROWDED
    axes.plot(*_columns(values), color=canvas.GREY, linewidth=0.8, marker="" if crowded else "o", markersize=2.5)
    champions = [point for point in values if point[0] in held]
    axes.plot(*_columns(champions), linestyle="", marker="o", markersize=5, color=canvas.colour(0), label="champion")
    top = [point for point in values if point[0] == best]
    axes.plot(*_columns(top), linestyle="", marker="*", markersize=8, color=canvas.colour(1), label="best")
    axes.margins(y=0.15)
    _name(axes, bool(champions) + bool(top))


def _paint_champions(
    metric: str, values: Sequence[tuple[datetime, float]], held: Sequence[Held], figure: Figure
) -> None:
    axes = canvas.quiet_axes(figure, "made or moved (UTC)", canvas.legible(metric))
    faint = 0.35 if len(values) > _CROWDED else 1.0
    axes.plot(
        *_columns(values), linestyle="", marker="o", markersize=2.5, markeredgewidth=0, alpha=faint,
        color=canvas.GREY, label="a version is made",
    )  # fmt: skip
    for index, tenure in enumerate(held):
        label = "champion" if index == 0 else None
        span: list[Any] = [tenure.since, tenure.until]
        axes.plot(span, [tenure.value] * 2, color=canvas.colour(0), linewidth=2, label=label)
        if index:
            axes.axvline(span[0], **canvas.GUIDE)
        if len(held) <= _LABELLED:
            axes.annotate(
                str(tenure.version), (span[0], tenure.value), (2, 3), textcoords="offset points",
                color=canvas.colour(0), fontsize=7, fontweight="bold",
            )  # fmt: skip
    _date(axes)
    axes.margins(y=0.15)
    _name(axes, 2)


def _paint_evaluations(metric: str, values: Sequence[Dated], figure: Figure) -> None:
    axes = canvas.quiet_axes(figure, "evaluated (UTC)", canvas.legible(metric))
    times: list[Any] = [each.at for each in values]
    axes.vlines(times, [each.low for each in values], [each.high for each in values], color=canvas.colour(0), alpha=0.6)
    axes.plot(times, [each.value for each in values], color=canvas.colour(0), linewidth=0.9, marker="o", markersize=4)
    _date(axes)
    axes.margins(x=0.08, y=0.15)


def _date(axes: Axes) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(minticks=2, maxticks=6)  # type: ignore[no-untyped-call]
    formatter = ConciseDateFormatter(locator)  # type: ignore[no-untyped-call]
    # By itself it writes seconds as bare numbers, of which nobody knows what they are.
    formatter.formats[-1] = formatter.zero_formats[-1] = "%H:%M:%S.%f"
    formatter.offset_formats = ["", "%Y", "%Y-%m", *["%Y-%m-%d"] * 3]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(formatter)
    axes.xaxis.get_offset_text().set(color=canvas.GREY, fontsize=7)


def _name(axes: Axes, marks: int) -> None:
    if marks:
        axes.legend(loc="best", frameon=False, labelcolor=canvas.GREY, fontsize=7, handlelength=1.5)


def _columns(points: Sequence[tuple[Any, float]]) -> tuple[list[Any], list[float]]:
    return [point[0] for point in points], [point[1] for point in points]
