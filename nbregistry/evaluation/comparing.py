"""Put versions side by side: measure the differences, test them, and look for what could fool the reader."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from nbregistry.errors import NotFound, Refused
from nbregistry.evaluation.caveats import find_caveats
from nbregistry.evaluation.comparison import ALPHA, Comparison, MetricRow
from nbregistry.evaluation.costs import COSTS, HOW_KNOWN, costs_of, other_machines
from nbregistry.evaluation.curves import curves_of
from nbregistry.evaluation.differences import find_differences
from nbregistry.evaluation.disagreement import Disagreements
from nbregistry.evaluation.drift import Drift, drift_words
from nbregistry.evaluation.gaps import measure_gaps
from nbregistry.evaluation.groups import measure_groups
from nbregistry.evaluation.leaks import Leaks, find_leaks
from nbregistry.evaluation.metrics import METRICS, Measured
from nbregistry.evaluation.plots import choose_plots, plot
from nbregistry.evaluation.sides import Sides
from nbregistry.evaluation.significance.blocks import unwatched
from nbregistry.evaluation.slices import find_slices
from nbregistry.evaluation.verdicts import Judged, judge
from nbregistry.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import numpy as np

    from nbregistry.evaluation.overlap import Overlap
    from nbregistry.evaluation.significance.blocks import Over
    from nbregistry.model import Dataset, ModelVersion

    Array = np.ndarray[Any, Any]


def compare_versions(
    versions: Sequence[ModelVersion],
    evaluations: Sequence[Measured | None],
    *,
    baseline: str,
    dataset: Dataset | None = None,
    metrics: Sequence[str] | None = None,
    by: Mapping[str, Any] | None = None,
    X: Any = None,
    slices: bool = False,
    training: Mapping[str, Array] | None = None,
    overlaps: Sequence[Overlap] = (),
    elsewhere: Collection[str] = (),
    drift: Mapping[str, tuple[Drift, ...]] | None = None,
    alpha: float = ALPHA,
    margin: float | None = None,
    plots: Sequence[str] | None = None,
    over: Over = unwatched,
) -> Comparison:
    """Put versions side by side.

    Parameters
    ----------
    versions : sequence of ModelVersion
    evaluations : sequence of Measured or None
        One for each version; ``None`` where only the recorded metrics can be shown.
    baseline : str
        Reference of the version that the others are measured against.
    dataset : Dataset, optional
        What the evaluations were made on.
    metrics : sequence of str, optional
        Which to show, in this order; by default all that any version has.
    by : dict, optional
        Column name to one value for each row of the evaluation set.
    X : array-like, optional
        The rows of the evaluation set.
    slices : bool, default False
        Look for the weakest slices of X.
    training : dict, optional
        Reference to the sorted fingerprints of the rows that a version was trained on, where they are known.
    overlaps : sequence of Overlap, optional
        Of versions that were not evaluated on the same data as the baseline.
    elsewhere : collection of str, optional
        References of versions that were measured on other rows than the baseline, and are to be tested unpaired.
    drift : dict, optional
        Reference to how far the columns of the evaluation set are spread otherwise than in its training data.
    alpha : float, default 0.05
        The chance of finding a difference somewhere where there is none.
    margin : float, optional
        Differences below it do not matter.
    plots : sequence of str, optional
        As :func:`~nbregistry.evaluation.plots.choose_plots` has it.
    over : callable, optional
        As :func:`~nbregistry.evaluation.significance.blocks.in_blocks` has it.

    Returns
    -------
    Comparison

    Raises
    ------
    NotFound
        When no version has a metric that was asked for.
    Refused
        When a plot is asked for that these versions don't have.

    Examples
    --------
    >>> from nbregistry.model import ModelVersion
    >>> one, two = ModelVersion("churn", 1, metrics={"auc": 0.7}), ModelVersion("churn", 2, metrics={"auc": 0.75})
    >>> comparison = compare_versions([one, two], [None, None], baseline="churn@1")
    >>> round(comparison.rows[1].difference, 3)
    0.05
    """
    measured_of = {version.ref: measured for version, measured in zip(versions, evaluations, strict=True)}
    versions = list({version.ref: version for version in versions}.values())
    if baseline not in measured_of:
        raise Refused(f"the baseline {baseline} is not among the versions to compare")
    evaluated = {ref: measured for ref, measured in measured_of.items() if measured and measured.task}
    costs = {version.ref: costs_of(version, measured_of[version.ref]) for version in versions}
    values, given = _values(versions, evaluated, stated=dataset is not None or bool(elsewhere))
    asked = {name for name in metrics or () if name in COSTS}
    values = {ref: {**{name: costs[ref][name] for name in asked & {*costs[ref]}}, **values[ref]} for ref in values}
    tasks = {measured.task for measured in evaluated.values()}
    plotted = plot(choose_plots(plots, sorted(tasks)), evaluated)
    names = _choose_metrics(values.values(), metrics, tasks)
    differences, equal = find_differences(versions, baseline=baseline, training=training)
    sides = Sides(baseline, evaluated, elsewhere)
    tests = sides.testable(names, given)
    judged = judge(sides.infer(tests, over), alpha=alpha, margin=margin)
    leaks = find_leaks(evaluated, training or {}, sides.paired)
    on_one_set = sides.paired or sides.here
    return Comparison(
        refs=tuple(values),
        baseline_ref=baseline,
        rows=tuple(
            _row(
                name,
                version.ref,
                values,
                baseline,
                n=None if name in {*given[version.ref], *asked} else _rows(version, evaluated),
                judged=judged.get((name, version.ref)),
            )
            for name in names
            for version in versions
        ),
        overlaps=tuple(overlaps),
        leaks=leaks.found,
        without_leaks=_without(leaks, sides, names, alpha=alpha, margin=margin, over=over),
        costs=costs,
        machines={
            ref: measured.timing.machine for ref, measured in measured_of.items() if measured and measured.timing
        },
        differences=differences,
        equal=equal,
        curves=curves_of(evaluated) if "roc" not in plotted or tasks != {"binary"} else plotted["roc"],
        groups=measure_groups(
            by, on_one_set, names, baseline=baseline, tests=tests, alpha=alpha, margin=margin, over=over
        )
        if by
        else (),
        gaps=measure_gaps(by, on_one_set, baseline=baseline, alpha=alpha) if by else (),
        slices=find_slices(X, on_one_set, baseline=baseline, alpha=alpha) if slices else None,
        dataset=dataset,
        task=tasks.pop() if len(tasks) == 1 else "",
        alpha=alpha,
        margin=margin,
        rowwise=Disagreements(sides.standard, {r: m for r, m in sides.here.items() if r != baseline}, X),
        plots=plotted,
        drift={ref: columns for ref, columns in (drift or {}).items() if columns},
        notes=(
            *(overlap.told(baseline) for overlap in overlaps),
            *(leak.told for leak in leaks.found),
            *_drifted(drift or {}),
            *(other_machines(versions, measured_of) if asked else ()),
            *find_caveats(
                versions,
                measured_of,
                {r: [n for n in names if n in given[r]] for r in given},
                baseline,
                known={overlap.ref for overlap in overlaps},
            ),
        ),
    )


def _values(
    versions: Sequence[ModelVersion], evaluated: Mapping[str, Measured], *, stated: bool
) -> tuple[dict[str, Mapping[str, float]], dict[str, tuple[str, ...]]]:
    """Choose each version's numbers, and tell which of them were given by the caller.

    On an evaluation set that was stated now, what is computed there wins over what was given for other rows; else
    what was given wins, as it does in the record.
    """
    values: dict[str, Mapping[str, float]] = {}
    given: dict[str, tuple[str, ...]] = {}
    for version in versions:
        own = {name: version.metrics[name] for name in version.metrics_given if name in version.metrics}
        if version.ref not in evaluated:
            values[version.ref] = version.metrics
        elif stated:
            values[version.ref] = {**own, **evaluated[version.ref].metrics}
            own = {name: value for name, value in own.items() if name not in evaluated[version.ref].metrics}
        else:
            values[version.ref] = {**evaluated[version.ref].metrics, **own}
        given[version.ref] = tuple(own)
    return values, given


def _choose_metrics(
    values: Iterable[Mapping[str, float]], wanted: Sequence[str] | None, tasks: Iterable[str]
) -> list[str]:
    """Give the metrics to show: as asked for, or the task's own order and then the rest as recorded."""
    there = dict.fromkeys(name for known in values for name in known)
    if wanted is None:
        ordered = [name for task in (*tasks, *METRICS) for name in METRICS.get(task, ()) if name in there]
        return list(dict.fromkeys([*ordered, *there]))
    for name in wanted:
        if name in HOW_KNOWN and name not in there:
            raise NotFound(f"{name} is not known of any of these versions", hint=HOW_KNOWN[name])
        if name not in there:
            raise NotFound(
                f"none of these versions has a metric {name!r}",
                nearest=nearest(name, (*there, *HOW_KNOWN)),
                hint=f"they have: {', '.join(there) or 'none'}",
            )
    return list(dict.fromkeys(wanted))


def _without(
    leaks: Leaks, sides: Sides, names: Sequence[str], *, alpha: float, margin: float | None, over: Over
) -> tuple[MetricRow, ...]:
    """Compare on the rows that none of the versions was trained on, if there are others."""
    clean = leaks.without(sides.evaluated) if leaks.found else {}
    if sides.baseline not in clean or len(clean) < 2:
        return ()
    unseen = replace(sides, evaluated=clean)
    values = {ref: measured.metrics for ref, measured in clean.items()}
    known = [name for name in names if any(name in metrics for metrics in values.values())]
    tests = unseen.testable(known, dict.fromkeys(clean, ()))
    judged = judge(unseen.infer(tests, over), alpha=alpha, margin=margin)
    return tuple(
        _row(name, ref, values, sides.baseline, n=clean[ref].n, judged=judged.get((name, ref)))
        for name in known
        for ref in clean
    )


def _row(
    name: str,
    ref: str,
    values: Mapping[str, Mapping[str, float]],
    baseline: str,
    *,
    n: int | None,
    judged: Judged | None,
) -> MetricRow:
    value, standard = values[ref].get(name), values[baseline].get(name)
    # The baseline's own difference is 0 by definition, also where its value is infinite.
    difference = None if value is None or standard is None else 0.0 if ref == baseline else value - standard
    told = {"n": None if value is None else n} if judged is None else asdict(judged)
    return MetricRow(name, ref, value, standard, difference, **told)


def _rows(version: ModelVersion, evaluated: Mapping[str, Measured]) -> int | None:
    """Count the rows behind a version's computed metrics, where that is known."""
    if version.ref in evaluated:
        return evaluated[version.ref].n
    sizes = {dataset.rows for dataset in version.datasets if dataset.role == "evaluation"}
    return sizes.pop() if len(sizes) == 1 else None


def _drifted(drift: Mapping[str, tuple[Drift, ...]]) -> list[str]:
    """Say which columns drifted, once for all versions that were trained on the same data."""
    told: dict[str, list[str]] = {}
    for ref, columns in drift.items():
        for sentence in drift_words(columns):
            told.setdefault(sentence, []).append(ref)
    return [f"{', '.join(refs)}: {sentence}" for sentence, refs in told.items()]
