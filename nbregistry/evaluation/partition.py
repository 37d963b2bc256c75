"""Rows cut into groups by the values of a column, and which groups are too small to tell anything."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import pandas as pd

    from nbregistry.evaluation.metrics import Measured

    Mask = np.ndarray[Any, np.dtype[np.bool_]]

GROUPS_SHOWN = 20
"""More groups than this are no groups: the largest stand, the rest goes into one."""

QUARTILES_FROM = 11
"""A column of numbers or times with this many different values is cut at its quartiles."""

FEWEST_ROWS = 30
FEWEST_OF_A_CLASS = 5
SMALL = (
    f"fewer than {FEWEST_ROWS} rows, or for classes fewer than {FEWEST_OF_A_CLASS} rows outside of the most common one"
)
"""When a group is too small to be tested, in words."""


def groups_of(values: Any) -> Iterator[tuple[str, Mask]]:
    """Give each group's name and which rows are its own, in the order of the values.

    Parameters
    ----------
    values : array-like, n
        Numbers and times with many values are cut at their quartiles; missing values are a group of their own.

    Examples
    --------
    >>> [(name, int(rows.sum())) for name, rows in groups_of(["north", "south", None, "north"])]
    [('north', 2), ('south', 1), ('(missing)', 1)]
    >>> [(name, int(rows.sum())) for name, rows in groups_of(range(1, 13))]
    [('≤ 3.75', 3), ('3.75 to 6.5', 3), ('6.5 to 9.25', 3), ('> 9.25', 3)]
    """
    import pandas as pd

    column = _plain(pd.Series(values).reset_index(drop=True))
    names: dict[Any, str] = {}
    if _is_measured(column) and column.nunique() >= QUARTILES_FROM:
        column = pd.qcut(_finite(column), 4, duplicates="drop")
        names = _names_of_parts(list(column.cat.categories))
    counts = column.value_counts(sort=False)
    largest = sorted((group for group in counts.index if counts[group]), key=lambda group: -int(counts[group]))
    for group in _in_order(largest[:GROUPS_SHOWN]):
        yield names.get(group, _written(group)), (column == group).fillna(value=False).to_numpy(dtype=bool)
    rest = column.isin(largest[GROUPS_SHOWN:]).to_numpy(dtype=bool)
    if rest.any():
        yield "(others)", rest
    missing = column.isna().to_numpy(dtype=bool)
    if missing.any():
        yield "(missing)", missing


def _names_of_parts(parts: list[pd.Interval[Any]]) -> dict[Any, str]:
    """Name the parts that numbers were cut into; the value at which two meet belongs to the lower one."""
    first, *others = parts
    names: dict[Any, str] = {first: f"≤ {_written(first.right)}"}
    names |= {part: f"{_written(part.left)} to {_written(part.right)}" for part in others}
    return names | {part: f"> {_written(part.left)}" for part in others[-1:]}


def _plain(column: Any) -> Any:
    """Give Python's own dates and decimals the type of a column of them, and what cannot be hashed as its words."""
    import pandas as pd
    from pandas.api import types

    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return column.dt.tz_localize(None)
    if not types.is_object_dtype(column):
        return column
    kind = types.infer_dtype(column, skipna=True)
    with suppress(ValueError, TypeError):  # dates before and after what a column of times can hold, or of several zones
        if kind in ("date", "datetime"):
            return _plain(pd.to_datetime(column))
        if kind == "decimal":
            return column.astype("float64")
    try:
        column.nunique()
    except TypeError:  # lists and the like
        return column.map(str, na_action="ignore")
    return column


def _is_measured(column: pd.Series[Any]) -> bool:
    """Tell whether the values lie on a scale that can be cut."""
    from pandas.api import types

    if types.is_bool_dtype(column) or types.is_complex_dtype(column):
        return False
    is_time = types.is_datetime64_any_dtype(column) or types.is_timedelta64_dtype(column)
    return is_time or types.is_numeric_dtype(column)


def _finite(column: pd.Series[Any]) -> pd.Series[Any]:
    """Put what is infinite at the ends of the other numbers: there are no quartiles between a number and infinity."""
    import numpy as np
    from pandas.api import types

    if not types.is_float_dtype(column):
        return column
    others = column[~column.isin([np.inf, -np.inf])]
    return column.clip(others.min(), others.max())


def _written(value: Any) -> str:
    """Write a value; of a time that is the beginning of a day, the day."""
    return str(value).removesuffix(" 00:00:00")


def is_small(measured: Measured) -> bool:
    """Tell whether these are too few rows to test anything on: see :data:`SMALL`."""
    import numpy as np

    if measured.n < FEWEST_ROWS:
        return True
    if measured.task not in ("binary", "multiclass"):
        return False
    _, counts = np.unique(measured.codes, return_counts=True)
    return measured.n - int(counts.max()) < FEWEST_OF_A_CLASS


def _in_order(groups: list[Any]) -> list[Any]:
    try:
        return sorted(groups)
    except TypeError:  # values of several types
        return sorted(groups, key=str)
