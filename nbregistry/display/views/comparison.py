"""Versions side by side: which is better and by how much, then why."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from nbregistry.display.blocks import (
    Beside,
    Block,
    Card,
    Commands,
    Line,
    Notes,
    Span,
    Table,
    Tone,
    Words,
    joined,
    line,
)
from nbregistry.display.commands import command
from nbregistry.display.measures import LEGEND, UNTESTED, best_of, by_importance, leading, legend_of_tests, tally
from nbregistry.display.quantities import difference, number, plural
from nbregistry.display.views.code_differences import code_differences
from nbregistry.display.views.costs import costs
from nbregistry.display.views.differences import SIDE_BY_SIDE, others, params
from nbregistry.display.views.disagreement import disagreement
from nbregistry.display.views.drift import drift_of_several
from nbregistry.display.views.gaps import gaps
from nbregistry.display.views.groups import groups
from nbregistry.display.views.leaks import answer_to, of_unseen, without_leaks
from nbregistry.display.views.parts import dataset_words, folded, metric_matrix, ref_of
from nbregistry.display.views.plotted import first_plot, more_plots
from nbregistry.display.views.slices import slices
from nbregistry.display.views.verdict import certainty, judged_rows, not_in

if TYPE_CHECKING:
    from nbregistry.evaluation.comparison import Comparison
    from nbregistry.evaluation.overlap import Overlap

_METRICS = 12
_WINNERS = 2
_MAIN = 5

Values = Mapping[tuple[str, str], float | None]


def card(comparison: Comparison) -> Card:
    """Show a comparison."""
    values: Values = {(row.metric, row.ref): row.value for row in comparison.rows}
    metrics = by_importance(row.metric for row in comparison.rows)
    blocks: list[Block] = []
    notes = [*comparison.notes]
    reuse = comparison.reuse
    if reuse and reuse.is_much:
        notes.append(reuse.told)
    if notes:
        blocks.append(Notes("keep in mind", tuple(line(Span(note, "user")) for note in notes), "warning"))
    blocks += _measured(comparison, metrics, values)
    tests = certainty(comparison, metrics)
    if tests:
        blocks.append(tests)
    clean = without_leaks(comparison)
    if clean:
        blocks.append(clean)
    blocks += _why(comparison)
    blocks += _where(comparison, metrics)
    blocks += more_plots(comparison)
    if reuse and reuse.told and not reuse.is_much:
        blocks.append(Words(line(Span(f"{reuse.told}.", "muted"))))
    following = _next(comparison, metrics, values)
    if following:
        blocks.append(Commands("next", following))
    many = len(comparison.refs) > SIDE_BY_SIDE
    versions = (
        line(f"{len(comparison.refs)} versions") if many else joined(", ", [(ref_of(r),) for r in comparison.refs])
    )
    own = "each on its own rows" if judged_rows(comparison) else "by their recorded metrics"
    on = line("on ", dataset_words(comparison.dataset)) if comparison.dataset else line(own)
    return Card(
        title=line("Compare ", versions),
        aside=on,
        lead=_verdict(comparison, metrics, values),
        blocks=tuple(blocks),
        tone=_tone(comparison, metrics),
    )


def _tone(comparison: Comparison, metrics: Sequence[str]) -> Tone:
    """Give the tone of the first line: good if a version is better, also on rows that no version was trained on."""
    main = _main(comparison, metrics)
    if _apart(comparison) and not judged_rows(comparison):
        return "warned"
    verdicts = {row.ref: row.verdict for row in judged_rows(comparison, main)} if main else {}
    if comparison.leaks and verdicts != {row.ref: row.verdict for row in judged_rows(of_unseen(comparison), main)}:
        return "warned"
    found = frozenset(verdicts.values())
    return "good" if "better" in found else "warned" if found == {"worse"} else "plain"


def _why(comparison: Comparison) -> list[Block]:
    """Show in what the versions differ, and what that costs."""
    cost = costs(comparison)
    return [params(comparison), *code_differences(comparison), *others(comparison), *([cost] if cost else [])]


def _where(comparison: Comparison, metrics: Sequence[str]) -> list[Block]:
    """Show on which rows they disagree, for which parts of the data they are good, and whether the data moved."""
    flips = disagreement(comparison)
    return [
        *([flips] if flips else []),
        *groups(comparison, metrics),
        *gaps(comparison),
        *slices(comparison),
        *drift_of_several(comparison.drift),
    ]


def _verdict(comparison: Comparison, metrics: Sequence[str], values: Values) -> Line:
    """Say which version is better and how surely; where nothing was tested, which has the best main metric."""
    main, first = _main(comparison, metrics), leading(metrics)
    if main and judged_rows(comparison, main):
        untested = line(" ", Span(str(first), "strong"), " was not tested.") if first != main else ()
        return line(answer_to(comparison, main), untested, not_in(comparison, main))
    said = line(_no_verdict(comparison), _leader(comparison, metrics, values))
    told = _in_sum(comparison, metrics, values)
    return line(said, " ", told) if told else said


def _main(comparison: Comparison, metrics: Sequence[str]) -> str | None:
    """Give the most important metric, of those that were tested if any was: what was not is no verdict."""
    tested = {row.metric for row in judged_rows(comparison)}
    return leading(name for name in metrics if name in tested) or leading(metrics)


def _apart(comparison: Comparison) -> list[Overlap]:
    """Give what is known of the rows of versions that were evaluated on others than the baseline."""
    return [overlap for overlap in comparison.overlaps if not overlap.is_whole]


def _no_verdict(comparison: Comparison) -> Line:
    """Say first that nothing can be said, where the rows are not the same."""
    if not _apart(comparison) or judged_rows(comparison):
        return ()
    return line(Span("No verdict", "strong"), ": they were not evaluated on the same rows. ")


def _in_sum(comparison: Comparison, metrics: Sequence[str], values: Values) -> Line:
    """Say how the versions do in all metrics: the most important one may be the exception."""
    of = {ref: {metric: values.get((metric, ref)) for metric in metrics} for ref in comparison.refs}
    if len(of) == 2:
        (other,) = (ref for ref in of if ref != comparison.baseline_ref)
        told = tally(of[other], of[comparison.baseline_ref])
        return line(ref_of(other), f" is {told}.") if told else ()
    ranked = [metric for metric in metrics if best_of(metric, {ref: of[ref][metric] for ref in of})]
    wins = Counter(ref for metric in ranked for ref in best_of(metric, {ref: of[ref][metric] for ref in of}))
    (first, most), *others = wins.most_common(2) or [("", 0)]
    if len(ranked) < 2 or (others and others[0][1] == most):
        return ()
    return line(
        ref_of(first), " is best in ", "all" if most == len(ranked) else f"{most} of", f" {len(ranked)} metrics."
    )


def _leader(comparison: Comparison, metrics: Sequence[str], values: Values) -> Line:
    """Say which version has the best main metric, and that chance was not looked at."""
    baseline = comparison.baseline_ref
    metric = leading(metrics)
    if metric is None:
        known = any(value is not None for value in values.values())
        return line("No metric to rank them by.") if known else line("Nothing to compare: no version has a metric.")
    found = {ref: values.get((metric, ref)) for ref in comparison.refs}
    best = best_of(metric, found)
    named = Span(metric, "strong")
    if not best:
        return _no_best(named, found)
    winners = joined(" and ", [(ref_of(ref),) for ref in best[:_WINNERS]])
    if len(best) > _WINNERS:
        winners = line(winners, f" and {len(best) - _WINNERS} more")
    top, base = found[best[0]], found[baseline]
    have = "has" if len(best) == 1 else "have"
    said = line(winners, f" {have} the best ", named, f": {number(top)}")
    untested = () if _apart(comparison) else (Span(" Whether that is more than chance was not tested.", "muted"),)
    if baseline in best:
        return line(said, ", the baseline itself." if len(best) == 1 else ".", *untested)
    if base is None or top is None:
        return line(said, "; the baseline ", ref_of(baseline), " has none.")
    if math.isnan(base):
        return line(said, "; the baseline ", ref_of(baseline), f" has {number(base)}.")
    return line(said, f", {difference(top - base)} against the baseline ", ref_of(baseline), ".", *untested)


def _no_best(metric: Span, found: Mapping[str, float | None]) -> Line:
    """Say why no version has the best value: too few have a number, or all have the same one."""
    known = [value for value in found.values() if value is not None]
    numbers = [value for value in known if not math.isnan(value)]
    if not known:
        return line("None of them has ", metric, ".")
    if len(known) == 1:
        return line("Only one of them has ", metric, ".")
    if not numbers:
        return line(metric, f" is {number(known[0])} in all that have it.")
    if len(numbers) == len(found):
        return line("All have the same ", metric, f": {number(numbers[0])}.")
    if len(numbers) == 1:
        return line("Only one of them has a number for ", metric, f": {number(numbers[0])}.")
    said = f": {number(numbers[0])}, in {len(numbers)} of {len(found)}; the others have no number for it."
    return line("The same ", metric, said)


def _measured(comparison: Comparison, metrics: Sequence[str], values: Values) -> list[Block]:
    if not metrics:
        return []
    # A few versions stand side by side; many are read more easily one below the other, with fewer metrics.
    upright = len(comparison.refs) > SIDE_BY_SIDE
    shown = _MAIN if upright else _METRICS
    matrix = partial(
        metric_matrix,
        refs=comparison.refs,
        values=values,
        baseline=comparison.baseline_ref,
        mark_best=len(comparison.refs) > 2,
        upright=upright,
        verdicts={(row.metric, row.ref): row.verdict for row in comparison.rows if row.verdict},
    )
    judged = judged_rows(comparison)
    legend = legend_of_tests(_verdicts_shown(comparison)) if judged else f"against the baseline: {LEGEND}"
    table = matrix(line(f"Metrics, {legend}"), metrics[:shown])
    plot = first_plot(comparison)
    drawn = tuple(block for block in plot if not isinstance(block, Table))
    blocks: list[Block] = [Beside(((table,), drawn)) if drawn else table]
    rest = metrics[shown:]
    if rest:
        blocks.append(folded(line(plural(len(rest), "more metric")), matrix(line("The other metrics"), rest)))
    return blocks + [folded(block.caption, block) for block in plot if isinstance(block, Table)]


def _verdicts_shown(comparison: Comparison) -> Iterator[str]:
    for row in comparison.rows:
        if row.ref != comparison.baseline_ref and row.difference is not None and not math.isnan(row.difference):
            yield row.verdict or UNTESTED


def _next(comparison: Comparison, metrics: Sequence[str], values: Values) -> tuple[tuple[str, str], ...]:
    metric = _main(comparison, metrics)
    best = best_of(metric, {ref: values.get((metric, ref)) for ref in comparison.refs}) if metric else []
    lines = [
        (command("%evaluate", ref, "X", "y"), "measure it as well")
        for ref in comparison.refs
        if metrics and all(values.get((name, ref)) is None for name in metrics)
    ][:1]
    apart = _apart(comparison)
    if apart and not judged_rows(comparison):
        compare = command("%compare", *comparison.refs)
        if all(overlap.shared for overlap in apart):
            lines.append((f"{compare} --rows shared", "test on the rows that they share"))
        return (*lines, (f"{compare} --rows unpaired", "test each on its own rows"))
    judged = {row.ref: str(row.verdict) for row in judged_rows(comparison, metric)} if metric else {}
    if comparison.leaks:  # whoever remembers is not yet the better one
        unseen = {row.ref: str(row.verdict) for row in judged_rows(of_unseen(comparison), metric)}
        judged = {ref: unseen.get(ref, "undecided") for ref in judged}
    if judged and best and judged.get(best[0]) in ("undecided", "equivalent"):
        return (*lines, (command("%evaluate", best[0], "X", "y"), "more rows would tell more"))
    if len(best) == 1 and best[0] != comparison.baseline_ref:
        lines.append((command("%promote", best[0]), f"the one with the best {metric}"))
        lines.append((command("%lineage", best[0]), "where it comes from"))
    return tuple(lines)
