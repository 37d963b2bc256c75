"""Any value as short text that is the same in every process: no memory addresses, no order by chance."""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Mapping
from typing import Any

LONGEST = 500
ITEMS = 50
DEEPEST = 6

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def short_text(value: Any) -> str:
    """Describe a value in at most 500 characters.

    Parameters
    ----------
    value : object
        Callables and classes are named, containers written out, large arrays told by shape and digest.

    Returns
    -------
    str

    Examples
    --------
    >>> short_text({"C": [0.1, 1], "score": len})
    "{'C': [0.1, 1], 'score': builtins.len}"
    >>> short_text("l2")
    'l2'
    """
    text = str(value) if type(value) is str else _describe(value, DEEPEST)
    text = encodable(text)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def encodable(text: str) -> str:
    r"""Write out bytes that are no text, which the system's own names may hold.

    Examples
    --------
    >>> encodable("caf\udce9")
    'caf\\udce9'
    """
    return text.encode("utf-8", "backslashreplace").decode()


def without_address(text: str) -> str:
    """Remove memory addresses: ``<Thing object at 0x7f…>`` becomes ``<Thing object>``."""
    return _ADDRESS.sub("", text)


def _describe(value: Any, depth: int) -> str:
    if depth == 0:
        return "…"
    inner = functools.partial(_describe, depth=depth - 1)
    text = _named(value, inner)
    if text is None and type(value) in (list, tuple, dict, set, frozenset):
        text = _container(value, inner)
    if text is None and type(value).__module__.partition(".")[0] in ("numpy", "pandas", "scipy", "polars"):
        text = _of_a_library(value, inner)
    return _shown(value) if text is None else text


def _named(value: Any, inner: functools.partial[str]) -> str | None:
    """Describe what has a name of its own: members of an enum, classes, functions, estimators."""
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, functools.partial):
        arguments = [*map(inner, value.args), *(f"{name}={inner(item)}" for name, item in value.keywords.items())]
        return f"partial({', '.join([inner(value.func), *arguments])})"
    if isinstance(value, type) or (callable(value) and hasattr(value, "__qualname__")):
        module = getattr(value, "__module__", None)
        return f"{module}.{value.__qualname__}" if module else str(value.__qualname__)
    return type(value).__name__ if hasattr(value, "get_params") else None


def _shown(value: Any) -> str:
    try:
        return without_address(repr(value))[: LONGEST + 1]
    except Exception:  # noqa: BLE001 - somebody's broken __repr__
        return f"<{type(value).__qualname__}>"


def _container(value: Any, inner: functools.partial[str]) -> str:
    if isinstance(value, Mapping):
        items = [f"{inner(key)}: {inner(item)}" for key, item in list(value.items())[:ITEMS]]
        left, right = "{", "}"
    elif isinstance(value, set | frozenset):
        items = sorted(map(inner, value))[:ITEMS]
        left, right = "{", "}"
    else:
        items = [inner(item) for item in value[:ITEMS]]
        left, right = ("[", "]") if isinstance(value, list) else ("(", ",)" if len(value) == 1 else ")")
    return left + ", ".join(items + (["…"] if len(value) > ITEMS else [])) + right


def _of_a_library(value: Any, inner: functools.partial[str]) -> str:
    """Describe numpy scalars and arrays, tables, distributions and random states."""
    kind = type(value).__name__
    shape = getattr(value, "shape", None)
    if shape == () and hasattr(value, "item"):
        item = value.item()
        # Times would become bare integers, and a long double stays what it is.
        return str(value) if value.dtype.kind in "mM" or type(item) is type(value) else inner(item)
    if isinstance(shape, tuple):
        from nbregistry.provenance.columns import table_kind
        from nbregistry.provenance.data import fingerprint

        if hasattr(value, "tolist") and value.size <= ITEMS:
            return f"{kind}({inner(value.tolist())})"
        text = f"{kind} {' × '.join(map(str, shape))}"
        is_table = table_kind(value) in ("numpy", "pandas", "polars", "sparse")
        return f"{text} {fingerprint(value).removeprefix('sha256:')[:8]}" if is_table else text
    distribution = getattr(value, "dist", None)
    if distribution is not None:  # a frozen distribution of scipy.stats, as randomised searches take them
        arguments = [*value.args, *(f"{name}={inner(item)}" for name, item in value.kwds.items())]
        return f"{distribution.name}({', '.join(map(str, arguments))})"
    return kind if " at 0x" in repr(value) else repr(value)
