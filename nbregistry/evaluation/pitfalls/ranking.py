"""Scores that rank the wrong way round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.evaluation.pitfalls.sentences import Pitfall
from nbregistry.evaluation.significance.alone import interval_alone
from nbregistry.evaluation.significance.delong import area

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbregistry.evaluation.metrics import Measured
    from nbregistry.evaluation.significance.inference import Interval

ALPHA = 0.01
"""A score without any information is taken for upside down once in 200 evaluations."""


def upside_down(measured: Measured) -> Iterator[Pitfall]:
    """Notice an area under the ROC curve that is surely below one half."""
    value = measured.metrics.get("roc_auc", 0.5)
    if value >= 0.5:
        return
    interval = interval_alone("roc_auc", measured, ALPHA) if measured.weights is not None else _interval(measured)
    if interval is None or interval[1] >= 0.5:
        return
    low, high = interval
    yield Pitfall(
        "the scores are upside down",
        f"ROC AUC {value:.3f} ({100 * (1 - ALPHA):g}% interval {low:.3f} to {high:.3f})",
        f"1 - score would do better; check that the positive class is the one you mean, {measured.positive!r} here",
    )


def _interval(measured: Measured) -> Interval | None:
    """Give the interval of the area; ``None`` also where an area of zero comes from too few rows."""
    from scipy.stats import mannwhitneyu, norm

    positive, score = measured.codes == 1, measured.rows["score"]
    found = area(positive, score)
    if found is None:
        return None
    value, error = found
    # An area of zero has no variance, however few rows it comes from: there the exact test of ranks tells.
    if not error and mannwhitneyu(score[positive], score[~positive], alternative="less").pvalue >= ALPHA / 2:
        return None
    half = float(norm.isf(ALPHA / 2)) * error
    return max(value - half, 0.0), value + half
