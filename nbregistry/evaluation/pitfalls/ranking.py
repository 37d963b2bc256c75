"""Scores that rank the wrong way round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.evaluation.pitfalls.sentences import Pitfall
from nbregistry.evaluation.significance.delong import area

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbregistry.evaluation.metrics import Measured

ALPHA = 0.01
"""A score without any information is taken for upside down once in 200 evaluations."""


def upside_down(measured: Measured) -> Iterator[Pitfall]:
    """Notice an area under the ROC curve that is surely below one half."""
    from scipy.stats import mannwhitneyu, norm

    if measured.metrics.get("roc_auc", 0.5) >= 0.5 or measured.weights is not None:  # with weights there is no test
        return
    positive, score = measured.codes == 1, measured.rows["score"]
    found = area(positive, score)
    if found is None:
        return
    value, error = found
    half = float(norm.isf(ALPHA / 2)) * error
    low, high = max(value - half, 0.0), value + half
    if high >= 0.5:
        return
    # An area of zero has no variance, however few rows it comes from: there the exact test of ranks tells.
    if not error and mannwhitneyu(score[positive], score[~positive], alternative="less").pvalue >= ALPHA / 2:
        return
    yield Pitfall(
        "the scores are upside down",
        f"ROC AUC {value:.3f} ({100 * (1 - ALPHA):g}% interval {low:.3f} to {high:.3f})",
        f"1 - score would do better; check that the positive class is the one you mean, {measured.positive!r} here",
    )
