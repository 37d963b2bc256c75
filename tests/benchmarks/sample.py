"""What every side stores: the same small pipeline, the same records, in the same numbers.

A registry of N versions holds two models: ``bench`` with nine tenths of them, which the measured verbs work
on, and ``table`` with the last tenth, which is listed. One version of ``bench`` holds the alias ``champion``.
"""

from __future__ import annotations

from functools import cache
from typing import Any

BENCH, TABLE, ALIAS = "bench", "table", "champion"
CREATED = "2026-11-22T00:00:00Z"
FILTER = "metrics.auc > 0.9"
METRICS = (
    "accuracy",
    "balanced_accuracy",
    "precision",
    "recall",
    "f1",
    "average_precision",
    "log_loss",
    "brier",
    "mcc",
)
PARAMS: dict[str, Any] = {
    "memory": None,
    "verbose": False,
    "standardscaler__copy": True,
    "standardscaler__with_mean": True,
    "standardscaler__with_std": True,
    "logisticregression__class_weight": None,
    "logisticregression__dual": False,
    "logisticregression__fit_intercept": True,
    "logisticregression__intercept_scaling": 1,
    "logisticregression__l1_ratio": 0.0,
    "logisticregression__max_iter": 100,
    "logisticregression__penalty": "deprecated",
    "logisticregression__random_state": None,
    "logisticregression__solver": "lbfgs",
    "logisticregression__tol": 0.0001,
    "logisticregression__warm_start": False,
}


def sizes(versions: int) -> dict[str, int]:
    """Share N versions out between the two models."""
    listed = max(1, versions // 10)
    return {BENCH: max(1, versions - listed), TABLE: listed}


def record(index: int) -> dict[str, Any]:
    """Make the params, metrics and tags of one version, as many as the pipeline below has.

    ``auc`` is spread evenly over 0 to 1, so that a tenth of the versions pass `FILTER`.
    """
    auc = (index * 2654435761 % 2**32) / 2**32
    return {
        "params": {**PARAMS, "logisticregression__C": round(0.01 * (index % 500 + 1), 4)},
        "metrics": {"auc": auc, **dict.fromkeys(METRICS, auc * 0.9)},
        "tags": {
            "team": "onco" if index % 3 else "derma",
            "stage": "dev",
            "creator": "bench",
            "ticket": str(index),
        },
    }


def flat(name: str, version: int, document: dict[str, Any]) -> dict[str, Any]:
    """Make the row of a table from a record, as ``Versions.to_frame`` lays it out."""
    row = {"name": name, "version": version}
    return row | {
        f"{kind}.{key}": value for kind in ("metrics", "params", "tags") for key, value in document[kind].items()
    }


@cache
def data() -> tuple[Any, Any, Any, Any]:
    """Give ``X_train, X_test, y_train, y_test`` of scikit-learn's breast-cancer patients."""
    from sklearn.datasets import load_breast_cancer
    from sklearn.model_selection import train_test_split

    X, y = load_breast_cancer(return_X_y=True)
    return tuple(train_test_split(X, y, test_size=0.3, random_state=0))


def pipeline(seed: int = 0) -> Any:
    """Fit the small pipeline; another seed gives other bytes.

    On one thread: those of a parallel fit go on spinning for a tenth of a second, and what is timed next would pay.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from threadpoolctl import threadpool_limits

    X, _, y, _ = data()
    with threadpool_limits(1):
        return make_pipeline(StandardScaler(), LogisticRegression(C=1 + seed / 1000)).fit(X, y)


@cache
def scored(rows: int) -> tuple[Any, Any, tuple[Any, ...]]:
    """Give X, y of two classes and three classifiers that are about equally good on them."""
    from sklearn.datasets import make_classification
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    X, y = make_classification(rows, 8, n_informative=5, flip_y=0.2, random_state=0)
    with threadpool_limits(1):
        models = tuple(
            LogisticRegression().fit(X[start : start + 300], y[start : start + 300]) for start in (0, 300, 600)
        )
    return X, y, models
