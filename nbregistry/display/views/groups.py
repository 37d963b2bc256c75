"""How good versions are on parts of the data; differences have a sign only where they were tested."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from nbregistry.display.blocks import Block, Cell, Column, Line, Notes, Row, Section, Span, Table, joined, line
from nbregistry.display.measures import LEGEND_OF_TESTS, by_importance, change, leading
from nbregistry.display.quantities import difference, number, plural
from nbregistry.display.views.differences import SIDE_BY_SIDE
from nbregistry.display.views.parts import ref_of
from nbregistry.display.views.verdict import bare_p, level_of, verdict_of
from nbregistry.evaluation.partition import SMALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbregistry.evaluation.comparison import Comparison, GroupRow

_ROWS = 25


def groups(comparison: Comparison, metrics: Sequence[str]) -> list[Block]:
    """Show how good the versions are on parts of the data: the main metric in full view, the others folded."""
    found = by_importance(row.metric for row in comparison.groups)
    main = leading(metrics)
    first = [metric for metric in found if metric == main]
    rest = [metric for metric in found if metric != main]
    blocks: list[Block] = [_table(comparison, metric) for metric in first]
    blocks += _remarks(comparison)
    if rest:
        title = line(plural(len(rest), "more metric" if first else "metric"), " by group")
        blocks.append(Section(title, tuple(_table(comparison, metric) for metric in rest)))
    return [*blocks, *_certainty(comparison, [*first, *rest])]


def _remarks(comparison: Comparison) -> list[Block]:
    """Say what the signs rest on, and which groups were left alone."""
    tests = max(Counter(row.metric for row in comparison.groups if row.verdict).values(), default=0)
    told = [f"below each value its {level_of(comparison)} interval"] if _with_intervals(comparison) else []
    if tests:
        told.append(f"signs: p adjusted for the {plural(tests, 'test')} of each metric (Holm)")
    if any(row.small for row in comparison.groups):
        told.append(f"small: {SMALL}; not tested")
    return [Notes("", tuple((Span(sentence, "muted"),) for sentence in told))] if told else []


def _with_intervals(comparison: Comparison) -> bool:
    few = len(comparison.refs) <= SIDE_BY_SIDE
    return few and any(row.value_low is not None for row in comparison.groups)


def _table(comparison: Comparison, metric: str) -> Table:
    rows = {(row.column, row.group, row.ref): row for row in comparison.groups if row.metric == metric}
    names = list(dict.fromkeys((column, group) for column, group, _ in rows))
    refs = comparison.refs
    body = []
    for column, group in names[:_ROWS]:
        there = [row for ref in refs if (row := rows.get((column, group, ref)))]
        small = any(row.small for row in there)
        head = line(Span(column, "user"), " ", Span(group, "user"), *([Span(" small", "muted")] if small else []))
        cells = [_cell(rows.get((column, group, ref)), comparison) for ref in refs]
        body.append(Row((Cell(head), Cell(line(f"{there[0].n:,}")), *cells)))
    if len(names) > _ROWS:
        told = line(f"and {len(names) - _ROWS} more in .groups")
        body.append(Row((Cell(told), *(Cell() for _ in range(len(refs) + 1))), "gap"))
    columns = (
        Column(line("group")),
        Column(line("rows"), numeric=True),
        *(Column((ref_of(ref),), numeric=True) for ref in refs),
    )
    legend = f", {LEGEND_OF_TESTS}" if any(row.verdict for row in rows.values()) else ""
    return Table(line(Span(metric, "user"), f" by group{legend}"), columns, tuple(body))


def _cell(row: GroupRow | None, comparison: Comparison) -> Cell:
    if row is None:
        return Cell(line(number(None)))
    if row.small:
        return Cell((Span(number(row.value), "muted"),))
    interval: Line = ()
    if row.value_low is not None and _with_intervals(comparison):
        interval = (Span(f"{number(row.value_low)} to {number(row.value_high)}", "muted"),)
    return Cell(line(number(row.value)), joined(", ", [interval, _moved(row, comparison.baseline_ref)]))


def _moved(row: GroupRow, baseline: str) -> Line:
    """Give the difference to the baseline, with a sign if it was tested."""
    if row.ref == baseline or row.value is None or row.difference is None:
        return ()
    if row.verdict is None:
        return (Span(difference(row.difference), "muted"),)
    before = row.value - row.difference
    return change(row.metric, row.value, before, than=baseline, short=True, verdict=row.verdict)


def _certainty(comparison: Comparison, metrics: Sequence[str]) -> list[Block]:
    """List the tests, the surest first."""
    rows = [row for metric in metrics for row in comparison.groups if row.verdict and row.metric == metric]
    if not rows:
        return []
    heads = ("metric", "group", "rows", "version", "difference", f"{level_of(comparison)} interval", "p", "p adjusted")
    columns = [Column(line(head), numeric=head not in ("metric", "group", "version")) for head in heads]
    shown = sorted(rows, key=lambda row: row.p_adjusted or 0.0)[:_ROWS]
    body = tuple(
        Row(
            (
                Cell((Span(row.metric, "user"),)),
                Cell(line(Span(row.column, "user"), " ", Span(row.group, "user"))),
                Cell(line(f"{row.n:,}")),
                Cell((ref_of(row.ref),)),
                Cell(line(difference(row.difference or 0.0))),
                Cell(line(f"{difference(row.ci_low or 0.0)} to {difference(row.ci_high or 0.0)}")),
                Cell(line(bare_p(row.p_value))),
                Cell(line(bare_p(row.p_adjusted))),
                Cell((verdict_of(str(row.verdict)),)),
                Cell((Span(str(row.method), "muted"),)),
            )
        )
        for row in shown
    )
    more = f", the {len(shown)} surest shown; .groups has all" if len(rows) > len(shown) else ""
    table = Table(
        line("Tests by group against the baseline"),
        (*columns, Column(line("verdict")), Column(line("test"))),
        body,
        told=True,
    )
    return [Section(line(f"How sure by group: {plural(len(rows), 'test')}{more}"), (table,))]
