"""What a model uses, and what it only cloned."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    GradientBoostingClassifier,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import StandardScaler

from nbregistry.provenance.parts import parts_in_use

X = np.random.default_rng(0).normal(size=(60, 3))
y = (X[:, 0] > 0).astype(int)


def is_used(inner, model):
    return any(part is inner for part in parts_in_use(model))


def fitted():
    return LogisticRegression().fit(X, y)


class Wrapper:
    def __init__(self, base):
        self._base = base


class Stack:
    """An estimator of somebody's own, which uses what it was given."""

    def __init__(self, base):
        self.base = base

    def fit(self, X, y):
        self.head_ = np.zeros(3)
        return self


class Chained(Stack):
    """An estimator of somebody's own, which fits another one on top."""

    def fit(self, X, y):
        self.tree_ = self.base
        return self


@pytest.mark.parametrize(
    "around",
    [
        lambda model: model,
        lambda model: make_pipeline(StandardScaler(), model).fit(X, y),
        lambda model: make_pipeline(make_pipeline(StandardScaler(), model)).fit(X, y),
        FrozenEstimator,
        lambda model: CalibratedClassifierCV(FrozenEstimator(model)).fit(X, y),
        lambda model: StackingClassifier([("a", model)], cv="prefit").fit(X, y),
        lambda model: VotingClassifier([("a", FrozenEstimator(model)), ("b", LogisticRegression())]).fit(X, y),
        Wrapper,
        lambda model: Stack(model).fit(X, y),
        lambda model: Chained(model).fit(X, y),
        lambda model: {"model": model, "threshold": 0.5},
        lambda model: [Wrapper((1, model))],
    ],
)
def test_what_a_model_uses_is_found(around):
    model = fitted()
    assert is_used(model, around(model))


def test_a_fitted_transformer_of_a_pipeline_or_a_union_is_used():
    scaler = StandardScaler()
    assert is_used(scaler, make_pipeline(scaler, LogisticRegression()).fit(X, y))
    assert is_used(scaler, make_union(scaler).fit(X))


@pytest.mark.parametrize(
    "around",
    [
        lambda model: CalibratedClassifierCV(model, cv=2),
        lambda model: StackingClassifier([("a", model)], cv=2),
        lambda model: VotingClassifier([("a", model)]),
        lambda model: BaggingClassifier(model, n_estimators=2),
        lambda model: AdaBoostClassifier(model, n_estimators=2),
        lambda model: GridSearchCV(model, {"C": [1, 2]}, cv=2),
        OneVsRestClassifier,
    ],
)
def test_what_was_only_cloned_is_not(around):
    model = fitted()
    assert not is_used(model, around(model).fit(X, y))


def test_clones_of_transformers_and_regressors():
    scaler, ridge = StandardScaler(), Ridge()
    assert not is_used(scaler, ColumnTransformer([("a", scaler, [0])]).fit(X))
    assert not is_used(ridge, TransformedTargetRegressor(ridge).fit(X, y))


def test_an_array_of_trees_is_looked_into():
    model = GradientBoostingClassifier(n_estimators=2).fit(X, y)
    assert is_used(model.estimators_[1, 0], model)


def test_it_ends_on_circles_and_on_what_is_huge():
    one, other = Wrapper(None), Wrapper(None)
    one._base, other._base = other, one
    assert list(parts_in_use(one)) == [one, other]
    deep = None
    for _ in range(100_000):
        deep = [deep]
    assert len(list(parts_in_use(deep))) < 20
    assert len(list(parts_in_use([[object() for _ in range(300)] for _ in range(300)]))) <= 2_000


def test_nothing_of_the_model_is_called():
    class Loud:
        def __getattr__(self, name):
            raise AssertionError(name)

        fit = property(lambda self: 1 / 0)

    assert len(list(parts_in_use([Loud(), Loud()]))) >= 3
