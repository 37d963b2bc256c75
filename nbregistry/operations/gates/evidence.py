"""What was measured of versions: the stored evaluations that a gate goes by, and which of their rows count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from nbregistry.errors import RegistryError
from nbregistry.evaluation.leaks import FINGERPRINT, share_of, trained_on
from nbregistry.evaluation.metrics import measure_rows
from nbregistry.operations.evaluating import believed, common_evaluations, to_measured
from nbregistry.operations.matching import LOOKED_AT, places_of_shared, set_of
from nbregistry.operations.training_rows import read_training_rows
from nbregistry.reference import recorded_ref

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbregistry.artifacts.store import ArtifactStore
    from nbregistry.catalog.view import View
    from nbregistry.evaluation.metrics import Measured

Document = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Ground:
    """Rows that a version is judged on: those of an evaluation, but for what somebody was trained on.

    Attributes
    ----------
    version, evaluation : document
    rows : ndarray of int or None
        Which of the evaluation's rows, and in which order; ``None`` for all of them as they are.
    leak : str
        Which rows the version was trained on, in words; ``""`` for none. They are left out, unless none would be left.
    """

    version: Document
    evaluation: Document
    rows: Any = None
    leak: str = ""

    @property
    def n(self) -> int:
        """How many rows count."""
        return int(self.evaluation["n"]) if self.rows is None else len(self.rows)


class Evidence:
    """Stored evaluations, each read once.

    Parameters
    ----------
    view : View
    store : ArtifactStore
        Where their rows are.
    is_trusted : callable
        Tells whether a key is.
    """

    def __init__(self, view: View, store: ArtifactStore, is_trusted: Callable[[str], bool]) -> None:
        self._view = view
        self._store = store
        self._is_trusted = is_trusted
        self._measured: dict[str, Measured] = {}
        self._training: dict[str, Any] = {}
        self._grounds: dict[tuple[str, ...], tuple[Ground, Ground]] = {}
        self._on: dict[Ground, Measured] = {}

    def newest(self, version: Document, metric: str | None = None) -> Document | None:
        """Give the newest evaluation of a version that has a metric; one by a trusted key counts before any other.

        What was measured on rows that the version was trained on says nothing about new ones, and is left out.
        """
        found = self._with(version, metric, strict=True)
        return found[-1] if found else None

    def has(self, version: Document, metric: str) -> bool:
        """Tell whether a metric of a version was measured, on whatever rows."""
        return bool(self._with(version, metric, strict=False))

    def ground(self, version: Document, evaluation: Document) -> Ground:
        """Give the rows of an evaluation that the version was not trained on."""
        import numpy as np

        seen = self._trained_on(version, evaluation)
        if seen is None or not seen.any():
            return Ground(version, evaluation)
        return Ground(version, evaluation, np.flatnonzero(~seen), _leak(version, seen, left_out=True))

    def common_ground(self, version: Document, other: Document, metric: str) -> tuple[Ground, Ground] | None:
        """Give the newest rows that two versions were both measured on, in one order, and neither was trained on.

        A version that was trained on all rows that the other one knows is judged on them all the same: it remembers,
        and whoever is not worse is so in spite of that.
        """
        ours, theirs = self._with(version, metric, strict=True), self._with(other, metric, strict=False)
        pair = common_evaluations([ours, theirs])
        if pair:
            return self._both((version, pair[0]), (other, pair[1]), reordered=False)
        found = self._reordered(ours, theirs)
        return self._both((version, found[0]), (other, found[1]), reordered=True) if found else None

    def _both(self, *sides: tuple[Document, Document], reordered: bool) -> tuple[Ground, Ground]:
        """Give the rows of two evaluations, each with its version, that are left; once for all metrics."""
        import numpy as np

        key = tuple(evaluation["digest"] for _, evaluation in sides)
        if key not in self._grounds:
            rows = [np.arange(evaluation["n"]) for _, evaluation in sides]
            if reordered:
                rows = places_of_shared([self._read(evaluation) for _, evaluation in sides])
            seen = [self._trained_on(*side) for side in sides]
            masks = [mask[taken] for mask, taken in zip(seen, rows, strict=True) if mask is not None]
            of_any = np.logical_or.reduce([np.zeros(len(rows[0]), dtype=bool), *masks])
            is_cut = bool(of_any.any()) and not of_any.all()
            kept = [taken[~of_any] if is_cut else taken for taken in rows]
            one, two = (
                Ground(*side, taken if is_cut or reordered else None, _leak(side[0], mask, left_out=is_cut))
                for side, taken, mask in zip(sides, kept, seen, strict=True)
            )
            self._grounds[key] = one, two
        return self._grounds[key]

    def _reordered(self, ours: list[Document], theirs: list[Document]) -> tuple[Document, Document] | None:
        """Find evaluations on the same rows in another order, or as another kind of table."""
        for one in reversed(ours[-LOOKED_AT:]):
            for two in reversed(theirs[-LOOKED_AT:]):
                try:
                    found = set_of(self._read(one))
                    if found is not None and found == set_of(self._read(two)):
                        return one, two
                except RegistryError:  # what cannot be read is no ground to stand on
                    continue
        return None

    def is_on_training_rows_only(self, version: Document, metric: str | None = None) -> bool:
        """Tell whether a metric was measured, but on nothing else than the rows that the version was trained on."""
        return self.newest(version, metric) is None and bool(self._with(version, metric, strict=False))

    def metrics_of(self, version: Document) -> set[str]:
        """Give the names of all metrics of a version, measured or given."""
        found = (evaluation["metrics"] for evaluation in self._evaluations(version))
        return {*version["metrics"]}.union(*found)

    def is_doubtful(self, evaluation: Document) -> bool:
        """Tell whether a key measured it that is not trusted."""
        return not self._is_trusted(evaluation["signed_by"])

    def value(self, ground: Ground, metric: str) -> float | None:
        """Give a metric on the rows that count; ``None`` where they do not give it."""
        known = ground.evaluation if ground.rows is None else {"metrics": self.measured(ground).metrics}
        value: float | None = known["metrics"].get(metric)
        return value

    def measured(self, ground: Ground) -> Measured:
        """Give what was measured on the rows that count."""
        measured = self._read(ground.evaluation)
        if ground.rows is None:
            return measured
        if ground not in self._on:
            self._on[ground] = replace(measured.take(ground.rows), metrics=measure_rows(measured, ground.rows))
        return self._on[ground]

    def _read(self, evaluation: Document) -> Measured:
        digest = evaluation["digest"]
        if digest not in self._measured:
            self._measured[digest] = to_measured(evaluation, self._store)
        return self._measured[digest]

    def _with(self, version: Document, metric: str | None, *, strict: bool) -> list[Document]:
        found = [one for one in self._evaluations(version) if metric is None or metric in one["metrics"]]
        return [one for one in found if not self._is_of_training(version, one)] if strict else found

    def _evaluations(self, version: Document) -> list[Document]:
        kept = self._view.evaluations_of(version["name"], version["version"])
        return believed(kept, version["signed_by"], self._is_trusted)

    def _is_of_training(self, version: Document, evaluation: Document) -> bool:
        """Tell whether a version was trained on all rows of an evaluation, in whatever order."""
        facts = [self._view.shared_value(digest) for digest in version["datasets"]]
        training = {fact["fingerprint"] for fact in facts if fact and fact["role"] == "train"}
        if evaluation["dataset"]["fingerprint"] in training:
            return True
        rows = self._trained_on(version, evaluation)
        return rows is not None and bool(rows.all())

    def _trained_on(self, version: Document, evaluation: Document) -> Any:
        """Tell which rows of an evaluation a version was trained on; ``None`` where that is not known."""
        try:
            training = self._training_rows(version)
            rows = None if training is None else self._read(evaluation).rows.get(FINGERPRINT)
        except RegistryError:
            return None  # that they cannot be read is told where they are compared
        return None if training is None or rows is None else trained_on(rows, training)

    def _training_rows(self, version: Document) -> Any:
        digest = version.get("training_rows") or ""
        if digest not in self._training:
            self._training[digest] = read_training_rows(version, self._store)
        return self._training[digest]


def _leak(version: Document, seen: Any, *, left_out: bool) -> str:
    """Say how many rows a version was trained on; ``""`` for none."""
    count = 0 if seen is None else int(seen.sum())
    if not count:
        return ""
    told = f"{recorded_ref(version)} was trained on {share_of(count, len(seen))} of these rows"
    return f"{told}: left out" if left_out else told
