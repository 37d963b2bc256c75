"""The same metrics, group by group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbregistry.errors import Refused
from nbregistry.evaluation.metrics import Measured, measure_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy as np

GROUPS_SHOWN = 20
"""More groups than this are no groups: the largest stand, the rest goes into one."""

QUARTILES_FROM = 11
"""A column of numbers with this many different values is cut at its quartiles."""


@dataclass(frozen=True)
class GroupRow:
    """One metric of one version on the rows of one group.

    Attributes
    ----------
    column, group : str
        E.g. ``"region"`` and ``"north"``.
    ref, metric : str
    value : float or None
        ``None`` where it can't be computed on these rows.
    n : int
        Rows of the group.
    """

    column: str
    group: str
    ref: str
    metric: str
    value: float | None
    n: int


def measure_groups(
    by: Mapping[str, Any], evaluations: Mapping[str, Measured], metrics: Sequence[str]
) -> tuple[GroupRow, ...]:
    """Measure every version on the rows of every group.

    Parameters
    ----------
    by : dict
        Column name to one value a row. Numbers with many values are cut at their quartiles.
    evaluations : dict
        Reference to what was measured, all on the same rows.
    metrics : sequence of str

    Returns
    -------
    tuple of GroupRow
        Column by column, group by group, metric by metric, then version by version.
    """
    rows: list[GroupRow] = []
    for column, values in by.items():
        for group, chosen in _split(values):
            found = {}
            for ref, measured in evaluations.items():
                if len(chosen) != measured.n:
                    raise Refused(
                        f"the column {column!r} has {len(chosen):,} rows, {ref} was evaluated on {measured.n:,}"
                    )
                found[ref] = measure_rows(measured, chosen)
            size = int(chosen.sum())
            rows += [
                GroupRow(column, group, ref, metric, values_of.get(metric), size)
                for metric in metrics
                for ref, values_of in found.items()
            ]
    return tuple(rows)


def _split(values: Any) -> Iterable[tuple[str, np.ndarray[Any, np.dtype[np.bool_]]]]:
    """Give each group's name and which rows are its own, in the order of the values."""
    import pandas as pd

    column = pd.Series(values).reset_index(drop=True)
    numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    if numeric and column.nunique() >= QUARTILES_FROM:
        column = pd.qcut(column, 4, duplicates="drop")
    counts = column.value_counts(sort=False)
    largest = sorted((group for group in counts.index if counts[group]), key=lambda group: -int(counts[group]))
    for group in _in_order(largest[:GROUPS_SHOWN]):
        yield str(group), (column == group).fillna(value=False).to_numpy(dtype=bool)
    rest = column.isin(largest[GROUPS_SHOWN:]).to_numpy(dtype=bool)
    if rest.any():
        yield "(others)", rest
    missing = column.isna().to_numpy(dtype=bool)
    if missing.any():
        yield "(missing)", missing


def _in_order(groups: list[Any]) -> list[Any]:
    try:
        return sorted(groups)
    except TypeError:  # values of several types
        return sorted(groups, key=str)
