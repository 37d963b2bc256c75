"""All that can be done before the commit: a model is evaluated, described and stored."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from nbregistry.catalog import exact
from nbregistry.catalog.changes import Change, put_shared
from nbregistry.evaluation.drift import drift_words, find_drift
from nbregistry.evaluation.leaks import FINGERPRINT, warning_of
from nbregistry.evaluation.pitfalls import remarks
from nbregistry.model import Dataset, Signature
from nbregistry.operations.capturing_code import CellsCapture
from nbregistry.operations.data_files import with_files
from nbregistry.operations.describing import described, other_data
from nbregistry.operations.drifting import profile_of_scores, profile_of_training
from nbregistry.operations.evaluating import evaluation_record, measure, store_rows, unmeasured
from nbregistry.operations.example import example_rows, store_example
from nbregistry.operations.kept_columns import to_keep, without_aside
from nbregistry.operations.recorded_code import store_code
from nbregistry.operations.redacting import text_without_secrets, values_without_secrets
from nbregistry.operations.registration.storing import doubtful_types, store_model
from nbregistry.operations.resolving import written
from nbregistry.operations.training_rows import fingerprints_of_training, store_training_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

    from nbregistry.artifacts.pack_writing import Packed
    from nbregistry.artifacts.store import ArtifactStore
    from nbregistry.evaluation.metrics import Measured
    from nbregistry.operations.registration.request import Request
    from nbregistry.provenance.cells.recorded import RecordedCode

    Array = np.ndarray[Any, Any]

_KEPT_SHOWN = 60


@dataclass(frozen=True)
class Prepared:
    """All that could be done before the commit: the artifact is stored, the record is written down.

    Attributes
    ----------
    record : dict
        The version's document without its number and parents.
    changes : list of Change
        Shared facts that the record names.
    evaluation : dict or None
    digests : tuple of str
        Every blob that the commit will need.
    stored_bytes : int
    fingerprint : str
        Equal for equal requests.
    warnings : tuple of str
    example_rows : int
        How many were kept as an example.
    code : RecordedCode or None
        What made it; ``None`` where no notebook listened.
    """

    record: dict[str, Any]
    changes: list[Change]
    evaluation: dict[str, Any] | None
    digests: tuple[str, ...]
    stored_bytes: int
    fingerprint: str
    warnings: tuple[str, ...]
    example_rows: int = 0
    code: RecordedCode | None = None


def prepare(request: Request, store: ArtifactStore, namespace: Mapping[str, Any] | None = None) -> Prepared:
    """Evaluate, describe and store a model; nothing of it is visible before the commit."""
    from nbregistry.provenance.code import CodeCapture
    from nbregistry.provenance.environment import capture_environment
    from nbregistry.provenance.params import algorithm_of, training_seconds
    from nbregistry.provenance.signature import infer_signature

    code = CodeCapture(namespace)  # git is asked while the rest is done
    cells = CellsCapture(code.root)
    datasets = _datasets(request)
    others = other_data(request.data)
    columns, measured = _evaluate(request) if request.on else ({}, unmeasured(request.model))
    signature = infer_signature(request.model, _rows_to_sign(request))
    model = store_model(request.name, request.model, request.format, store)
    made = cells.result(request.model, request.model_text, namespace, code.identity)
    coded = store_code(made, store)
    datasets, trained_on = _looked_into(datasets, others, request, measured)
    training = None if trained_on is None else fingerprints_of_training(trained_on)
    learned = None if training is None else store_training_rows(training, store)
    rows_taken = example_rows(request.input_example, request.train, request.on, aside=request.keep, signature=signature)
    example, examples = (None if rows_taken is None else store_example(request.model, rows_taken, store)) or (None, 0)
    words = _words_of(request)
    artifacts = {"training_rows": learned, "example": example, **coded}
    shared = _Shared()
    record = {
        "name": request.name,
        "description": words.description,
        "tags": words.tags,
        "params": words.params,
        "default_params": shared.fact(words.defaults),
        "metrics": dict(measured.metrics) | dict(request.metrics),
        "metrics_given": sorted(request.metrics),
        "signature": shared.fact(signature.to_document() if signature != Signature() else {}),
        "algorithm": algorithm_of(request.model),
        "flavor": model.flavor,
        "format": model.format,
        "executes_code": model.executes_code,
        "size": model.packed.size,
        "digest": model.packed.digest,
        "datasets": [shared.fact(dataset.to_document()) for dataset in datasets],
        "environment": shared.fact(capture_environment()),
        "code": shared.fact(code.result()),
        **{field: artifact.digest if artifact else None for field, artifact in artifacts.items()},
        "training_seconds": request.training_seconds or training_seconds(request.model),
        "status": "active",
        "approval": "PendingManualApproval",
    }
    rows = store_rows(measured, store, columns)
    evaluation = _evaluation(request, record, measured, rows, datasets)
    stored = [artifact for artifact in (model.packed, rows, *artifacts.values()) if artifact]
    return Prepared(
        record,
        shared.changes,
        evaluation,
        tuple(digest for artifact in stored for digest in artifact.digests),
        sum(artifact.stored_bytes for artifact in stored),
        _fingerprint(request, record),
        (
            *request.warnings,
            *words.warnings,
            *warning_of(measured.rows.get(FINGERPRINT), training),
            *_no_model(request.model, model.flavor, measured),
            *_drifted(datasets, evaluation),
            *doubtful_types(model, store),
            *(made.staleness if made else ()),
            *(made.redacted if made else ()),
        ),
        examples,
        made,
    )


def _datasets(request: Request) -> list[Dataset]:
    """Describe what the model was trained on and is evaluated on, as far as no look at each row is needed."""
    from nbregistry.provenance.data import describe_data

    given = (("train", request.train, request.train_name), ("evaluation", request.on, request.on_name))
    return [describe_data(role, *data, name=name) for role, data, name in given if data is not None]


def _looked_into(
    datasets: list[Dataset], others: list[Dataset], request: Request, measured: Measured
) -> tuple[list[Dataset], Array | None]:
    """Add what takes a look at every row, and the files they came from; give the rows of training as well."""
    from nbregistry.provenance.profile import profile_columns
    from nbregistry.provenance.rows import row_fingerprints

    trained_on = row_fingerprints(request.train[0]) if request.train else None
    if request.train:
        profiled = replace(datasets[0], profile=profile_columns(request.train[0]))
        datasets[0] = described(profiled, *request.train, trained_on)
    if request.on:
        datasets[-1] = described(datasets[-1], *request.on, measured.rows.get(FINGERPRINT))
    tables = [data[0] for data in (request.train, request.on) if data]
    return with_files(list(zip([*datasets, *others], [*tables, *request.data.values()], strict=True))), trained_on


def _rows_to_sign(request: Request) -> Any:
    """Give the rows to read the signature from: those that are given as an example, else of training, else others."""
    shown = None if isinstance(request.input_example, bool) else request.input_example
    candidates = (shown, *(data[0] for data in (request.train, request.on) if data))
    return next((x for x in candidates if x is not None), None)


@dataclass(frozen=True)
class _Words:
    """What is kept of a request as text, without the secrets in it."""

    params: Mapping[str, Any]
    defaults: Mapping[str, Any]
    tags: Mapping[str, Any]
    description: str
    warnings: tuple[str, ...]


def _words_of(request: Request) -> _Words:
    from nbregistry.provenance.params import read_params

    set_by_hand, defaults = read_params(request.model)
    params, secret_params = values_without_secrets("parameter", set_by_hand | dict(request.params))
    defaults, _ = values_without_secrets("parameter", defaults)
    tags, secret_tags = values_without_secrets("tag", request.tags)
    description, secret_description = text_without_secrets("the description", request.description)
    defaults = {key: value for key, value in defaults.items() if key not in params}
    return _Words(params, defaults, tags, description, (*secret_params, *secret_tags, *secret_description))


class _Shared:
    """Facts that versions share, each kept once."""

    def __init__(self) -> None:
        self.changes: list[Change] = []

    def fact(self, value: Any) -> str | None:
        """Give the digest that a record names a fact by; ``None`` for an empty one."""
        if not value:
            return None
        digest, change = put_shared(value)
        self.changes.append(change)
        return digest


def _fingerprint(request: Request, record: Mapping[str, Any]) -> str:
    """Tell one request from another: a retry is the same."""
    repeated: list[Any] = [
        record[key] for key in ("name", "digest", "params", "metrics", "tags", "description", "datasets")
    ]
    repeated += [list(map(written, request.parents)), list(map(written, request.depends_on)), request.alias]
    repeated += [list(request.keep)] if request.keep else []
    return hashlib.sha256(exact.dumps(repeated)).hexdigest()


def _evaluate(request: Request) -> tuple[dict[str, Any], Measured]:
    """Give the columns to keep, and what was measured without those that the model was not fitted on."""
    from nbregistry.provenance.signature import infer_signature

    X, y = request.on or ((), ())
    features = infer_signature(request.model).feature_names if request.keep else ()
    return to_keep(X, request.keep), measure(
        request.model, without_aside(X, request.keep, features), y, request.weights
    )


def _no_model(model: Any, flavor: str, measured: Measured) -> tuple[str, ...]:
    """Warn of an object that no flavor knows and nobody can ask anything; else give the warnings of measuring it."""
    asked = callable(model) or any(hasattr(model, method) for method in ("predict", "transform"))
    if flavor != "python" or asked:
        return remarks(measured)
    from nbregistry.provenance.wording import short_text

    text = " ".join(short_text(model).split())
    shown = text if len(text) <= _KEPT_SHOWN else text[: _KEPT_SHOWN - 1] + "…"
    kept = f"what was kept is of the type {type(model).__name__}, {shown}"
    return (f"{kept}: it has no predict or transform and is not callable, so it can't be evaluated",)


def _evaluation(
    request: Request, record: Mapping[str, Any], measured: Measured, rows: Packed | None, datasets: Sequence[Dataset]
) -> dict[str, Any] | None:
    if rows is None:
        return None
    from nbregistry.provenance.profile import profile_like

    dataset = next(dataset for dataset in datasets if dataset.role == "evaluation")
    trained_on = profile_of_training(datasets)
    if trained_on and request.on:
        dataset = replace(dataset, profile=profile_like(trained_on, request.on[0]))
    scores = profile_of_scores(measured, None)
    return evaluation_record(record, measured, rows, dataset, label=request.on_name, scores=scores)


def _drifted(datasets: Sequence[Dataset], evaluation: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Warn of an evaluation set that is spread otherwise than the training data."""
    if evaluation is None:
        return ()
    now = Dataset.from_document(evaluation["dataset"]).profile
    return drift_words(find_drift(profile_of_training(datasets), now))
