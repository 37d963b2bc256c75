"""Every way to look at a registry that needs no change and runs no model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nbregistry.cli import to_json
from nbregistry.display import to_html, to_text
from nbregistry.errors import RegistryError
from tests.display.dom import parse
from tests.faults.hostile import is_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nbregistry.registry import Registry


def strict(text: str | bytes) -> Any:
    """Read JSON as strictly as it is defined: no NaN, and no key twice."""

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len({key for key, _ in pairs}) == len(pairs)
        return dict(pairs)

    return json.loads(text, parse_constant=refuse, object_pairs_hook=once)


def refusal_of(call: Callable[..., object], *arguments: Any) -> RegistryError | None:
    """Give the error that a call is refused with, seen to be one plain block; ``None`` if it is not refused."""
    try:
        call(*arguments)
    except RegistryError as error:
        refusal = error
    else:
        return None
    first, *others = str(refusal).split("\n")
    assert first
    assert len(others) <= 4
    assert all(line.startswith("  ") for line in others)
    assert sum(line.startswith("  next: ") for line in others) <= 1
    assert all(line.isprintable() for line in (first, *others))
    assert refusal._render_traceback_() == [f"{type(refusal).__name__}: {refusal}"]
    return refusal


def everything(registry: Registry) -> Iterator[Any]:
    """Give all that the reading verbs return."""
    versions = registry.versions()
    yield from (registry, registry.summary(), versions, registry.models(), registry.log(), *registry.log())
    yield registry.verify()
    for name in registry.model_names():
        yield from (registry.versions(name), registry.log(name), registry.models(f"name = '{name}'"))
        yield from (registry.log(name, alias=alias) for alias in registry.alias_names(name))
    for version in versions:
        yield from (registry.get(version.ref), registry.lineage(version.ref), registry.evaluations(version.ref))
        yield registry.card(version.ref)
        yield from version.evaluations
    if len(versions) > 1:
        yield registry.compare(*(version.ref for version in versions[:4]))


def check(shown: Any) -> None:
    """See that an object shows itself in words, on a page, as a table and as JSON, and acts in none of them."""
    text = to_text(shown)
    assert is_plain(text.replace("\n", ""))
    text.encode()
    html = to_html(shown)
    parse(html)
    assert is_plain(html.replace("\n", ""))
    html.encode()
    assert is_plain(repr(shown).replace("\n", ""))
    if hasattr(shown, "to_frame"):
        shown.to_frame()
    if not hasattr(shown, "register"):
        written = to_json(shown)
        assert written.isprintable()
        strict(written)


def look_at_everything(registry: Registry) -> None:
    """Look at all there is."""
    for shown in everything(registry):
        refusal_of(check, shown)  # e.g. the rows of an evaluation are not there
