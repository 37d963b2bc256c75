"""Which rows become the example: spread over all of them, of the kind they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import sparse

from nbregistry.provenance.example.choosing import spread


@pytest.mark.parametrize(
    "rows",
    [
        np.arange(1_000).reshape(500, 2),
        pd.DataFrame({"a": range(500)}),
        pd.Series(range(500)),
        pl.DataFrame({"a": range(500)}),
        sparse.eye_array(500).tocsc(),
        ["text"] * 500,
        ([1],) * 500,
        np.ones((500, 2, 2)),
    ],
    ids=lambda rows: type(rows).__name__,
)
def test_a_hundred_rows_of_the_same_kind(rows: Any) -> None:
    found = spread(rows)
    assert type(found) is type(rows)
    assert (found.shape[0] if hasattr(found, "shape") else len(found)) == 100
    assert spread(found) is found


def test_they_are_spread_from_the_first_to_the_last_each_once() -> None:
    found = spread(np.arange(150))
    assert (found[0], found[-1]) == (0, 149)
    assert len(set(found.tolist())) == 100
    np.testing.assert_array_equal(found, spread(np.arange(150)))
    assert spread(np.arange(150), 1).tolist() == [0]
