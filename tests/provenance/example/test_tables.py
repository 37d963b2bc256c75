"""Rows as data and back: what a model is given again is what it was given."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from polars.testing import assert_frame_equal, assert_series_equal
from scipy import sparse

from nbregistry.catalog import exact
from nbregistry.provenance.example.tables import pack_rows, unpack_rows
from nbregistry.provenance.example.values import NotData

HOUR = dt.timezone(dt.timedelta(hours=1))
DAYS = pd.to_datetime(["2020-01-01", None, "2021-05-05"])


def again(X: Any) -> Any:
    """Write rows down, as they are written to disk, and read them."""
    described, arrays = pack_rows(X)
    assert not any(array.dtype.hasobject for array in arrays.values())
    return unpack_rows(exact.loads(exact.dumps(described)), arrays)


def every_dtype() -> pd.DataFrame:
    """Give a table with a column of each dtype that is kept."""
    return pd.DataFrame(
        {
            "whole": np.array([1, -2, 3], dtype="i1"),
            "single": np.array([1, np.nan, -0.0], dtype="f4"),
            "is": [True, False, True],
            "ordered": pd.Categorical(["a", None, "b"], categories=["b", "a", "never"], ordered=True),
            "numbered": pd.Categorical([3, 1, 3]),
            "day": DAYS,
            "zoned": DAYS.tz_localize("Europe/Paris"),
            "seconds": DAYS.tz_localize("UTC").as_unit("s"),
            "offset": DAYS.tz_localize(HOUR),
            "span": pd.to_timedelta([1, 2, None], unit="s"),
            "nullable": pd.array([1, None, 3], dtype="Int32"),
            "maybe": pd.array([True, None, False], dtype="boolean"),
            "float": pd.array([1.5, None, 2.0], dtype="Float64"),
            "text": pd.array(["x", None, "y"], dtype="string"),
            "words": ["a", "b", None],
            "mixed": pd.Series(["q", 1, None], dtype=object),
            "dates": pd.Series([dt.date(2026, 11, 30), Decimal("0.10"), pd.NA], dtype=object),
            7: [1, 2, 3],
            ("two", "parts"): [1, 2, 3],
        },
        index=pd.Index([5, 3, 9], name="customer"),
    )


def test_a_table_of_pandas_comes_back_with_names_dtypes_and_index() -> None:
    table = every_dtype()
    pd.testing.assert_frame_equal(again(table), table, check_column_type="exact")
    assert again(table)["zoned"].dtype == table["zoned"].dtype
    assert list(again(table)["ordered"].cat.categories) == ["b", "a", "never"]
    twice = pd.DataFrame([[1, "a"], [2, "b"]], columns=["same", "same"])
    pd.testing.assert_frame_equal(again(twice), twice)


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame(np.eye(3, dtype="f4"), columns=list("abc"), index=list("xyz")),
        pd.DataFrame({"a": pd.array([1, 2], dtype="Int64")}),
        pd.DataFrame({"a": [1, 2], "b": [0.5, 1.5]}),
        pd.DataFrame(
            np.ones((2, 2)),
            index=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["u", None]),
            columns=pd.MultiIndex.from_product([["x"], ["p", "q"]]),
        ),
    ],
    ids=["one block", "nullable", "two dtypes", "several levels"],
)
def test_so_does_any_other_table(table: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(again(table), table)


def test_so_does_a_column() -> None:
    for name in every_dtype().columns:
        column = every_dtype()[name]
        pd.testing.assert_series_equal(again(column), column)
    pd.testing.assert_index_equal(again(pd.Index(["a", "b"], name="n")), pd.Index(["a", "b"], name="n"))


def test_a_table_of_polars_comes_back() -> None:
    table = pl.DataFrame(
        {
            "small": pl.Series([1, None], dtype=pl.Int8),
            "large": pl.Series([2**63, 1], dtype=pl.UInt64),
            "float": [1.5, float("nan")],
            "text": ["a", None],
            "category": pl.Series(["x", "y"], dtype=pl.Categorical),
            "enum": pl.Series(["x", None], dtype=pl.Enum(["y", "x"])),
            "date": [dt.date(2020, 1, 1), None],
            "time": [dt.time(1, 2), None],
            "moment": pl.Series([dt.datetime(2020, 1, 1), None], dtype=pl.Datetime("ms", "Europe/Paris")),  # noqa: DTZ001
            "span": [dt.timedelta(1), None],
            "is": [True, None],
            "empty": pl.Series([None, None], dtype=pl.Int64),
        }
    )
    assert again(table).schema == table.schema
    assert_frame_equal(again(table), table)
    assert_series_equal(again(table["moment"]), table["moment"])


@pytest.mark.parametrize(
    "array",
    [
        np.ones((3, 2), "f4"),
        np.array([["a", 1.5], [None, 2]], dtype=object),
        np.array(["a", "bb"]),
        np.array(["2020-01-01"], "M8[D]"),
        np.asfortranarray(np.arange(12.0).reshape(3, 4)),
        np.arange(24, dtype=">i2").reshape(2, 3, 4),
    ],
    ids=lambda array: str(array.dtype),
)
def test_an_array_comes_back(array: Any) -> None:
    found = again(array)
    assert (found.dtype, found.shape) == (array.dtype, array.shape)
    np.testing.assert_array_equal(found, array)


@pytest.mark.parametrize("layout", ["csr", "csc", "coo", "lil", "dok", "dia", "bsr"])
def test_a_sparse_one_comes_back_as_the_kind_it_was(layout: str) -> None:
    for matrix in (
        sparse.random_array((5, 6), density=0.4, format=layout, rng=0),
        getattr(sparse, f"{layout}_matrix")(sparse.random(5, 6, density=0.3, random_state=0)),
    ):
        found = again(matrix)
        assert type(found) is type(matrix)
        assert (found != matrix).nnz == 0


@pytest.mark.parametrize(
    "rows",
    [["a", "b"], [[1, 2.5], [True, None]], [{"a": 1}, {"b": "c"}], ([1, 2],), [np.float32(1.5)], [(1, 2), (3, 4)]],
    ids=repr,
)
def test_a_list_comes_back_with_the_types_of_its_values(rows: Any) -> None:
    found = again(rows)
    assert found == rows
    assert type(found) is type(rows)
    assert type(found[0]) is type(rows[0])


class Model:
    """An object that is no data."""


@pytest.mark.parametrize(
    "rows",
    [
        [Model()],
        Model(),
        np.array([Model()], dtype=object),
        np.ma.masked_array([1, 2]),
        pd.DataFrame({"a": [Model()]}),
        pd.DataFrame({"a": pd.arrays.SparseArray([0, 1])}),
        pd.DataFrame({"a": pd.interval_range(0, 2)}),
        type("GeoFrame", (pd.DataFrame,), {"__module__": "geopandas"})({"a": [1]}),
        pl.DataFrame({"a": [[1, 2]]}),
        pd.DataFrame({"a": DAYS.tz_localize(dt.timezone(dt.timedelta(hours=1), "../../etc/zone"))}),
    ],
    ids=lambda rows: type(rows).__name__,
)
def test_what_only_code_could_build_again_is_refused(rows: Any) -> None:
    with pytest.raises(NotData):
        pack_rows(rows)


@pytest.mark.parametrize(
    "found",
    [
        {"table": "model"},
        {"table": "list", "values": {"__import__": "os"}},
        {"table": "list", "values": {"number": ["O", 1]}},
        {"table": "numpy", "kind": "objects", "shape": [10**9], "values": [1]},
        {"table": "sparse", "format": "csr", "matrix": True, "shape": [1, 2]},
        {"table": "pandas", "kind": "series", "index": {"levels": [], "names": [], "many": False}, "column": {}},
    ],
    ids=str,
)
def test_what_was_never_written_is_not_read(found: dict[str, Any]) -> None:
    arrays = {"data": np.ones(1), "indices": np.array([10**6]), "indptr": np.array([0, 1])}
    with pytest.raises((ValueError, KeyError, IndexError)):
        unpack_rows(found, arrays)


def test_no_file_is_read_for_a_time_zone() -> None:
    described, arrays = pack_rows(pd.Series(DAYS.tz_localize("Europe/Paris")))
    for zone in ("dateutil//etc/passwd", "/etc/localtime", "../../etc/passwd", "dateutil/Europe/Paris", "tzlocal"):
        described["column"]["zone"] = zone
        with pytest.raises(ValueError, match="no time zone"):
            unpack_rows(described, arrays)
