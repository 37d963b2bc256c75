"""Columns of X against those that a model was fitted on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

from nbregistry.evaluation.pitfalls.columns import Amiss, columns_amiss

TABLE = pd.DataFrame(np.eye(5), columns=list("abcde"))
NAMED, UNNAMED = (LinearRegression().fit(X, np.arange(5)) for X in (TABLE, TABLE.to_numpy()))


@pytest.mark.parametrize(
    ("model", "X"),
    [
        (NAMED, TABLE),
        (NAMED, TABLE.to_numpy()),
        (UNNAMED, TABLE),
        (None, TABLE),
    ],
)
def test_nothing_is_amiss_where_names_agree_or_one_side_has_none(model, X):
    assert columns_amiss(model, X) == Amiss()


def test_the_same_columns_in_another_order_are_told():
    found = columns_amiss(NAMED, TABLE[list("edcba")])
    assert found == Amiss(is_reordered=True)
    assert found.told == "X has the same columns in another order"
    assert not columns_amiss(NAMED, TABLE[list("edcb")]).is_reordered


def test_what_is_missing_and_what_is_strange():
    assert columns_amiss(NAMED, TABLE.rename(columns={"b": "x"})) == Amiss(("b",), ("x",))


@pytest.mark.parametrize(
    ("missing", "told"), [("abc", "X lacks 'a', 'b', 'c'"), ("abcde", "X lacks 'a', 'b', 'c' and 2 more")]
)
def test_many_columns_are_counted(missing, told):
    assert Amiss(missing=tuple(missing)).told == told


@pytest.mark.parametrize(("strange", "aside"), [("", False), ("abcd", True), ("abcde", False)])
def test_a_few_columns_that_are_only_too_many_can_stand_beside_the_rows(strange, aside):
    assert ("--keep" in Amiss(strange=tuple(strange)).hint) == aside
    assert "--keep" not in Amiss(("age",), tuple(strange)).hint
