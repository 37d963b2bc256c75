"""One metric of a version on one data set after the other: whether it is still as good as it was."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from nbregistry.display.blocks import Line, Picture, Span, line
from nbregistry.display.measures import by_importance, direction, leading
from nbregistry.display.plots import canvas
from nbregistry.display.plots.over_time import Dated, draw_evaluations
from nbregistry.display.quantities import difference, number
from nbregistry.display.views.history import instant
from nbregistry.evaluation.metrics import Measured
from nbregistry.evaluation.significance.alone import interval_alone
from nbregistry.evaluation.significance.apart import difference_apart

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbregistry.model import Evaluation

_MOST = 12
"""So many are drawn, the newest: each interval may take a bootstrap."""
_ALPHA = 0.05


@dataclass(frozen=True)
class Followed:
    """A metric on one data set after the other.

    Attributes
    ----------
    metric : str
    points : dict
        Place of the evaluation to its value and 95% interval, oldest first; evaluations on rows that the version was
        trained on are left out: they don't tell how good it is.
    """

    metric: str
    points: Mapping[int, Dated]


def follow(evaluations: Sequence[Evaluation]) -> Followed | None:
    """Follow the main metric; ``None`` where there is none with an interval."""
    metric = leading(by_importance(metric for evaluation in evaluations for metric in evaluation.metrics))
    if metric is None:
        return None
    points: dict[int, Dated] = {}
    for place, evaluation in list(enumerate(evaluations))[-_MOST:]:
        value, at = evaluation.metrics.get(metric), instant(evaluation.at)
        if value is None or not math.isfinite(value) or at is None or evaluation.on_training_rows:
            continue
        if "target" not in evaluation.rows:
            continue
        found = interval_alone(metric, Measured(evaluation.task, evaluation.metrics, evaluation.rows), _ALPHA)
        if found:
            points[place] = Dated(at, float(value), *found)
    return Followed(metric, points) if points else None


def answer(followed: Followed) -> Line:
    """Say whether the newest value is another one than the first, as surely as both are known."""
    first, *_, newest = (points := list(followed.points.values()))[:1] + points[-1:]
    name = Span(followed.metric, "strong")
    now = f"{number(newest.value)} (95% interval {number(newest.low)} to {number(newest.high)})"
    if len(points) < 2:
        return line(name, f" is {now}.")
    low, high = difference_apart(first.value, (first.low, first.high), newest.value, (newest.low, newest.high))
    moved = f"{difference(newest.value - first.value)} against the first (95% interval {difference(low)} to "
    told = line(name, f" is {now} on the newest rows, {moved}{difference(high)}): ")
    if low <= 0 <= high:
        return line(told, "no more than chance explains.")
    better = (low > 0) == direction(followed.metric)
    return line(told, Span("▲ it got better" if better else "▼ it got worse", "better" if better else "worse"), ".")


def picture(followed: Followed) -> Picture:
    """Draw the values by date, each with its interval."""
    points = list(followed.points.values())
    alt = f"{followed.metric} by date: " + ", ".join(f"{number(each.value)} on {each.at:%Y-%m-%d}" for each in points)
    return Picture(partial(draw_evaluations, followed.metric, points), alt, canvas.WIDTH)
