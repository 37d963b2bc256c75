"""Columns of any kind as numbers that a tree can split, and its splits in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

MOST_CATEGORIES = 20
"""Text of more different values than this is no category, and is left out."""

CUTS = 32
"""A column of numbers or dates is cut at so many quantiles at most."""


@dataclass(frozen=True, eq=False)
class Feature:
    """One column of what a tree sees.

    Attributes
    ----------
    name : str
    codes : ndarray of float32, n
        Numbers of the cuts that each value lies behind; NaN where it is missing.
    low, high : tuple of str
        What is true up to each cut, and behind it.
    """

    name: str
    codes: Array
    low: tuple[str, ...]
    high: tuple[str, ...]

    def said(self, threshold: float, *, is_low: bool, missing: bool) -> str:
        """Say which side of a split this is.

        Parameters
        ----------
        threshold : float
            Between two codes; infinite where all values stand on the low side.
        is_low : bool
        missing : bool
            Whether rows without a value are on this side.
        """
        import numpy as np

        if np.isinf(threshold):
            return f"{self.name} is {'known' if is_low else 'missing'}"
        words = (self.low if is_low else self.high)[int(threshold)]
        return f"{words} or missing" if missing and np.isnan(self.codes).any() else words


def features_of(table: pd.DataFrame) -> list[Feature]:
    """Give what a tree can split on: numbers and dates at their quantiles, categories one by one.

    Parameters
    ----------
    table : DataFrame

    Returns
    -------
    list of Feature
        Several for a column of categories, one for any other, none for text with many values and for columns that
        have one value only.

    Examples
    --------
    >>> import pandas as pd
    >>> age, north, south = features_of(pd.DataFrame({"age": [20, 30, None], "region": ["north", "south", "south"]}))
    >>> age.said(0.5, is_low=True, missing=True), south.said(0.5, is_low=False, missing=False)
    ('age ≤ 20 or missing', 'region is south')
    """
    return [
        feature for place, name in enumerate(table.columns) for feature in _features(str(name), table.iloc[:, place])
    ]


def _features(name: str, column: pd.Series[Any]) -> Iterator[Feature]:
    import pandas as pd

    types = pd.api.types
    if types.is_datetime64_any_dtype(column):
        yield from _ordered(name, column.to_numpy(dtype="datetime64[ns]"))
    elif types.is_numeric_dtype(column) and not types.is_bool_dtype(column) and not types.is_complex_dtype(column):
        yield from _ordered(name, column.to_numpy(dtype=float, na_value=float("nan")))
    else:
        yield from _categories(name, column)


def _ordered(name: str, values: Array) -> Iterator[Feature]:
    import numpy as np
    import pandas as pd

    missing = pd.isna(values)
    known = np.unique(values[~missing])
    if len(known) < 2:
        return
    if len(known) > CUTS:
        ordered = np.sort(values[~missing])
        known = np.unique(ordered[[len(ordered) * cut // CUTS for cut in range(1, CUTS)]])
        cuts = known[known < ordered[-1]]
    else:
        cuts = known[:-1]
    codes = np.searchsorted(cuts, values, side="left").astype(np.float32)
    codes[missing] = np.nan
    words = [_written(cut) for cut in cuts]
    yield Feature(name, codes, tuple(f"{name} ≤ {word}" for word in words), tuple(f"{name} > {word}" for word in words))


def _written(cut: Any) -> str:
    import numpy as np
    import pandas as pd

    if isinstance(cut, np.datetime64):
        return str(pd.Timestamp(cut)).removesuffix(" 00:00:00")
    return f"{float(cut):.6g}"


def _categories(name: str, column: pd.Series[Any]) -> Iterator[Feature]:
    import numpy as np

    words = column.astype(object).where(column.notna(), "(missing)").map(str)
    known = sorted(set(words))
    if not 2 <= len(known) <= MOST_CATEGORIES:
        return
    for word in known:
        yield Feature(
            name, (words == word).to_numpy(dtype=np.float32), (f"{name} is not {word}",), (f"{name} is {word}",)
        )
