"""Which rows of a table to keep as an example."""

from __future__ import annotations

from typing import Any

from nbregistry.provenance.columns import table_kind

MOST_ROWS = 100


def spread(X: Any, most: int = MOST_ROWS) -> Any:
    """Take at most so many rows, at equal distances: the first ones of sorted data would all be alike.

    Parameters
    ----------
    X : array-like
    most : int, default 100

    Returns
    -------
    array-like
        Of the kind that X is.

    Examples
    --------
    >>> spread(list("abcdefghi"), 3)
    ['a', 'e', 'i']
    """
    shape = getattr(X, "shape", None)
    count = int(shape[0]) if shape else len(X)
    if count <= most:
        return X
    places = [round(place * (count - 1) / max(1, most - 1)) for place in range(most)]
    kind = table_kind(X)
    if kind == "pandas":
        return X.iloc[places] if hasattr(X, "iloc") else X[places]
    if kind == "sparse":
        return X.tocsr()[places].asformat(X.format)
    return type(X)(X[place] for place in places) if kind == "list" else X[places]
