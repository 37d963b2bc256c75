"""Rows that a version was trained on: what the comparison says without them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nbregistry.display.blocks import Line, Section, line
from nbregistry.display.measures import by_importance, legend_of_tests
from nbregistry.display.quantities import plural
from nbregistry.display.views.differences import SIDE_BY_SIDE
from nbregistry.display.views.parts import metric_matrix
from nbregistry.display.views.verdict import answer, certainty, judged_rows

if TYPE_CHECKING:
    from nbregistry.evaluation.comparison import Comparison


def without_leaks(comparison: Comparison) -> Section | None:
    """Fold away the comparison on the rows that no version was trained on; ``None`` if that is all rows, or none."""
    clean = of_unseen(comparison)
    if not clean.rows:
        return None
    metrics = by_importance(row.metric for row in clean.rows)
    table = metric_matrix(
        line(f"Metrics, {legend_of_tests(row.verdict for row in clean.rows)}"),
        metrics,
        tuple(dict.fromkeys(row.ref for row in clean.rows)),
        {(row.metric, row.ref): row.value for row in clean.rows},
        baseline=clean.baseline_ref,
        mark_best=len(clean.refs) > 2,
        upright=len(clean.refs) > SIDE_BY_SIDE,
        verdicts={(row.metric, row.ref): row.verdict for row in clean.rows if row.verdict},
    )
    tests = certainty(clean, metrics)
    left = max(row.n or 0 for row in clean.rows)
    title = line(f"Without the rows that were trained on: {plural(left, 'row')} left")
    return Section(title, (replace(table, told=True), *(tests.blocks if tests else ())))


def answer_without_leaks(comparison: Comparison, metric: str) -> Line:
    """Say what the answer would be without them, whether it is another one or not."""
    if not comparison.leaks:
        return ()
    clean = of_unseen(comparison)
    if not judged_rows(clean, metric):
        return line(" Without the rows that were trained on, there are too few to tell.")
    verdicts = {row.ref: row.verdict for row in judged_rows(comparison, metric)}
    if verdicts == {row.ref: row.verdict for row in judged_rows(clean, metric)}:
        return line(" Without the rows that were trained on, the answer is the same.")
    return line(" Without the rows that were trained on: ", answer(clean, metric, brief=True))


def of_unseen(comparison: Comparison) -> Comparison:
    """Give the comparison on the rows that no version was trained on."""
    return replace(comparison, rows=comparison.without_leaks)
