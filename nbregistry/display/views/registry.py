"""A registry: where it is, what it holds, whom it believes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Block, Card, Commands, Facts, Line, Notes, Span, joined, line
from nbregistry.display.quantities import plural, short_digest
from nbregistry.outcomes import RegistrySummary

if TYPE_CHECKING:
    from nbregistry.registry import Registry


def card(shown: Registry | RegistrySummary) -> Card:
    """Show a registry."""
    summary = shown if isinstance(shown, RegistrySummary) else shown.summary()
    nothing = Span("none yet: made at the first register", "muted")
    key = Span(summary.key, "code") if summary.key else nothing  # whole: a colleague is given it to trust
    facts: list[tuple[str, Line]] = [
        ("holds", line(plural(summary.models, "model"), ", ", plural(summary.versions, "version"))),
        ("format", line(str(summary.format)) if summary.format else line(Span("none yet", "muted"))),
        ("your key", line(key)),
        ("also trusted", _trusted(summary.trusted_keys)),
    ]
    if summary.read_only:
        facts.insert(1, ("mode", line("read-only: nothing can be changed through this one")))
    blocks: list[Block] = []
    if not summary.format:
        told = line("There is no registry at this place yet: the first ", Span("%register", "code"), " makes it.")
        blocks.append(Notes("", (told,), "warning"))
    first = ("%versions", "the models") if summary.versions else ("%register NAME MODEL", "keep the first model")
    return Card(
        title=line("Registry", line(" ", Span("read-only", "badge")) if summary.read_only else ()),
        lead=(Span(summary.url, "code"),),
        blocks=(*blocks, Facts("The registry", tuple(facts)), Commands("next", (first, ("%nbr help", "all verbs")))),
        tone="plain" if summary.format else "warned",
    )


def _trusted(keys: tuple[tuple[str, str], ...]) -> Line:
    if not keys:
        return (Span("nobody else", "muted"),)
    return joined(
        ", ", [line(Span(label or "unnamed", "user"), " ", Span(short_digest(key), "code", key)) for key, label in keys]
    )
