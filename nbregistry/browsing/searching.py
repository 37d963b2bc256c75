"""One box for both: words that are looked for everywhere, or a filter in the registry's own language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nbregistry.catalog.filters.fields import Field

if TYPE_CHECKING:
    from collections.abc import Iterable

# What a filter cannot do without; a name or a description seldom has it.
_FILTER_SIGNS = re.compile(r"[=<>]|\b(?:i?like|between)\b\s*['\"\d]|\bin\s*\(|\bis\s+(?:not\s+)?null\b", re.IGNORECASE)
_LOOKED_THROUGH = ("name", "alias", "description", "algorithm", "flavor", "created_by", "status", "approval")
_LONGEST, _MOST_WORDS = 1_000, 16
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
    return " AND ".join(f"({' OR '.join(f'{field} ILIKE {_pattern(word)}' for field in fields)})" for word in words)


def _pattern(word: str) -> str:
    escaped = _WILD.sub(r"\\\1", word).replace("'", "''")
    return f"'%{escaped}%'"
