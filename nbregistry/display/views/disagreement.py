"""Where versions and the baseline disagree: how many rows were fixed and broken, and those that moved most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Block, Cell, Column, Line, Notes, Row, Section, Span, Table, line
from nbregistry.display.quantities import difference, number, plural, scalar
from nbregistry.display.views.parts import ref_of
from nbregistry.display.visible import clip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbregistry.evaluation.comparison import Comparison
    from nbregistry.evaluation.disagreement import Disagreement, Flip

_SHOWN = 10
_LABEL_LENGTH = 40


def disagreement(comparison: Comparison) -> Section | None:
    """Fold away how often the versions and the baseline disagree; ``None`` where that is not known."""
    found = comparison.disagreements
    if not found:
        return None
    flips = comparison.rowwise.largest(_SHOWN)
    blocks: list[Block] = [_counts(found, comparison)]
    if flips:
        blocks.append(_flips(flips, comparison))
        total = plural(sum(one.fixed + one.broken for one in found), "row")
        blocks.append(Notes("", (line(Span(f"{total} in all: .flips() gives them as a frame", "muted")),)))
    return Section(_title(found), tuple(blocks))


def _title(found: Sequence[Disagreement]) -> Line:
    said = [_said(one) for one in found]
    if len(said) == 1:
        return line(f"Where they disagree: {said[0]}")
    most = max(found, key=lambda one: one.fixed + one.broken)
    return line("Where they disagree: most in ", ref_of(most.ref), f", {_said(most)}")


def _said(one: Disagreement) -> str:
    if one.both_right is None:
        return f"the error is smaller in {one.fixed:,} of {plural(one.n, 'row')}, larger in {one.broken:,}"
    if not one.fixed + one.broken:
        return f"in none of {plural(one.n, 'row')}"
    return f"{one.fixed:,} fixed and {one.broken:,} broken of {plural(one.n, 'row')}"


def _counts(found: Sequence[Disagreement], comparison: Comparison) -> Table:
    """Say how often, version by version."""
    are_numbers = found[0].both_right is None
    heads = ["error smaller", "error larger"] if are_numbers else ["fixed", "broken", "both right", "both wrong"]
    body = []
    for one in found:
        counts = [one.fixed, one.broken, *([] if are_numbers else [one.both_right, one.both_wrong])]
        body.append(Row((Cell((ref_of(one.ref),)), *(Cell(line(f"{count:,}")) for count in counts))))
    columns = (Column(line("version")), *(Column(line(head), numeric=True) for head in heads))
    against = line("Rows, against ", ref_of(comparison.baseline_ref))
    return Table(against, columns, tuple(body))


def _flips(flips: Sequence[Flip], comparison: Comparison) -> Table:
    """List the rows that moved most."""
    many = len(comparison.disagreements) > 1
    are_numbers = flips[0].outcome in ("smaller", "larger")
    scored = any(flip.score is not None or flip.baseline_score is not None for flip in flips)
    what = "error" if are_numbers else "score of the true class" if comparison.task == "multiclass" else "score"
    columns = [
        Column(line("row"), numeric=True),
        *([Column(line("version"))] if many else []),
        Column(line("true"), numeric=are_numbers),
        Column(line("said"), numeric=are_numbers),
        *([Column(line(what), numeric=True), Column(line("change"), numeric=True)] if scored else []),
        Column(line("outcome")),
    ]
    body = tuple(
        Row(
            (
                Cell(line(f"{flip.row}")),
                *([Cell((ref_of(flip.ref),))] if many else []),
                Cell((_label(flip.target),)),
                Cell(
                    _pair(flip.baseline_prediction, flip.prediction)
                    if are_numbers
                    else line(_label(flip.baseline_prediction), " → ", _label(flip.prediction))
                ),
                *([Cell(_pair(flip.baseline_score, flip.score))] if scored else []),
                *([Cell(line(number(None) if flip.change is None else difference(flip.change)))] if scored else []),
                Cell(line(flip.outcome)),
            )
        )
        for flip in flips
    )
    largest = "with the largest change first" if scored else "in their order"
    told = f"{plural(len(flips), 'row')} about which they disagree, {largest}; baseline → version"
    return Table(line(told), tuple(columns), body)


def _pair(before: float | None, after: float | None) -> Line:
    return (Span(f"{number(before)} → {number(after)}", "pair"),)


def _label(value: object) -> Span:
    return Span(number(value) if isinstance(value, float) else clip(scalar(value), _LABEL_LENGTH), "user")
