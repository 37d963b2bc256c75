"""What a comparison's tests say: in one sentence first, and then each test with its interval and p-value."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from nbregistry.display.blocks import Cell, Column, Line, Notes, Row, Section, Span, Table, joined, line
from nbregistry.display.measures import VERDICTS, by_importance
from nbregistry.display.quantities import difference, distance, number, plural
from nbregistry.display.views.parts import ref_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbregistry.evaluation.comparison import Comparison, MetricRow

_NAMED = 6
_OTHERS = 3
_LEAST_P = 0.001
_RANK = ("better", "equivalent", "undecided", "worse")


def judged_rows(comparison: Comparison, metric: str | None = None) -> list[MetricRow]:
    """Give the rows whose difference was tested, of one metric or of all."""
    return [row for row in comparison.rows if row.verdict and metric in (None, row.metric)]


def answer(comparison: Comparison, metric: str, *, where: str = "", brief: bool = False) -> Line:
    """Say whether the versions are better in a metric, by how much and how surely.

    It begins with where that holds, e.g. ``"On all 300 rows, "``, if that is given. Briefly it is of that metric alone.
    """
    rows = judged_rows(comparison, metric)
    if len(rows) == 1:
        said = line(where, _sentence(rows[0], comparison, "it" if where else "It"))
        return said if brief else line(said, " ", _in_sum(comparison, rows[0].ref))
    ranked = sorted(rows, key=lambda row: (_RANK.index(str(row.verdict)), -abs(row.difference or 0)))
    named = [_alike(list(alike)) for _, alike in groupby(ranked[:_NAMED], key=lambda row: row.verdict)]
    rest = Counter(str(row.verdict) for row in ranked[_NAMED:])
    told = [line(f"{count} more {verdict}") for verdict, count in rest.items()]
    against = f"{where}against " if where else "Against "
    standard = line(against, ref_of(comparison.baseline_ref), " in ", Span(metric, "strong"), ": ")
    said = line(standard, joined("; " if len(ranked) > len(named) else ", ", [*named, *told]), ".")
    return said if brief else line(said, _elsewhere(comparison, metric))


def not_in(comparison: Comparison, metric: str) -> Line:
    """Say which versions have no verdict in a metric, and which they have in the next one: any may be the best."""
    tested = {row.ref for row in judged_rows(comparison, metric)}
    left = [ref for ref in comparison.refs if ref not in tested and ref != comparison.baseline_ref]
    told, silent = [], []
    for ref in left[:_NAMED]:
        rows = {row.metric: row for row in judged_rows(comparison) if row.ref == ref}
        if not rows:
            silent.append(ref)
            continue
        row = rows[by_importance(rows)[0]]
        verdict = line(" it is ", Span(str(row.verdict), "strong"), f" ({_moved(row)}).")
        told.append(line(" ", ref_of(ref), f" was not tested in {metric}; in ", Span(row.metric, "strong"), verdict))
    if silent or left[_NAMED:]:
        names = [(ref_of(ref),) for ref in silent]
        more = [line(f"{len(left) - _NAMED} more")] if left[_NAMED:] else []
        were = "was" if len(names) == 1 and not more else "were"
        told.append(line(" ", joined(", ", [*names, *more]), f" {were} not tested{f' in {metric}' if more else ''}."))
    return joined("", told)


def _alike(rows: Sequence[MetricRow]) -> Line:
    """Name the versions of which a test said the same, and say it once."""
    verdict = Span(str(rows[0].verdict), "strong")
    if len(rows) == 1:
        return line(ref_of(rows[0].ref), " is ", verdict, f" ({_moved(rows[0])})")
    return line(joined(", ", [line(ref_of(row.ref), f" ({_moved(row)})") for row in rows]), " are ", verdict)


def _sentence(row: MetricRow, comparison: Comparison, it: str) -> Line:
    this, other, metric = ref_of(row.ref), ref_of(comparison.baseline_ref), Span(row.metric, "strong")
    values = f" {number(row.value)} against {number(row.baseline)}, {_moved(row)}"
    sure = f" ({_interval(row, comparison)}, {_chance(row, comparison)})."
    if row.verdict == "equivalent":
        return line(this, " and ", other, " are equivalent in ", metric, f": {_why_equivalent(row, comparison)}.")
    if row.verdict == "undecided" and _no_row_differs(row):
        few = f" No row makes a difference, and {row.n or 0:,} are too few to say that none would."
        said = line(f"{it} is ", Span("undecided", "strong"), " whether ", this, " is better than ", other, ": ")
        return line(said, metric, f" {number(row.value)} against {number(row.baseline)}.", Span(few, "muted"))
    if row.verdict == "undecided":
        least = f" {row.n:,} rows would show a difference of {distance(row.detectable)}." if row.detectable else ""
        said = line(f"{it} is ", Span("undecided", "strong"), " whether ", this, " is better than ", other, ": ")
        return line(said, metric, values, sure, Span(least, "muted"))
    return line(this, " is ", Span(str(row.verdict), "strong"), " than ", other, ": ", metric, values, sure)


def _chance(row: MetricRow, comparison: Comparison) -> str:
    """Say how likely such a difference is by chance; and where only the number of tests makes it so, that it does."""
    tests = len(judged_rows(comparison))
    if tests == 1:
        return _p(row.p_adjusted)
    if row.verdict == "undecided" and row.p_value is not None and row.p_value < comparison.alpha:
        return f"{_p(row.p_value)} by itself, and {bare_p(row.p_adjusted)} as one of {tests} tests"
    return f"adjusted {_p(row.p_adjusted)}"


def _no_row_differs(row: MetricRow) -> bool:
    """Tell whether the interval has no width: it says nothing of other rows."""
    return row.ci_low == row.ci_high == 0


def _why_equivalent(row: MetricRow, comparison: Comparison) -> str:
    if _no_row_differs(row):
        return "no row makes a difference"
    return f"{_moved(row)} ({_interval(row, comparison)}), within the margin of {distance(comparison.margin)}"


def _elsewhere(comparison: Comparison, metric: str) -> str:
    """Count who is better or worse in other metrics, where that is not what this one says."""
    verdicts: dict[str, dict[str, str]] = {}
    for row in judged_rows(comparison):
        if row.verdict in ("better", "worse"):
            verdicts.setdefault(row.metric, {})[row.ref] = str(row.verdict)
    here = verdicts.pop(metric, {})
    told = []
    for other in by_importance([name for name, found in verdicts.items() if found != here]):
        counts = Counter(verdicts[other].values())
        told.append(f"{other} ({', '.join(f'{counts[one]} {one}' for one in _RANK if counts[one])})")
    if not told:
        return ""
    more = f" and {len(told) - _OTHERS} more" if len(told) > _OTHERS else ""
    return f" Other metrics differ: {', '.join(told[:_OTHERS])}{more}."


def _in_sum(comparison: Comparison, ref: str) -> Line:
    """Count the verdicts over all metrics: the most important one may be the exception."""
    found = Counter(str(row.verdict) for row in judged_rows(comparison) if row.ref == ref)
    if found.total() < 2:
        return ()
    differences = sum(row.ref == ref and row.difference is not None for row in comparison.rows)
    metrics = "metrics" if differences == found.total() else "tested metrics"
    if len(found) == 1:
        return line(f"The same verdict in {'both' if found.total() == 2 else f'all {found.total()}'} {metrics}.")
    counted = [f"{verdict} in {found[verdict]}" for verdict in _RANK if found[verdict]]
    return line(f"Of {found.total()} {metrics} it is {', '.join(counted)}.")


def certainty(comparison: Comparison, metrics: Sequence[str]) -> Section | None:
    """List the tests; ``None`` if there are none."""
    rows = {(row.metric, row.ref): row for row in judged_rows(comparison)}
    if not rows:
        return None
    one = len({ref for _, ref in rows}) == 1
    of_each = [rows[metric, ref] for metric in metrics for ref in comparison.refs if (metric, ref) in rows]
    heads = [
        "metric",
        *([] if one else ["version"]),
        "difference",
        f"{level_of(comparison)} interval",
        "p",
        "p adjusted",
    ]
    columns = [Column(line(head), numeric=head not in ("metric", "version")) for head in heads]
    columns += [Column(line("verdict")), Column(line("shows from"), numeric=True), Column(line("test"))]
    body = tuple(
        Row(
            (
                Cell((Span(row.metric, "user"),)),
                *([] if one else [Cell((ref_of(row.ref),))]),
                Cell(line(_moved(row))),
                Cell(line(_ends(row))),
                Cell(line(bare_p(row.p_value))),
                Cell(line(bare_p(row.p_adjusted))),
                Cell((verdict_of(str(row.verdict)),)),
                Cell(line(number(None) if _no_row_differs(row) else distance(row.detectable))),
                Cell((Span(str(row.method), "muted"),)),
            )
        )
        for row in of_each
    )
    own = any(row.method and row.method.startswith("unpaired") for row in of_each)
    table = Table(
        line("Tests against the baseline, ", "each on its own rows" if own else "on the same rows"),
        tuple(columns),
        body,
        told=True,
    )
    adjusted, among = (
        (f", adjusted for {len(rows)} tests (Holm)", f", as one of {len(rows)} tests") if len(rows) > 1 else ("", "")
    )
    told = [
        f"p is two-sided{adjusted}; below {comparison.alpha:g} it is better or worse",
        f"shows from: the smallest true difference that so many rows show in 4 of 5 cases{among}",
    ]
    if comparison.margin is not None:
        told.append(f"equivalent: the difference is surely smaller than {number(comparison.margin)}, which was given")
    notes = Notes("", tuple((Span(sentence, "muted"),) for sentence in told))
    return Section(line(f"How sure: {plural(len(rows), 'test')}"), (table, notes))


def verdict_of(verdict: str) -> Span:
    """Write a verdict with its sign."""
    sign, kind = VERDICTS[verdict]
    return Span(f"{sign} {verdict}", kind)


def _moved(row: MetricRow) -> str:
    return difference(row.difference or 0.0)


def _interval(row: MetricRow, comparison: Comparison) -> str:
    return f"{level_of(comparison)} interval {_ends(row)}"


def _ends(row: MetricRow) -> str:
    if _no_row_differs(row):
        return "no row differs"
    return f"{difference(row.ci_low or 0.0)} to {difference(row.ci_high or 0.0)}"


def level_of(comparison: Comparison) -> str:
    """Give the level of the intervals."""
    return f"{100 * (1 - comparison.alpha):g}%"


def _p(value: float | None) -> str:
    written = bare_p(value)
    return f"p {written}" if written.startswith("<") else f"p = {written}"


def bare_p(value: float | None) -> str:
    """Write a p-value."""
    if value is None:
        return number(None)
    return f"< {_LEAST_P:g}" if value < _LEAST_P else f"{value:.3f}"
