"""Small fitted models and their data, for tests that need some."""

from __future__ import annotations

from functools import cache
from typing import Any

from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler


@cache
def tumours() -> tuple[Any, Any, Any, Any]:
    """Give X_train, X_test, y_train, y_test of scikit-learn's breast-cancer data, as DataFrames and Series."""
    X, y = load_breast_cancer(as_frame=True, return_X_y=True)
    return tuple(train_test_split(X, y, test_size=0.3, stratify=y, random_state=0))


@cache
def pipeline(C: float = 1.0) -> Pipeline:
    """Give a fitted scaler and logistic regression."""
    X_train, _, y_train, _ = tumours()
    return Pipeline([("scale", StandardScaler()), ("clf", LogisticRegression(C=C))]).fit(X_train, y_train)


@cache
def forest() -> RandomForestClassifier:
    """Give a fitted random forest."""
    X_train, _, y_train, _ = tumours()
    return RandomForestClassifier(n_estimators=20, random_state=0).fit(X_train, y_train)
