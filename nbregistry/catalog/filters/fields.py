"""What a filter can ask about: keys of metrics, params and tags, and attributes of the version."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from nbregistry.catalog.filters.literals import quoted, unquoted

# Each name that may stand before the dot -> the field of the document that holds the keys.
KINDS = {
    "metrics": "metrics",
    "metric": "metrics",
    "params": "params",
    "param": "params",
    "tags": "tags",
    "tag": "tags",
}
ATTRIBUTE_PREFIXES = ("attribute", "attributes")
ATTRIBUTES = (
    "name",
    "version",
    "status",
    "approval",
    "alias",
    "created_at",
    "created_by",
    "flavor",
    "algorithm",
    "description",
    "text",
)
_SPELLINGS = {**{name: name for name in ATTRIBUTES}, "aliases": "alias"}
_BARE_KEY = re.compile(r"[\w\-./@]+")  # the same signs as in the grammar's FIELD


@dataclass(frozen=True)
class Field:
    """What a predicate looks at.

    Attributes
    ----------
    kind : str
        ``"metrics"``, ``"params"``, ``"tags"``; ``""`` for an attribute.
    key : str
        The key, never empty, or the attribute's name.
    """

    kind: str
    key: str

    def __str__(self) -> str:
        if not self.kind:
            return self.key
        return f"{self.kind}.{self.key if _BARE_KEY.fullmatch(self.key) else quoted(self.key, '`')}"


class UnknownField(Exception):
    """There is no such field."""

    def __init__(self, sentence: str, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.nearest = nearest


def read_field(text: str) -> Field:
    """Read a field as it stands in a filter.

    Raises
    ------
    UnknownField
        With the nearest right fields, best first.

    Examples
    --------
    >>> read_field("metric.`top 5`"), read_field("attribute.aliases")
    (Field(kind='metrics', key='top 5'), Field(kind='', key='alias'))
    """
    prefix, dot, written = text.partition(".")
    key = unquoted(written) if written[:1] in {"`", '"'} else written
    if prefix in KINDS:
        if not key:
            raise UnknownField(f"{prefix} needs a key", (f"{KINDS[prefix]}.KEY",))
        return Field(KINDS[prefix], key)
    if prefix in ATTRIBUTE_PREFIXES and dot:
        if key in _SPELLINGS:
            return Field("", _SPELLINGS[key])
        raise UnknownField("there is no such attribute", _near(key, ATTRIBUTES) or ATTRIBUTES)
    if not dot:
        if text in _SPELLINGS:
            return Field("", _SPELLINGS[text])
        in_kinds = tuple(str(Field(kind, text)) for kind in dict.fromkeys(KINDS.values()))
        raise UnknownField("there is no such field", _near(text, (*ATTRIBUTES, *KINDS)) or in_kinds)
    kinds = _near(prefix, (*KINDS, *ATTRIBUTE_PREFIXES)) or ("metrics", "params", "tags")
    nearest = dict.fromkeys(f"{KINDS.get(kind, kind)}.{written}" for kind in kinds)
    raise UnknownField("there is no such field", tuple(nearest))


def _near(word: str, candidates: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(difflib.get_close_matches(word.lower(), candidates, n=2))
