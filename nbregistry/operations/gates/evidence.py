"""What was measured of versions: the stored evaluations that a gate goes by, and which of their rows count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbregistry.errors import RegistryError
from nbregistry.evaluation.leaks import FINGERPRINT, trained_on
from nbregistry.evaluation.metrics import measure_part
from nbregistry.evaluation.partition import is_small
from nbregistry.model import Dataset
from nbregistry.operations.evaluating import believed, common_evaluations, to_measured
from nbregistry.operations.gates.learned import Learned
from nbregistry.operations.gates.requirements import DIGEST
from nbregistry.operations.matching import LOOKED_AT, Matching, places_of_shared
from nbregistry.operations.training_rows import read_training_rows
from nbregistry.reference import recorded_ref

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nbregistry.artifacts.store import ArtifactStore
    from nbregistry.catalog.view import View
    from nbregistry.evaluation.metrics import Measured

Document = Mapping[str, Any]
_SHORTEST_DIGEST = len(DIGEST) + 8


@dataclass(frozen=True, eq=False)
class Ground:
    """Rows that a version is judged on: those of an evaluation, but for what somebody was trained on.

    Attributes
    ----------
    version, evaluation : document
    rows : ndarray of int or None
        Which of the evaluation's rows, and in which order; ``None`` for all of them as they are.
    doubts : tuple of str
        What is doubtful about them, e.g. which ones the version was trained on, a sentence each.
    is_too_small : bool
        Whether too few are left to judge by, where some of them are left out for the version was trained on them.
    """

    version: Document
    evaluation: Document
    rows: Any = None
    doubts: tuple[str, ...] = ()
    is_too_small: bool = False

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

    def newest(self, version: Document, metric: str | None = None, on: str = "") -> Document | None:
        """Give the newest evaluation of a version that has a metric; one by a trusted key counts before any other.

        What was measured on rows that the version was trained on says nothing about new ones, and is left out; with
        ``on``, whatever is neither called so nor of data whose digest begins so.
        """
        found = self._with(version, metric, on, strict=True)
        return found[-1] if found else None

    def names_of(self, version: Document) -> list[str]:
        """Give what the evaluations of a version are called, the newest first."""
        return list(dict.fromkeys(_name(one) for one in reversed(self._evaluations(version))))

    def has(self, version: Document, metric: str) -> bool:
        """Tell whether a metric of a version was measured, on whatever rows."""
        return bool(self._with(version, metric, strict=False))

    def ground(self, version: Document, evaluation: Document) -> Ground:
        """Give the rows of an evaluation that the version was not trained on."""
        import numpy as np

        learned = self.learned(version, evaluation)
        if not learned.any:
            return Ground(version, evaluation, doubts=learned.told(left_out=False))
        kept = np.flatnonzero(~learned.rows)
        told = learned.told(left_out=True)
        return Ground(version, evaluation, kept, told, is_too_small=self._is_small(evaluation, kept))

    def learned(self, version: Document, evaluation: Document) -> Learned:
        """Tell which rows of an evaluation a version was trained on."""
        import numpy as np

        ref, none = recorded_ref(version), np.zeros(int(evaluation["n"]), dtype=bool)
        try:
            training = self._training_rows(version)
        except RegistryError:
            training = None
        if training is None:
            return Learned(ref, none, is_known=False, is_lost=bool(version.get("training_rows")))
        try:
            rows = self._read(evaluation).rows.get(FINGERPRINT)
        except RegistryError:
            return Learned(ref, none, is_known=False, is_lost=True)
        return Learned(ref, none, is_known=False) if rows is None else Learned(ref, trained_on(rows, training))

    def common_ground(
        self, version: Document, other: Document, metric: str, on: str = ""
    ) -> tuple[Ground, Ground] | None:
        """Give the newest rows that two versions were both measured on, in one order, and neither was trained on.

        They are the same rows where a comparison takes them for the same, in another order or with other columns. If
        too few would be left without those that the other one was trained on, it is judged on them all the same: it
        remembers, and whoever is not worse is so in spite of that. With ``on``, they are those of an evaluation of the
        first version that is called so; what the same rows are called in the other's record does not matter.
        """
        ours, theirs = self._with(version, metric, on, strict=True), self._with(other, metric, strict=False)
        pair = common_evaluations([ours, theirs])
        if pair:
            return self._both((version, pair[0]), (other, pair[1]))
        return self._matched(version, ours, other, theirs)

    def _matched(
        self, version: Document, ours: list[Document], other: Document, theirs: list[Document]
    ) -> tuple[Ground, Ground] | None:
        """Find evaluations on the same rows in another order, as another kind of table, or with other columns."""
        us, them = recorded_ref(version), recorded_ref(other)
        # Rows that were weighed otherwise are the same rows, and no test can be made on them: they come last.
        found = sorted(self._matchings(us, ours, them, theirs), key=lambda pair: not pair[2].are_paired)
        if not found:
            return None
        one, two, matching = found[0]
        by_order = matching.overlaps[0].by_order
        places = None if by_order else places_of_shared([matching.measured[us], matching.measured[them]])
        doubts = (matching.overlaps[0].told(them),) if by_order else ()
        return self._both((version, one), (other, two), places=places, doubts=doubts)

    def _matchings(
        self, us: str, ours: list[Document], them: str, theirs: list[Document]
    ) -> Iterator[tuple[Document, Document, Matching]]:
        """Give the pairs of evaluations that are on the same rows, the newest first."""
        for one in reversed(ours[-LOOKED_AT:]):
            for two in reversed(theirs[-LOOKED_AT:]):
                if one["n"] != two["n"]:
                    continue
                try:
                    measured = {them: self._read(two), us: self._read(one)}
                except RegistryError:  # what cannot be read is no ground to stand on
                    continue
                matching = Matching({them: _dataset(two), us: _dataset(one)}, measured)
                if matching.are_same_rows:
                    yield one, two, matching

    def _both(
        self,
        ours: tuple[Document, Document],
        theirs: tuple[Document, Document],
        *,
        places: list[Any] | None = None,
        doubts: tuple[str, ...] = (),
    ) -> tuple[Ground, Ground]:
        """Give the rows of two evaluations, each with its version, that are left; once for all metrics.

        Parameters
        ----------
        ours, theirs : (version, evaluation)
        places : list of two ndarrays, optional
            Where the same rows stand in each; left out, they stand in one order.
        doubts : tuple of str
            About their being the same rows.
        """
        import numpy as np

        key = (ours[1]["digest"], theirs[1]["digest"])
        if key not in self._grounds:
            rows = places or [np.arange(ours[1]["n"])] * 2
            learned = [self.learned(*side) for side in (ours, theirs)]
            of_us, of_them = (one.rows[taken] for one, taken in zip(learned, rows, strict=True))
            left_out = of_us | of_them
            spares_them = self._is_small(ours[1], rows[0][~left_out])
            if spares_them:
                left_out = of_us
            kept = [taken[~left_out] for taken in rows] if places or left_out.any() else [None, None]
            too_small = bool(of_us.any()) and self._is_small(ours[1], kept[0])
            told = (*learned[0].told(left_out=True), *doubts)
            self._grounds[key] = (
                Ground(*ours, kept[0], told, is_too_small=too_small),
                Ground(*theirs, kept[1], learned[1].told(left_out=not spares_them)),
            )
        return self._grounds[key]

    def is_on_training_rows_only(self, version: Document, metric: str | None = None, on: str = "") -> bool:
        """Tell whether a metric was measured, but on nothing else than the rows that the version was trained on."""
        return self.newest(version, metric, on) is None and bool(self._with(version, metric, on, strict=False))

    def cost(self, version: Document, name: str) -> tuple[float, str] | None:
        """Give what a version costs, and where it was timed, in words; ``None`` where it is not known."""
        if name != "prediction_seconds":
            return (version[name], "") if version.get(name) else None
        timed = [timing for one in self._evaluations(version) if (timing := one.get("timing"))]
        return (timed[-1]["seconds"], f" on {timed[-1]['machine']}") if timed else None

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
            self._on[ground] = measure_part(measured, ground.rows)
        return self._on[ground]

    def _read(self, evaluation: Document) -> Measured:
        digest = evaluation["digest"]
        if digest not in self._measured:
            self._measured[digest] = to_measured(evaluation, self._store)
        return self._measured[digest]

    def _with(self, version: Document, metric: str | None, on: str = "", *, strict: bool) -> list[Document]:
        found = [
            one
            for one in self._evaluations(version)
            if (metric is None or metric in one["metrics"]) and (not on or _is_on(one, on))
        ]
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
        return learned.rows if (learned := self.learned(version, evaluation)).is_known else None

    def _training_rows(self, version: Document) -> Any:
        digest = version.get("training_rows") or ""
        if digest not in self._training:
            self._training[digest] = read_training_rows(version, self._store)
        return self._training[digest]

    def _is_small(self, evaluation: Document, rows: Any) -> bool:
        """Tell whether these rows of an evaluation are too few to judge by."""
        return is_small(self._read(evaluation).take(rows))


def _name(evaluation: Document) -> str:
    """Give what an evaluation is called, or else the data as they were written, e.g. ``"X_test, y_test"``."""
    return str(evaluation["evaluation"] or evaluation["dataset"]["name"])


def _is_on(evaluation: Document, on: str) -> bool:
    is_digest = on.startswith(DIGEST) and len(on) >= _SHORTEST_DIGEST  # a shorter one would be of any data
    return _name(evaluation) == on or (is_digest and evaluation["dataset"]["fingerprint"].startswith(on))


def _dataset(evaluation: Document) -> Dataset:
    return Dataset.from_document(evaluation["dataset"])
