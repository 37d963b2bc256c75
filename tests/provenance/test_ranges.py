"""From where to where columns go, for each kind of table."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

from nbregistry.model import ColumnRange
from nbregistry.provenance.ranges import MOST_COLUMNS, column_ranges

DAY = dt.datetime(2026, 11, 30)  # noqa: DTZ001 - what tables hold is without a zone


def test_of_an_array():
    X = np.array([[1.0, -2.0], [np.nan, 5.0], [3.0, 0.5]])
    assert column_ranges(X) == (ColumnRange("0", 1.0, 3.0, 1), ColumnRange("1", -2.0, 5.0, 0))


def test_of_a_list_and_of_one_column():
    assert column_ranges([[1, 2], [3, 4]]) == (ColumnRange("0", 1, 3, 0), ColumnRange("1", 2, 4, 0))
    assert column_ranges(np.array([3, 1, 2])) == (ColumnRange("0", 1, 3, 0),)
    assert column_ranges(pd.Series([3.0, None], name="age")) == (ColumnRange("age", 3.0, 3.0, 1),)


def test_of_a_frame():
    frame = pd.DataFrame(
        {
            "age": [30, 40, 50],
            "income": [1.5, np.nan, 0.5],
            "nullable": pd.array([1, None, 3], dtype="Int64"),
            "at": [pd.Timestamp(DAY), pd.NaT, pd.Timestamp(DAY) + pd.Timedelta(days=1)],
            "name": ["ada", None, "bob"],
            "kind": pd.Categorical(["a", "b", None]),
            "is_new": [True, False, True],
            7: [np.inf, 0.0, 1.0],
        }
    )
    assert column_ranges(frame) == (
        ColumnRange("age", 30, 50, 0),
        ColumnRange("income", 0.5, 1.5, 1),
        ColumnRange("nullable", 1, 3, 1),
        ColumnRange("at", "2026-11-30 00:00:00", "2026-12-01 00:00:00", 1),
        ColumnRange("name", None, None, 1),
        ColumnRange("kind", None, None, 1),
        ColumnRange("is_new", None, None, 0),
        ColumnRange("7", 0.0, np.inf, 0),
    )


def test_of_polars():
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame(
        {"age": [30, None, 50], "x": [0.5, float("nan"), 1.5], "at": [DAY, None, DAY], "name": ["ada", "bob", None]}
    )
    assert column_ranges(frame) == (
        ColumnRange("age", 30, 50, 1),
        ColumnRange("x", 0.5, 1.5, 1),
        ColumnRange("at", "2026-11-30 00:00:00", "2026-11-30 00:00:00", 1),
        ColumnRange("name", None, None, 1),
    )


def test_numbers_are_those_of_python():
    for column in column_ranges(pd.DataFrame({"a": np.array([1, 2], dtype=np.int8), "b": np.float32([0.5, 1.5])})):
        assert {type(column.lowest), type(column.highest)} <= {int, float}


@pytest.mark.parametrize(
    "X",
    [
        sp.csr_matrix(np.eye(3)),
        np.zeros((2, 3, 4)),
        np.array([(1, 2.0)], dtype=[("a", int), ("b", float)]),
        np.zeros((0, 2)),
    ],
)
def test_what_has_no_columns_has_no_ranges(X):
    assert column_ranges(X) == ()


def test_all_missing():
    assert column_ranges(np.full((2, 1), np.nan)) == (ColumnRange("0", None, None, 2),)
    assert column_ranges(pd.DataFrame({"a": pd.array([None, None], dtype="Int64")})) == (
        ColumnRange("a", None, None, 2),
    )


def test_objects_and_texts():
    assert column_ranges(np.array([["a", None], ["b", np.nan]], dtype=object)) == (
        ColumnRange("0", None, None, 0),
        ColumnRange("1", None, None, 2),
    )
    assert column_ranges(["some text", "another"]) == (ColumnRange("0", None, None, 0),)


def test_a_wide_table_is_bounded():
    assert len(column_ranges(np.zeros((2, 300)))) == MOST_COLUMNS
    assert len(column_ranges(pd.DataFrame(np.zeros((2, 300))))) == MOST_COLUMNS


def test_document():
    for column in (ColumnRange("a", 1.5, 2, 3), ColumnRange("b", "2026", None, 0)):
        assert ColumnRange.from_document(column.to_document()) == column
