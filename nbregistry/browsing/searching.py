"""One box for both: words that are looked for everywhere, or a filter in the registry's own language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nbregistry.catalog.filters.literals import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

# What a filter cannot do without; a name or a description seldom has it.
_FILTER_SIGNS = re.compile(r"[=<>]|\b(?:i?like|between)\b\s*['\"\d]|\bin\s*\(|\bis\s+(?:not\s+)?null\b", re.IGNORECASE)
_LONGEST, _MOST_WORDS = 1_000, 16
_VERSION = re.compile(r"(?:v|(?P<name>[^@]*)@)(?P<number>[0-9]{1,12})")
_WILD = re.compile(r"([\\%_])")


def as_filter(asked: str) -> str:
    r"""Give what was typed into a search box as a filter.

    Parameters
    ----------
    asked : str
        A filter, which is given back as it is; or words, each of which has to be in one of the version's texts.

    Returns
    -------
    str
        ``""`` for nothing.

    Examples
    --------
    >>> as_filter(" metrics.roc_auc > 0.9 ")
    'metrics.roc_auc > 0.9'
    >>> print(as_filter("100% v3"))
    text ILIKE '%100\%%' AND (version = 3 OR text ILIKE '%v3%')
    """
    asked = asked.strip()
    if not asked or _FILTER_SIGNS.search(asked):
        return asked
    words = asked[:_LONGEST].split()[:_MOST_WORDS]
    return " AND ".join(map(_one_of, (tuple(_meanings(word)) for word in words)))


def _one_of(predicates: tuple[str, ...]) -> str:
    return predicates[0] if len(predicates) == 1 else f"({' OR '.join(predicates)})"


def _meanings(word: str) -> Iterator[str]:
    yield from _number(word)
    yield f"text ILIKE {_pattern(word)}"


def _number(word: str) -> Iterator[str]:
    """Read a version as lists and references have it: ``v12``, ``@12``, ``churn@12``."""
    found = _VERSION.fullmatch(word)
    if found:
        name = found["name"] or ""
        yield f"version = {found['number']}" if not name else f"(name = {quoted(name)} AND version = {found['number']})"


def _pattern(word: str) -> str:
    escaped = _WILD.sub(r"\\\1", word).replace("'", "''")
    return f"'%{escaped}%'"
