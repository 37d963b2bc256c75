"""Gaps between groups: in words first, then respect by respect and version by version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Block, Cell, Column, Line, Notes, Row, Section, Span, Table, Words, joined, line
from nbregistry.display.quantities import number, plural
from nbregistry.display.views.parts import ref_of
from nbregistry.display.views.verdict import level_of
from nbregistry.evaluation.gaps import EQUALISED_ODDS, FALSE_POSITIVE, MEAN_ERROR, TRUE_POSITIVE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbregistry.evaluation.comparison import Comparison, Gap

_NAMED = 4
_GROUPS = 25
_TOLD = {TRUE_POSITIVE: "recall"}
"""Measures by the name that most people know."""


def gaps(comparison: Comparison) -> list[Block]:
    """Say how far the groups of each column are apart; nothing where there is nothing to say."""
    return [
        block for column in dict.fromkeys(gap.column for gap in comparison.gaps) for block in _of(column, comparison)
    ]


def _of(column: str, comparison: Comparison) -> list[Block]:
    found = [gap for gap in comparison.gaps if gap.column == column]
    title = line("Gaps between groups of ", Span(column, "user"), ": ", *_most(found))
    told = [
        f"{level_of(comparison)} intervals are of the largest difference, for all pairs of groups at once",
        "an interval that begins at 0: there may be no gap",
        *(["equalised odds: the larger of the gaps in true and in false positives"] if _has_rates(found) else []),
    ]
    notes = Notes("", tuple((Span(sentence, "muted"),) for sentence in told))
    tables = (_differences(found, comparison), *_ratios(found, comparison), _values(found, comparison))
    return [Words(_sentence(found, comparison)), Section(title, (*tables, notes))]


def _has_rates(found: Sequence[Gap]) -> bool:
    return any(gap.measure == TRUE_POSITIVE for gap in found)


def _sentence(found: Sequence[Gap], comparison: Comparison) -> Line:
    """Say where the gap that matters most is, version by version."""
    measure = _main(found)
    of_each = [gap for gap in found if gap.measure == measure]
    told = [_told(gap, comparison, first=place == 0) for place, gap in enumerate(of_each[:_NAMED])]
    more = f"; {plural(len(of_each) - _NAMED, 'version')} more below" if len(of_each) > _NAMED else ""
    return line(joined("; ", told), more, ".")


def _main(found: Sequence[Gap]) -> str:
    """Choose the rate in which groups lie furthest apart, or the mean error."""
    rates = [gap for gap in found if gap.measure in (TRUE_POSITIVE, FALSE_POSITIVE)]
    return max(rates, key=lambda gap: gap.difference).measure if rates else MEAN_ERROR


def _told(gap: Gap, comparison: Comparison, *, first: bool) -> Line:
    what = f"{_TOLD.get(gap.measure, gap.measure)} is " if first else ""
    level = f"{level_of(comparison)} interval " if first else ""
    sure = line(f" ({level}{number(gap.ci_low)} to {number(gap.ci_high)})", *_change(gap, comparison))
    if not gap.difference:
        return line(f"{what}the same for all groups of ", Span(gap.column, "user"), " in ", ref_of(gap.ref), sure)
    where = line(" for ", Span(gap.column, "user"), " ") if first else line(" for ")
    return line(what, f"{number(gap.difference)} lower", where, Span(gap.lowest, "user"), " than ",
                Span(gap.highest, "user"), " in ", ref_of(gap.ref), sure)  # fmt: skip


def _change(gap: Gap, comparison: Comparison) -> Line:
    """Say whether the gap is another one than the baseline's, if that is more than chance."""
    if gap.change is None or gap.change_low is None or gap.change_high is None:
        return ()
    if gap.change_low <= 0 <= gap.change_high:
        return ()
    ends = sorted((abs(gap.change_low), abs(gap.change_high)))
    word = "less" if gap.change < 0 else "more"
    sure = f" ({number(ends[0])} to {number(ends[1])})"
    return line(f", {number(abs(gap.change))} {word} than in ", ref_of(comparison.baseline_ref), sure)


def _most(found: Sequence[Gap]) -> Line:
    most = max((gap for gap in found if gap.measure == _main(found)), key=lambda gap: gap.difference)
    return line(f"{number(most.difference)} in {most.measure} at most, in ", ref_of(most.ref))


def _differences(found: Sequence[Gap], comparison: Comparison) -> Table:
    cells = {
        (gap.measure, gap.ref): Cell(
            line(number(gap.difference)), (Span(f"{number(gap.ci_low)} to {number(gap.ci_high)}", "muted"),)
        )
        for gap in found
    }
    return _table(line("Largest difference between two groups"), found, cells, comparison)


def _ratios(found: Sequence[Gap], comparison: Comparison) -> list[Table]:
    cells = {
        (gap.measure, gap.ref): Cell(
            line(number(gap.ratio)), (Span(f"{number(gap.ratio_low)} to {number(gap.ratio_high)}", "muted"),)
        )
        for gap in found
        if gap.ratio is not None
    }
    return [_table(line("The lowest rate over the highest"), found, cells, comparison)] if cells else []


def _table(caption: Line, found: Sequence[Gap], cells: dict[tuple[str, str], Cell], comparison: Comparison) -> Table:
    measures = dict.fromkeys(gap.measure for gap in found if any(measure == gap.measure for measure, _ in cells))
    none = Cell(line(number(None)))
    rows = tuple(
        Row((Cell(line(measure)), *(cells.get((measure, ref), none) for ref in comparison.refs)))
        for measure in measures
    )
    heads = (Column((ref_of(ref),), numeric=True) for ref in comparison.refs)
    return Table(caption, (Column(line("measure")), *heads), rows)


def _values(found: Sequence[Gap], comparison: Comparison) -> Table:
    """List the rates or means themselves, group by group."""
    values = {(gap.measure, gap.ref): gap.values for gap in found if gap.measure != EQUALISED_ODDS}
    names = list(dict.fromkeys((measure, group) for (measure, _), of in values.items() for group in of))
    body = [
        Row(
            (
                Cell(line(measure, " ", Span(group, "user"))),
                *(Cell(line(number(values.get((measure, ref), {}).get(group)))) for ref in comparison.refs),
            )
        )
        for measure, group in names[:_GROUPS]
    ]
    if len(names) > _GROUPS:
        told = Cell(line(f"and {len(names) - _GROUPS} more in .gaps"))
        body.append(Row((told, *(Cell() for _ in comparison.refs)), "gap"))
    heads = (Column((ref_of(ref),), numeric=True) for ref in comparison.refs)
    return Table(line("By group"), (Column(line("measure")), *heads), tuple(body))
