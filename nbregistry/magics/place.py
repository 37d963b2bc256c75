"""Where a completion is asked for: what was typed there, and what its line and its registry say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from nbregistry.display.commands import in_quotes
from nbregistry.display.commands import word as command_word
from nbregistry.reference import LATEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nbregistry.registry import Registry

_LAST_FIELD = re.compile(r"[\w.]*$")
MOST_VERSIONS = 50
"""Of ten thousand versions the newest are offered; typing a digit offers the newest that start with it."""


class Offer(NamedTuple):
    """Texts to put in place of the end of the line.

    Attributes
    ----------
    fragment : str
        The end of the line that is replaced.
    texts : list of str
        Best first.
    kind : str
        What they are, as the front end shows it.
    """

    fragment: str
    texts: list[str]
    kind: str


@dataclass(frozen=True)
class Place:
    """Where a completion is asked for.

    Attributes
    ----------
    fragment : str
        What has been typed of this argument.
    rest : str
        What follows the cursor.
    given : dict
        What was given before, by argument.
    dest : str
        The argument's own name.
    registry : Registry
    namespace : dict
    """

    fragment: str
    rest: str
    registry: Registry
    namespace: dict[str, Any]
    dest: str = ""
    given: dict[str, list[str]] = field(default_factory=dict)

    def at(self, dest: str, given: dict[str, list[str]]) -> Place:
        """Give the same place, now that it is known which argument it is."""
        return replace(self, dest=dest, given=given)

    @property
    def quote(self) -> str:
        """The quote that the fragment opens; ``""`` for none."""
        return self.fragment[:1] if self.fragment[:1] in ("'", '"') else ""

    @property
    def last_field(self) -> str:
        """The name that what has been typed ends with, as far as it goes."""
        found = _LAST_FIELD.search(self.typed)
        return found[0] if found else ""

    @property
    def typed(self) -> str:
        """The fragment without its quote."""
        return self.fragment.removeprefix(self.quote)

    @property
    def closing(self) -> str:
        """What closes that quote; ``""`` where the editor has closed it already."""
        return "" if self.rest.startswith(self.quote) else self.quote

    @property
    def model(self) -> str | None:
        """The model that the line is about, where it is about one."""
        refs = [
            *self.given.get("name", ()),
            *self.given.get("ref", ()),
            *self.given.get("refs", ()),
            *self.given.get("of", ()),
        ]
        names = {ref.partition("@")[0] for ref in refs}
        return names.pop() if len(names) == 1 else None

    @property
    def metric_names(self) -> Sequence[str]:
        """The metrics of that model; those of all where it has none, as one that is only about to be registered."""
        return self.registry.metric_names(self.model) or self.registry.metric_names()

    def targets_of(self, name: str, typed: str) -> list[str]:
        """Give what may follow ``NAME@``: aliases, and the versions that begin with what was typed."""
        return [*self.registry.alias_names(name), LATEST, *_numbers(self.registry.latest(name), typed)]

    def matching(self, words: Iterable[str]) -> list[str]:
        """Give the words that start with what was typed, in quotes where they need them, if a line can say them."""
        found = [word for word in words if word.startswith(self.typed)]
        if self.quote:
            return [self._continued(word) for word in found if in_quotes(word, self.quote)]
        return [written for written in map(command_word, found) if written]

    def _continued(self, word: str) -> str:
        return in_quotes(word, self.quote).removesuffix(self.quote) + self.closing


def words(place: Place, choices: Iterable[str], kind: str) -> Offer:
    """Offer some of a fixed set of words."""
    return Offer(place.fragment, place.matching(choices), kind)


def _numbers(latest: int, start: str) -> list[str]:
    if not start:
        return [str(number) for number in range(latest, max(0, latest - MOST_VERSIONS), -1)]
    found: list[str] = []
    if start.isascii() and start.isdigit():
        # The versions starting with 12 are 12, 120 … 129, 1200 … 1299: blocks, no look at each version.
        low, high = int(start), int(start) + 1
        while 0 < low <= latest:
            found = [*map(str, range(min(high - 1, latest), low - 1, -1)[:MOST_VERSIONS]), *found]
            low, high = low * 10, high * 10
    return found[:MOST_VERSIONS]
