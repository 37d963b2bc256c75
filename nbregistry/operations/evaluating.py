"""Measure versions on rows, and keep the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.artifacts.pack_writing import Packed, PackWriter
from nbregistry.catalog import exact
from nbregistry.catalog.catalog import Plan
from nbregistry.catalog.changes import put_evaluation
from nbregistry.errors import Refused
from nbregistry.evaluation.costs import Timing
from nbregistry.evaluation.drift import drift_words, input_drift
from nbregistry.evaluation.leaks import FINGERPRINT, warning_of
from nbregistry.evaluation.metrics import Measured
from nbregistry.evaluation.pitfalls import remarks
from nbregistry.model import ColumnProfile, Dataset, Evaluation
from nbregistry.operations.data_files import with_files
from nbregistry.operations.describing import described
from nbregistry.operations.drifting import first_scores, profile_of_scores, profile_of_training
from nbregistry.operations.kept_columns import to_keep, without_aside
from nbregistry.operations.redacting import text_without_secrets
from nbregistry.operations.resolving import resolve
from nbregistry.operations.timing import time_prediction
from nbregistry.operations.training_rows import read_training_rows
from nbregistry.operations.values import check_text
from nbregistry.reference import quoted, recorded_ref

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence

    from nbregistry.artifacts.store import ArtifactStore
    from nbregistry.operations.resolving import Ref
    from nbregistry.operations.workspace import Workspace

_ROWS_FLAVOR, _ROWS_FORMAT = "numpy", "npy"
_READ: Mapping[str, Callable[[str], Any]] = {"b": "True".__eq__, "i": int, "u": int, "f": float}
"""How a label is read that was written as text, by the kind of numpy's dtype."""


def evaluate(
    workspace: Workspace,
    ref: Ref,
    X: Any,
    y: Any,
    *,
    weights: Any,
    name: str,
    on_name: str,
    keep: Sequence[str],
) -> Evaluation:
    """Evaluate a version; see :meth:`nbregistry.Registry.evaluate`."""
    from nbregistry.provenance.data import describe_data
    from nbregistry.provenance.profile import profile_like

    name, _ = text_without_secrets("the name", check_text("the name of an evaluation", name))
    on_name, _ = text_without_secrets("the name of a data set", on_name)
    document = resolve(workspace.writable(), ref)
    model_name, version = document["name"], document["version"]
    known = workspace.records.version(document)
    trained_on = profile_of_training(known.datasets)
    dataset = replace(describe_data("evaluation", X, y, name=on_name), profile=profile_like(trained_on, X))
    columns = to_keep(X, keep)
    own = without_aside(X, keep, known.signature.feature_names)
    measured = measure(workspace.loader.load(document), own, y, weights)
    (dataset,) = with_files([(described(dataset, X, y, measured.rows.get(FINGERPRINT)), X)])
    rows = store_rows(measured, workspace.store, columns)
    if rows is None:
        raise Refused(
            f"{model_name}@{version}: {'; '.join(measured.warnings) or 'there is nothing to measure'}",
            hint=f"%nbr show {quoted(recorded_ref(document))} tells what it takes and what it predicts",
        )
    first = first_scores(workspace.view().evaluations_of(model_name, version))
    scores = profile_of_scores(measured, first)
    record = evaluation_record(document, measured, rows, dataset, label=name, scores=scores)
    detail = {"evaluation": name or on_name, "n": measured.n, "metrics": dict(measured.metrics)}
    plan = Plan(f"{model_name}@{version}", [put_evaluation(record)], detail)
    commit = workspace.commit("evaluate", lambda _: plan, rows.digests, request=_request(record))
    training = fingerprints(workspace.records.version(document).datasets, "train")
    found = to_evaluation(
        record | {"at": commit.at}, workspace.store, training=training, trained_on=trained_on, first=first
    )
    learned = warning_of(measured.rows[FINGERPRINT], read_training_rows(document, workspace.store))
    told = () if found.on_training_rows else learned  # which its display tells
    evaluation = replace(found, warnings=(*told, *remarks(measured), *drift_words(input_drift(found))))
    workspace.catalog.acknowledge()
    return evaluation


def _request(record: Mapping[str, Any]) -> str:
    """Tell one call from another: a retry is the same call, though it takes another time."""
    return exact.dumps({key: value for key, value in record.items() if key != "timing"}).decode()


def measure(model: Any, X: Any, y: Any, weights: Any = None) -> Measured:
    """Evaluate a model on rows, and say which rows; one that is not fitted gives no metrics and a warning."""
    from nbregistry.evaluation.metrics import evaluate
    from nbregistry.provenance.params import is_fitted
    from nbregistry.provenance.rows import row_fingerprints

    if is_fitted(model) is False:
        return unmeasured(model)
    measured = evaluate(model, X, y, weights)
    if not measured.rows:
        return measured
    rows = {**measured.rows, FINGERPRINT: row_fingerprints(X)}
    return replace(measured, rows=rows, timing=time_prediction(model, X))


def unmeasured(model: Any) -> Measured:
    """Give no metrics, and a warning if the model is not fitted."""
    from nbregistry.provenance.params import is_fitted

    unfitted = f"{type(model).__name__} is not fitted: it is kept as it is, and was not evaluated"
    return Measured("", {}, warnings=(unfitted,) if is_fitted(model) is False else ())


def store_rows(measured: Measured, store: ArtifactStore, columns: Mapping[str, Any] | None = None) -> Packed | None:
    """Keep targets, predictions, scores, fingerprints and columns as one artifact; ``None`` if nothing was measured."""
    if not measured.rows:
        return None
    from nbregistry.flavors import by_name

    rows = {name: _without_objects(values) for name, values in {**measured.rows, **(columns or {})}.items()}
    header = {"flavor": _ROWS_FLAVOR, "format": _ROWS_FORMAT, "classes": [str(c) for c in measured.classes]}
    with PackWriter(store) as pack:
        by_name(_ROWS_FLAVOR).save(rows, pack)
        return pack.finish(header)


def _without_objects(values: Any) -> Any:
    """Labels kept as Python objects become text: what is stored must not need unpickling."""
    return values.astype(str) if values.dtype.hasobject else values


def read_rows(digest: str, store: ArtifactStore) -> dict[str, Any]:
    """Read the rows of an evaluation; no code can run."""
    from nbregistry.flavors import by_name

    rows: dict[str, Any] = by_name(_ROWS_FLAVOR).load(PackReader(store, digest), _ROWS_FORMAT)
    return rows


class StoredRows(Mapping[str, Any]):
    """Rows of an evaluation, read from the store when they are first looked at.

    Parameters
    ----------
    digest : str
        Of the artifact that holds them.
    store : ArtifactStore
    """

    def __init__(self, digest: str, store: ArtifactStore) -> None:
        self._digest = digest
        self._store = store

    @cached_property
    def _rows(self) -> dict[str, Any]:
        return read_rows(self._digest, self._store)

    def __getitem__(self, name: str) -> Any:
        return self._rows[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def weights_digest(measured: Measured) -> str:
    """Tell weights apart: two evaluations of the same rows with other weights are not of the same set."""
    from nbregistry.provenance.data import fingerprint

    return "" if measured.weights is None else fingerprint(measured.weights)


def evaluation_record(
    version: Mapping[str, Any],
    measured: Measured,
    rows: Packed,
    dataset: Dataset,
    *,
    label: str,
    scores: ColumnProfile | None,
) -> dict[str, Any]:
    """Give the record of an evaluation of a version, of which at least name and digest are known."""
    return {
        "name": version["name"],
        "version": version.get("version"),
        "model": version["digest"],
        "evaluation": label,
        "metrics": dict(measured.metrics),
        "n": measured.n,
        "task": measured.task,
        "classes": [str(c) for c in measured.classes],
        "dataset": dataset.to_document(),
        "weights": weights_digest(measured),
        "timing": {"seconds": measured.timing.seconds, "machine": measured.timing.machine} if measured.timing else {},
        "warnings": list(measured.warnings),
        **({"scores": scores.to_document()} if scores else {}),
        "digest": rows.digest,
        "size": rows.size,
    }


def fingerprints(datasets: Iterable[Dataset], role: str) -> frozenset[str]:
    """Give the fingerprints of the data sets of one role."""
    return frozenset(dataset.fingerprint for dataset in datasets if dataset.role == role)


def to_evaluation(
    document: Mapping[str, Any],
    store: ArtifactStore,
    *,
    training: Collection[str],
    trusted: bool = True,
    trained_on: tuple[ColumnProfile, ...] = (),
    first: ColumnProfile | None = None,
) -> Evaluation:
    """Build an evaluation with its rows.

    Parameters
    ----------
    document : dict
    store : ArtifactStore
    training : collection of str
        Fingerprints of the rows that the version was trained on.
    trusted : bool, default True
        Whether its signer is.
    trained_on : tuple of ColumnProfile
        How the columns of the training data are spread.
    first : ColumnProfile or None
        How the scores of the version's first evaluation are spread; ``None`` where this is the first.
    """
    scores = document.get("scores")
    return Evaluation(
        ref=recorded_ref(document),
        name=document["evaluation"],
        at=document["at"],
        metrics=document["metrics"],
        n=document["n"],
        dataset=Dataset.from_document(document["dataset"]),
        task=document["task"],
        rows=StoredRows(document["digest"], store),
        trusted=trusted,
        on_training_rows=document["dataset"]["fingerprint"] in training,
        trained_on=trained_on,
        scores=ColumnProfile.from_document(scores) if scores else None,
        first_scores=first,
    )


def believed(
    evaluations: Sequence[Mapping[str, Any]], signer: str, is_trusted: Callable[[str], bool]
) -> list[Mapping[str, Any]]:
    """Leave out what neither the version's signer nor a trusted key measured; trusted ones come last."""
    by_trust = sorted(evaluations, key=lambda document: is_trusted(document["signed_by"]))
    return [document for document in by_trust if document["signed_by"] == signer or is_trusted(document["signed_by"])]


def common_evaluations(evaluations: Sequence[Sequence[Mapping[str, Any]]]) -> list[Mapping[str, Any]] | None:
    """Choose for each version its evaluation on the newest data set that all of them were evaluated on.

    Parameters
    ----------
    evaluations : sequence of sequences of documents
        For each version; of two on the same data the last one counts, and those with the same weights go together.

    Returns
    -------
    list of documents or None
        One a version; ``None`` if they share no data set.
    """
    return _newest_common(evaluations, _data_and_weights) or _newest_common(evaluations, _data)


def _data(document: Mapping[str, Any]) -> str:
    return str(document["dataset"]["fingerprint"])


def _data_and_weights(document: Mapping[str, Any]) -> tuple[str, str]:
    return _data(document), document.get("weights", "")


def _newest_common(
    evaluations: Sequence[Sequence[Mapping[str, Any]]], set_of: Callable[[Mapping[str, Any]], Hashable]
) -> list[Mapping[str, Any]] | None:
    by_set = [{set_of(document): document for document in documents} for documents in evaluations]
    shared = [found for found in by_set[0] if all(found in others for others in by_set)]
    if not shared:
        return None
    newest = max(shared, key=lambda found: max(documents[found]["at"] for documents in by_set))
    return [documents[newest] for documents in by_set]


def to_measured(document: Mapping[str, Any], store: ArtifactStore) -> Measured:
    """Give a stored evaluation as it was measured."""
    from nbregistry.evaluation.predictions import as_labels

    rows = read_rows(document["digest"], store)
    classes: tuple[Any, ...] = tuple(document["classes"])
    if classes and document["task"] != "multilabel":  # whose classes are the names of the labels, and no values
        # Rows may have been kept with a y of another type of number than the classes.
        rows["target"] = as_labels(rows["target"], rows["prediction"])
        classes = _classes(document["classes"], rows)
    warnings, timing = tuple(document.get("warnings", ())), document.get("timing")
    timed = Timing(timing["seconds"], timing["machine"]) if timing else None
    return Measured(document["task"], document["metrics"], rows, warnings, classes, timed)


def _classes(labels: Sequence[str], rows: Mapping[str, Any]) -> tuple[Any, ...]:
    """Give labels the type of the stored targets again: documents keep them as text.

    A class that no row is of and that none was predicted as has the type of the others: without it, one version would
    have other classes than the next.
    """
    import numpy as np

    if not labels:
        return ()
    seen = {str(value): value for name in ("target", "prediction") for value in np.unique(rows[name]).tolist()}
    of_kind = _READ.get(rows["prediction"].dtype.kind, str)
    return tuple(seen[label] if label in seen else of_kind(label) for label in labels)
