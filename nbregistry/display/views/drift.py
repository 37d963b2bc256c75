"""Whether the data of an evaluation are spread as those that the version was trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Block, Cell, Column, Line, Notes, Row, Section, Span, Table, Words, joined, line
from nbregistry.display.quantities import number, plural
from nbregistry.display.views.parts import ref_of
from nbregistry.evaluation.drift import LARGE, MODERATE, Drift, input_drift, score_drift

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbregistry.display.blocks import Kind
    from nbregistry.model import Evaluation

_LISTED = 12
_NAMED = 3
_SIGNS: dict[str, tuple[str, Kind]] = {
    "large": ("! large", "warned"),
    "moderate": ("~ moderate", "muted"),
    "none": ("= none to speak of", "muted"),
}


def drift(evaluation: Evaluation, which: str = "") -> list[Block]:
    """List the columns by how far they drifted, and the scores; nothing where nothing to compare with was kept.

    Parameters
    ----------
    evaluation : Evaluation
    which : str
        Which one it is, among several.
    """
    found, scores = input_drift(evaluation), score_drift(evaluation)
    if not found and scores is None:
        return []
    told = f"; {_SIGNS[scores.size][0][2:]} in the scores" if scores else ""
    rows = [_row(Span("scores, against the first evaluation"), scores)] if scores else []
    return [_section(line(_title(found), told, Span(which, "user")), rows, found)]


def drift_of_several(drift: Mapping[str, tuple[Drift, ...]]) -> list[Block]:
    """List the columns by how far they drifted, once for all versions that were trained on the same data."""
    holders: dict[tuple[Drift, ...], list[str]] = {}
    for ref, found in drift.items():
        holders.setdefault(found, []).append(ref)
    drifted = {found: refs for found, refs in holders.items() if any(each.size != "none" for each in found)}
    if holders and not drifted:
        told = f"No drift against the training data in {plural(max(map(len, holders)), 'column')}."
        return [Words(line(Span(told, "muted")))]
    return [
        _section(
            line(_title(found), " of " if len(holders) > 1 else "", _named(refs) if len(holders) > 1 else ()), [], found
        )
        for found, refs in drifted.items()
    ]


def _named(refs: Sequence[str]) -> Line:
    more = f" and {len(refs) - _NAMED} more" if len(refs) > _NAMED else ""
    return line(joined(", ", [(ref_of(ref),) for ref in refs[:_NAMED]]), more)


def _title(found: Sequence[Drift]) -> str:
    if not found:
        return "Drift"
    drifted = sum(each.size != "none" for each in found)
    return f"Drift against the training data: {drifted or 'none'} of {len(found)} columns"


def _section(title: Line, rows: Sequence[Row], found: Sequence[Drift]) -> Section:
    body = [*rows, *(_row(Span(each.name, "user"), each) for each in found[:_LISTED])]
    if len(found) > _LISTED:
        more = line(Span(f"… {len(found) - _LISTED} more, less drifted", "muted"))
        body.append(Row((Cell(more), *(Cell() for _ in range(4))), "gap"))
    heads = ("column", "PSI", "by chance", "missing", "drift")
    columns = tuple(Column(line(head), numeric=head in heads[1:4]) for head in heads)
    words = (
        f"PSI: population stability index, over deciles; by custom a change is moderate from {MODERATE:g} and large "
        f"from {LARGE:g}, here beyond what it would be by chance, and only if it is surely more than chance"
    )
    notes = Notes("", (line(Span(words, "muted")),))
    return Section(title, (Table(line("Drift"), columns, tuple(body), told=True), notes))


def _row(name: Span, found: Drift) -> Row:
    missing = f"{found.missing_before:.1%} → {found.missing_now:.1%}"
    return Row(
        (
            Cell((name,)),
            Cell(line(number(found.psi))),
            Cell(line(Span(number(found.by_chance), "muted"))),
            Cell(line(missing if found.missing_before or found.missing_now else "")),
            Cell((Span(*_SIGNS[found.size]),)),
        )
    )
