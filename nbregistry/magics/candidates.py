"""What may be typed where an argument is expected: names, versions, metrics, variables."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from nbregistry.catalog.filters.fields import ATTRIBUTES as FILTERABLE
from nbregistry.catalog.filters.fields import Field
from nbregistry.display.commands import in_quotes, key_word
from nbregistry.display.commands import word as command_word
from nbregistry.display.visible import visible
from nbregistry.errors import RegistryError
from nbregistry.evaluation.costs import COSTS
from nbregistry.evaluation.plots import CHOICES
from nbregistry.magics import arguments as kinds
from nbregistry.magics.columns import column_names
from nbregistry.magics.expressions import variables
from nbregistry.magics.session import SUBCOMMANDS
from nbregistry.operations.kept_columns import names_kept
from nbregistry.operations.listing import ATTRIBUTES as SORTABLE
from nbregistry.reference import CHAMPION, LATEST, instant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from nbregistry.listings import Holding
    from nbregistry.registry import Registry

FILTER_WORDS = ("AND", "OR", "NOT", "LIKE", "ILIKE", "IN", "BETWEEN", "IS NULL", "IS NOT NULL")
AFTER_A_METRIC = (">=", "<=", "better than", "not worse than", "surely")
AFTER_A_VERSION = ("by", "on", "and")
AFTER_A_NUMBER = ("on", "and")
AFTER_APPROVED = ("by", "and")
_A_METRIC_WAS = re.compile(r"(?:^|,|\band\s)\s*(?!approved\b)[^\s,]+$")
_OF_A_MODEL = re.compile(r"\bthan\s+(?P<name>[^\s@,]+)@$")
_A_SIGN_WAS = re.compile(r"(?:[<>]=?|\bby)$")
_A_NUMBER_WAS = re.compile(r"(?:[<>]=?|\bby)\s*[-+.\d][-+.\de]*\s*%?$")
_BARE_NAME = re.compile(r"[\w.-]+")
_BARE_METRIC = re.compile(r"[^\W\d]\w*")
# Of ten thousand versions the newest are offered; typing a digit offers the newest that start with it.
_MOST_VERSIONS = 50
_LAST_WORD = re.compile(r"[^\W\d]\w*$|$")
_LAST_FIELD = re.compile(r"[\w.]*$")


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

    def matching(self, words: Iterable[str]) -> list[str]:
        """Give the words that start with what was typed, in quotes where they need them, if a line can say them."""
        found = [word for word in words if word.startswith(self.typed)]
        if self.quote:
            return [self._continued(word) for word in found if in_quotes(word, self.quote)]
        return [written for written in map(command_word, found) if written]

    def _continued(self, word: str) -> str:
        return in_quotes(word, self.quote).removesuffix(self.quote) + self.closing


def offer(kind: Callable[[str], Any], place: Place) -> Offer | None:
    """Give what may be typed for a kind of argument; ``None`` leaves it to the notebook's own completion."""
    offering = _OFFERS.get(kind)
    return offering(place) if offering else None


def words(place: Place, choices: Iterable[str], kind: str) -> Offer:
    """Offer some of a fixed set of words."""
    return Offer(place.fragment, place.matching(choices), kind)


def _names(place: Place) -> Offer:
    return words(place, place.registry.model_names(), "model")


def _references(place: Place) -> Offer:
    name, at, suffix = place.typed.partition("@")
    if not at:
        return _names(place)
    alias, opened, moment = suffix.partition("{")
    if opened:
        return _moments(place, name, alias, moment)
    if "~" in suffix:
        return Offer(suffix, [f"{back}{place.closing}" for back in _back(place, name, suffix)], "version")
    # "@" delimits tokens for the front end: only what follows it is replaced.
    targets = [*place.registry.alias_names(name), LATEST, *_numbers(place.registry.latest(name), suffix)]
    found = [f"{target}{place.closing}" for target in targets if target.startswith(suffix)]
    return Offer(suffix, found, "version")


def _moments(place: Place, name: str, alias: str, typed: str) -> Offer:
    """Offer the times at which an alias moved, newest first; "{" delimits tokens as "@" does."""
    closing = "" if place.rest.startswith("}") else f"}}{place.closing}"
    since = [one.since for one in reversed(_holders(place, name, alias)) if instant(one.since)]
    found = [f"{time}{closing}" for time in dict.fromkeys(since) if time.startswith(typed)]
    return Offer(typed, found[:_MOST_VERSIONS], "version")


def _back(place: Place, name: str, suffix: str) -> list[str]:
    """Write the holders before the present one, the last first."""
    alias = suffix.partition("~")[0]
    count = min(len(_holders(place, name, alias)), _MOST_VERSIONS)
    return [back for steps in range(1, count) if (back := f"{alias}~{steps}").startswith(suffix)]


def _holders(place: Place, name: str, alias: str) -> Sequence[Holding]:
    try:
        return place.registry.log(name, alias=alias)
    except RegistryError:
        return ()


def _gated(place: Place) -> Offer:
    """Offer what a policy can be for: aliases of a model, or an alias of every one."""
    name, at, suffix = place.typed.partition("@")
    known = place.registry.alias_names(name) if at else ()
    aliases = list(dict.fromkeys([*known, *kinds.USUAL_ALIASES]))
    if not at:
        return words(place, [*place.registry.model_names(), *aliases], "alias")
    return Offer(suffix, [f"{alias}{place.closing}" for alias in aliases if alias.startswith(suffix)], "alias")


def _numbers(latest: int, start: str) -> list[str]:
    if not start:
        return [str(number) for number in range(latest, max(0, latest - _MOST_VERSIONS), -1)]
    found: list[str] = []
    if start.isascii() and start.isdigit():
        # The versions starting with 12 are 12, 120 … 129, 1200 … 1299: blocks, no look at each version.
        low, high = int(start), int(start) + 1
        while 0 < low <= latest:
            found = [*map(str, range(min(high - 1, latest), low - 1, -1)[:_MOST_VERSIONS]), *found]
            low, high = low * 10, high * 10
    return found[:_MOST_VERSIONS]


def _aliases(place: Place) -> Offer:
    known = place.registry.alias_names(place.model) if place.model else ()
    return words(place, dict.fromkeys([*known, *kinds.USUAL_ALIASES]), "alias")


def _metrics(place: Place) -> Offer:
    return words(place, [*_metric_names(place), *COSTS], "metric")


def _metric_names(place: Place) -> Sequence[str]:
    # A model that is only about to be registered has none: those of the others are a good guess.
    return place.registry.metric_names(place.model) or place.registry.metric_names()


def _plotted_metrics(place: Place) -> Offer:
    return words(place, [f"metrics.{name}" for name in _metric_names(place)], "metric")


def _columns(place: Place) -> Offer:
    """Offer the columns of the rows that the line is about."""
    rows = place.given.get("on") or place.given.get("X")
    return words(place, column_names(rows[0], place.namespace) if rows else _kept_columns(place), "column")


def _kept_columns(place: Place) -> list[str]:
    """Give the columns that were kept with the evaluations of the first version."""
    with suppress(RegistryError):
        refs = place.given.get("refs", ())[:1]
        found = [one.rows for ref in refs for one in place.registry.evaluations(ref)]
        return list(dict.fromkeys(name for rows in found for name in names_kept(rows)))
    return []


def _plots(place: Place) -> Offer:
    return words(place, CHOICES, "plot")


def _pairs(place: Place) -> Offer | None:
    if place.dest != "metrics":
        return None
    named = [(name, key_word(name)) for name in _metric_names(place) if name.startswith(place.typed)]
    # Where the editor has closed the quote already, the sign has to follow it.
    sign = "" if place.quote and not place.closing else "="
    found = [
        f"{place.quote}{name}{place.closing}{sign}" if place.quote else f"{written}="
        for name, written in named
        if written and (not place.quote or place.quote not in name)
    ]
    return Offer(place.fragment, found, "metric")


def _sort_keys(place: Place) -> Offer:
    minus = "-" if place.typed.startswith("-") else ""
    keys = [*(f"metrics.{name}" for name in _metric_names(place)), *SORTABLE]
    found = [f"{minus}{key}" for key in keys]
    if place.quote:
        return words(place, found, "key")
    # A bare key keeps its minus: a quoted one is read alike, and is more to look at.
    written = [
        key if command_word(key.removeprefix("-")) == key.removeprefix("-") else command_word(key) for key in found
    ]
    return Offer(place.fragment, [key for key in written if key.startswith(place.typed)], "key")


def _filters(place: Place) -> Offer | None:
    written = place.typed
    other = "'" if place.quote == '"' else '"'
    if written.count(other) % 2:  # inside a text of the filter
        return None
    last = _LAST_FIELD.search(written)
    word = last[0] if last else ""
    fields = [*(str(Field("metrics", name)) for name in _metric_names(place)), "params.", "tags."]
    found = [field for field in [*fields, *FILTERABLE] if field.startswith(word) and _stays(field, place.quote)]
    if word:
        found += [keyword for keyword in FILTER_WORDS if keyword.startswith(word.upper())]
    return Offer(word, found, "field")


def _requirements(place: Place) -> Offer | None:
    written = place.typed
    names = [name for name in _metric_names(place) if _BARE_METRIC.fullmatch(name)]
    firsts = [*names, *COSTS, "approved", "n"]
    if not place.quote:  # it has blanks, so it is quoted
        return Offer(place.fragment, [f'"{first}' for first in firsts if first.startswith(written)], "requirement")
    other = "'" if place.quote == '"' else '"'
    if written.count(other) % 2:  # inside a quoted name
        return None
    last = _LAST_FIELD.search(written)
    word = last[0] if last else ""
    before = written[: len(written) - len(word)].rstrip()
    if not before or before.endswith((",", " and")):
        found = firsts
    else:
        found = _rivals(place, before, word) or _follows(place, before)
    return Offer(word, [text for text in dict.fromkeys(found) if text.startswith(word)], "requirement")


def _rivals(place: Place, before: str, word: str) -> list[str]:
    """Give what a version can be compared with: an alias of the model, or of a model that is named, a version."""
    if before.endswith("than"):
        return [*(place.registry.alias_names(place.model) if place.model else ()), CHAMPION, LATEST]
    if whole := _OF_A_MODEL.search(before):
        name = whole["name"]
        return [*place.registry.alias_names(name), LATEST, *_numbers(place.registry.latest(name), word)]
    return []


def _follows(place: Place, before: str) -> list[str]:
    if before.endswith("surely"):
        return [">=", "<="]
    if _A_METRIC_WAS.search(before):
        return list(AFTER_A_METRIC)
    if _A_SIGN_WAS.search(before):
        return []
    if before.endswith(" on"):
        return [name for name in _evaluation_names(place) if _BARE_NAME.fullmatch(name)]
    if before.endswith("approved"):
        return list(AFTER_APPROVED)
    return list(AFTER_A_NUMBER if _A_NUMBER_WAS.search(before) else AFTER_A_VERSION)


def _evaluation_names(place: Place) -> list[str]:
    """Give what the evaluations of the version are called that the line is about, or those of the champion."""
    refs = place.given.get("ref") or [f"{place.model}@{CHAMPION}"]
    with suppress(RegistryError):
        return [found.name or found.dataset.name for found in place.registry.evaluations(refs[0])]
    return []


def _stays(field: str, quote: str) -> bool:
    """Tell whether a field can stand in a filter that this quote holds together."""
    return visible(field) == field and "\\" not in field and (quote or '"') not in field


def _expressions(place: Place) -> Offer | None:
    last = _LAST_WORD.search(place.fragment)
    word = last[0] if last else ""
    before = place.fragment[: len(place.fragment) - len(word)]
    if before.endswith((".", "'", '"')) or before[-1:].isdigit():
        return None
    likely = _is_model if place.dest == "model" else _is_data
    found = [name for name in variables(place.namespace) if name.startswith(word)]
    return Offer(word, sorted(found, key=lambda name: not likely(place.namespace[name])), "variable")


def _named_expressions(place: Place) -> Offer | None:
    return _expressions(place) if "=" in place.fragment else None  # what it will be called, nobody knows


# Both look at the type only: an object's own attributes may run code.
def _is_model(thing: Any) -> bool:
    return not isinstance(thing, type) and (hasattr(type(thing), "predict") or hasattr(type(thing), "fit"))


def _is_data(thing: Any) -> bool:
    return isinstance(thing, list) or (not isinstance(thing, type) and hasattr(type(thing), "shape"))


def _formats(place: Place) -> Offer:
    """Offer the formats that the model can be stored in; all where it is no variable."""
    from nbregistry.flavors import choose, formats_known

    named = place.given.get("model", [""])[-1]
    if named in place.namespace:
        found = tuple(choose(place.namespace[named]).formats)
    else:
        found = tuple(dict.fromkeys(form for formats in formats_known().values() for form in formats))
    return words(place, found, "format")


def _variables(place: Place) -> Offer:
    return words(place, variables(place.namespace), "variable")


def _subcommands(place: Place) -> Offer:
    return words(place, SUBCOMMANDS, "subcommand")


_OFFERS: dict[Callable[[str], Any], Callable[[Place], Offer | None]] = {
    kinds.model_name: _names,
    kinds.reference: _references,
    kinds.alias: _aliases,
    kinds.gated: _gated,
    kinds.metric: _metrics,
    kinds.pair: _pairs,
    kinds.column: _columns,
    kinds.plot: _plots,
    kinds.plotted_metric: _plotted_metrics,
    kinds.sort_key: _sort_keys,
    kinds.filter_text: _filters,
    kinds.requirement: _requirements,
    kinds.expression: _expressions,
    kinds.named_expression: _named_expressions,
    kinds.variable: _variables,
    kinds.format_name: _formats,
    kinds.registry_url: _subcommands,
}
