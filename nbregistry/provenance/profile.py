"""How the values of each column are spread, in a dozen numbers: enough to notice later that new data are other data.

Of numbers the deciles are kept and how many values lie between them, of anything else the commonest values and their
counts; of both how many are missing. No row is kept, and of more than :data:`SAMPLED` rows every k-th is looked at, so
that the same table always has the same profile.

The commonest values of text columns stand in the record as they are: a column in which hardly a value repeats (names,
identifiers) is left out, for its values would say who is in the data, and nothing of how it is spread.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any

from nbregistry.model import ColumnProfile
from nbregistry.provenance.columns import as_array, table_kind
from nbregistry.provenance.wording import encodable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np

    Array = np.ndarray[Any, Any]

SAMPLED = 20_000
"""So many rows tell a share to within 0.7 points, with 95% certainty."""
MOST_COLUMNS = 100
BINS = 10
MOST_VALUES = 10
_LONGEST = 60
_REPEATED = 0.5
"""Values of a text column are kept where at least this share of its rows has one of the commonest."""


def profile_columns(X: Any) -> tuple[ColumnProfile, ...]:
    """Describe how the columns of a table are spread.

    Parameters
    ----------
    X : array-like
        pandas, polars, numpy, or a list of rows; what has no columns (sparse, texts, more dimensions) has no profile.

    Returns
    -------
    tuple of ColumnProfile
        Of the first 100 columns.

    Examples
    --------
    >>> (column,) = profile_columns([[float(age)] for age in range(20, 70)])
    >>> column.edges[:3], column.counts[:3], column.missing
    ((24.0, 29.0, 34.0), (5, 5, 5), 0)
    """
    return tuple(found for name, values in _columns(X) if (found := _profile(name, values)) is not None)


def profile_like(references: Sequence[ColumnProfile], X: Any) -> tuple[ColumnProfile, ...]:
    """Count the columns of another table in the same bins.

    Parameters
    ----------
    references : sequence of ColumnProfile
        Profiles of columns; those that X has by name, or by position where there are no names, are counted.
    X : array-like

    Returns
    -------
    tuple of ColumnProfile
        With the edges and values of the references.
    """
    if not references:
        return ()
    by_name = {reference.name: reference for reference in references}
    return tuple(
        counted
        for name, values in _columns(X)
        if name in by_name and (counted := _counted(by_name[name], values)) is not None
    )


def profile_scores(scores: Array, like: ColumnProfile | None = None) -> ColumnProfile | None:
    """Describe how scores or predicted numbers are spread, in the bins of others if these are given."""
    step = -(-len(scores) // SAMPLED) or 1
    values = scores[::step]
    return _profile("", values) if like is None else _counted(like, values)


def _columns(X: Any) -> Iterator[tuple[str, Array]]:
    """Give each column by name, or by its number where there are no names."""
    import numpy as np

    kind = table_kind(X)
    if kind in ("pandas", "polars") and hasattr(X, "columns"):
        step = -(-len(X) // SAMPLED) or 1
        rows = X.iloc[::step] if kind == "pandas" else X[::step]
        for place, name in enumerate(list(X.columns)[:MOST_COLUMNS]):
            column = rows.iloc[:, place] if kind == "pandas" else rows[:, place]
            dtype = str(column.dtype)
            values = column.to_numpy()
            if values.dtype == object and dtype.lower().startswith(("int", "float", "uint", "bool")):
                values = np.array([np.nan if _is_missing(value) else value for value in values], dtype=np.float64)
            yield encodable(str(name)), values
        return
    if kind == "sparse":
        return
    array = as_array(X)
    if array.ndim != 2 or array.dtype.names is not None:
        return
    rows = array[:: -(-len(array) // SAMPLED) or 1]
    for place in range(min(rows.shape[1], MOST_COLUMNS)):
        yield str(place), rows[:, place]


def _profile(name: str, values: Array) -> ColumnProfile | None:
    import numpy as np

    if values.dtype.kind in "biuf":
        numbers = values.astype(np.float64)
        known = np.sort(numbers[~np.isnan(numbers)])
        if not len(known):
            return None
        last = -(-np.arange(1, BINS) * len(known) // BINS) - 1
        edges = _short(np.unique(known[last]))
        # One value that is nearly all: what lies below it has a bin too.
        if len(edges) == 1 or (known <= edges[0]).mean() > 1.5 / BINS:
            edges = tuple(sorted({math.nextafter(edges[0], -math.inf), *edges}))
        return _counted(ColumnProfile(name, edges=edges), values)
    labels = [text for value in values.tolist() if (text := _text(value)) is not None]
    commonest = Counter(labels).most_common(MOST_VALUES)
    if not labels or sum(count for _, count in commonest) < _REPEATED * len(labels):
        return None
    return _counted(ColumnProfile(name, values=tuple(sorted(text for text, _ in commonest))), values)


def _counted(reference: ColumnProfile, values: Array) -> ColumnProfile | None:
    """Count values in the bins of a reference; numbers where it has words, and the other way round, are none."""
    import numpy as np

    is_number = values.dtype.kind in "biuf"
    if is_number != bool(reference.edges):
        return None
    if is_number:
        numbers = values.astype(np.float64)
        missing = np.isnan(numbers)
        places = np.searchsorted(np.array(reference.edges), numbers[~missing], side="left")
        counts = np.bincount(places, minlength=len(reference.edges) + 1)
        return ColumnProfile(reference.name, reference.edges, (), tuple(counts.tolist()), int(missing.sum()))
    labels = [_text(value) for value in values.tolist()]
    found = Counter(labels)
    known = [found[value] for value in reference.values]
    others = len(labels) - found[None] - sum(known)
    return ColumnProfile(reference.name, (), reference.values, (*known, others), found[None])


def _short(edges: Array) -> tuple[float, ...]:
    """Write edges with nine digits: they are counted by as they are written."""
    found = sorted({float(f"{edge:.9g}") for edge in edges.tolist() if math.isfinite(edge)})
    return tuple(found) or (0.0,)


def _text(value: Any) -> str | None:
    return None if _is_missing(value) else encodable(str(value))[:_LONGEST]


def _is_missing(value: Any) -> bool:
    return value is None or str(value) in ("<NA>", "NaT") or (isinstance(value, float) and math.isnan(value))
