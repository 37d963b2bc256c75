"""The sentences of gates: figures, and what to do where there is nothing to judge by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.evaluation.costs import COSTS, HOW_KNOWN
from nbregistry.evaluation.partition import FEWEST_ROWS
from nbregistry.operations.gates.requirements import DIGEST
from nbregistry.reference import quoted, recorded_ref
from nbregistry.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbregistry.evaluation.verdicts import Judged
    from nbregistry.operations.gates.evidence import Evidence, Ground

_LEAST_P = 0.001
_NAMED = 3


def figure(value: float, beside: float | None = None) -> str:
    """Write a value with four digits, or all where it would read like the number it is held against.

    Examples
    --------
    >>> figure(0.912345), figure(0.899999, beside=0.9), figure(-0.25)
    ('0.9123', '0.899999', '−0.25')
    """
    short = f"{value:.4g}"
    is_alike = beside is not None and value != beside and float(short) == beside
    return _with_minus(repr(float(value)) if is_alike else short)


def of_rows(ground: Ground) -> str:
    """Say on which rows something was measured."""
    label = ground.evaluation["evaluation"]
    return f"on {ground.n:,} rows" + (f" of {label}" if label else "")


def tested(judged: Judged) -> str:
    """Say how surely two versions differ."""
    interval = _with_minus(f"95% interval {judged.ci_low:+.4g} to {judged.ci_high:+.4g}")
    p = f"< {_LEAST_P:g}" if judged.p_adjusted < _LEAST_P else f"= {judged.p_adjusted:.3f}"
    return f"{interval}, adjusted p {p}, {judged.method}"


def _with_minus(number: str) -> str:
    """Write a number as people and every other display do: a hyphen is no minus sign."""
    return number.replace("-", "\u2212")


def measure_it(version: Mapping[str, Any]) -> str:
    """Say what to type."""
    return f"%evaluate {quoted(recorded_ref(version))} X y"


def _called(on: str) -> str:
    return f" --name {quoted(on)}" if on and not on.startswith(DIGEST) else ""


def _elsewhere(metric: str | None, version: Mapping[str, Any], evidence: Evidence, on: str) -> str:
    """Say that a version was measured, and not on the rows that were asked for; ``""`` where that is not why."""
    if not on or evidence.is_on_training_rows_only(version, metric, on) or evidence.newest(version, metric) is None:
        return ""
    names = evidence.names_of(version)
    near = nearest(on, names, 1)
    there = f"did you mean {near[0]!r}?" if near else f"it was on {', '.join(map(repr, names[:_NAMED]))}."
    what = f"{metric} of {recorded_ref(version)}" if metric else recorded_ref(version)
    return f"{what} was not measured on {on!r}; {there} To do it: {measure_it(version)}{_called(on)}"


def lacking(metric: str, version: Mapping[str, Any], evidence: Evidence, on: str = "") -> str:
    """Say why nothing was measured to go by, and what to do."""
    ref = recorded_ref(version)
    if elsewhere := _elsewhere(metric, version, evidence, on):
        return elsewhere
    if metric in HOW_KNOWN and metric not in version["metrics"]:
        how = HOW_KNOWN[metric].replace("REF", quoted(ref)).replace("NAME", quoted(version["name"]))
        return f"{metric} of {ref} is not known: {how}"
    if evidence.is_on_training_rows_only(version, metric, on):
        told = f"{metric} of {ref} was measured only on rows that it was trained on; on others"
    elif metric in version["metrics"]:
        told = f"{metric} of {ref} was given and not computed; to compute it"
    else:
        known = sorted(evidence.metrics_of(version))
        near = nearest(metric, (*known, *COSTS), 1)
        if near:
            return f"{ref} has no metric {metric}; did you mean {near[0]}?"
        told = f"{ref} has no metric {metric}; to measure it" if known else f"{ref} was not evaluated; to do it"
    return f"{told}: {measure_it(version)}"


def untested_cost(metric: str) -> str:
    """Say what can be required of a cost."""
    return f"costs are not tested; a number can be required: {metric} <= …"


def not_on_these(metric: str, ground: Ground) -> str:
    """Say that the rows that are left do not give a metric, and what to do."""
    told = f"{metric} cannot be computed on the {ground.n:,} rows that it was not trained on"
    return f"{told}: {measure_it(ground.version)}"


def too_few(ground: Ground) -> str:
    """Say that the rows that are left are too few, and what to do."""
    if ground.n < FEWEST_ROWS:
        told = f"only {ground.n:,} rows are left, too few to judge by"
    else:
        told = f"the {ground.n:,} rows that are left are nearly all of one class: nothing to judge by"
    return f"{told}: {measure_it(ground.version)}"


def unmeasured(version: Mapping[str, Any], evidence: Evidence, on: str = "") -> str:
    """Say that no rows are known that a version was measured on, and what to do."""
    if elsewhere := _elsewhere(None, version, evidence, on):
        return elsewhere
    only = " except on rows that it was trained on" if evidence.is_on_training_rows_only(version, on=on) else ""
    return f"{recorded_ref(version)} was not evaluated{only}: {measure_it(version)}"


def no_common_rows(version: Mapping[str, Any], other: Mapping[str, Any], on: str = "") -> str:
    """Say that two versions were not evaluated on the same rows, and what to do."""
    if on:
        told = f"{recorded_ref(other)} was not evaluated on the rows of {on!r}"
        return f"{told}: {measure_it(other)}{_called(on)}"
    both = " and ".join(measure_it(one) for one in (version, other))
    return f"{recorded_ref(version)} and {recorded_ref(other)} were not evaluated on the same rows: {both}"
