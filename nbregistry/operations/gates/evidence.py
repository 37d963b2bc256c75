"""What was measured of versions: the stored evaluations that a gate goes by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbregistry.errors import RegistryError
from nbregistry.evaluation.leaks import FINGERPRINT, share_of, trained_on
from nbregistry.operations.evaluating import believed, common_evaluations, to_measured
from nbregistry.operations.training_rows import read_training_rows
from nbregistry.reference import recorded_ref

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbregistry.artifacts.store import ArtifactStore
    from nbregistry.catalog.view import View
    from nbregistry.evaluation.metrics import Measured

Document = Mapping[str, Any]


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

    def newest(self, version: Document, metric: str | None = None) -> Document | None:
        """Give the newest evaluation of a version that has a metric; one by a trusted key counts before any other.

        What was measured on rows that the version was trained on says nothing about new ones, and is left out.
        """
        found = self._with(version, metric, strict=True)
        return found[-1] if found else None

    def has(self, version: Document, metric: str) -> bool:
        """Tell whether a metric of a version was measured, on whatever rows."""
        return bool(self._with(version, metric, strict=False))

    def common(self, version: Document, other: Document, metric: str) -> tuple[Document, Document] | None:
        """Give one evaluation each, both with a metric, on the newest data that both were evaluated on."""
        pair = common_evaluations([self._with(version, metric, strict=True), self._with(other, metric, strict=False)])
        return (pair[0], pair[1]) if pair else None

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

    def leak(self, version: Document, evaluation: Document) -> str:
        """Say how many rows of an evaluation a version was trained on; ``""`` for none."""
        rows = self._trained_on(version, evaluation)
        count = 0 if rows is None else int(rows.sum())
        return f"{recorded_ref(version)} was trained on {share_of(count, len(rows))} of these rows" if count else ""

    def measured(self, evaluation: Document) -> Measured:
        """Give an evaluation as it was measured."""
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
            rows = None if training is None else self.measured(evaluation).rows.get(FINGERPRINT)
        except RegistryError:
            return None  # that they cannot be read is told where they are compared
        return None if training is None or rows is None else trained_on(rows, training)

    def _training_rows(self, version: Document) -> Any:
        digest = version.get("training_rows") or ""
        if digest not in self._training:
            self._training[digest] = read_training_rows(version, self._store)
        return self._training[digest]
