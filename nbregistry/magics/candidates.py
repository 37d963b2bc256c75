"""What may be typed where an argument is expected: names, versions, metrics, variables."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from nbregistry.catalog.filters.fields import ATTRIBUTES as FILTERABLE
from nbregistry.catalog.filters.fields import Field
from nbregistry.display.commands import key_word
from nbregistry.display.commands import word as command_word
from nbregistry.display.visible import visible
from nbregistry.errors import RegistryError
from nbregistry.evaluation.costs import COSTS
from nbregistry.evaluation.plots import CHOICES
from nbregistry.magics import arguments as kinds
from nbregistry.magics.columns import column_names
from nbregistry.magics.expressions import variables
from nbregistry.magics.place import MOST_VERSIONS, Offer, words
from nbregistry.magics.requirement_candidates import requirements
from nbregistry.magics.session import SUBCOMMANDS
from nbregistry.operations.kept_columns import names_kept
from nbregistry.operations.listing import ATTRIBUTES as SORTABLE
from nbregistry.reference import instant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbregistry.listings import Holding
    from nbregistry.magics.place import Place

FILTER_WORDS = ("AND", "OR", "NOT", "LIKE", "ILIKE", "IN", "BETWEEN", "IS NULL", "IS NOT NULL")
_LAST_WORD = re.compile(r"[^\W\d]\w*$|$")


def offer(kind: Callable[[str], Any], place: Place) -> Offer | None:
    """Give what may be typed for a kind of argument; ``None`` leaves it to the notebook's own completion."""
    offering = _OFFERS.get(kind)
    return offering(place) if offering else None


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
    targets = place.targets_of(name, suffix)
    found = [f"{target}{place.closing}" for target in targets if target.startswith(suffix)]
    return Offer(suffix, found, "version")


def _moments(place: Place, name: str, alias: str, typed: str) -> Offer:
    """Offer the times at which an alias moved, newest first; "{" delimits tokens as "@" does."""
    closing = "" if place.rest.startswith("}") else f"}}{place.closing}"
    since = [one.since for one in reversed(_holders(place, name, alias)) if instant(one.since)]
    found = [f"{time}{closing}" for time in dict.fromkeys(since) if time.startswith(typed)]
    return Offer(typed, found[:MOST_VERSIONS], "version")


def _back(place: Place, name: str, suffix: str) -> list[str]:
    """Write the holders before the present one, the last first."""
    alias = suffix.partition("~")[0]
    count = min(len(_holders(place, name, alias)), MOST_VERSIONS)
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


def _aliases(place: Place) -> Offer:
    known = place.registry.alias_names(place.model) if place.model else ()
    return words(place, dict.fromkeys([*known, *kinds.USUAL_ALIASES]), "alias")


def _metrics(place: Place) -> Offer:
    return words(place, [*place.metric_names, *COSTS], "metric")


def _plotted_metrics(place: Place) -> Offer:
    return words(place, [f"metrics.{name}" for name in place.metric_names], "metric")


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
    named = [(name, key_word(name)) for name in place.metric_names if name.startswith(place.typed)]
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
    keys = [*(f"metrics.{name}" for name in place.metric_names), *SORTABLE]
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
    word = place.last_field
    fields = [*(str(Field("metrics", name)) for name in place.metric_names), "params.", "tags."]
    found = [field for field in [*fields, *FILTERABLE] if field.startswith(word) and _stays(field, place.quote)]
    if word:
        found += [keyword for keyword in FILTER_WORDS if keyword.startswith(word.upper())]
    return Offer(word, found, "field")


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
    kinds.requirement: requirements,
    kinds.expression: _expressions,
    kinds.named_expression: _named_expressions,
    kinds.variable: _variables,
    kinds.format_name: _formats,
    kinds.registry_url: _subcommands,
}
