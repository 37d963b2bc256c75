"""Metrics as people read them: which matter most, what is better, and how they went."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from nbregistry.display.blocks import Line, Span, line
from nbregistry.display.quantities import MISSING, difference, number
from nbregistry.evaluation.direction import higher_is_better

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nbregistry.display.blocks import Kind
    from nbregistry.model import ModelVersion

MAIN_COUNT = 4

# One number for ranking, one everybody knows, one for the rare class, one for the probabilities; then the rest.
_FIRST = (
    "roc_auc", "accuracy", "f1", "log_loss", "r2", "rmse", "mae", "median_absolute_error",
    "balanced_accuracy", "average_precision", "precision", "recall", "mcc", "brier", "mape",
    "f1_macro", "f1_micro", "subset_accuracy", "hamming_loss", "adjusted_rand", "silhouette", "davies_bouldin",
)  # fmt: skip
_PLACES = {metric: place for place, metric in enumerate(_FIRST)}
_BLOCKS = "▁▂▃▄▅▆▇█"
_SPARK_WIDTH = 12

LEGEND = "▲ ahead, ▼ behind"
"""How a difference is shown that nothing has tested: better and worse are words of a verdict."""
UNTESTED = "not tested"
VERDICTS: Mapping[str, tuple[str, Kind]] = {
    "better": ("▲", "better"),
    "worse": ("▼", "worse"),
    "equivalent": ("=", "muted"),
    "undecided": ("~", "muted"),
    UNTESTED: ("?", "muted"),
}
"""How each verdict of a test is shown, and that there was none where others were tested."""

direction = lru_cache(maxsize=4096)(higher_is_better)


def legend_of_tests(verdicts: Iterable[str | None]) -> str:
    """Explain the signs of the verdicts that there are, and no others.

    Examples
    --------
    >>> legend_of_tests(["undecided", "better", None, "better"])
    '▲ better, ~ undecided'
    """
    found = frozenset(verdicts)
    return ", ".join(f"{sign} {verdict}" for verdict, (sign, _) in VERDICTS.items() if verdict in found)


def by_importance(names: Iterable[str], *, given: Iterable[str] = (), asked: str = "") -> list[str]:
    """Order metrics: those asked about, the most usual one, those the caller stated, the other usual ones, the rest.

    Parameters
    ----------
    names : iterable of str
    given : iterable of str
        Metrics that were stated by hand: somebody cared.
    asked : str
        A filter; metrics named in it come first.
    """
    stated = frozenset(given)
    known = dict.fromkeys(names)
    primary = min(known, key=lambda name: _PLACES.get(name, len(_PLACES)), default=None)
    return sorted(
        known,
        key=lambda name: (
            name not in asked,
            name != primary or name not in _PLACES,
            name not in stated,
            _PLACES.get(name, len(_PLACES)),
        ),
    )


def metrics_of(versions: Sequence[ModelVersion], *, asked: str = "") -> list[str]:
    """Give the metrics of several versions, the most important first."""
    names: dict[str, None] = {}
    given: set[str] = set()
    for version in versions:
        names.update(dict.fromkeys(version.metrics))
        given.update(version.metrics_given)
    return by_importance(names, given=given, asked=asked)


def leading(names: Iterable[str]) -> str | None:
    """Give the first metric of which it is known what is better."""
    return next((name for name in names if direction(name) is not None), None)


def best_value(metric: str, values: Iterable[float | None]) -> float | None:
    """Give the best value, or none where there is nothing to choose from: one value, equal ones, an unknown metric."""
    wanted = direction(metric)
    known = [value for value in values if value is not None and not math.isnan(value)]
    if wanted is None or not known:
        return None
    low, high = min(known), max(known)
    if low == high:
        return None
    return high if wanted else low


def best_of(metric: str, values: Mapping[str, float | None]) -> list[str]:
    """Give the keys of the best value: several if they share it."""
    top = best_value(metric, values.values())
    return [] if top is None else [key for key, value in values.items() if value == top]


def change(
    metric: str,
    value: float | None,
    before: float | None,
    *,
    than: str = "",
    short: bool = False,
    verdict: str | None = None,
) -> Line:
    """Say how a value differs from another: sign, amount, and which of them is ahead, or what a test said.

    Parameters
    ----------
    metric : str
    value, before : float or None
    than : str
        What it is measured against.
    short : bool, default False
        Leave out the word; whoever shows many of them explains the signs once, with :data:`LEGEND`.
    verdict : str, optional
        What a test said of it: then that is what the sign says.

    Examples
    --------
    >>> "".join(span.text for span in change("log_loss", 0.08, 0.1))
    '−0.0200 ▲ ahead'
    """
    if value is None or before is None or math.isnan(value) or math.isnan(before):
        return ()
    if verdict is not None:
        sign, kind = VERDICTS[verdict]
        written = Span(difference(value - before), "muted", f"{than}: {number(before)}" if than else "")
        return line(written, " ", Span(sign if short else f"{sign} {verdict}", kind, verdict))
    if value == before:
        return (Span("=" if short else "= equal", "muted", f"the same as {than}" if than else ""),)
    amount = value - before
    wanted = direction(metric)
    written = Span(difference(amount), "muted", f"{than}: {number(before)}" if than else "")
    if wanted is None or math.isnan(amount):
        return (written,)
    ahead = (amount > 0) == wanted
    sign, word = ("▲", "ahead") if ahead else ("▼", "behind")
    return line(written, " ", Span(sign if short else f"{sign} {word}", "better" if ahead else "worse"))


def tally(values: Mapping[str, float | None], others: Mapping[str, float | None]) -> str:
    """Say in how many metrics some values are ahead of and behind others, untested; nothing of fewer than two.

    Examples
    --------
    >>> tally({"roc_auc": 0.9, "log_loss": 0.3, "f1": 0.5}, {"roc_auc": 0.8, "log_loss": 0.2, "f1": 0.5})
    'ahead in 1 of 3 metrics, behind in 1'
    >>> tally({"roc_auc": 0.9, "f1": 0.9}, {"roc_auc": 0.8, "f1": 0.5})
    'ahead in both metrics'
    """
    pairs = {metric: (value, others.get(metric)) for metric, value in values.items()}
    shared = [metric for metric, pair in pairs.items() if not any(v is None or math.isnan(v) for v in pair)]
    ranked = [metric for metric in shared if direction(metric) is not None]
    winners = [best_of(metric, {"one": values[metric], "other": others[metric]}) for metric in ranked]
    ahead, behind = winners.count(["one"]), winners.count(["other"])
    if len(ranked) < 2:
        return ""
    every = "both metrics" if len(ranked) == 2 else f"all {len(ranked)} metrics"
    if not ahead and not behind:
        return f"equal in {every}"
    (word, count), *other = [(word, count) for word, count in (("ahead", ahead), ("behind", behind)) if count]
    if count == len(ranked):
        return f"{word} in {every}"
    return f"{word} in {count} of {len(ranked)} metrics" + "".join(f", {word} in {count}" for word, count in other)


def sparkline(values: Sequence[float | None]) -> str:
    """Draw values as one row of blocks, lowest to highest; many values share a block by their mean.

    Examples
    --------
    >>> sparkline([1.0, 2.0, None, 4.0])
    '▁▃ █'
    """
    points = [value if value is not None and math.isfinite(value) else None for value in values]
    buckets = min(_SPARK_WIDTH, len(points))
    means: list[float | None] = []
    for index in range(buckets):
        part = points[index * len(points) // buckets : (index + 1) * len(points) // buckets]
        known = [value for value in part if value is not None]
        means.append(sum(known) / len(known) if known else None)
    known = [mean for mean in means if mean is not None]
    if not known:
        return ""
    low, high = min(known), max(known)
    span = high - low
    top = len(_BLOCKS) - 1
    return "".join(
        " " if mean is None else _BLOCKS[round((mean - low) / span * top) if span else top // 2] for mean in means
    )


def trend(metric: str, versions: Sequence[ModelVersion]) -> tuple[Line, Line]:
    """Draw how a metric went from version to version, and say it: first and last value.

    Parameters
    ----------
    metric : str
    versions : sequence of ModelVersion
        Oldest first.
    """
    values = [version.metrics.get(metric) for version in versions]
    known = [(value, place) for place, value in enumerate(values) if value is not None and math.isfinite(value)]
    if len(known) < 3:  # two points are a difference, not a trend
        return (Span(MISSING, "muted"),), ()

    def said(point: tuple[float, int]) -> str:
        return f"{number(point[0])} ({versions[point[1]].ref})"

    first, last = known[0], known[-1]
    title = f"{metric} from {said(first)} to {said(last)}; lowest {said(min(known))}, highest {said(max(known))}"
    return (Span(sparkline(values), "spark", title),), line(Span(f"{number(first[0])} → {number(last[0])}", "muted"))
