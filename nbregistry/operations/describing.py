"""What is kept of a data set besides its shape: ranges of its columns, and what its rows are known by in any order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from nbregistry.model import Dataset

    Array = np.ndarray[Any, Any]

DATA = "data"
"""The role of a data set that is neither trained nor evaluated on."""


def described(dataset: Dataset, X: Any, y: Any, rows: Array | None = None) -> Dataset:
    """Add what takes a look at every row.

    Parameters
    ----------
    dataset : Dataset
    X, y : array-like
        The data it describes; there may be no y.
    rows : ndarray of uint64, optional
        Fingerprints of the rows of X, where they are known already.
    """
    from nbregistry.provenance.ranges import column_ranges
    from nbregistry.provenance.rows import fingerprint_of_all, row_fingerprints, with_targets

    known = row_fingerprints(X) if rows is None else rows
    whole = known if y is None else with_targets(known, y)
    return replace(dataset, ranges=column_ranges(X), any_order=fingerprint_of_all(whole))


def other_data(data: Mapping[str, Any]) -> list[Dataset]:
    """Describe data sets that a model depends on in some other way, by name.

    Raises
    ------
    Refused
        For what has no rows to count.
    """
    from nbregistry.provenance.data import describe_data

    return [described(describe_data(DATA, X, name=name), X, None) for name, X in data.items()]
