"""Profiles of columns: a dozen numbers, no rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from nbregistry.model import ColumnProfile, Dataset
from nbregistry.provenance.profile import MOST_COLUMNS, SAMPLED, profile_columns, profile_like, profile_scores


def test_numbers_are_cut_at_their_deciles():
    (column,) = profile_columns(np.arange(1_000.0)[:, None])
    assert column.edges == tuple(99.0 + 100 * place for place in range(9))
    assert column.counts == (100,) * 10
    assert (column.name, column.values, column.missing, column.rows) == ("0", (), 0, 1_000)


def test_one_value_that_is_nearly_all_has_a_bin_on_either_side():
    (column,) = profile_columns(np.zeros((50, 1)))
    assert column.counts == (0, 50, 0)
    (now,) = profile_like([column], np.array([[-1.0], [0.0], [3.0], [np.nan]]))
    assert (now.counts, now.missing) == ((1, 1, 1), 1)


def test_words_are_counted_and_identifiers_left_out():
    table = pd.DataFrame({"who": [f"person {n}" for n in range(100)], "sex": ["f", "m", None, "f"] * 25})
    (column,) = profile_columns(table)
    assert (column.name, column.values, column.counts, column.missing) == ("sex", ("f", "m"), (50, 25, 0), 25)
    (now,) = profile_like([column], pd.DataFrame({"sex": ["f", "d", "d", None]}))
    assert (now.counts, now.missing) == ((1, 0, 2), 1)


@pytest.mark.parametrize("dtype", ["Int64", "Float64", "boolean", "category", "str"])
def test_columns_of_every_kind_are_read(dtype):
    values = (
        [True, False] * 50 if dtype == "boolean" else ["a", "b"] * 50 if dtype in ("category", "str") else [1, 2] * 50
    )
    table = pd.DataFrame({"x": pd.Series([*values, None], dtype=dtype)})
    (column,) = profile_columns(table)
    assert (column.missing, column.rows) == (1, 101)
    assert bool(column.edges) == (dtype not in ("category", "str"))
    assert profile_like([column], table) == (column,)


def test_a_profile_is_bounded_and_the_same_every_time():
    X = np.random.default_rng(0).normal(size=(5 * SAMPLED + 3, 3))
    once, again = profile_columns(X), profile_columns(X.copy())
    assert once == again
    assert all(column.rows <= SAMPLED for column in once)
    assert all(len(column.edges) == 9 for column in once)
    assert abs(np.searchsorted(np.sort(X[:, 0]), once[0].edges[4]) / len(X) - 0.5) < 0.01
    wide = profile_columns(np.ones((3, 500)))
    assert len(wide) == MOST_COLUMNS


@pytest.mark.parametrize("X", [sparse.eye(4).tocsr(), ["a text", "another"], np.zeros((3, 4, 5)), [[], []]])
def test_what_has_no_columns_has_no_profile(X):
    assert profile_columns(X) == ()


def test_scores_are_counted_in_the_bins_of_the_first():
    first = profile_scores(np.arange(200.0) / 256)
    assert first.counts == (20,) * 10
    assert profile_scores(np.full(50, 0.99), first).counts == (0,) * 9 + (50,)
    assert profile_scores(np.full(50, np.nan)) is None


def test_numbers_where_words_were_are_not_counted():
    assert profile_like([ColumnProfile("0", (), ("a",), (1, 0))], np.ones((3, 1))) == ()
    assert profile_like([ColumnProfile("0", (1.0,), (), (1, 0))], np.array([["a"], ["b"]], dtype=object)) == ()


def test_a_record_keeps_its_profile_and_what_a_newer_release_wrote():
    column = ColumnProfile("age", (30.0,), (), (3, 4), 1)
    data = Dataset("train", "X", "numpy", 8, 1, "sha256:" + "0" * 64, (), (column,), extra={"newer": [1]})
    document = data.to_document()
    assert Dataset.from_document(document) == data
    assert Dataset.from_document(document).to_document() == document
    assert document["newer"] == [1]
    assert "profile" not in Dataset("train", "X", "numpy", 8, 1, "sha256:" + "0" * 64).to_document()
