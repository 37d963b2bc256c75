"""What was measured of versions: the stored evaluations that a gate goes by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbregistry.operations.evaluating import believed, common_evaluations, to_measured

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

    def measured(self, evaluation: Document) -> Measured:
        """Give an evaluation as it was measured."""
        digest = evaluation["digest"]
        if digest not in self._measured:
            self._measured[digest] = to_measured(evaluation, self._store)
        return self._measured[digest]

    def _with(self, version: Document, metric: str | None, *, strict: bool) -> list[Document]:
        training = self._trained_on(version) if strict else ()
        return [
            evaluation
            for evaluation in self._evaluations(version)
            if (metric is None or metric in evaluation["metrics"])
            and evaluation["dataset"]["fingerprint"] not in training
        ]

    def _evaluations(self, version: Document) -> list[Document]:
        kept = self._view.evaluations_of(version["name"], version["version"])
        return believed(kept, version["signed_by"], self._is_trusted)

    def _trained_on(self, version: Document) -> set[str]:
        facts = [self._view.shared_value(digest) for digest in version["datasets"]]
        return {fact["fingerprint"] for fact in facts if fact and fact["role"] == "train"}
