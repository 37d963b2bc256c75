"""Where a version comes from and what came of it: the family tree, what it uses, who depends on it, the data."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nbregistry.display.blocks import Block, Card, Commands, Line, Notes, Span, Tree, Words, joined, line
from nbregistry.display.commands import command
from nbregistry.display.measures import by_importance
from nbregistry.display.quantities import number, plural
from nbregistry.display.views.data_nodes import askable, data_tree, data_words, short_id
from nbregistry.display.views.dependencies import Dependencies
from nbregistry.display.views.family import Family
from nbregistry.display.views.impact import impact_words
from nbregistry.display.views.left_out import LeftOut
from nbregistry.display.views.parts import chips, ref_of, refs_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbregistry.lineage import Lineage

_NAMED = 4
_MISSING = 10


def card(lineage: Lineage) -> Card:
    """Show a lineage."""
    trees, shown = _trees(lineage)
    sentences = _sentences(lineage)
    blocks: list[Block] = [Words(words) for words in sentences[1:]]
    blocks += trees
    if lineage.data:
        blocks.append(data_tree(lineage))
    if lineage.missing:
        refs = refs_of(sorted(lineage.missing), _MISSING)
        blocks.append(Notes("", (line("named and not in this registry: ", refs),), "warning"))
    count = len(lineage.versions)
    if shown < count:
        told = f"showing {shown} of {count:,} versions; .nodes and .to_frame() have all"
        blocks.append(Notes("", (line(Span(told, "muted")),)))
    if asked := _next(lineage):
        blocks.append(Commands("next", asked))
    return Card(
        title=line("Lineage of ", _start(lineage)),
        aside=_scope(lineage),
        lead=sentences[0],
        blocks=tuple(blocks),
        tone="warned" if lineage.missing else "plain",
    )


def _start(lineage: Lineage) -> Line:
    if lineage.ref in lineage.data:
        return data_words(lineage.data[lineage.ref])
    return line(ref_of(lineage.ref), _chips(lineage, lineage.ref))


def _scope(lineage: Lineage) -> Line:
    """Say what was asked for, where it is not everything."""
    way = "" if lineage.up and lineage.down else "what made it" if lineage.up else "what depends on it"
    if lineage.ref in lineage.data:
        way = ""
    far = f"at most {plural(lineage.depth, 'step')} away" if lineage.depth else ""
    told = ", ".join(filter(None, (f"only {way}" if way else "", far)))
    return (Span(told, "muted"),) if told else ()


def _sentences(lineage: Lineage) -> list[Line]:
    """Say who depends on it, if anybody does or that was the question, and then what it is related to."""
    of_data = lineage.ref in lineage.data
    asked = lineage.down and (of_data or not lineage.up)
    impact = [impact_words(lineage)] if lineage.impact or asked else []
    return impact if asked else [*impact, _relations(lineage)]


def _relations(lineage: Lineage) -> Line:
    if lineage.ref in lineage.data:
        return line("A data set.")
    parts = [
        _counted("trained from ", lineage.parents, "parent") or line("no parent"),
        _counted("", lineage.siblings, "sibling", before=True),
        _counted("", lineage.children, "child", "children", before=True),
        _counted("uses ", lineage.depends_on, "version"),
        _counted("used by ", lineage.dependents, "version"),
    ]
    return joined(" · ", parts)


def _counted(lead: str, refs: Sequence[str], noun: str, many: str = "", *, before: bool = False) -> Line:
    """Name a few references, count many."""
    if not refs:
        return ()
    count = plural(len(refs), noun, many)
    if len(refs) > _NAMED:
        return line(lead, count)
    return line(f"{count}: " if before else lead, joined(", ", [(ref_of(ref),) for ref in refs]))


def _label(lineage: Lineage, ref: str, others: Sequence[str] = ()) -> Line:
    """Name a version, what else it was trained from, what it is, and its most important metric."""
    if ref in lineage.data:
        return line(Span(short_id(ref), "code", ref), line(" ", Span("◀ this data set", "strong")))
    status = lineage.statuses.get(ref, "active")
    return line(
        ref_of(ref),
        _chips(lineage, ref),
        line(" ", Span(status.replace("_", " "), "badge", "status")) if status != "active" else (),
        line(" ", Span("! not in this registry", "alarm")) if ref in lineage.missing else (),
        line(" ", Span("◀ this version", "strong")) if ref == lineage.ref else (),
        line(Span(" also from ", "muted"), refs_of(others)) if others else (),
        _details(lineage, ref),
    )


def _chips(lineage: Lineage, ref: str) -> Line:
    return chips(lineage.aliases.get(ref, ()), lineage.stray_aliases.get(ref, ()))


def _details(lineage: Lineage, ref: str) -> Line:
    metrics = lineage.metrics.get(ref, {})
    algorithm: Line = (Span(lineage.algorithms[ref], "user"),) if ref in lineage.algorithms else ()
    measured = [line(Span(name, "user"), f" {number(metrics[name])}") for name in by_importance(metrics)[:1]]
    told = joined(", ", [algorithm, *measured])
    return line(Span(" · ", "muted"), told) if told else ()


def _trees(lineage: Lineage) -> tuple[list[Block], int]:
    """Draw the versions; say also how many are drawn."""
    label = partial(_label, lineage)
    left_out = LeftOut(label)
    makers, users = _arrows(lineage)
    blocks: list[Block] = []
    shown = {lineage.ref} - set(lineage.data)
    # Who depends on it in one way only is told by the tree of that way; else one tree has both.
    mixed = set(lineage.impact) != set(lineage.descendants)
    if (lineage.up or not mixed) and lineage.ref not in lineage.data:
        family = Family(lineage)
        blocks.append(Tree("Family, parents above children", tuple(family.trees(label, left_out))))
        shown.update(family.shown)
    if lineage.depends_on:
        uses = Dependencies(lineage.ref, makers)
        blocks.append(Tree("Uses, what it needs below it", (uses.tree(label, left_out),)))
        shown.update(uses.shown)
    if mixed:
        used_by = Dependencies(lineage.ref, users)
        blocks.append(Tree("Depends on it, what needs it below it", (used_by.tree(label, left_out),)))
        shown.update(used_by.shown)
    return blocks, len(shown - set(lineage.data))


def _arrows(lineage: Lineage) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Give what each version uses, and what depends on each, in any way."""
    depending = set(lineage.impact)
    made = {ref for node in lineage.data.values() if node.id == lineage.ref for ref in node.made}
    makers: dict[str, list[str]] = {}
    users: dict[str, list[str]] = {}
    for maker, user, kind in lineage.edges:
        if kind == "dependency":
            makers.setdefault(user, []).append(maker)
        if user in depending and (kind != "data" or (maker == lineage.ref and user in made)):
            users.setdefault(maker, []).append(user)
    return makers, users


def _next(lineage: Lineage) -> tuple[tuple[str, str], ...]:
    """Offer the question that this display leaves open: who else was made with the data of this version."""
    own = lineage.datasets.get(lineage.ref, ())
    typed = [shown for node_id in own if lineage.data[node_id].made and (shown := askable(node_id))]
    return tuple((command("%lineage", shown), "who depends on this data set") for shown in typed[:1])
