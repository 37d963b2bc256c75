"""Missing values among the inputs, whatever holds them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

from nbregistry.errors import Refused
from nbregistry.evaluation.metrics import evaluate
from nbregistry.evaluation.pitfalls.inputs import missing_inputs, other_order

nan = np.nan
VALUES = np.array([[1.0, nan, 2.0], [nan, nan, 1.0], [3.0, 0.5, 0.0], [1.0, 2.0, 3.0]])


@pytest.mark.parametrize("X", [VALUES, VALUES.tolist(), VALUES.astype(object), sparse.csr_array(VALUES)])
def test_by_number(X):
    assert missing_inputs(X) == "X has NaN in 2 of 4 rows: in columns 1 (2), 0 (1)"


def test_by_name():
    X = pd.DataFrame(VALUES, columns=["age", "income", "visits"]).assign(
        town=pd.Series(["Ulm", None, "Bern", pd.NA], dtype=object),
        size=pd.Categorical(["s", "l", None, "m"]),
        children=pd.array([1, None, 2, 0], dtype="Int64"),
        since=pd.to_datetime(["2026-01-01", None, None, None]),
    )
    assert missing_inputs(X) == (
        "X has NaN in 4 of 4 rows: in columns 'since' (3), 'income' (2), 'town' (2), 'age' (1), 'size' (1) and 1 more"
    )
    assert missing_inputs(X["age"]) == "X has NaN in 1 of 4 rows: in column 0 (1)"


def test_polars():
    polars = pytest.importorskip("polars")
    X = polars.DataFrame({"age": [1.0, None, nan], "town": ["Ulm", None, "Bern"], "n": [1, 2, 3]})
    assert missing_inputs(X) == "X has NaN in 2 of 3 rows: in columns 'age' (2), 'town' (1)"


@pytest.mark.parametrize(
    "X", [VALUES[2:], VALUES[2:].astype(int), [["a"], ["b"]], ["a text", "another"], [[1], [1, 2]], sparse.eye(3)]
)
def test_nothing_is_missing(X):
    assert missing_inputs(X) == ""


def test_it_is_told_when_a_model_is_measured():
    X, y = np.repeat(VALUES, 10, axis=0), np.repeat([0, 1, 0, 1], 10)
    measured = evaluate(DecisionTreeClassifier().fit(X, y), X, y)
    assert measured.metrics
    assert "X has NaN in 20 of 40 rows: in columns 1 (20), 0 (10); make sure that" in measured.warnings[-1]
    with pytest.raises(Refused, match=r"Input X contains NaN; X has NaN in 20 of 40 rows") as caught:
        evaluate(LogisticRegression().fit(X[20:], y[20:]), X, y)
    assert "fill in what is missing" in caught.value.hint


def test_targets_in_another_order_are_noticed_by_their_labels():
    X = pd.DataFrame({"a": [1.0, 2.0, 3.0]}, index=["x", "y", "z"])
    y = pd.Series([0, 1, 1], index=X.index)
    told = "the index of y has the labels of X in another order"
    assert other_order(X[::-1], y).startswith(told)
    assert other_order(X["a"], y.to_frame()[::-1]).startswith(told)
    assert other_order(X, y) == ""
    assert other_order(X[::-1], y[::-1]) == ""
    assert other_order(X.reset_index(drop=True), y) == ""
    assert other_order(X[::-1], y.to_numpy()) == ""
    assert other_order([[1.0]], [1]) == ""
    assert other_order(X.set_axis([0, 0, 1]), y.set_axis([0, 1, 0])) == ""  # which of them is which cannot be told


def test_an_evaluation_tells_it():
    X = pd.DataFrame({"a": np.arange(1.0, 7.0)})
    model = DummyRegressor().fit(X, X["a"])
    (told,) = evaluate(model, X, X["a"][::-1]).warnings
    assert told == other_order(X, X["a"][::-1])
    assert evaluate(model, X, X["a"]).warnings == ()
