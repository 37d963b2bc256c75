"""How good versions are on parts of the data; differences have a sign only where they were tested."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from nbregistry.display.blocks import Block, Cell, Column, Line, Notes, Row, Section, Span, Table, line
from nbregistry.display.measures import by_importance, change, leading, legend_of_tests
from nbregistry.display.quantities import difference, number, plural
from nbregistry.display.views.differences import SIDE_BY_SIDE
from nbregistry.display.views.parts import ref_of
from nbregistry.display.views.verdict import bare_p, level_of, verdict_of
from nbregistry.evaluation.partition import SMALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbregistry.evaluation.comparison import Comparison, GroupRow

_ROWS = 25
_PAIR = 2


def groups(comparison: Comparison, metrics: Sequence[str]) -> list[Block]:
    """Show how good the versions are on parts of the data: the main metric in full view, the others folded."""
    found = by_importance(row.metric for row in comparison.groups)
    main = leading(metrics)
    first = [metric for metric in found if metric == main]
    rest = [metric for metric in found if metric != main]
    blocks: list[Block] = [table for metric in first for table in _tables(comparison, metric)]
    blocks += _remarks(comparison)
    if rest:
        title = line(plural(len(rest), "more metric" if first else "metric"), " by group")
        blocks.append(Section(title, tuple(table for metric in rest for table in _tables(comparison, metric))))
    return [*blocks, *_certainty(comparison, [*first, *rest])]


def _remarks(comparison: Comparison) -> list[Block]:
    """Say what the signs rest on, and which groups were left alone."""
    tests = max(Counter(row.metric for row in comparison.groups if row.verdict).values(), default=0)
    told = [f"with each value its {level_of(comparison)} interval"] if _with_intervals(comparison) else []
    if tests:
        told.append(f"signs: p adjusted for the {plural(tests, 'test')} of each metric (Holm)")
    if any(row.small for row in comparison.groups):
        told.append(f"small: {SMALL}; not tested")
    return [Notes("", tuple((Span(sentence, "muted"),) for sentence in told))] if told else []


def _with_intervals(comparison: Comparison) -> bool:
    few = len(comparison.refs) <= SIDE_BY_SIDE
    return few and any(row.value_low is not None for row in comparison.groups)


def _tables(comparison: Comparison, metric: str) -> list[Table]:
    """Give a table for each column, so that no row has to name it."""
    found = [row for row in comparison.groups if row.metric == metric]
    return [_table(comparison, metric, column, found) for column in dict.fromkeys(row.column for row in found)]


def _table(comparison: Comparison, metric: str, column: str, found: Sequence[GroupRow]) -> Table:
    rows = {(row.group, row.ref): row for row in found if row.column == column}
    names = list(dict.fromkeys(group for group, _ in rows))
    refs = comparison.refs
    pair = len(refs) == len({comparison.baseline_ref, *refs}) == _PAIR
    body = []
    for group in names[:_ROWS]:
        there = [row for ref in refs if (row := rows.get((group, ref)))]
        small = any(row.small for row in there)
        head = line(Span(group, "user"), *([Span(" small", "muted")] if small else []))
        cells = [_cell(rows.get((group, ref)), comparison, with_difference=not pair) for ref in refs]
        moved = [Cell(_difference(there[-1], comparison.baseline_ref))] if pair else []
        body.append(Row((Cell(head), Cell(line(f"{there[0].n:,}")), *cells, *moved)))
    columns = (
        Column((Span(column, "user"),)),
        Column(line("rows"), numeric=True),
        *(Column((ref_of(ref),), numeric=True) for ref in refs),
        *([Column(line("difference"), numeric=True)] if pair else []),
    )
    if len(names) > _ROWS:
        told = line(f"and {len(names) - _ROWS} more in .groups")
        body.append(Row((Cell(told), *(Cell() for _ in columns[1:])), "gap"))
    legend = legend_of_tests(row.verdict for row in rows.values())
    caption = line(Span(metric, "user"), " by ", Span(column, "user"), f", {legend}" if legend else "")
    return Table(caption, columns, tuple(body))


def _cell(row: GroupRow | None, comparison: Comparison, *, with_difference: bool) -> Cell:
    if row is None:
        return Cell(line(number(None)))
    if row.small:
        return Cell((Span(number(row.value), "muted"),))
    interval: Line = ()
    if row.value_low is not None and _with_intervals(comparison):
        interval = (Span(f"{number(row.value_low)} to {number(row.value_high)}", "muted"),)
    moved = _difference(row, comparison.baseline_ref) if with_difference else ()
    return Cell(line(number(row.value)), interval, moved)


def _difference(row: GroupRow, baseline: str) -> Line:
    """Give the difference to the baseline, with a sign if it was tested."""
    if row.small or row.ref == baseline or row.value is None or row.difference is None:
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
