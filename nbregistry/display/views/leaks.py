"""Rows that a version was trained on: what the comparison says without them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nbregistry.display.blocks import Line, Section, Span, line
from nbregistry.display.measures import by_importance, legend_of_tests
from nbregistry.display.quantities import plural
from nbregistry.display.views.differences import SIDE_BY_SIDE
from nbregistry.display.views.parts import metric_matrix, ref_of
from nbregistry.display.views.verdict import answer, certainty, judged_rows

if TYPE_CHECKING:
    from nbregistry.evaluation.comparison import Comparison

_ALL_OF_THEM = "was trained on all of these rows"


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


def answer_to(comparison: Comparison, metric: str) -> Line:
    """Say which version is better, first of all by rows that none of them was trained on, if that is another answer."""
    if not comparison.leaks:
        return answer(comparison, metric)
    clean = of_unseen(comparison)
    verdicts, unseen = _verdicts(comparison, metric), _verdicts(clean, metric)
    if unseen == verdicts:
        told = " Without the rows that were trained on, the answer is the same."
        return line(answer(comparison, metric), told)
    of_all = answer(comparison, metric, where=f"On all {_rows(comparison, metric):,} rows, ", brief=True)
    if unseen:
        # Where it holds comes first: its figures are not those of the table below.
        left = f"On the {_rows(clean, metric):,} rows that no version was trained on, "
        return line(answer(clean, metric, where=left), " ", of_all)
    learned = [leak for leak in comparison.leaks if leak.rows == leak.n and leak.ref != comparison.baseline_ref]
    if learned:
        return line(Span("No verdict", "strong"), ": ", ref_of(learned[0].ref), f" {_ALL_OF_THEM}. ", of_all)
    too_few = "without the rows that were trained on, there are too few to tell"
    if all(leak.ref == comparison.baseline_ref for leak in comparison.leaks):  # which flatters no other version
        return line(answer(comparison, metric), f" {too_few[0].upper()}{too_few[1:]}.")
    return line(Span("No verdict", "strong"), f": {too_few}. ", of_all)


def _verdicts(comparison: Comparison, metric: str) -> dict[str, str | None]:
    return {row.ref: row.verdict for row in judged_rows(comparison, metric)}


def _rows(comparison: Comparison, metric: str) -> int:
    return max(row.n or 0 for row in judged_rows(comparison, metric))


def of_unseen(comparison: Comparison) -> Comparison:
    """Give the comparison on the rows that no version was trained on."""
    return replace(comparison, rows=comparison.without_leaks)
