"""Fingerprints: the same for the same data, another for any change."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from scipy import sparse

from nbregistry.errors import Refused
from nbregistry.model import Column
from nbregistry.provenance.data import describe_data, fingerprint

A = np.arange(12.0).reshape(4, 3)


def test_what_is_kept_of_a_table():
    frame = pd.DataFrame({"age": [1, 2], "city": ["a", "b"]})
    data = describe_data("train", frame, [0, 1], name="X, y")
    assert (data.role, data.name, data.kind, data.rows, data.columns) == ("train", "X, y", "pandas", 2, 2)
    assert data.inputs == (Column("age", "int64"), Column("city", "str"))
    assert data.fingerprint.startswith("sha256:")
    assert len(data.fingerprint) == 71


@pytest.mark.parametrize(
    ("X", "kind", "columns"),
    [
        (A, "numpy", 3),
        (A[:, 0], "numpy", 1),
        (sparse.csr_matrix(A), "sparse", 3),
        (A.tolist(), "list", 3),
        (["some", "texts", "of", "people"], "list", 1),
        ([[1], [1, 2], [], [3]], "list", 1),
        (pd.Series([1, 2, 3, 4], name="x"), "pandas", 1),
        (np.zeros((4, 2, 5)), "numpy", 10),
    ],
)
def test_kinds_and_shapes(X, kind, columns):
    data = describe_data("evaluation", X, list("abab"))
    assert (data.kind, data.rows, data.columns) == (kind, 4, columns)


def test_lengths_that_differ_are_refused():
    with pytest.raises(Refused, match="X has 113 rows, y has 114"):
        describe_data("train", np.zeros((113, 2)), np.zeros(114))
    with pytest.raises(Refused, match="X is of the type generator"):
        describe_data("train", (row for row in A))


@given(npst.arrays(npst.scalar_dtypes(), npst.array_shapes(max_dims=3, max_side=5)))
def test_memory_order_does_not_count(array):
    same = [
        np.asfortranarray(array),
        array[::-1].copy()[::-1],
        np.repeat(array, 2, axis=-1)[..., ::2],
        array.astype(array.dtype.newbyteorder(">")),
    ]
    assert {fingerprint(other) for other in same} == {fingerprint(array)}


def test_memory_order_does_not_count_across_chunks():
    array = np.random.default_rng(0).normal(size=(30_000, 40))
    assert fingerprint(np.asfortranarray(array)) == fingerprint(array) == fingerprint(array[:, ::-1].copy()[:, ::-1])


@given(st.data(), npst.arrays(np.float64, (4, 3), elements=st.floats(-9, 9)))
def test_any_changed_value_counts(data, array):
    other = array.copy()
    place = data.draw(st.tuples(st.integers(0, 3), st.integers(0, 2)))
    other[place] = np.nextafter(other[place], np.inf)
    for shape in (np.copy, np.asfortranarray, pd.DataFrame, np.ndarray.tolist):
        assert fingerprint(shape(array)) != fingerprint(shape(other))


def different(*tables):
    """Tell whether all fingerprints differ, and each is the same twice."""
    prints = [fingerprint(table) for table in tables]
    assert prints == [fingerprint(table) for table in tables]
    return len(set(prints)) == len(prints)


def test_dtype_shape_and_order_count():
    assert different(A, A.astype("float32"), A.astype(int), A[::-1], A[:, ::-1], A.reshape(3, 4), A.ravel(), A[:2], A.T)
    assert different(np.zeros(0), np.zeros((0, 3)), np.zeros((3, 0)), np.zeros(0, bool))
    assert different(np.array(["a", "b"]), np.array(["a", "bb"]), np.array(["a", "b"], "U2"), np.array([b"a", b"b"]))
    assert different(np.array([0.0]), np.array([-0.0]), np.array([np.nan]), np.array([np.inf]))
    days = np.array(["2026-01-01"], "M8[D]")
    assert different(days, days.astype("M8[s]"), days + 1, days.astype("i8"))


def test_records_without_the_bytes_between():
    kind = np.dtype([("a", "i1"), ("b", "f8")], align=True)
    one, two = np.zeros(3, kind), np.frombuffer(b"\xff" * 48, kind).copy()
    two["a"], two["b"] = 0, 0
    assert fingerprint(one) == fingerprint(two)
    two["b"][1] = 1
    assert different(one, two, one["a"], one.astype([("x", "i1"), ("b", "f8")]))


def frames():
    base = {"age": [1, 2, 3], "city": ["a", "b", "c"], "day": pd.to_datetime(["2026-01-01", "2026-01-02", None])}
    yield base
    yield base | {"age": [1, 2, 4]}
    yield base | {"age": [1.0, 2, 3]}
    yield base | {"age": pd.array([1, 2, 3], "Int64")}
    yield base | {"age": pd.array([1, 2, None], "Int64")}
    yield base | {"age": pd.array([1, 2, 0], "Int64")}
    yield base | {"age": pd.array([1, 2, 3], "Float64")}
    yield base | {"age": pd.array([True, False, None], "boolean")}
    yield base | {"age": pd.array([True, False, False], "boolean")}
    yield base | {"city": ["a", "b", "d"]}
    yield base | {"city": ["a", "b", None]}
    yield base | {"city": ["a", "b", ""]}
    yield base | {"city": ["a", "bc", ""]}
    yield base | {"city": ["ab", "", "c"]}
    yield base | {"city": pd.Series(["a", "b", "c"], dtype="string")}
    yield base | {"city": pd.Series(["a", "b", "c"], dtype=object)}
    yield base | {"city": pd.Series(["a", "b", 3], dtype=object)}
    yield base | {"city": pd.Series(["a", "b", "3"], dtype=object)}
    yield base | {"city": pd.Series(["a", "b", 3.0], dtype=object)}
    yield base | {"city": pd.Categorical(["a", "b", "c"])}
    yield base | {"city": pd.Categorical(["a", "b", "c"], ["c", "b", "a"])}
    yield base | {"city": pd.Categorical(["a", "b", "c"], ["a", "b", "c", "d"])}
    yield base | {"city": pd.Categorical(["a", "b", "c"], ordered=True)}
    yield base | {"city": pd.Categorical(["a", "b", None])}
    yield base | {"day": pd.to_datetime(["2026-01-01", "2026-01-03", None])}
    yield base | {"day": pd.to_datetime(["2026-01-01", "2026-01-02", None]).tz_localize("UTC")}
    yield base | {"day": pd.to_datetime(["2026-01-01", "2026-01-02", None]).tz_localize("Europe/Paris")}
    yield base | {"day": pd.period_range("2026-01", periods=3, freq="M")}
    yield base | {"day": pd.to_timedelta([1, 2, 3], unit="s")}
    yield base | {"day": pd.interval_range(0, 3)}
    yield base | {"day": pd.arrays.SparseArray([0, 0, 1])}
    yield base | {"day": pd.Series([dt.date(2026, 1, 1)] * 3)}
    yield base | {"day": pd.Series([[1], [2, 3], []])}
    yield base | {"day": pd.Series([[1], [2], [3]])}
    yield base | {"day": pd.Series([{"a": 1}, None, np.arange(3)])}
    yield base | {"day": pd.Series([{"a": 1}, None, np.arange(3) + 1])}
    yield base | {"more": [1, 2, 3]}
    yield {"Age": base["age"], "city": base["city"], "day": base["day"]}
    yield {"city": base["city"], "age": base["age"], "day": base["day"]}


def test_any_change_of_a_frame_counts():
    assert different(*map(pd.DataFrame, frames()))


@pytest.mark.parametrize("columns", list(frames()), ids=itertools.count().__next__ and str)
def test_an_equal_frame_is_the_same_however_it_was_built(columns):
    frame = pd.DataFrame(columns)
    assert fingerprint(frame) == fingerprint(frame.copy())
    assert fingerprint(frame) == fingerprint(frame.set_index(pd.Index([7, 5, 3])))  # the index is no data
    assert fingerprint(frame) == fingerprint(pd.concat([frame, frame]).iloc[:3].astype(frame.dtypes))
    assert fingerprint(frame) != fingerprint(frame[::-1])


def test_names_of_columns_count_with_their_type():
    assert different(
        *(pd.DataFrame([[1, 2]], columns=names) for names in ([0, 1], ["0", "1"], [0.0, 1.0], [("a", 0), ("a", 1)]))
    )
    assert different(pd.Series([1], name="a"), pd.Series([1], name="b"), pd.Series([1]), pd.DataFrame({"a": [1]}))
    assert fingerprint(pd.DataFrame([[1, 2]], columns=np.array([0, 1]))) == fingerprint(pd.DataFrame([[1, 2]]))


def test_two_columns_of_one_name():
    frame = pd.DataFrame([[1, 2], [3, 4]], columns=["a", "a"])
    assert different(frame, frame + 1)


def test_y_counts():
    prints = {
        describe_data("train", A, y).fingerprint
        for y in (None, [0, 1, 0, 1], [0, 1, 1, 1], list("abab"), np.arange(4.0))
    }
    assert len(prints) == 5
    assert (
        describe_data("train", A, [1, 2, 3, 4]).fingerprint
        == describe_data("evaluation", A.tolist(), np.arange(4) + 1).fingerprint
    )


def test_what_is_x_and_what_is_y_counts():
    assert fingerprint(A, A[:2]) != fingerprint(A[:2], A)
    assert fingerprint(A, None) != fingerprint(None, A)


@pytest.mark.parametrize("kind", ["csr", "csc", "coo", "lil", "dok", "bsr"])
def test_sparse_formats_are_one(kind):
    matrix = sparse.random_array((50, 20), density=0.2, rng=0, format="csr")
    before = matrix.copy()
    assert fingerprint(matrix.asformat(kind)) == fingerprint(matrix)
    assert fingerprint(sparse.csr_matrix(matrix)) == fingerprint(matrix)
    assert (matrix != before).nnz == 0


def test_sparse_changes_count_and_stored_zeros_do_not():
    one = sparse.csr_array(([1.0, 2.0, 0.0], ([0, 1, 1], [0, 1, 0])), shape=(2, 2))
    same = sparse.coo_array(([2.0, 0.5, 0.5], ([1, 0, 0], [1, 0, 0])), shape=(2, 2))
    assert fingerprint(one) == fingerprint(same)
    assert one.nnz == 3
    moved = sparse.csr_array(([1.0, 2.0], ([0, 1], [1, 1])), shape=(2, 2))
    wider = sparse.csr_array(([1.0, 2.0], ([0, 1], [0, 1])), shape=(2, 3))
    assert different(one, moved, wider, one * 2, one.astype("float32"), one.toarray())


def test_nothing_of_the_data_is_changed():
    frame = pd.DataFrame(next(frames()))
    before = frame.copy(deep=True)
    describe_data("train", frame)
    pd.testing.assert_frame_equal(frame, before)


def test_objects_say_no_addresses():
    class Thing:
        pass

    things = [np.array([Thing(), Thing()], dtype=object) for _ in range(2)]
    assert fingerprint(things[0]) == fingerprint(things[1])


@given(st.lists(st.one_of(st.text(), st.none(), st.integers(), st.floats(allow_nan=False)), min_size=1), st.data())
def test_lists_of_anything_are_told_apart(values, data):
    other = values.copy()
    other[data.draw(st.integers(0, len(values) - 1))] = "¤ not there before"
    assert fingerprint(pd.Series(values, dtype=object)) == fingerprint(pd.Series(list(values), dtype=object))
    assert (fingerprint(pd.Series(values, dtype=object)) == fingerprint(pd.Series(other, dtype=object))) == (
        values == other
    )
