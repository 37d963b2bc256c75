"""scipy's bootstrap around scikit-learn's metric: what one writes without a registry, predictions already in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import stats
from sklearn.metrics import roc_auc_score

from tests.benchmarks import sample

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RESAMPLES = 999


class Side:
    """A script; it keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def populate(self, versions: int) -> Callable[[], None]:
        """Have nothing to keep, however many versions."""
        return lambda: None

    def compare(self, rows: int) -> Callable[[], object]:
        """Give the interval of the difference in ROC AUC of two classifiers: one metric, percentiles, no p-value."""
        X, y, models = sample.scored(rows)
        one, other = (model.predict_proba(X)[:, 1] for model in models[:2])

        def difference(target: Any, first: Any, second: Any) -> float:
            return float(roc_auc_score(target, second) - roc_auc_score(target, first))

        return lambda: stats.bootstrap(
            (y, one, other),
            difference,
            paired=True,
            vectorized=False,
            n_resamples=RESAMPLES,
            method="percentile",
            rng=np.random.default_rng(0),
        )
