"""Whether the data of an evaluation are spread as those that the version was trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Block, Cell, Column, Notes, Row, Section, Span, Table, line
from nbregistry.display.quantities import number
from nbregistry.evaluation.drift import LARGE, MODERATE, Drift, input_drift, score_drift

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbregistry.display.blocks import Kind
    from nbregistry.model import Evaluation

_LISTED = 12
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
    told = f"; scores {_SIGNS[scores.size][0][2:]}" if scores else ""
    rows = [_row(Span("scores, against the first evaluation"), scores)] if scores else []
    return [_section(f"{_title(found)}{told}{which}", rows, found)]


def drift_of_several(drift: Mapping[str, tuple[Drift, ...]]) -> list[Block]:
    """List the columns by how far they drifted, once for all versions that were trained on the same data."""
    holders: dict[tuple[Drift, ...], list[str]] = {}
    for ref, found in drift.items():
        holders.setdefault(found, []).append(ref)
    many = len(holders) > 1
    return [
        _section(f"{_title(found)}{f' of {len(refs)} versions, {refs[0]} …' if many else ''}", [], found)
        for found, refs in holders.items()
    ]


def _title(found: Sequence[Drift]) -> str:
    if not found:
        return "Drift"
    drifted = sum(each.size != "none" for each in found)
    return f"Drift against the training data: {drifted or 'none'} of {len(found)} columns"


def _section(title: str, rows: Sequence[Row], found: Sequence[Drift]) -> Section:
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
    return Section(line(Span(title, "user")), (Table(line("Drift"), columns, tuple(body), told=True), notes))


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
