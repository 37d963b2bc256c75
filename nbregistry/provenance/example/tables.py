"""Rows of any kind that a model takes, as arrays and JSON, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.provenance.columns import table_kind
from nbregistry.provenance.example.columns import pack_array, pack_column, unpack_array, unpack_column
from nbregistry.provenance.example.values import NotData, from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from nbregistry.provenance.example.columns import Array, Arrays, Description

_SPARSE_FORMATS = ("csr", "csc", "coo", "bsr", "dia", "lil", "dok")


def pack_rows(X: Any) -> tuple[Description, Arrays]:
    """Describe rows so that they can be built again.

    Parameters
    ----------
    X : array-like
        A table or a column of pandas or polars, an array, a sparse matrix, or a list.

    Returns
    -------
    description : dict
        JSON.
    arrays : dict
        By name, without objects.

    Raises
    ------
    NotData
        For anything that only code could build again.

    Examples
    --------
    >>> import pandas as pd
    >>> X = pd.DataFrame({"age": [31, 52], "plan": pd.Categorical(["basic", "plus"])})
    >>> bool((unpack_rows(*pack_rows(X)).dtypes == X.dtypes).all())
    True
    """
    pack = _PACK.get(table_kind(X))
    if pack is None:
        raise NotData(f"{type(X).__name__} is no kind of table that is kept")
    arrays: Arrays = {}
    described = pack(X, arrays)
    return {"table": table_kind(X), **described}, arrays


def unpack_rows(found: Mapping[str, Any], arrays: Mapping[str, Array]) -> Any:
    """Build rows again.

    Raises
    ------
    Exception
        Of any kind, for what :func:`pack_rows` did not write.
    """
    return _UNPACK[found["table"]](found, arrays)


def _pack_list(X: Any, _arrays: Arrays) -> Description:
    return {"values": to_json(X)}


def _unpack_list(found: Mapping[str, Any], _arrays: Mapping[str, Array]) -> Any:
    return from_json(found["values"])


def _pack_numpy(X: Any, arrays: Arrays) -> Description:
    if type(X).__name__ not in ("ndarray", "memmap"):  # a masked array or a matrix is more than its numbers
        raise NotData(f"{type(X).__name__} is more than its numbers")
    return pack_array(X, "X", arrays)


def _unpack_numpy(found: Mapping[str, Any], arrays: Mapping[str, Array]) -> Any:
    return unpack_array(found, "X", arrays)


def _pack_sparse(X: Any, arrays: Arrays) -> Description:
    rows = X.tocsr()
    if X.format not in _SPARSE_FORMATS or rows.ndim != 2:
        raise NotData(f"a sparse {X.format} has no plain form")
    pack_array(rows.data, "data", arrays)
    arrays |= {"indices": rows.indices, "indptr": rows.indptr}
    is_matrix = type(X).__name__.endswith("_matrix")
    return {"format": X.format, "matrix": is_matrix, "shape": [int(length) for length in X.shape]}


def _unpack_sparse(found: Mapping[str, Any], arrays: Mapping[str, Array]) -> Any:
    from scipy import sparse

    kind = sparse.csr_matrix if found["matrix"] else sparse.csr_array
    rows = kind((arrays["data"], arrays["indices"], arrays["indptr"]), shape=tuple(found["shape"]))
    rows.check_format(full_check=True)  # places outside of the matrix would be read from memory that is not its own
    return rows.asformat(found["format"]) if found["format"] in _SPARSE_FORMATS else rows


def _pack_pandas(X: Any, arrays: Arrays) -> Description:
    import pandas as pd

    if type(X).__module__.partition(".")[0] != "pandas":  # a table of a package on top of it is more than a table
        raise NotData(f"{type(X).__name__} is more than its columns")
    if isinstance(X, pd.Index):
        return {"kind": "index", "index": _pack_index(X, "index", arrays)}
    index = _pack_index(X.index, "index", arrays)
    if isinstance(X, pd.Series):
        return {"kind": "series", "index": index, "name": to_json(X.name), "column": pack_column(X, "X", arrays)}
    described = {"index": index, "labels": _pack_index(X.columns, "labels", arrays)}
    if _is_one_block(X):
        return {"kind": "block", **described, "block": pack_array(X.to_numpy(), "X", arrays)}
    columns = [pack_column(X.iloc[:, place], f"X{place}", arrays) for place in range(X.shape[1])]
    return {"kind": "frame", **described, "columns": columns}


def _is_one_block(X: Any) -> bool:
    """Tell whether all columns are numbers of one dtype, as most wide tables are: then one array says it all."""
    import numpy as np

    kinds = set(X.dtypes)
    dtype = kinds.pop() if len(kinds) == 1 else None
    return isinstance(dtype, np.dtype) and dtype.kind in "biuf"


def _unpack_pandas(found: Mapping[str, Any], arrays: Mapping[str, Array]) -> Any:
    import pandas as pd

    index = _unpack_index(found["index"], "index", arrays)
    if found["kind"] == "index":
        return index
    if found["kind"] == "series":
        column = unpack_column(found["column"], "X", arrays)
        column.index = index
        return column.rename(from_json(found["name"]))
    labels = _unpack_index(found["labels"], "labels", arrays)
    if found["kind"] == "block":
        return pd.DataFrame(unpack_array(found["block"], "X", arrays), index=index, columns=labels)
    columns = [unpack_column(column, f"X{place}", arrays) for place, column in enumerate(found["columns"])]
    table = pd.DataFrame(dict(enumerate(columns)), index=pd.RangeIndex(len(index)))
    table.columns = labels
    table.index = index
    return table


def _pack_index(index: pd.Index[Any], name: str, arrays: Arrays) -> Description:
    import pandas as pd

    levels = [index.get_level_values(level) for level in range(index.nlevels)]
    # Without a name: a column called "X" and a level called "X" are no two arrays.
    packed = [pack_column(pd.Series(values), f"{name}{level}", arrays) for level, values in enumerate(levels)]
    return {"levels": packed, "names": to_json(list(index.names)), "many": isinstance(index, pd.MultiIndex)}


def _unpack_index(found: Mapping[str, Any], name: str, arrays: Mapping[str, Array]) -> pd.Index[Any]:
    import pandas as pd

    levels = [pd.Index(unpack_column(level, f"{name}{place}", arrays)) for place, level in enumerate(found["levels"])]
    names = from_json(found["names"])
    return pd.MultiIndex.from_arrays(levels, names=names) if found["many"] else levels[0].rename(names[0])


def _pack_polars(X: Any, arrays: Arrays) -> Description:
    from nbregistry.provenance.example.polars_columns import pack_polars

    if not hasattr(X, "columns"):
        return {"kind": "series", "name": X.name, "column": pack_polars(X, "X", arrays)}
    columns = [pack_polars(X[:, place], f"X{place}", arrays) for place in range(X.shape[1])]
    return {"kind": "frame", "names": list(X.columns), "columns": columns}


def _unpack_polars(found: Mapping[str, Any], arrays: Mapping[str, Array]) -> Any:
    import polars as pl

    from nbregistry.provenance.example.polars_columns import unpack_polars

    if found["kind"] == "series":
        return unpack_polars(found["column"], "X", arrays).alias(found["name"])
    columns = [
        unpack_polars(column, f"X{place}", arrays).alias(name)
        for place, (name, column) in enumerate(zip(found["names"], found["columns"], strict=True))
    ]
    return pl.DataFrame(columns)


_PACK: dict[str, Callable[[Any, Arrays], Description]] = {
    "list": _pack_list,
    "numpy": _pack_numpy,
    "sparse": _pack_sparse,
    "pandas": _pack_pandas,
    "polars": _pack_polars,
}
_UNPACK: dict[str, Callable[[Mapping[str, Any], Mapping[str, Array]], Any]] = {
    "list": _unpack_list,
    "numpy": _unpack_numpy,
    "sparse": _unpack_sparse,
    "pandas": _unpack_pandas,
    "polars": _unpack_polars,
}
