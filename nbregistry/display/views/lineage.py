"""Where a version comes from and what came of it: the family tree, what it uses, the data."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nbregistry.display.blocks import Block, Card, Cell, Column, Line, Notes, Row, Span, Table, Tree, joined, line
from nbregistry.display.measures import by_importance
from nbregistry.display.quantities import number, plural
from nbregistry.display.views.dependencies import Dependencies
from nbregistry.display.views.family import Family
from nbregistry.display.views.parts import chips, ref_of, refs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nbregistry.lineage import Lineage

_NAMED = 4
_MISSING = 10
_DATA = 10


def card(lineage: Lineage) -> Card:
    """Show a lineage."""
    family = Family(lineage)
    uses, used_by = _dependencies(lineage)

    blocks: list[Block] = [Tree("Family, parents above children", tuple(family.trees(partial(_label, lineage))))]
    if lineage.depends_on:
        blocks.append(Tree("Uses, what it needs below it", (uses.tree(partial(_label, lineage)),)))
    if lineage.dependents:
        blocks.append(Tree("Used by, what needs it below it", (used_by.tree(partial(_label, lineage)),)))
    if lineage.datasets:
        blocks.append(_data(lineage))
    if lineage.missing:
        refs = refs_of(sorted(lineage.missing), _MISSING)
        blocks.append(Notes("", (line("named and not in this registry: ", refs),), "warning"))
    shown = {*family.shown, *uses.shown, *used_by.shown}
    if len(shown) < len(lineage.nodes):
        told = f"showing {len(shown)} of {len(lineage.nodes):,} versions; .nodes and .to_frame() have all"
        blocks.append(Notes("", (line(Span(told, "muted")),)))
    return Card(
        title=line("Lineage of ", ref_of(lineage.ref), _chips(lineage, lineage.ref)),
        lead=_lead(lineage),
        blocks=tuple(blocks),
        tone="warned" if lineage.missing else "plain",
    )


def _lead(lineage: Lineage) -> Line:
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


def _dependencies(lineage: Lineage) -> tuple[Dependencies, Dependencies]:
    """Follow the dependencies both ways: what this version uses, and what uses it."""
    makers: dict[str, list[str]] = {}
    users: dict[str, list[str]] = {}
    for maker, user, kind in lineage.edges:
        if kind == "dependency":
            makers.setdefault(user, []).append(maker)
            users.setdefault(maker, []).append(user)
    return Dependencies(lineage.ref, makers), Dependencies(lineage.ref, users)


def _data(lineage: Lineage) -> Table:
    """List each data set once, with the versions that share it; those of this version first."""
    users: dict[str, list[str]] = {}
    for ref in sorted(lineage.datasets, key=lambda ref: ref != lineage.ref):
        for words in lineage.datasets[ref]:
            users.setdefault(words, []).append(ref)
    ordered = sorted(users.items(), key=lambda item: lineage.ref not in item[1])
    rows = [Row((Cell((Span(words, "user"),)), Cell(_sharing(lineage, refs)))) for words, refs in ordered[:_DATA]]
    if len(ordered) > _DATA:
        rows.append(Row((Cell(line(f"and {len(ordered) - _DATA} more in .datasets")), Cell()), "gap"))
    return Table(line("Data sets"), (Column(line("data")), Column(line("versions"))), tuple(rows))


def _sharing(lineage: Lineage, refs: Iterable[str]) -> Line:
    named = list(refs)
    told = [line(ref_of(ref), " (this version)" if ref == lineage.ref else "") for ref in named[: _NAMED * 2]]
    more = len(named) - len(told)
    return line(joined(", ", told), f" and {more} more" if more > 0 else "")
