"""Which rows of two evaluations are the same ones, in whatever order and kind of table."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from nbregistry.errors import Refused
from nbregistry.evaluation.caveats import are_paired
from nbregistry.evaluation.leaks import FINGERPRINT
from nbregistry.evaluation.metrics import measure_part
from nbregistry.evaluation.overlap import Overlap
from nbregistry.model import Dataset
from nbregistry.operations.evaluating import to_measured
from nbregistry.provenance.rows import apart, fingerprint_of_all, with_targets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

    from nbregistry.artifacts.store import ArtifactStore
    from nbregistry.evaluation.metrics import Measured

    Array = np.ndarray[Any, Any]

LOOKED_AT = 5
"""Of each version, so many of the newest evaluations are looked at: each is read for it."""


def keys_of(measured: Measured) -> Array | None:
    """Give what the rows are known by: their fingerprints, with what was to be predicted; ``None`` if not kept."""
    rows: Array | None = measured.rows.get(FINGERPRINT)
    if rows is None or "target" not in measured.rows:  # of a clustering there is none
        return rows
    return with_targets(rows, measured.rows["target"])


def set_of(measured: Measured) -> str | None:
    """Give what a set of rows is known by, in whatever order."""
    keys = keys_of(measured)
    return None if keys is None else fingerprint_of_all(keys)


def repeated_rows(measured: Measured) -> int:
    """Count the rows that are as an earlier one is, features and target; 0 where that is not known."""
    import numpy as np

    keys = keys_of(measured)
    return 0 if keys is None else len(keys) - len(np.unique(keys))


def places_of_shared(measured: Sequence[Measured]) -> list[Array]:
    """Give for each evaluation where the rows stand that are in all of them, in one order; a row pairs once."""
    import numpy as np

    keys = [keys_of(each) for each in measured]
    if any(known is None for known in keys):
        return [np.empty(0, dtype=np.int64) for _ in measured]
    told_apart = [apart(known) for known in keys if known is not None]
    in_all = set.intersection(*(set(known.tolist()) for known in told_apart[1:])) if len(told_apart) > 2 else None
    first = told_apart[0]
    shared = np.intersect1d(first, told_apart[1]) if in_all is None else np.intersect1d(first, sorted(in_all))
    places = []
    for known in told_apart:
        order = np.argsort(known, kind="stable")
        places.append(order[np.searchsorted(known, shared, sorter=order)])
    by_first = np.argsort(places[0], kind="stable")
    return [found[by_first] for found in places]


class Matching:
    """Evaluations of versions, one of each, and which of their rows are the same.

    Parameters
    ----------
    datasets : dict
        Reference to what is recorded of the rows; the baseline's first.
    measured : dict
        Reference to what was measured on them.
    """

    def __init__(self, datasets: Mapping[str, Dataset], measured: Mapping[str, Measured]) -> None:
        self.datasets = datasets
        self.measured = measured
        self._baseline, *others = datasets
        self.overlaps = tuple(map(self._overlap, others))

    @property
    def are_same_rows(self) -> bool:
        """Tell whether all were evaluated on the baseline's rows."""
        return all(overlap.is_whole for overlap in self.overlaps)

    @property
    def are_paired(self) -> bool:
        """Tell whether all were asked for the same on the baseline's rows, with the same weights."""
        found = self.aligned()
        return self.are_same_rows and all(are_paired(found[self._baseline], other) for other in found.values())

    @property
    def told(self) -> tuple[Overlap, ...]:
        """Those of which there is something to say: not of the same rows, if they were found by what they are."""
        found = (overlap for overlap in self.overlaps if overlap.by_order or not overlap.is_whole)
        return tuple(map(self._with_other_targets, found))

    def compared(self, rows: str | None) -> tuple[Mapping[str, Measured], Dataset | None]:
        """Give what can be compared, and on what.

        Parameters
        ----------
        rows : str or None
            What to do if they are not the same rows: ``"shared"`` takes those that all have in common, ``"unpaired"``
            each its own, ``None`` none.
        """
        dataset = self.datasets[self._baseline]
        if self.are_same_rows:
            return self.aligned(), dataset
        if rows == "shared":
            found = self.shared()
            name = f"the shared rows of {dataset.name}" if dataset.name else "shared rows"
            return found, replace(dataset, name=name, rows=found[self._baseline].n)
        return (self.aligned() if rows else {}), None

    def _overlap(self, ref: str) -> Overlap:
        one, other = self.measured[self._baseline], self.measured[ref]
        known = keys_of(one) is not None and keys_of(other) is not None
        shared = len(places_of_shared([one, other])[0]) if known else None
        by_order = shared != one.n and self._are_other_columns(ref) and _agree_in_order(one, other)
        return Overlap(ref, other.n, one.n, one.n if by_order else shared, by_order=by_order)

    def _with_other_targets(self, overlap: Overlap) -> Overlap:
        """Say of how many rows only y is another; that takes its time, so it is done once the choice is made."""
        if overlap.shared is None or overlap.is_whole:
            return overlap
        same_inputs, targets = _other_targets(self.measured[self._baseline], self.measured[overlap.ref])
        return replace(overlap, same_inputs=same_inputs, targets=targets)

    def _are_other_columns(self, ref: str) -> bool:
        """Tell whether the version read other columns: then equal rows have other fingerprints."""
        one, other = self.datasets[self._baseline], self.datasets[ref]
        return one.columns != other.columns or one.inputs != other.inputs

    def aligned(self) -> dict[str, Measured]:
        """Give those that were evaluated on the baseline's rows in the baseline's order, and all others as they are."""
        found = dict(self.measured)
        for overlap in self.overlaps:
            if overlap.is_whole and not overlap.by_order:
                here, there = places_of_shared([self.measured[self._baseline], self.measured[overlap.ref]])
                order = there.copy()
                order[here] = there
                found[overlap.ref] = self.measured[overlap.ref].take(order)
        return found

    def shared(self) -> dict[str, Measured]:
        """Measure all on the rows that all of them were evaluated on.

        Raises
        ------
        Refused
            If there are none, or if it is not known which.
        """
        places = places_of_shared(list(self.measured.values()))
        if not len(places[0]):
            told = "; ".join(overlap.told(self._baseline) for overlap in self.told if not overlap.is_whole)
            raise Refused(f"these versions share no rows: {told}", hint="--rows unpaired tests each on its own rows")
        return {
            ref: measure_part(measured, rows)
            for (ref, measured), rows in zip(self.measured.items(), places, strict=True)
        }


def _agree_in_order(one: Measured, other: Measured) -> bool:
    """Tell whether the same was to be predicted row by row, in an order that is no coincidence.

    Rows that stand class by class, or by the size of the target, agree with any others that do.
    """
    import numpy as np

    target, theirs = one.rows.get("target"), other.rows.get("target")
    if target is None or theirs is None or one.n != other.n or not np.array_equal(target, theirs):
        return False
    changes = int(np.count_nonzero(target[1:] != target[:-1]))
    falls = np.count_nonzero(target[1:] < target[:-1])
    return changes >= len(np.unique(target)) and 0 < int(falls) < changes


def _other_targets(one: Measured, other: Measured) -> tuple[int, tuple[str, ...]]:
    """Count the rows of the same X with another y, and give what was to be predicted of the first of them."""
    import numpy as np

    if "target" not in one.rows or "target" not in other.rows:
        return 0, ()
    first, second = (apart(measured.rows[FINGERPRINT]) for measured in (one, other))
    _, here, there = np.intersect1d(first, second, return_indices=True)
    order = here.argsort()
    pairs = zip(one.rows["target"][here[order]].tolist(), other.rows["target"][there[order]].tolist(), strict=True)
    differing = [pair for pair in pairs if pair[0] != pair[1]]
    return len(differing), tuple(f"{target!r:.40}" for target in differing[0]) if differing else ()


def best_match(evaluations: Mapping[str, Sequence[Mapping[str, Any]]], store: ArtifactStore) -> Matching:
    """Choose an evaluation of each version, on the baseline's rows or else on as many of them as can be; the newest.

    Parameters
    ----------
    evaluations : dict
        Reference to stored evaluations, oldest first and at least one; the baseline's first.
    store : ArtifactStore

    Returns
    -------
    Matching
    """
    baseline, *others = evaluations
    newest = {ref: list(reversed(documents))[:LOOKED_AT] for ref, documents in evaluations.items()}

    @cache
    def read(ref: str, place: int) -> tuple[Dataset, Measured]:
        document = newest[ref][place]
        return Dataset.from_document(document["dataset"]), to_measured(document, store)

    def matched(places: Mapping[str, int]) -> Matching:
        found = {ref: read(ref, place) for ref, place in places.items()}
        return Matching({ref: one for ref, (one, _) in found.items()}, {ref: two for ref, (_, two) in found.items()})

    @cache
    def shared(here: int, ref: str, there: int) -> tuple[bool, bool, int]:
        pair = matched({baseline: here, ref: there})
        return pair.are_same_rows, pair.are_paired, pair.overlaps[0].shared or 0

    def places_for(here: int) -> dict[str, int]:
        nearest = {ref: max(range(len(newest[ref])), key=lambda there: shared(here, ref, there)) for ref in others}
        return {baseline: here, **nearest}

    choices = [places_for(here) for here in range(len(newest[baseline]))]

    def fitting(places: Mapping[str, int]) -> tuple[int, ...]:
        return tuple(map(sum, zip(*(shared(places[baseline], ref, places[ref]) for ref in others), strict=True)))

    return matched(max(choices, key=fitting))
