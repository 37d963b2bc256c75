"""What a version costs beside how good it is: time to train, time to predict, and room. Lower is better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nbregistry.evaluation.metrics import Measured
    from nbregistry.model import ModelVersion

COSTS = ("training_seconds", "prediction_seconds", "size")
"""Seconds of the fit, seconds a row, and bytes before compression."""

HOW_KNOWN = {
    "training_seconds": "%%register NAME MODEL times the cell that fits it",
    "prediction_seconds": "%evaluate REF X y times its predictions",
}
"""What makes a cost known that is not; the size always is."""


@dataclass(frozen=True)
class Timing:
    """How long a model took to predict.

    Attributes
    ----------
    seconds : float
        For one row, the median over repeats.
    machine : str
        Where it was timed.
    """

    seconds: float
    machine: str


def costs_of(version: ModelVersion, measured: Measured | None) -> dict[str, float]:
    """Give what is known of a version's costs.

    Examples
    --------
    >>> from nbregistry.model import ModelVersion
    >>> costs_of(ModelVersion("churn", 1, training_seconds=2.5, size=900), None)
    {'training_seconds': 2.5, 'size': 900}
    """
    timing = measured.timing if measured else None
    found = (version.training_seconds, timing.seconds if timing else None, version.size or None)
    return {name: value for name, value in zip(COSTS, found, strict=True) if value is not None}


def machine_of(environment: Mapping[str, object]) -> str:
    """Name a machine by its processor and how many of them a record has; ``""`` where it has none."""
    model, count = environment.get("cpu"), environment.get("cpus")
    return f"{model}, {count} CPU{'s' if count != 1 else ''}" if model and count else ""


def other_machines(versions: Sequence[ModelVersion], evaluations: Mapping[str, Measured | None]) -> Iterator[str]:
    """Say what was not timed on one machine: such times are not of the models alone."""
    trained = {
        version.ref: machine_of(version.environment) for version in versions if version.training_seconds is not None
    }
    predicted = {ref: found.timing.machine for ref, found in evaluations.items() if found and found.timing}
    for what, machines in (("training_seconds", trained), ("prediction_seconds", predicted)):
        if len({*machines.values()}) > 1:
            said = "; ".join(f"{ref}: {machine or 'not known'}" for ref, machine in machines.items())
            yield f"{what} come from different machines, so they do not tell the models apart ({said})"
