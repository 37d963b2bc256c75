"""The columns of a table that a line names, for whoever types one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.provenance.columns import table_kind

if TYPE_CHECKING:
    from collections.abc import Mapping


def column_names(expression: str, namespace: Mapping[str, Any]) -> list[str]:
    """Give the names of a table's columns; none of what is not simply a variable: no expression is run to complete one.

    Examples
    --------
    >>> import pandas as pd
    >>> column_names("df", {"df": pd.DataFrame({"age": [31], "home region": ["north"], 3: [1]})})
    ['age', 'home region']
    >>> column_names("df.copy()", {})
    []
    """
    table = namespace.get(expression)
    if table_kind(table) not in ("pandas", "polars") or not hasattr(type(table), "columns"):
        return []
    columns: Any = table
    return [name for name in columns.columns if isinstance(name, str)]
