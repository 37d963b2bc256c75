"""The same metrics, group by group, each with its interval and its difference to the baseline's."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from nbregistry.errors import Refused
from nbregistry.evaluation.metrics import Measured, measure_part
from nbregistry.evaluation.partition import groups_of, is_small
from nbregistry.evaluation.significance.alone import interval_of
from nbregistry.evaluation.significance.blocks import unwatched
from nbregistry.evaluation.significance.paired import direct_tests, draw, infer_all
from nbregistry.evaluation.verdicts import Verdict, judge

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np

    from nbregistry.evaluation.significance.blocks import Over
    from nbregistry.evaluation.significance.inference import Inference, Interval
    from nbregistry.evaluation.significance.paired import Drawn
    from nbregistry.evaluation.significance.statistics import Key
    from nbregistry.evaluation.verdicts import Judged

    Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class GroupRow:
    """One metric of one version on the rows of one group.

    Attributes
    ----------
    column, group : str
        E.g. ``"region"`` and ``"north"``.
    ref, metric : str
    value : float or None
        ``None`` where it can't be computed on these rows.
    n : int
        Rows of the group.
    value_low, value_high : float or None
        Interval of the value: Wilson's of shares of rows (accuracy; of two classes also recall and precision),
        DeLong's of the ROC AUC of two classes, or Newcombe's if wider; a bootstrap's of medians; a jackknife's of the
        rest.
    difference : float or None
        Value minus the baseline's in this group.
    ci_low, ci_high, p_value, p_adjusted, verdict, method
        Of the difference, as :class:`~nbregistry.evaluation.verdicts.Judged` has them, adjusted for all groups and
        versions of the metric. ``None`` where it was not tested: for the baseline, for metrics that were given, in
        small groups.
    small : bool
        Whether these are too few rows to tell anything: fewer than 30, or for classes fewer than 5 outside of the
        most common one. Such a group has no intervals and is not tested.
    """

    column: str
    group: str
    ref: str
    metric: str
    value: float | None
    n: int
    value_low: float | None = None
    value_high: float | None = None
    difference: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p_value: float | None = None
    p_adjusted: float | None = None
    verdict: Verdict | None = None
    method: str | None = None
    small: bool = False


@dataclass(frozen=True, eq=False)
class _Group:
    """The rows of a group, and what was found on them."""

    column: str
    name: str
    measured: Mapping[str, Measured]
    small: bool
    inferences: Mapping[Key, Inference]
    intervals: Mapping[Key, Interval]


def measure_groups(
    by: Mapping[str, Any],
    evaluations: Mapping[str, Measured],
    metrics: Sequence[str],
    *,
    baseline: str = "",
    tests: Sequence[Key] = (),
    alpha: float = 0.05,
    margin: float | None = None,
    over: Over = unwatched,
) -> tuple[GroupRow, ...]:
    """Measure every version on the rows of every group.

    Parameters
    ----------
    by : dict
        Column name to one value a row. Numbers with many values are cut at their quartiles.
    evaluations : dict
        Reference to what was measured, all on the same rows.
    metrics : sequence of str
    baseline : str
        The version that the others are measured against.
    tests : sequence of (str, str)
        Metrics and references whose difference to the baseline is tested in every group that is not small, if the
        version is among the evaluations.
    alpha : float, default 0.05
        The chance of finding a difference in a metric somewhere, in any group, where there is none.
    margin : float, optional
        Differences below it do not matter.
    over : callable, optional
        As :func:`~nbregistry.evaluation.significance.blocks.in_blocks` has it.

    Returns
    -------
    tuple of GroupRow
        Column by column, group by group, metric by metric, then version by version.

    Raises
    ------
    Refused
        When a column has another number of rows.
    """
    on_these_rows = [(metric, ref) for metric, ref in tests if ref in evaluations]
    groups = [
        _look(
            column,
            name,
            chosen,
            evaluations,
            metrics=metrics,
            baseline=baseline,
            tests=on_these_rows,
            alpha=alpha,
            over=over,
        )
        for column, values in by.items()
        for name, chosen in groups_of(values)
    ]
    judged: dict[tuple[str, str, int], Judged] = {}
    for metric in metrics:
        # Whichever group is looked at afterwards: all groups of a metric are one family of tests.
        family = {
            (metric, ref, place): inference
            for place, group in enumerate(groups)
            for (name, ref), inference in group.inferences.items()
            if name == metric
        }
        judged |= judge(family, alpha=alpha, margin=margin)
    return tuple(row for place, group in enumerate(groups) for row in _rows(group, place, metrics, baseline, judged))


def _look(
    column: str,
    name: str,
    chosen: Mask,
    evaluations: Mapping[str, Measured],
    *,
    metrics: Sequence[str],
    baseline: str,
    tests: Sequence[Key],
    alpha: float,
    over: Over,
) -> _Group:
    for ref, measured in evaluations.items():
        if len(chosen) != measured.n:
            raise Refused(f"the column {column!r} has {len(chosen):,} rows, {ref} was evaluated on {measured.n:,}")
    found = {ref: measure_part(measured, chosen) for ref, measured in evaluations.items()}
    if any(is_small(one) for one in found.values()):
        return _Group(column, name, found, True, {}, {})
    testable = [
        (metric, ref) for metric, ref in tests if metric in found[baseline].metrics and metric in found[ref].metrics
    ]
    # Versions that are tested share their resamples with the baseline, any other has its own.
    together = [baseline, *dict.fromkeys(ref for _, ref in testable)] if testable else []
    drawn = {ref: _drawn({ref: one}, metrics, over) for ref, one in found.items() if ref not in together}
    if together:
        shared = _drawn({ref: found[ref] for ref in together}, metrics, over)
        drawn |= dict.fromkeys(together, shared)
        others = {ref: found[ref] for ref in together[1:]}
        inferences = infer_all(found[baseline], others, testable, over, drawn=shared)
    else:
        inferences = {}
    intervals = {
        (metric, ref): interval
        for ref, one in found.items()
        for metric in metrics
        if metric in one.metrics and (interval := interval_of(metric, ref, one, drawn[ref], alpha)) is not None
    }
    return _Group(column, name, found, False, inferences, intervals)


def _drawn(models: Mapping[str, Measured], metrics: Sequence[str], over: Over) -> Drawn | None:
    """Draw resamples for the metrics that have no test, and so no interval, of their own."""
    wanted = {m for m in metrics for one in models.values() if m in one.metrics and m not in direct_tests(one)}
    return draw(models, wanted, over) if wanted else None


def _rows(
    group: _Group, place: int, metrics: Sequence[str], baseline: str, judged: Mapping[tuple[str, str, int], Judged]
) -> Iterator[GroupRow]:
    for metric in metrics:
        standard = group.measured[baseline].metrics.get(metric) if baseline in group.measured else None
        for ref, measured in group.measured.items():
            value = measured.metrics.get(metric)
            low, high = group.intervals.get((metric, ref), (None, None))
            told = asdict(judged[metric, ref, place]) if (metric, ref, place) in judged else {}
            yield GroupRow(
                group.column,
                group.name,
                ref,
                metric,
                value,
                measured.n,
                low,
                high,
                None if value is None or standard is None else value - standard,
                **{
                    name: told.get(name) for name in ("ci_low", "ci_high", "p_value", "p_adjusted", "verdict", "method")
                },
                small=group.small,
            )
