"""What was probably misspelt where nothing stops it: a gate would never be asked, or never be passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.reference import CHAMPION
from nbregistry.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbregistry.catalog.view import View
    from nbregistry.operations.gates.requirements import Requirement

_ALIKE = 0.85
"""As near as two letters that changed places: "champion-eu" is a name of its own."""
_SIMILAR = 0.7


def slip_of_alias(view: View, name: str, alias: str) -> str:
    """Say that an alias is new and nearly one that is known; ``""`` for any other.

    Parameters
    ----------
    view : View
    name : str
        The model, ``""`` for every one.
    alias : str
    """
    known = {known for model in ([name] if name else view.names()) for known in view.aliases_of(model)} | {CHAMPION}
    near = [] if alias in known else nearest(alias, known, 1, cutoff=_ALIKE)
    return f"{_of(name)} has the alias {alias} yet; did you mean {near[0]}?" if near else ""


def slips_of_metrics(view: View, name: str, requirements: Iterable[Requirement]) -> tuple[str, ...]:
    """Say which metrics no version has, of those that are required."""
    from nbregistry.evaluation.costs import COSTS
    from nbregistry.operations.gates.requirements import Better, NotWorse, Threshold

    asked = dict.fromkeys(one.metric for one in requirements if isinstance(one, Threshold | Better | NotWorse))
    known = _metrics(view, name)
    told = []
    for metric in asked:
        if metric not in known and metric not in COSTS:
            near = nearest(metric, (*known, *COSTS), 1, cutoff=_SIMILAR)
            told.append(f"{_of(name)} has a metric {metric} yet" + (f"; did you mean {near[0]}?" if near else ""))
    return tuple(told)


def _metrics(view: View, name: str) -> set[str]:
    versions = view.versions_of(name) if name else view.all_versions()
    measured = (one for one in view.evaluations if not name or one["name"] == name)
    return {metric for found in (versions, measured) for document in found for metric in document["metrics"]}


def _of(name: str) -> str:
    return f"no version of {name!r}" if name else "no version of any model"
