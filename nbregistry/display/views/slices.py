"""The weakest slices that were confirmed, or that there was none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import (
    Block,
    Card,
    Cell,
    Column,
    Line,
    Notes,
    Row,
    Section,
    Span,
    Table,
    Words,
    joined,
    line,
)
from nbregistry.display.quantities import difference, number, plural
from nbregistry.display.views.parts import ref_of
from nbregistry.display.views.verdict import bare_p, level_of

if TYPE_CHECKING:
    from nbregistry.evaluation.comparison import Comparison, WeakSlices
    from nbregistry.evaluation.slices import Slice, Slices

_SHOWN = 10
_KINDS = {"worse": "worse than the baseline", "weak": "weaker than elsewhere"}


def card(weak: WeakSlices) -> Card:
    """Show the slices of a comparison alone, or what to type so that they can be looked for."""
    title = line("Slices of ", joined(", ", [(ref_of(ref),) for ref in weak.refs]))
    if weak.refused:
        told = line(Span("next: ", "muted"), Span(weak.refused.hint, "user"))
        reason = f"No slices: {weak.refused.message}"
        return Card(title, lead=line(Span(reason, "user"), "."), blocks=(Words(told),))
    return Card(title, blocks=tuple(slices(weak.comparison)) if weak.comparison else ())


def slices(comparison: Comparison) -> list[Block]:
    """Say where versions are weak, if it was asked for."""
    found = comparison.slices
    if found is None:
        return []
    if not found.found:
        looked = plural(found.tested, "slice")
        none = f"No slice was confirmed on rows it was not found on ({looked} looked weak)."
        return [Words(line(none, *(Span(f" {left_out}.", "muted") for left_out in _copies(found))))]
    shown = found.found[:_SHOWN]
    more = f", {len(shown)} of them shown; .slices has all" if len(found.found) > len(shown) else ""
    title = line(f"Weakest slices: {len(found.found)} confirmed of {found.tested} that looked weak{more}")
    told = [
        f"found on one half of the rows, confirmed on the {found.n:,} of the other, of which all numbers here are",
        f"p is one-sided (Welch), adjusted for {plural(found.tested, 'test')} (Holm); {level_of(comparison)} intervals",
        *_copies(found),
    ]
    notes = Notes("", tuple((Span(sentence, "muted"),) for sentence in told))
    return [Words(_sentence(shown[0], found, comparison)), Section(title, (_table(shown, found, comparison), notes))]


def _copies(found: Slices) -> tuple[str, ...]:
    """Say how many rows were left out, if some were."""
    was = "was" if found.copies == 1 else "were"
    return (f"{plural(found.copies, 'copy', 'copies')} of other rows {was} left out",) if found.copies else ()


def _sentence(one: Slice, found: Slices, comparison: Comparison) -> Line:
    """Say the surest one in words."""
    against = ref_of(comparison.baseline_ref) if one.kind == "worse" else Span("elsewhere")
    p = bare_p(one.p_adjusted)
    sure = f"{_interval(one, comparison)}, adjusted p {p if p.startswith('<') else f'= {p}'}"
    return line("Where ", Span(one.rule, "user"), ", ", ref_of(one.ref), f" has {found.loss} {number(one.loss)}, ",
                against, f" {number(one.against)}: {difference(one.difference)} ({sure}).")  # fmt: skip


def _interval(one: Slice, comparison: Comparison) -> str:
    return f"{level_of(comparison)} interval {difference(one.ci_low)} to {difference(one.ci_high)}"


def _table(shown: tuple[Slice, ...], found: Slices, comparison: Comparison) -> Table:
    columns = (
        Column(line("where")),
        Column(line("version")),
        Column(line("which is")),
        Column(line("rows"), numeric=True),
        Column(line(found.loss), numeric=True),
        Column(line("against"), numeric=True),
        Column(line("difference"), numeric=True),
        Column(line(f"{level_of(comparison)} interval"), numeric=True),
        Column(line("p adjusted"), numeric=True),
    )
    body = tuple(
        Row(
            (
                Cell((Span(one.rule, "user"),)),
                Cell((ref_of(one.ref),)),
                Cell(line(_KINDS[one.kind])),
                Cell(line(f"{one.n:,}")),
                Cell(line(number(one.loss))),
                Cell(line(number(one.against))),
                Cell(line(difference(one.difference))),
                Cell(line(f"{difference(one.ci_low)} to {difference(one.ci_high)}")),
                Cell(line(bare_p(one.p_adjusted))),
            )
        )
        for one in shown
    )
    return Table(line("Slices, the surest first"), columns, body, told=True)
