"""How the scores of each class are spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbregistry.evaluation.weights import quantiles

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from nbregistry.evaluation.metrics import Measured

    Array = np.ndarray[Any, np.dtype[np.float64]]

BINS = 20
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Which quantiles are told."""


@dataclass(frozen=True, eq=False)
class ScoreHistogram:
    """Scores of two groups of rows.

    Attributes
    ----------
    groups : tuple of two
        The two classes, negative first; of more than two classes ``"wrong"`` and ``"right"``, the score being that
        of the predicted class.
    edges : ndarray
        Of the bins: 0 to 1 for probabilities, else from the lowest to the highest score.
    counts : ndarray of int, 2 × bins
        Rows of each bin.
    shares : ndarray, 2 × bins
        Of their group, by weight where rows have one; 0 where a group has no rows.
    quantiles : ndarray, 2 × 5
        At 5%, 25%, 50%, 75% and 95%; NaN where a group has no rows.
    is_weighted : bool
    """

    groups: tuple[Any, Any]
    edges: Array
    counts: np.ndarray[Any, np.dtype[np.int64]]
    shares: Array
    quantiles: Array
    is_weighted: bool = False


def score_histograms_of(evaluated: Mapping[str, Measured]) -> dict[str, ScoreHistogram]:
    """Give the score histogram of each classifier that gives scores."""
    found = {}
    for name, measured in evaluated.items():
        if "score" not in measured.rows or len(measured.labels) < 2:
            continue
        score = measured.rows["score"]
        probabilities = "log_loss" in measured.metrics
        if measured.task == "binary":
            groups = (measured.labels[0], measured.labels[1])
            found[name] = _histogram(groups, measured.codes == 1, score, measured.weights, probabilities=probabilities)
        else:
            right = measured.codes == score.argmax(axis=1)
            found[name] = _histogram(
                ("wrong", "right"), right, score.max(axis=1), measured.weights, probabilities=probabilities
            )
    return found


def _histogram(
    groups: tuple[Any, Any], second: Any, score: Any, weights: Any, *, probabilities: bool
) -> ScoreHistogram:
    import numpy as np

    bounds = (0.0, 1.0) if probabilities else None
    edges = np.histogram_bin_edges(score, BINS, bounds)
    parts = [(score[rows], None if weights is None else weights[rows]) for rows in (~second, second)]
    counts = np.array([np.histogram(part, edges)[0] for part, _ in parts])
    counted = np.array([np.histogram(part, edges, weights=weight)[0] for part, weight in parts])
    totals = counted.sum(axis=1, keepdims=True)
    return ScoreHistogram(
        groups,
        edges,
        counts,
        counted / np.where(totals == 0, 1, totals),
        np.array([quantiles(part, LEVELS, weight) for part, weight in parts]),
        weights is not None,
    )
