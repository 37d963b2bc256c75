"""Signatures."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.cluster import KMeans
from sklearn.compose import make_column_transformer
from sklearn.ensemble import IsolationForest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.multioutput import MultiOutputClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from nbregistry.model import Column, Signature
from nbregistry.provenance.signature import infer_signature

FRAME = pd.DataFrame({"age": [1, 2, 3, 4], "city": ["a", "b", "a", "b"], "sum": [1.5, 2, 3, 4]})
LABELS = ["no", "yes", "no", "yes"]


def test_names_and_dtypes_through_a_pipeline_and_a_search():
    columns = make_column_transformer((OneHotEncoder(), ["city"]), remainder=StandardScaler())
    model = GridSearchCV(make_pipeline(columns, LogisticRegression()), {}, cv=2).fit(FRAME, LABELS)
    signature = infer_signature(model, FRAME)
    assert signature == Signature(
        (Column("age", "int64"), Column("city", "str"), Column("sum", "float64")), 3, "class label", ("no", "yes")
    )
    assert Signature.from_document(signature.to_document()) == signature


def test_the_model_s_own_order_of_names_counts():
    model = LinearRegression().fit(FRAME[["age", "sum"]], [1, 2, 3, 4])
    assert infer_signature(model, FRAME[["sum", "age"]]).inputs == (Column("age", "int64"), Column("sum", "float64"))
    assert infer_signature(model).inputs == (Column("age", ""), Column("sum", ""))


@pytest.mark.parametrize(
    ("X", "dtype"),
    [
        (np.zeros((4, 2), "float32"), "float32"),
        ([[0, 1], [1, 0], [0, 1], [1, 1]], "int64"),
        (sparse.csr_array(np.eye(4, 2)), "float64"),
    ],
)
def test_columns_without_names(X, dtype):
    signature = infer_signature(LogisticRegression().fit(X, LABELS), X)
    assert signature.inputs == (Column("", dtype),) * 2
    assert signature.features == 2
    assert signature.feature_names == ()


def test_too_many_columns_without_names_are_only_counted():
    X = sparse.random_array((4, 100_000), density=0.001)
    signature = infer_signature(LogisticRegression().fit(X, LABELS), X)
    assert (signature.inputs, signature.features) == ((), 100_000)


@pytest.mark.parametrize(
    ("model", "output", "classes"),
    [
        (LogisticRegression(), "class label", ("no", "yes")),
        (KMeans(2, n_init=1), "cluster label", ()),
        (IsolationForest(n_estimators=2), "outlier label", ()),
        (StandardScaler(), "transformed columns", ()),
        (make_pipeline(StandardScaler(), KMeans(2, n_init=1)), "cluster label", ()),
    ],
)
def test_the_output(model, output, classes):
    signature = infer_signature(model.fit(FRAME[["age", "sum"]], LABELS))
    assert (signature.output, signature.classes) == (output, classes)


def test_regressors_numbers_and_classes_as_text():
    assert infer_signature(LinearRegression()).output == "number"
    assert infer_signature(LogisticRegression().fit([[0], [1]], [False, True])).classes == ("False", "True")
    assert infer_signature(LogisticRegression().fit([[0], [1]], [3, 4])).classes == ("3", "4")


def test_several_targets_have_no_single_list_of_classes():
    model = MultiOutputClassifier(LogisticRegression()).fit([[0], [1]], [[0, 1], [1, 0]])
    assert infer_signature(model).classes == ()


def test_texts_as_input():
    texts = ["a b", "b c", "c", "a"]
    model = make_pipeline(CountVectorizer(token_pattern="[a-z]"), LogisticRegression()).fit(texts, LABELS)
    signature = infer_signature(model, texts)
    assert (signature.inputs, signature.features) == ((Column("", "object"),), 1)


def test_rows_of_another_shape_tell_nothing():
    model = LinearRegression().fit(np.zeros((4, 2)), [1, 2, 3, 4])
    assert infer_signature(model, np.zeros((4, 3))) == Signature((), 2, "number")


def test_unfitted_models_and_other_things():
    assert infer_signature(make_pipeline(StandardScaler(), LogisticRegression())).features is None
    assert infer_signature({"w": 1}) == infer_signature(LogisticRegression) == Signature()
    assert infer_signature({"w": 1}, np.zeros((2, 28, 28))).features == 28 * 28
