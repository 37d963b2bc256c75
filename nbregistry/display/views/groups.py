"""How good versions are on parts of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Block, Cell, Column, Row, Section, Span, Table, line
from nbregistry.display.measures import best_of, by_importance, change, leading
from nbregistry.display.quantities import plural
from nbregistry.display.views.parts import measured, ref_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbregistry.evaluation.comparison import Comparison

_ROWS = 25


def groups(comparison: Comparison, metrics: Sequence[str]) -> list[Block]:
    """Show how good the versions are on parts of the data: the main metric in full view, the others folded."""
    found = by_importance(row.metric for row in comparison.groups)
    main = leading(metrics)
    first = [metric for metric in found if metric == main]
    rest = [metric for metric in found if metric != main]
    blocks: list[Block] = [_group_table(comparison, metric) for metric in first]
    if rest:
        title = line(plural(len(rest), "more metric" if first else "metric"), " by group")
        blocks.append(Section(title, tuple(_group_table(comparison, metric) for metric in rest)))
    return blocks


def _group_table(comparison: Comparison, metric: str) -> Table:
    rows = [row for row in comparison.groups if row.metric == metric]
    values = {(row.column, row.group, row.ref): row.value for row in rows}
    sizes = {(row.column, row.group): row.n for row in rows}
    refs, baseline = comparison.refs, comparison.baseline_ref
    body = []
    for (column, group), n in list(sizes.items())[:_ROWS]:
        found = {ref: values.get((column, group, ref)) for ref in refs}
        best = best_of(metric, found) if len(refs) > 2 else []
        cells = [
            Cell(
                measured(found[ref], best=ref in best),
                change(metric, found[ref], found[baseline], than=baseline, short=True) if ref != baseline else (),
            )
            for ref in refs
        ]
        body.append(Row((Cell(line(Span(column, "user"), " ", Span(group, "user"))), Cell(line(f"{n:,}")), *cells)))
    if len(sizes) > _ROWS:
        told = line(f"and {len(sizes) - _ROWS} more in .groups")
        body.append(Row((Cell(told), *(Cell() for _ in range(len(refs) + 1))), "gap"))
    columns = (
        Column(line("group")),
        Column(line("rows"), numeric=True),
        *(Column((ref_of(ref),), numeric=True) for ref in refs),
    )
    return Table(line(Span(metric, "user"), " by group"), columns, tuple(body))
