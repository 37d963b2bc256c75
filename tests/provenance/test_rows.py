"""Fingerprints of rows: the same row is found wherever it stands, and nothing else is."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from nbregistry.provenance.rows import apart, fingerprint_of_all, row_fingerprints, with_targets

polars = pytest.importorskip("polars")

NUMBERS = st.one_of(
    st.floats(width=64), st.sampled_from([0.0, -0.0, 1.0, float(2**53), 1e308, math.nan, math.inf]), st.integers(-5, 5)
)
TABLES = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(NUMBERS, min_size=width, max_size=width), min_size=1, max_size=12)
)


def key(value):
    """What a number is known by."""
    return "missing" if value != value else float(value) + 0.0


def same(*tables):
    first, *others = (row_fingerprints(table).tolist() for table in tables)
    return all(other == first for other in others)


@settings(max_examples=40, deadline=None)
@given(TABLES)
def test_numbers_are_the_same_in_every_kind_of_table(rows):
    array = np.array(rows, dtype=float)
    frame = pd.DataFrame(array, index=np.arange(len(array))[::-1])
    assert same(
        rows,
        array,
        np.asfortranarray(array),
        frame,
        frame.astype("Float64"),
        frame.astype(object),
        frame.rename(columns="col {}".format),
        polars.from_pandas(frame.rename(columns=str)),
        sparse.csr_array(array),
        sparse.coo_array(array),
    )


@settings(max_examples=40, deadline=None)
@given(TABLES, st.randoms(use_true_random=False))
def test_rows_are_equal_if_and_only_if_their_values_are(rows, random):
    shuffled = random.sample(rows, len(rows))
    found = [*row_fingerprints(np.array(rows, dtype=float)), *row_fingerprints(np.array(shuffled, dtype=float))]
    keys = [tuple(map(key, row)) for row in rows + shuffled]
    assert len(set(found)) == len(set(keys)) == len(set(zip(found, keys, strict=True)))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-(2**70), 2**70) | st.integers(2**53 - 3, 2**53 + 3), min_size=1))
def test_integers_are_never_rounded(values):
    values += [2**63 - 1, -(2**63), 2**64 - 1, 2**1100]
    found = row_fingerprints(np.array(values, dtype=object)).tolist()
    assert len(set(found)) == len(set(values))
    for dtype in (np.int64, np.uint64):
        fitting = [value for value in values if np.iinfo(dtype).min <= value <= np.iinfo(dtype).max]
        assert same(np.array(fitting, dtype=dtype), np.array(fitting, dtype=object))


@pytest.mark.parametrize("dtype", [np.int8, np.uint16, np.int32, np.int64, np.float16, np.float32, bool])
def test_the_type_of_numbers_plays_no_part(dtype):
    values = np.array([[1, 0], [0, 1], [1, 1]])
    assert same(values.astype(float), values.astype(dtype), pd.DataFrame(values.astype(dtype)))


def test_floats_are_compared_exactly():
    close = np.array([0.1, np.nextafter(0.1, 1), np.float32(0.1)])
    assert len(set(row_fingerprints(close).tolist())) == 3


def test_zero_has_no_sign():
    assert same([-0.0], [0], np.array([-0.0], dtype=object), sparse.csr_array(np.array([[-0.0]])))


def test_columns_count_by_their_place():
    assert not same([[1, 2]], [[2, 1]])
    assert not same([[1, 0]], [[1]])
    wide = np.zeros((3, 3))
    np.fill_diagonal(wide, 7.0)
    assert len(set(row_fingerprints(wide).tolist())) == 3


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text() | st.none(), min_size=1))
def test_texts_are_the_same_in_every_kind_of_table(values):
    column = pd.Series(values, dtype=object)
    tables = [values, np.array([*values, None], dtype=object)[:-1], column, column.astype("category")]
    if not any("\ud800" <= letter <= "\udfff" for value in values if value for letter in value):
        tables += [column.astype("str"), column.astype("string")]
        tables += [polars.Series(values, dtype=polars.String), polars.Series(values, dtype=polars.Categorical)]
    assert same(*tables)
    assert len(set(row_fingerprints(column).tolist())) == len(set(values))


def test_texts_bytes_numbers_times_and_other_things_are_different_things():
    moment = dt.datetime.fromisoformat("1970-01-01 00:00:01")
    values = ["1", b"1", 1, 1j, moment, dt.timedelta(seconds=1), (1,), dt.time(1), "", None, "nan", "None"]
    found = np.empty(len(values), dtype=object)
    found[:] = values
    assert len(set(row_fingerprints(found).tolist())) == len(values)


def test_numbers_among_texts_stay_numbers():
    rows = [["a", 1, 2.5], ["b", 2, math.nan]]
    assert same(rows, pd.DataFrame(rows), polars.DataFrame(rows, orient="row"))


@pytest.mark.parametrize("value", [Decimal("0.5"), np.float32(0.5), 0.5 + 0j, np.longdouble(0.5)])
def test_other_types_of_numbers_are_numbers(value):
    assert same(np.array([value], dtype=object), [0.5])


def test_what_is_missing_is_missing():
    for missing in (None, math.nan, np.float32("nan"), pd.NA, pd.NaT, Decimal("nan"), np.datetime64("NaT")):
        assert same(np.array([missing], dtype=object), [math.nan])
    assert same(pd.array([None, 1], dtype="Int64"), [math.nan, 1.0])
    assert same(polars.Series([None, 1]), pd.Series([None, True], dtype="boolean"), [math.nan, 1.0])
    spans = polars.Series([dt.timedelta(0), None])
    assert same(pd.Series([pd.Timedelta(0), pd.NaT]), spans, np.array([np.timedelta64(0, "s"), None], dtype=object))


def test_times_are_the_same_in_every_unit_and_zone():
    moments = list(map(dt.datetime.fromisoformat, ("2026-11-29 12:30", "1815-12-10")))
    column = pd.Series(moments)
    aware = column.dt.tz_localize("UTC")
    tables = [np.array(moments, dtype=object), column, column.astype("datetime64[s]"), aware, aware.astype(object)]
    tables += [aware.dt.tz_convert("Asia/Tokyo"), polars.Series(moments), np.array(moments, dtype="M8[us]")]
    assert same(*tables)
    days = [dt.date(2026, 11, 29), None]
    assert same(np.array(days, dtype=object), polars.Series(days), np.array(["2026-11-29", "NaT"], dtype="M8[D]"))
    assert same(np.array(["2026-11-29", "NaT"], dtype="M8[ns]"), np.array(days, dtype=object))
    spans = pd.Series([dt.timedelta(days=3)])
    assert same(spans, polars.Series([dt.timedelta(days=3)]), spans.astype(object))


def test_times_too_far_away_for_nanoseconds_are_told_apart():
    far = np.array(["9999-01-01", "9999-01-02", "1677-01-01", "2026-01-01"], dtype="M8[D]")
    assert len(set(row_fingerprints(far).tolist())) == 4
    assert same(far, far.astype("M8[s]"), np.array([day.item() for day in far], dtype=object))


def test_times_at_the_edge_of_nanoseconds_are_the_same_in_every_unit():
    edge = np.array(["1677-09-20", "1677-09-21", "1677-09-22", "2262-04-10", "2262-04-11", "2262-04-12"], dtype="M8[D]")
    assert len(set(row_fingerprints(edge).tolist())) == 6
    assert same(edge, edge.astype("M8[h]"), edge.astype("M8[us]"))
    assert same(edge[2:5], edge[2:5].astype("M8[ns]"))
    wrapped = np.array([(-106_752 * 86_400 * 10**9) % 2**64], dtype=np.uint64).view("M8[ns]")
    assert not same(np.array([-106_752], dtype="M8[D]"), wrapped)  # of which numpy once made the same number
    ages = np.array([10**6, -(10**7), 2020], dtype="M8[Y]")
    assert len(set(row_fingerprints(ages).tolist())) == 3


def test_rows_of_more_dimensions_and_other_shapes():
    images = np.arange(24.0).reshape(3, 2, 4)
    assert same(images, images.reshape(3, 8))
    assert same(np.array([(1, b"x"), (2, b"y")], dtype=[("a", "i4"), ("b", "S1")]), [[1, b"x"], [2, b"y"]])
    ragged = [[1, 2], [3]]
    assert len(set(row_fingerprints(ragged).tolist())) == 2
    assert row_fingerprints(np.empty((0, 3))).tolist() == row_fingerprints(pd.DataFrame({"a": []})).tolist() == []


def test_they_are_what_they_were():
    """Kept fingerprints are compared with those of later releases."""
    frame = pd.DataFrame({"x": [1.5, -2], "name": ["Ada", None], "at": pd.to_datetime(["2026-11-29", None])})
    assert row_fingerprints(frame).tolist() == [14763343739209540474, 7506476150813673925]


def test_targets_make_another_row_of_it():
    rows = row_fingerprints(np.zeros((4, 2)))
    found = with_targets(rows, np.array([0, 1, 0, 1]))
    assert len(set(found.tolist())) == 2
    assert found.tolist() == with_targets(rows, np.array([False, True, False, True])).tolist()
    assert len(set(with_targets(rows, np.array([[0, 1], [1, 0], [0, 1], [1, 1]])).tolist())) == 3


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 4)), st.randoms(use_true_random=False))
def test_repeated_rows_are_told_apart_in_any_order(values, random):
    rows = row_fingerprints(np.array(values, dtype=float))
    found = apart(rows)
    assert len(set(found.tolist())) == len(values)
    assert sorted(apart(np.array(random.sample(rows.tolist(), len(rows)), dtype=np.uint64))) == sorted(found)
    assert set(rows.tolist()) <= set(found.tolist())


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=1), st.randoms(use_true_random=False))
def test_one_fingerprint_of_all_rows_in_any_order(values, random):
    rows = row_fingerprints(np.array(values, dtype=float))
    assert fingerprint_of_all(rows) == fingerprint_of_all(
        row_fingerprints(np.array(random.sample(values, len(values)), dtype=float))
    )
    assert fingerprint_of_all(rows) != fingerprint_of_all(np.append(rows, rows[0]))
