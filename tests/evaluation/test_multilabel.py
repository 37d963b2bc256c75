"""Rows of many labels: metrics, scores of both shapes, and tests."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn import metrics
from sklearn.datasets import make_multilabel_classification
from sklearn.linear_model import LinearRegression, LogisticRegression, RidgeClassifier
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import MultiOutputClassifier
from sklearn.tree import DecisionTreeClassifier

from nbregistry.errors import Refused
from nbregistry.evaluation.comparing import compare_versions
from nbregistry.evaluation.metrics import METRICS, evaluate, measure_rows
from nbregistry.evaluation.pitfalls import remarks
from nbregistry.evaluation.significance.paired import draw
from nbregistry.model import ModelVersion

X, Y = make_multilabel_classification(400, n_classes=4, random_state=0)
TRAIN, TEST = slice(0, 200), slice(200, None)


def tables(model):
    """Probabilities of the labels, n × k, from either shape."""
    given = model.predict_proba(X[TEST])
    return np.column_stack([table[:, 1] for table in given]) if isinstance(given, list) else given


@pytest.mark.parametrize(
    "model",
    [
        DecisionTreeClassifier(max_depth=3, random_state=0),
        MultiOutputClassifier(LogisticRegression()),
        OneVsRestClassifier(LogisticRegression()),
    ],
)
@pytest.mark.parametrize("weights", [None, np.random.default_rng(0).exponential(size=200)])
def test_measured_as_scikit_learn_does(model, weights):
    model.fit(X[TRAIN], Y[TRAIN])
    found, predicted = evaluate(model, X[TEST], Y[TEST], weights), model.predict(X[TEST])
    weighted = {"sample_weight": weights}
    assert found.task == "multilabel"
    assert found.n == 200
    assert tuple(found.metrics) == METRICS["multilabel"]
    assert found.metrics == pytest.approx(
        {
            "subset_accuracy": metrics.accuracy_score(Y[TEST], predicted, **weighted),
            "f1_micro": metrics.f1_score(Y[TEST], predicted, average="micro", **weighted),
            "f1_macro": metrics.f1_score(Y[TEST], predicted, average="macro", **weighted),
            "roc_auc": metrics.roc_auc_score(Y[TEST], tables(model), average="macro", **weighted),
            "hamming_loss": metrics.hamming_loss(Y[TEST], predicted, **weighted),
        },
        rel=1e-12,
    )
    assert remarks(found) == ()
    drawn = draw({"m": found}, set(found.metrics))
    for metric, value in found.metrics.items():
        assert drawn.values.observed[drawn.places[metric, "m"]] == pytest.approx(value), metric
    half = np.arange(200) < 100
    assert measure_rows(found, half) == pytest.approx(
        dict(evaluate(model, X[TEST][half], Y[TEST][half], None if weights is None else weights[half]).metrics)
    )


def test_distances_to_a_boundary_rank_as_well():
    found = evaluate(RidgeClassifier().fit(X[TRAIN], Y[TRAIN]), X[TEST], Y[TEST])
    assert found.metrics["roc_auc"] > 0.8


def test_labels_are_named_by_their_columns_and_may_be_sparse():
    model = DecisionTreeClassifier(max_depth=3, random_state=0).fit(X[TRAIN], Y[TRAIN])
    plain = evaluate(model, X[TEST], Y[TEST])
    named = evaluate(model, X[TEST], pd.DataFrame(Y[TEST], columns=list("abcd")))
    assert named.classes == ("a", "b", "c", "d")
    for y in (sparse.csr_array(Y[TEST]), Y[TEST].astype(bool), Y[TEST].tolist()):
        assert evaluate(model, X[TEST], y).metrics == plain.metrics == named.metrics


def test_a_label_that_all_rows_share_has_no_ranking():
    y = Y.copy()
    y[:, 1] = 0
    model = DecisionTreeClassifier(max_depth=3, random_state=0).fit(X[TRAIN], y[TRAIN])  # it gives one column for it
    found = evaluate(model, X[TEST], y[TEST])
    assert "roc_auc" not in found.metrics
    assert any("roc_auc is left out: in every row or in none is the label '1'" in said for said in found.warnings)
    assert "roc_auc" in evaluate(model, X[TEST], Y[TEST]).metrics


def test_versions_are_tested_on_the_same_rows():
    models = [DecisionTreeClassifier(max_depth=depth, random_state=0).fit(X[TRAIN], Y[TRAIN]) for depth in (1, 5)]
    found = [evaluate(model, X[TEST], Y[TEST]) for model in models]
    versions = [ModelVersion("m", number) for number in (1, 2)]
    comparison = compare_versions(versions, found, baseline="m@1", by={"half": np.arange(200) % 2})
    methods = {row.metric: row.method for row in comparison.rows if row.ref == "m@2"}
    assert methods == {
        "subset_accuracy": "McNemar",
        "f1_micro": "paired jackknife",
        "f1_macro": "paired jackknife",
        "roc_auc": "paired jackknife",
        "hamming_loss": "permutation of losses",
    }
    assert all(row.verdict == "better" for row in comparison.rows if row.ref == "m@2")
    right = [(measured.rows["target"] == measured.rows["prediction"]).all(axis=1) for measured in found]
    assert found[1].hits.tolist() == right[1].tolist()
    assert "subset_accuracy" in repr(comparison)
    assert comparison.to_json()


def test_lists_of_labels_are_refused_with_what_to_do():
    model = DecisionTreeClassifier().fit(X[TRAIN], Y[TRAIN])
    for y in ([{"a"}, {"a", "b"}], [["a"], ["a", "b"]], [("a",), ()]):
        with pytest.raises(Refused, match="of labels in each row") as caught:
            evaluate(model, X[:2], y)
        assert "MultiLabelBinarizer" in caught.value.hint


def test_several_targets_that_are_no_labels():
    amounts = np.column_stack([X[:, 0], X[:, 1]])
    for model, y in (
        (LinearRegression().fit(X, amounts), amounts),
        (LinearRegression().fit(X, Y), Y),
        (DecisionTreeClassifier().fit(X, Y * 2), Y * 2),
    ):
        found = evaluate(model, X, y)
        assert not found.metrics
        assert "evaluate each column with a model of its own" in found.warnings[0]
    single = DecisionTreeClassifier().fit(X, Y[:, 0])
    assert "the model predicts none of that form" in evaluate(single, X, Y).warnings[0]
