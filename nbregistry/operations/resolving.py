"""From what a user wrote to what is there, with the nearest right thing where it is not."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from nbregistry.errors import Conflict, InvalidName, NotFound
from nbregistry.model import ModelVersion
from nbregistry.reference import LATEST, Reference, check_model_name, instant, look_alike_key, quoted
from nbregistry.spelling import nearest
from nbregistry.trust import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nbregistry.catalog.view import View
    from nbregistry.trust import Keyring


Ref = str | ModelVersion
"""A reference as callers give it: text, or the version itself."""


def written(ref: Ref) -> str:
    """Give a reference as text."""
    return ref.ref if isinstance(ref, ModelVersion) else ref


def spelled(word: str, known: Iterable[str]) -> str:
    """Give the known word that differs in case only, or the word as it is."""
    return next((right for right in known if right.casefold() == word.casefold()), word)


def resolve_name(view: View, name: str) -> str:
    """Check that a model exists.

    Raises
    ------
    InvalidName, NotFound
    """
    check_model_name(name)
    if not view.count(name):
        names = view.names()
        if not names:
            raise NotFound(f"there is no model {name!r}: the registry is empty", hint=f"%register {quoted(name)} MODEL")
        raise NotFound(f"there is no model {name!r}", nearest=nearest(name, names), hint="%versions lists the models")
    return name


def resolve(view: View, ref: Ref) -> dict[str, Any]:
    """Find the document of the version that a reference means.

    Raises
    ------
    InvalidName, NotFound
    Conflict
        If a version of another registry is given: here its name and number mean another model.
    """
    with view.lock:  # an alias and the version that holds it
        document = _find(view, _parsed(view, written(ref)))
    if isinstance(ref, ModelVersion) and ref.digest != document["digest"]:
        raise Conflict(
            f"{ref.ref} comes from another registry: here {ref.ref} is another model",
            hint=f"if that is what you mean: {ref.ref!r}, as text",
        )
    return document


def warn_of_a_stray_alias(view: View, keyring: Keyring, ref: Ref) -> None:
    """Warn if a reference that is about to be used is an alias that somebody moved who is not trusted."""
    reference = Reference.parse(written(ref))
    alias = view.alias(reference.name, reference.alias) if reference.alias else None
    if alias and not keyring.is_trusted(key := alias["history"][-1]["key"]):
        warnings.warn(
            f"{reference} was moved to version {alias['version']} by {fingerprint(key)}, which you do not trust; "
            f"%nbr log {quoted(reference.name)} tells by whom and why",
            stacklevel=3,
        )


def _parsed(view: View, text: str) -> Reference:
    """Read a reference; to a bare name, versions are suggested that exist, if there is such a model at all."""
    try:
        return Reference.parse(text)
    except InvalidName as error:
        if not isinstance(text, str) or "@" in text or ":" in text:
            raise
        name = resolve_name(view, text)
        error.nearest = tuple(f"{name}@{target}" for target in (LATEST, *view.aliases_of(name)))
        raise


def _find(view: View, reference: Reference) -> dict[str, Any]:
    name = resolve_name(view, reference.name)
    version = reference.version
    if version is None:
        version = view.count(name) if reference.alias == LATEST else _holder(view, reference)
    document = view.version(name, version)
    if document is None:
        count = view.count(name)
        raise NotFound(
            f"{name!r} has no version {version}: it has {'version 1' if count == 1 else f'versions 1 to {count}'}",
            nearest=[f"{name}@{min(max(version, 1), count)}"],
            hint=f"%versions {quoted(name)}",
        )
    return document


def alias_of(view: View, name: str, alias: str) -> dict[str, Any]:
    """Find an alias of a model that exists.

    Raises
    ------
    NotFound
    """
    document = view.alias(name, alias)
    if document is None:
        known = [*view.aliases_of(name), LATEST]
        raise NotFound(
            f"{name!r} has no alias {alias!r}",
            nearest=[f"{name}@{near}" for near in nearest(alias, known) or known[:3]],
            hint=f"%versions {quoted(name)}"
            if nearest(alias, known)
            else f"%promote {quoted(name + '@' + LATEST)} {alias}",
        )
    return document


def _holder(view: View, reference: Reference) -> int:
    name, alias = reference.name, reference.alias or LATEST
    document = alias_of(view, name, alias)
    if reference.at:
        return _holder_at(reference, document)
    holders = holders_of(document)
    if reference.steps >= len(holders):
        raise NotFound(
            f"{str(reference)!r}: the alias {alias!r} had {len(holders)} holder{'s' * (len(holders) != 1)} so far",
            nearest=[f"{name}@{alias}"],
            hint=f"%nbr log {quoted(name)}",
        )
    return holders[-1 - reference.steps]


def _holder_at(reference: Reference, alias: Mapping[str, Any]) -> int:
    """Give the version that held an alias at a moment: the last that it had been put on by then."""
    moment = instant(reference.at)
    times = [(at, holding["version"]) for holding in alias["history"] if (at := instant(holding["at"]))]
    held = [version for at, version in times if moment and at <= moment]
    if not held:
        first = min(times, default=None)
        told = f": it was first put on one at {first[0].isoformat().replace('+00:00', 'Z')}" if first else ""
        raise NotFound(
            f"{str(reference)!r}: the alias {reference.alias!r} had no holder then{told}",
            nearest=[f"{reference.name}@{reference.alias}"],
            hint=f"%nbr log {quoted(reference.name)} --alias {reference.alias}",
        )
    return int(held[-1])


def check_look_alikes(view: View, name: str, alias: str | None = None) -> None:
    """Refuse a new model name, or a new alias of a model, that looks like one that exists.

    Raises
    ------
    Conflict
    """
    wanted = name if alias is None else alias
    known = view.spelling_of(name) if alias is None else None
    if alias is not None and view.alias(name, alias) is None:
        key = look_alike_key(alias)
        known = next((other for other in view.aliases_of(name) if look_alike_key(other) == key), None)
    if known is not None and known != wanted:
        raise Conflict(
            f"{'' if alias is None else 'the alias '}{wanted!a} looks like {known!a}, which exists",
            nearest=[known],
            hint="use that name, or one that differs",
        )


def holders_of(alias: Mapping[str, Any]) -> list[int]:
    """Give the versions that held an alias, oldest first; staying where it was does not count as a move."""
    holders: list[int] = []
    for holding in alias["history"]:
        if not holders or holders[-1] != holding["version"]:
            holders.append(holding["version"])
    return holders
