"""Models that are fitted without a target: clusters, and outliers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.evaluation.formulas import compute
from nbregistry.evaluation.predictions import ask

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from nbregistry.evaluation.formulas import Computed

    Array = np.ndarray[Any, Any]

INLIER, OUTLIER = "inlier", "outlier"

SAMPLED = 1_000
"""The silhouette looks at all pairs of rows: of more rows than this it takes so many, always the same."""


def measure_clusters(X: Any, target: Array, clusters: Array) -> Computed:
    """Measure clusters by themselves, and against known groups.

    Parameters
    ----------
    X : array-like, n × features
        The rows as they were given to the model.
    target : ndarray, n
        The groups that are known.
    clusters : ndarray, n
        The cluster of each row.
    """
    from sklearn import metrics

    wanted: dict[str, Callable[[], Any]] = {
        "adjusted_rand": lambda: metrics.adjusted_rand_score(target, clusters),
        "silhouette": lambda: metrics.silhouette_score(
            X, clusters, sample_size=SAMPLED if len(clusters) > SAMPLED else None, random_state=0
        ),
        "davies_bouldin": lambda: metrics.davies_bouldin_score(X, clusters),
    }
    return compute(wanted, [])


def outlier_labels(y: Array) -> Array | None:
    """Give y in words where it tells which rows are outliers: -1 as scikit-learn has it, or 1 among zeros, or True.

    Examples
    --------
    >>> import numpy as np
    >>> outlier_labels(np.array([1, -1])).tolist(), outlier_labels(np.array([0, 1])).tolist()
    (['inlier', 'outlier'], ['inlier', 'outlier'])
    >>> outlier_labels(np.array([0, 1, 2])) is None
    True
    """
    import numpy as np

    if y.dtype.kind not in "biuf":
        return None
    seen = {*np.unique(y).tolist()}
    if seen <= {-1, 1}:
        return np.where(y == -1, OUTLIER, INLIER)
    return np.where(y == 1, OUTLIER, INLIER) if seen <= {0, 1} else None


class AsClassifier:
    """An outlier detector as a classifier of two classes: a row is an outlier, or not.

    Parameters
    ----------
    detector : object with ``predict``
        That gives -1 for outliers; its ``score_samples``, or else its ``decision_function``, is lower for them.
    """

    def __init__(self, detector: Any) -> None:
        self.classes_ = [INLIER, OUTLIER]
        self._detector = detector

    def predict(self, X: Any) -> Array:
        """Give a word for each row."""
        import numpy as np

        return np.where(np.asarray(self._detector.predict(X)) == -1, OUTLIER, INLIER)

    def decision_function(self, X: Any) -> Array:
        """Give a score for each row, higher for outliers."""
        import numpy as np

        method = getattr(self._detector, "score_samples", None) or self._detector.decision_function
        score: Array = -np.asarray(ask(method, X), dtype=np.float64)
        return score
