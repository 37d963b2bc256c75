"""What changed from one version to the next, in a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Cell, Line, Span, joined, line
from nbregistry.display.quantities import plural, scalar
from nbregistry.display.visible import clip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbregistry.model import ModelVersion, Scalar

_SHOWN = 3
_VALUE_LENGTH = 24


def what_changed(version: ModelVersion, before: ModelVersion | None) -> Cell:
    """Say what is different about a version: the algorithm, else the parameters, and the training data.

    Parameters
    ----------
    version : ModelVersion
    before : ModelVersion or None
        The version before it in the same table.
    """
    if before is None:
        return Cell((Span(version.algorithm, "user"),))
    parts: list[Line] = []
    if version.algorithm != before.algorithm:
        # Another algorithm has other parameters: listing them would say the same thing once more.
        parts.append(line(Span(before.algorithm or "?", "user"), " → ", Span(version.algorithm or "?", "user")))
        told: list[Line] = [
            line(Span(name, "user"), "=", _short(_written(value))) for name, value in version.params.items()
        ]
    else:
        told = _differing(version, before)
    parts += told[:_SHOWN]
    below: list[Line] = []
    if len(told) > _SHOWN:
        below.append(line(f"and {plural(len(told) - _SHOWN, 'more parameter')}"))
    if _training(version) and _training(before) and _training(version) != _training(before):
        parts.append(line("other training data"))
    if not parts:
        parts.append((Span(_nothing_told(version, before), "muted"),))
    return Cell(joined(", ", parts), joined(", ", below))


def _nothing_told(version: ModelVersion, before: ModelVersion) -> str:
    if version.digest == before.digest:
        return "same bytes"
    return "same parameters" if version.params or version.default_params else "other bytes"


def _training(version: ModelVersion) -> frozenset[str]:
    return frozenset(dataset.fingerprint for dataset in version.datasets if dataset.role == "train")


def _differing(version: ModelVersion, before: ModelVersion) -> list[Line]:
    now: Mapping[str, Scalar] = {**version.default_params, **version.params}
    then: Mapping[str, Scalar] = {**before.default_params, **before.params}
    found = []
    for name in dict.fromkeys([*version.params, *before.params, *now, *then]):
        old, new = (scalar(side[name]) if name in side else "none" for side in (then, now))
        if old != new:
            was, became = (_short(_written(side[name]) if name in side else "none") for side in (then, now))
            found.append(line(Span(name, "user"), " ", was, " → ", became))
    return found


def _written(value: Scalar) -> str:
    """Write a value for a narrow column: four digits of a number tell two versions apart."""
    return f"{value:.4g}" if isinstance(value, float) else scalar(value)


def _short(value: str) -> Span:
    clipped = clip(value, _VALUE_LENGTH)
    return Span(clipped, "user", "" if clipped == value else value)
