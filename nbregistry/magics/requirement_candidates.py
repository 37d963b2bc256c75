"""What may be typed in a requirement: a metric, a sign, another version, the name of an evaluation."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from nbregistry.errors import RegistryError
from nbregistry.evaluation.costs import COSTS
from nbregistry.magics.place import Offer
from nbregistry.reference import CHAMPION, LATEST

if TYPE_CHECKING:
    from nbregistry.magics.place import Place

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


def requirements(place: Place) -> Offer | None:
    """Offer what may follow; ``None`` inside a quoted name."""
    written = place.typed
    names = [name for name in place.metric_names if _BARE_METRIC.fullmatch(name)]
    firsts = [*names, *COSTS, "approved", "n"]
    if not place.quote:  # it has blanks, so it is quoted
        return Offer(place.fragment, [f'"{first}' for first in firsts if first.startswith(written)], "requirement")
    other = "'" if place.quote == '"' else '"'
    if written.count(other) % 2:  # inside a quoted name
        return None
    word = place.last_field
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
        return place.targets_of(whole["name"], word)
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
