"""Into which groups rows fall by the values of a column, whatever its type."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pytest

from nbregistry.evaluation.partition import groups_of

DAYS = pd.Series(pd.date_range("2020-01-01", periods=101, freq="D"))
QUARTERS = [
    ("≤ 2020-01-26", 26),
    ("2020-01-26 to 2020-02-20", 25),
    ("2020-02-20 to 2020-03-16", 25),
    ("> 2020-03-16", 25),
]


def found(values):
    return [(name, int(rows.sum())) for name, rows in groups_of(values)]


@pytest.mark.parametrize(
    "days",
    [
        DAYS,
        DAYS.dt.tz_localize("Europe/Berlin"),
        DAYS.dt.date,
        pd.Series(list(DAYS.dt.to_pydatetime()), dtype=object),
        DAYS.to_numpy(),
        pl.Series(DAYS.to_numpy()),
        pl.Series(DAYS.dt.date.tolist()),
    ],
    ids=["times", "zone", "dates", "datetimes", "numpy", "polars", "polars dates"],
)
def test_times_are_cut_at_their_quartiles_as_numbers_are(days):
    assert found(days) == QUARTERS


def test_times_that_are_missing_are_a_group_and_few_different_ones_stand_for_themselves():
    assert found([*DAYS, None, pd.NaT]) == [*QUARTERS, ("(missing)", 2)]
    assert found(list(DAYS[:2]) * 3) == [("2020-01-01", 3), ("2020-01-02", 3)]
    assert found(DAYS - DAYS[0])[0] == ("≤ 25 days", 26)


def test_what_is_infinite_belongs_to_the_ends():
    numbers = [*range(1, 13), np.inf, np.inf, -np.inf, np.nan]
    cut = found(numbers)
    assert sum(count for _, count in cut) == len(numbers)
    assert cut[0] == ("≤ 3.5", 4)
    assert cut[-2][1] == 4
    assert cut[-1] == ("(missing)", 1)


def test_dates_that_no_column_of_times_can_hold_are_groups_all_the_same():
    long_ago = [dt.date(1, 1, 1), dt.date(9999, 12, 31)] * 3
    assert found(long_ago) == [("0001-01-01", 3), ("9999-12-31", 3)]


def test_other_values_are_groups_by_what_they_read():
    assert found([Decimal(number) for number in range(1, 13)])[0] == ("≤ 3.75", 3)
    assert found([1 + 1j, 2, 1 + 1j]) == [("(1+1j)", 2), ("(2+0j)", 1)]
    assert found([["a"], ["b"], ["a"], None]) == [("['a']", 2), ("['b']", 1), ("(missing)", 1)]
    assert found([True, False, None, True]) == [("False", 1), ("True", 2), ("(missing)", 1)]
