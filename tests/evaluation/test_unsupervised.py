"""Clusters and outliers: their own few metrics, or a reason."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics
from sklearn.cluster import DBSCAN, KMeans
from sklearn.datasets import load_iris
from sklearn.ensemble import IsolationForest
from sklearn.neighbors import LocalOutlierFactor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import OneClassSVM

from nbregistry.evaluation.comparing import compare_versions
from nbregistry.evaluation.metrics import evaluate
from nbregistry.evaluation.pitfalls import remarks
from nbregistry.evaluation.unsupervised import SAMPLED
from nbregistry.model import ModelVersion

X, Y = load_iris(return_X_y=True)
RNG = np.random.default_rng(0)
ROWS = np.concatenate([RNG.normal(size=(180, 2)), RNG.uniform(3, 9, size=(20, 2))])
FAR = np.arange(200) >= 180


@pytest.mark.parametrize(
    "model", [KMeans(3, n_init=1, random_state=0), make_pipeline(StandardScaler(), KMeans(3, n_init=1, random_state=0))]
)
def test_clusters(model):
    found, clusters = evaluate(model.fit(X), X, Y), model.predict(X)
    assert found.task == "clustering"
    assert found.metrics == {
        "adjusted_rand": metrics.adjusted_rand_score(Y, clusters),
        "silhouette": metrics.silhouette_score(X, clusters),
        "davies_bouldin": metrics.davies_bouldin_score(X, clusters),
    }
    assert remarks(found) == ()


def test_the_silhouette_of_many_rows_is_of_a_sample_that_is_always_the_same():
    many = np.repeat(X, 20, axis=0) + np.random.default_rng(0).normal(0, 0.1, (3000, 4))
    model = KMeans(3, n_init=1, random_state=0).fit(many)
    found = evaluate(model, many, np.repeat(Y, 20)).metrics["silhouette"]
    assert found == metrics.silhouette_score(many, model.predict(many), sample_size=SAMPLED, random_state=0)
    assert found == pytest.approx(metrics.silhouette_score(many, model.predict(many)), abs=0.02)


def test_what_has_no_clusters_or_no_predict_says_so():
    one = evaluate(KMeans(1, n_init=1).fit(X), X, Y)
    assert list(one.metrics) == ["adjusted_rand"]
    assert any(said.startswith("silhouette is left out: Number of labels is 1") for said in one.warnings)
    assert "DBSCAN has no predict, so it is not evaluated" in evaluate(DBSCAN().fit(X), X, Y).warnings


def test_clusterings_stand_side_by_side_untested():
    found = [evaluate(KMeans(k, n_init=1, random_state=0).fit(X), X, Y) for k in (2, 3)]
    comparison = compare_versions(
        [ModelVersion("m", 1), ModelVersion("m", 2)], found, baseline="m@1", by={"half": np.arange(150) % 2}
    )
    assert not any(row.method for row in comparison.rows)
    assert "m@2 has the best adjusted_rand" in repr(comparison)
    assert "not tested" in comparison.notes[0]


@pytest.mark.parametrize(
    "model", [IsolationForest(n_estimators=20, random_state=0), OneClassSVM(nu=0.1), LocalOutlierFactor(novelty=True)]
)
@pytest.mark.parametrize("y", [np.where(FAR, -1, 1), FAR.astype(int), FAR, FAR.astype(float)])
def test_outliers_are_a_class_where_y_tells_them(model, y):
    model.fit(ROWS[::2])
    found = evaluate(model, ROWS, y)
    assert (found.task, found.positive) == ("binary", "outlier")
    assert found.metrics["roc_auc"] == metrics.roc_auc_score(FAR, -model.score_samples(ROWS))
    assert found.metrics["recall"] == metrics.recall_score(FAR, model.predict(ROWS) == -1)
    assert "log_loss" not in found.metrics


def test_detectors_are_tested_as_classifiers_are():
    y = np.where(FAR, -1, 1)
    found = [evaluate(OneClassSVM(nu=nu).fit(ROWS[::2]), ROWS, y) for nu in (0.1, 0.5)]
    rows = compare_versions([ModelVersion("m", 1), ModelVersion("m", 2)], found, baseline="m@1").rows
    assert {row.metric: row.method for row in rows if row.ref == "m@2"}["roc_auc"] == "DeLong"


def test_a_y_that_tells_no_outliers():
    model = IsolationForest(n_estimators=5, random_state=0).fit(X)
    for y in (Y, Y.astype(str)):
        found = evaluate(model, X, y)
        assert not found.metrics
        assert "y does not tell the outliers: they are -1 among 1, or 1 among 0" in found.warnings[0]
