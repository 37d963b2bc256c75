"""One box for both: words that are looked for everywhere, or a filter in the registry's own language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nbregistry.catalog.filters.fields import Field
from nbregistry.catalog.filters.literals import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# What a filter cannot do without; a name or a description seldom has it.
_FILTER_SIGNS = re.compile(r"[=<>]|\b(?:i?like|between)\b\s*['\"\d]|\bin\s*\(|\bis\s+(?:not\s+)?null\b", re.IGNORECASE)
_LOOKED_THROUGH = ("name", "alias", "description", "algorithm", "flavor", "created_by", "status", "approval")
_LONGEST, _MOST_WORDS = 1_000, 16
_VERSION = re.compile(r"(?:v|(?P<name>[^@]*)@)(?P<number>[0-9]{1,12})")
_WILD = re.compile(r"([\\%_])")


def as_filter(asked: str, tag_keys: Iterable[str] = ()) -> str:
    r"""Give what was typed into a search box as a filter.

    Parameters
    ----------
    asked : str
        A filter, which is given back as it is; or words, each of which has to be in one of the version's texts.
    tag_keys : iterable of str
        Tags whose values are looked through too.

    Returns
    -------
    str
        ``""`` for nothing.

    Examples
    --------
    >>> as_filter(" metrics.roc_auc > 0.9 ")
    'metrics.roc_auc > 0.9'
    >>> as_filter("100%").partition(" OR ")[0]
    "(name ILIKE '%100\\%%'"
    """
    asked = asked.strip()
    if not asked or _FILTER_SIGNS.search(asked):
        return asked
    fields = [*_LOOKED_THROUGH, *(str(Field("tags", key)) for key in tag_keys)]
    words = asked[:_LONGEST].split()[:_MOST_WORDS]
    return " AND ".join(f"({' OR '.join((*_number(word), *_in_texts(word, fields)))})" for word in words)


def _in_texts(word: str, fields: Iterable[str]) -> Iterator[str]:
    return (f"{field} ILIKE {_pattern(word)}" for field in fields)


def _number(word: str) -> Iterator[str]:
    """Read a version as lists and references have it: ``v12``, ``@12``, ``churn@12``."""
    found = _VERSION.fullmatch(word)
    if found:
        name = found["name"] or ""
        yield f"version = {found['number']}" if not name else f"(name = {quoted(name)} AND version = {found['number']})"


def _pattern(word: str) -> str:
    escaped = _WILD.sub(r"\\\1", word).replace("'", "''")
    return f"'%{escaped}%'"
