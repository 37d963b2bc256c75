"""What must be kept in mind when versions stand side by side, one sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.evaluation.pitfalls import find_pitfalls, told
from nbregistry.evaluation.significance.jackknife import FEWEST_OF_A_CLASS
from nbregistry.evaluation.weights import effective_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from nbregistry.evaluation.metrics import Measured
    from nbregistry.model import ModelVersion


_NAMED = 8


def find_caveats(
    versions: Sequence[ModelVersion],
    evaluations: Mapping[str, Measured | None],
    given: Mapping[str, Sequence[str]],
    baseline: str,
    known: Collection[str] = (),
) -> tuple[str, ...]:
    """Tell what makes these versions less comparable than a table suggests.

    Parameters
    ----------
    versions : sequence of ModelVersion
    evaluations : dict
        Reference to what was measured, or ``None``.
    given : dict
        Reference to the metrics shown that the caller once stated.
    baseline : str
    known : collection of str
        References of versions of whose rows everything is said already.

    Returns
    -------
    tuple of str
    """
    return (
        *_tasks(evaluations),
        *_positives(evaluations),
        *_unmeasured(versions, evaluations),
        *_rows([version for version in versions if version.ref not in known], evaluations, baseline),
        *_weights(evaluations, baseline),
        *_untested(evaluations, baseline),
        *_given(given),
        *_warnings(evaluations),
        *told({ref: find_pitfalls(found) for ref, found in evaluations.items() if found and found.task}),
        *_same_bytes(versions),
    )


def _given(given: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Say which numbers nobody computed, once for all versions that had the same ones given."""
    holders: dict[tuple[str, ...], list[str]] = {}
    for ref, names in given.items():
        if names:
            holders.setdefault(tuple(names), []).append(ref)
    for names, refs in holders.items():
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        yield f"{', '.join(refs)}: {', '.join(names[:_NAMED])}{more} given, not computed"


def _tasks(evaluations: Mapping[str, Measured | None]) -> Iterator[str]:
    tasks = {ref: found.task for ref, found in evaluations.items() if found and found.task}
    if len(set(tasks.values())) > 1:
        said = ", ".join(f"{ref} {task}" for ref, task in tasks.items())
        yield f"these versions solve different tasks: {said}"
    if "clustering" in tasks.values():
        yield "metrics of clusters stand side by side, and their differences are not tested"


def _positives(evaluations: Mapping[str, Measured | None]) -> Iterator[str]:
    positives = {ref: found.positive for ref, found in evaluations.items() if found and found.task == "binary"}
    if len(set(positives.values())) > 1:
        said = ", ".join(f"{positive!r} in {ref}" for ref, positive in positives.items())
        yield f"the positive class is not the same: {said}"


def _unmeasured(versions: Sequence[ModelVersion], evaluations: Mapping[str, Measured | None]) -> Iterator[str]:
    """Say which versions were not measured where others were, and whose numbers are then shown."""
    any_measured = any(found and found.task for found in evaluations.values())
    any_known = any_measured or any(version.metrics for version in versions)
    for version in versions:
        found = evaluations[version.ref]
        if any_known and found is None and not version.metrics:
            yield f"{version.ref} was not evaluated"
        elif any_measured and version.metrics and not (found and found.task):
            yield f"{version.ref} was not evaluated here: its recorded metrics are shown"


def _rows(versions: Sequence[ModelVersion], evaluations: Mapping[str, Measured | None], baseline: str) -> Iterator[str]:
    """Say which versions were measured on other rows than the baseline."""
    recorded = {version.ref: _fingerprints(version) for version in versions if version.metrics}
    any_measured = any(found and found.task for found in evaluations.values())
    standard = evaluations[baseline]
    for version in versions:
        ref, found = version.ref, evaluations[version.ref]
        if ref == baseline:
            continue
        if found and found.task and standard and standard.task:
            if not _same_targets(found, standard):
                yield f"{ref} was evaluated on other rows than {baseline}"
        elif not any_measured and baseline in recorded and set(version.metrics).difference(version.metrics_given):
            if not recorded[ref] or not recorded[baseline]:
                yield f"it is not known whether {ref} and {baseline} were evaluated on the same rows"
            elif not recorded[ref] & recorded[baseline]:
                yield f"{ref} was evaluated on other rows than {baseline}"


def _fingerprints(version: ModelVersion) -> set[str]:
    """Give what a version's rows are known by, in their order and in any."""
    datasets = [dataset for dataset in version.datasets if dataset.role == "evaluation"]
    return {known for dataset in datasets for known in (dataset.fingerprint, dataset.rows_known_by)}


def of_repeated(count: int, rows: int) -> tuple[str, ...]:
    """Say how many rows are as another one is, features and target: each counts as if it were news.

    Examples
    --------
    >>> of_repeated(12, 2000)
    ('12 of 2,000 rows repeat another row, target and all: if they are copies, intervals are too short',)
    """
    if not count:
        return ()
    repeat = "repeats" if count == 1 else "repeat"
    copies = "it is a copy" if count == 1 else "they are copies"
    return (f"{count:,} of {rows:,} rows {repeat} another row, target and all: if {copies}, intervals are too short",)


def are_paired(one: Measured, other: Measured) -> bool:
    """Tell whether row by row the same was to be predicted, of the same classes, and counts as much."""
    return are_alike(one, other) and _same_targets(one, other) and _same_weights(one, other)


def are_alike(one: Measured, other: Measured) -> bool:
    """Tell whether the same kind of thing was to be predicted, of the same classes."""
    return one.task == other.task and one.labels == other.labels


def _same_targets(one: Measured, other: Measured) -> bool:
    import numpy as np

    known = "target" in one.rows and "target" in other.rows
    return known and one.n == other.n and bool(np.array_equal(one.rows["target"], other.rows["target"]))


def _same_weights(one: Measured, other: Measured) -> bool:
    import numpy as np

    weights, others = one.weights, other.weights
    if weights is None or others is None:
        return weights is others
    return bool(np.array_equal(weights, others))


def _weights(evaluations: Mapping[str, Measured | None], baseline: str) -> Iterator[str]:
    """Say how many rows the weights leave, and which versions were measured with others than the baseline."""
    left = {
        f"{found.n:,} rows tell as much as {effective_rows(found.weights):,.0f}"
        for found in evaluations.values()
        if found and found.weights is not None
    }
    if left:
        yield f"metrics are weighted by row: {', '.join(sorted(left))} of equal weight"
    standard = evaluations[baseline]
    for ref, found in evaluations.items():
        if found and standard and _same_targets(found, standard) and not _same_weights(found, standard):
            yield f"{ref} was evaluated with other weights than {baseline}, so they are not tested against each other"


def _untested(evaluations: Mapping[str, Measured | None], baseline: str) -> Iterator[str]:
    """Say which classes are too rare for a test of the metrics in which each class has a say."""
    import numpy as np

    standard = evaluations[baseline]
    others = [found for ref, found in evaluations.items() if found and ref != baseline]
    if standard is None or not any(are_paired(standard, found) for found in others):
        return
    if standard.task not in ("binary", "multiclass"):
        return
    codes, counts = np.unique(standard.codes[standard.codes >= 0], return_counts=True)
    rare = [(standard.labels[code], int(n)) for code, n in zip(codes, counts, strict=True) if n < FEWEST_OF_A_CLASS]
    if rare:
        named = ", ".join(f"{label!r} has {n} row{'s' * (n > 1)}" for label, n in rare[:_NAMED])
        more = f" and {len(rare) - _NAMED} more classes have as few" if len(rare) > _NAMED else ""
        reason = f"fewer than {FEWEST_OF_A_CLASS} rows do not tell how far it varies"
        yield f"{named}{more}: what hangs on a class is not tested, for {reason}"


def _warnings(evaluations: Mapping[str, Measured | None]) -> Iterator[str]:
    """Say what was seen or left out when they were measured, once for all versions of which it is true."""
    holders: dict[str, list[str]] = {}
    for ref, found in evaluations.items():
        for warning in found.warnings if found else ():
            holders.setdefault(warning, []).append(ref)
    for warning, refs in holders.items():
        yield f"{', '.join(refs)}: {warning}"


def _same_bytes(versions: Sequence[ModelVersion]) -> Iterator[str]:
    holders: dict[str, list[str]] = {}
    for version in versions:
        if version.digest:
            holders.setdefault(version.digest, []).append(version.ref)
    for refs in holders.values():
        if len(refs) > 1:
            yield f"{', '.join(refs)} hold the same bytes"
