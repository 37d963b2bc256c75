"""Every kind of model goes through register, evaluate, compare and their displays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from sklearn.cluster import DBSCAN, KMeans
from sklearn.datasets import make_multilabel_classification
from sklearn.ensemble import IsolationForest
from sklearn.linear_model import LinearRegression
from sklearn.tree import DecisionTreeClassifier

from nbregistry.display import to_html, to_text

if TYPE_CHECKING:
    from nbregistry.registry import Registry

X, Y = make_multilabel_classification(200, n_features=6, n_classes=3, random_state=0)
GROUPS = Y[:, 0] + Y[:, 1]
OUTLIERS = np.where(np.arange(200) % 20 == 0, -1, 1)
AMOUNTS = X[:, :2] * 1.5


def both(make: Any) -> list[Any]:
    return [make(1), make(2)]


KINDS = {
    "labels": (both(lambda n: DecisionTreeClassifier(max_depth=n).fit(X, Y)), Y, "f1_macro"),
    "clusters": (both(lambda n: KMeans(n + 1, n_init=1, random_state=0).fit(X)), GROUPS, "adjusted_rand"),
    "outliers": (both(lambda n: IsolationForest(n_estimators=5 * n, random_state=0).fit(X)), OUTLIERS, "roc_auc"),
}
NOTHING = {
    "no predict": (both(lambda n: DBSCAN(eps=n).fit(X)), GROUPS, "has no predict"),
    "no outliers told": (both(lambda n: IsolationForest(n_estimators=n).fit(X)), GROUPS, "does not tell the outliers"),
    "several amounts": (both(lambda _: LinearRegression().fit(X, AMOUNTS)), AMOUNTS, "models of several targets"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_measured_is_kept_and_shown(registry: Registry, kind: str) -> None:
    models, y, metric = KINDS[kind]
    for model in models:
        version = registry.register("m", model, on=(X, y))
        assert metric in version.metrics
    evaluation = registry.evaluate("m@2", X, y)
    assert len(evaluation.to_frame()) == 200
    given, stored = registry.compare("m@1", "m@2", on=(X, y), by="0"), registry.compare("m@1", "m@2")
    assert stored.to_frame().equals(given.to_frame())
    assert metric in set(stored.to_frame()["metric"])
    assert stored.to_json()
    for shown in (
        version,
        evaluation,
        given,
        stored,
        registry.get("m@1"),
        registry.evaluations("m@2"),
        registry.versions("m"),
    ):
        assert metric in to_text(shown)
        assert metric in to_html(shown)


@pytest.mark.parametrize("kind", NOTHING)
def test_what_is_not_measured_says_why(registry: Registry, kind: str) -> None:
    models, y, said = NOTHING[kind]
    for model in models:
        assert said in to_text(registry.register("m", model, on=(X, y)))
    for on in (None, (X, y)):
        text = to_text(registry.compare("m@1", "m@2", on=on))
        assert "Nothing to compare" in text.splitlines()[1]
    assert said in text
    with pytest.raises(Exception, match=said):
        registry.evaluate("m@1", X, y)
