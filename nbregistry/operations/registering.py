"""Register: from a fitted model to a record and an artifact."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.artifacts.pack_writing import Packed, PackWriter
from nbregistry.catalog import exact
from nbregistry.catalog.catalog import Plan
from nbregistry.catalog.changes import Change, move_alias, put_evaluation, put_shared, put_version
from nbregistry.errors import Refused, WrongType
from nbregistry.evaluation.drift import drift_words, find_drift
from nbregistry.evaluation.leaks import FINGERPRINT, warning_of
from nbregistry.evaluation.pitfalls import remarks
from nbregistry.flavors import by_name, choose
from nbregistry.flavors.base import names_types
from nbregistry.lineage import Graph, check_acyclic
from nbregistry.model import Dataset, ModelVersion, Registration, Signature
from nbregistry.operations import kinds
from nbregistry.operations.capturing_code import CellsCapture
from nbregistry.operations.data_files import with_files
from nbregistry.operations.describing import described, other_data
from nbregistry.operations.drifting import profile_of_scores, profile_of_training
from nbregistry.operations.evaluating import evaluation_record, measure, store_rows, unmeasured
from nbregistry.operations.example import example_rows, store_example
from nbregistry.operations.finding import compared, declinable, go_on_as, loaded_from, used_by_code, with_findings
from nbregistry.operations.gating import refuse_gated
from nbregistry.operations.kept_columns import to_keep, without_aside
from nbregistry.operations.kinds import labelled, seconds
from nbregistry.operations.recorded_code import store_code
from nbregistry.operations.redacting import text_without_secrets, values_without_secrets
from nbregistry.operations.resolving import Ref, check_look_alikes, resolve, written
from nbregistry.operations.training_rows import fingerprints_of_training, store_training_rows
from nbregistry.operations.values import check_key, check_text, metrics_of, params_of, tags_of
from nbregistry.progress import Progress
from nbregistry.reference import CHAMPION, check_alias, check_model_name, recorded_ref

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbregistry.artifacts.store import ArtifactStore
    from nbregistry.catalog.view import View
    from nbregistry.evaluation.metrics import Measured
    from nbregistry.model import Finding
    from nbregistry.operations.workspace import Workspace
    from nbregistry.provenance.cells.recorded import RecordedCode

_KEPT_SHOWN = 60
_NAMED_TYPES = 4

Labelled = tuple[Any, Any]
"""X and y of a data set."""


@dataclass(frozen=True)
class Request:
    """What a caller asks to be registered, checked for form before any work is done.

    Attributes
    ----------
    name, model
    on, train : tuple or None
        ``(X, y)``.
    weights : object
        How much each row of ``on`` counts.
    on_name, train_name : str
        What the caller calls them.
    keep : tuple of str
        Columns of the evaluation's X to keep with it.
    data : dict
        Other data sets by name.
    params, metrics, tags : dict
    parents, depends_on : tuple of str or ModelVersion
        References as they were given.
    find_lineage : bool
        Whether to add parents that nobody named.
    alias : str or None
    description : str
    format : str or None
        To store it in; its flavor chooses if left out.
    input_example : object
        Rows to read the signature from and to keep as an example, in place of the data sets; ``False`` keeps none.
    training_seconds : float or None
    model_text : str
        The expression that the model was given by; ``""`` where there was none.
    warnings : tuple of str
    """

    name: str
    model: Any
    on: Labelled | None = None
    train: Labelled | None = None
    weights: Any = None
    on_name: str = ""
    train_name: str = ""
    keep: Sequence[str] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    tags: Mapping[str, Any] = field(default_factory=dict)
    parents: Sequence[Ref] = ()
    depends_on: Sequence[Ref] = ()
    find_lineage: bool = True
    alias: str | None = None
    description: str = ""
    input_example: Any = None
    format: str | None = None
    training_seconds: float | None = None
    model_text: str = ""
    warnings: tuple[str, ...] = ()

    @classmethod
    def checked(cls, name: str, model: Any, **given: Any) -> Request:
        """Check names and values.

        Raises
        ------
        InvalidName, Refused
        """
        _refuse_no_model(model)
        metrics, warnings = metrics_of(given.pop("metrics"))
        if given["alias"] is not None:
            check_alias(given["alias"])
        if given["weights"] is not None and given["on"] is None:
            raise Refused("weights are of the rows to evaluate on, and there are none", hint="--on X y --weights w")
        if kinds.text("format", given["format"]) is not None:
            choose(model, given["format"])
        return cls(
            check_model_name(name),
            model,
            params=params_of(given.pop("params")),
            metrics=metrics,
            tags=tags_of(given.pop("tags")),
            parents=_refs(given.pop("parents"), "parents"),
            depends_on=_refs(given.pop("depends_on"), "depends_on"),
            description=check_text("a description", given.pop("description")),
            on=labelled("on", given["on"]),
            data=_data(given.pop("data")),
            keep=_kept(given.pop("keep"), given.pop("on")),
            train=labelled("train", given.pop("train")),
            training_seconds=seconds("training_seconds", given.pop("training_seconds")),
            on_name=_data_name("on_name", given.pop("on_name")),
            train_name=_data_name("train_name", given.pop("train_name")),
            warnings=tuple(warnings),
            **given,
        )


def _data_name(option: str, name: object) -> str:
    """Give the expression of a data set, which may be a call that takes a secret."""
    return text_without_secrets("the name of a data set", check_text(option, name))[0]


def _kept(columns: str | Sequence[str] | None, on: Labelled | None) -> tuple[str, ...]:
    names = kinds.texts("keep", columns) or ()
    if names and on is None:
        raise Refused("keeping columns needs the rows they are of", hint="%register NAME MODEL --on X y --keep COLUMN")
    return tuple(names)


def _data(given: Mapping[str, Any] | None) -> dict[str, Any]:
    data = kinds.mapping("data", given, "prices=frame")
    return {_data_name("the name of a data set", check_key("data set", name)): X for name, X in data.items()}


def _refuse_no_model(model: Any) -> None:
    if model is None:
        raise Refused("the model is None", hint="register what fit() returned, or the estimator it was called on")
    if isinstance(model, str) and not os.path.exists(model):  # noqa: PTH110 - a Path chokes on long text
        raise Refused(f"there is no file or folder {model!a}", hint="a text as a model is the path of a file or folder")
    if isinstance(model, type):
        raise Refused(
            f"{model.__name__} is a class, not a model", hint=f"register a fitted {model.__name__}(…), not the class"
        )


def _refs(given: Ref | Sequence[Ref], option: str) -> tuple[Ref, ...]:
    refs = (given,) if isinstance(given, (str, ModelVersion)) or not isinstance(given, Iterable) else tuple(given)
    if not all(isinstance(ref, (str, ModelVersion)) for ref in refs):
        raise WrongType(f"{option} takes references such as 'churn@3', not {given!a:.60}", hint=f"{option}=['churn@3']")
    return refs


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


def register(workspace: Workspace, request: Request, namespace: Mapping[str, Any] | None) -> ModelVersion:
    """Keep a model as the next version of its name; see :meth:`nbregistry.Registry.register`."""
    started = time.perf_counter()
    view = workspace.writable()
    for ref in (*request.parents, *request.depends_on):
        resolve(view, ref)  # a wrong reference is told before the work, not after
    if request.alias:
        refuse_gated(workspace, view, request.name, request.alias)
    findings: tuple[Finding, ...] = ()
    if request.find_lineage:
        request, findings = with_findings(view, request, loaded_from(workspace, request.model))
    prepared = prepare(request, workspace.store, namespace)
    if request.find_lineage:
        request, used = with_findings(view, request, used_by_code(workspace, prepared.code, namespace))
        findings += used
    champion = view.alias(request.name, CHAMPION)
    champion_version = champion["version"] if champion else None  # read now: the commit may move the alias

    def plan(view: View) -> Plan:
        if request.alias:
            refuse_gated(workspace, view, request.name, request.alias)  # it may have got its policy meanwhile
        with declinable(findings):
            return plan_registration(request, prepared, view)

    commit = workspace.commit(
        "register",
        plan,
        prepared.digests,
        request=prepared.fingerprint,
    )
    before = champion_version and workspace.catalog.view.version(request.name, champion_version)
    registration = Registration(
        time.perf_counter() - started,
        prepared.stored_bytes,
        workspace.records.version(before) if before else None,
        prepared.warnings,
        prepared.example_rows,
        compared(findings, prepared.record["digest"]),
        prepared.code.in_short if prepared.code else "",
    )
    registered = workspace.records.version(resolve(workspace.catalog.view, commit.ref), registration)
    go_on_as(workspace, request.model, registered)
    workspace.catalog.acknowledge()
    return registered


def prepare(request: Request, store: ArtifactStore, namespace: Mapping[str, Any] | None = None) -> Prepared:
    """Evaluate, describe and store a model; nothing of it is visible before the commit."""
    from nbregistry.provenance.code import CodeCapture
    from nbregistry.provenance.data import describe_data
    from nbregistry.provenance.environment import capture_environment
    from nbregistry.provenance.params import algorithm_of, read_params, training_seconds
    from nbregistry.provenance.profile import profile_columns
    from nbregistry.provenance.rows import row_fingerprints
    from nbregistry.provenance.signature import infer_signature

    code = CodeCapture(namespace)  # git is asked while the rest is done
    cells = CellsCapture(code.root)
    datasets = [
        describe_data(role, *data, name=name)
        for role, data, name in (
            ("train", request.train, request.train_name),
            ("evaluation", request.on, request.on_name),
        )
        if data is not None
    ]
    others = other_data(request.data)
    columns, measured = _evaluate(request) if request.on else ({}, unmeasured(request.model))
    shown = None if isinstance(request.input_example, bool) else request.input_example
    candidates = (shown, *(data[0] for data in (request.train, request.on) if data))
    signature = infer_signature(request.model, next((x for x in candidates if x is not None), None))
    with Progress(f"register {request.name}", _size_of(request.model)):
        packed, flavor, format_name, executes_code = _store_model(request, store)
    made = cells.result(request.model, request.model_text, namespace, code.identity)
    coded = store_code(made, store)
    trained_on = row_fingerprints(request.train[0]) if request.train else None
    if request.train:
        profiled = replace(datasets[0], profile=profile_columns(request.train[0]))
        datasets[0] = described(profiled, *request.train, trained_on)
    if request.on:
        datasets[-1] = described(datasets[-1], *request.on, measured.rows.get(FINGERPRINT))
    tables = [data[0] for data in (request.train, request.on) if data]
    datasets = with_files(list(zip([*datasets, *others], [*tables, *request.data.values()], strict=True)))
    training = None if trained_on is None else fingerprints_of_training(trained_on)
    learned = None if training is None else store_training_rows(training, store)
    rows_taken = example_rows(request.input_example, request.train, request.on, aside=request.keep, signature=signature)
    example, examples = (None if rows_taken is None else store_example(request.model, rows_taken, store)) or (None, 0)
    set_by_hand, defaults = read_params(request.model)
    params, secret_params = values_without_secrets("parameter", set_by_hand | dict(request.params))
    defaults, _ = values_without_secrets("parameter", defaults)
    tags, secret_tags = values_without_secrets("tag", request.tags)
    description, secret_description = text_without_secrets("the description", request.description)
    changes: list[Change] = []
    record = {
        "name": request.name,
        "description": description,
        "tags": tags,
        "params": params,
        "default_params": _share(changes, {key: value for key, value in defaults.items() if key not in params}),
        "metrics": dict(measured.metrics) | dict(request.metrics),
        "metrics_given": sorted(request.metrics),
        "signature": _share(changes, signature.to_document() if signature != Signature() else {}),
        "algorithm": algorithm_of(request.model),
        "flavor": flavor,
        "format": format_name,
        "executes_code": executes_code,
        "size": packed.size,
        "digest": packed.digest,
        "datasets": [_share(changes, dataset.to_document()) for dataset in datasets],
        "environment": _share(changes, capture_environment()),
        "code": _share(changes, code.result()),
        "training_rows": learned.digest if learned else None,
        "example": example.digest if example else None,
        **{kind: artifact.digest for kind, artifact in coded.items()},
        "training_seconds": request.training_seconds or training_seconds(request.model),
        "status": "active",
        "approval": "PendingManualApproval",
    }
    rows = store_rows(measured, store, columns)
    evaluation = _evaluation(request, record, measured, rows, datasets)
    repeated: list[Any] = [
        record[key] for key in ("name", "digest", "params", "metrics", "tags", "description", "datasets")
    ]
    repeated += [list(map(written, request.parents)), list(map(written, request.depends_on)), request.alias]
    repeated += [list(request.keep)] if request.keep else []
    stored = [artifact for artifact in (packed, learned, example, rows, *coded.values()) if artifact]
    return Prepared(
        record,
        changes,
        evaluation,
        tuple(digest for artifact in stored for digest in artifact.digests),
        sum(artifact.stored_bytes for artifact in stored),
        hashlib.sha256(exact.dumps(repeated)).hexdigest(),
        (
            *request.warnings,
            *secret_params,
            *secret_tags,
            *secret_description,
            *warning_of(measured.rows.get(FINGERPRINT), training),
            *_no_model(request.model, flavor, measured),
            *_drifted(datasets, evaluation),
            *_doubtful_types(store, packed.digest, flavor, format_name),
            *(made.staleness if made else ()),
            *(made.redacted if made else ()),
        ),
        examples,
        made,
    )


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


def _share(changes: list[Change], value: Any) -> str | None:
    if not value:
        return None
    digest, change = put_shared(value)
    changes.append(change)
    return digest


def _size_of(model: Any) -> int | None:
    """Give the bytes that will pass, where they are known beforehand: of arrays, or of one file."""
    if isinstance(model, (str, Path)):
        return Path(model).stat().st_size if Path(model).is_file() else None
    parts = model.values() if type(model) is dict else (model,)
    sizes = [size for part in parts if type(size := getattr(part, "nbytes", None)) is int]
    return sum(sizes) if len(sizes) == len(parts) else None


def _doubtful_types(store: ArtifactStore, digest: str, flavor_name: str, format_name: str) -> tuple[str, ...]:
    """Warn of types for which a reader who does not know the key will be refused."""
    flavor = by_name(flavor_name)
    if not names_types(flavor, format_name):
        return ()
    types = flavor.doubtful_types(PackReader(store, digest))
    if not types:
        return ()
    named = ", ".join(types[:_NAMED_TYPES]) + (" …" if len(types) > _NAMED_TYPES else "")
    return (f"who does not trust your key must trust these types to load it: {named}",)


def _store_model(request: Request, store: ArtifactStore) -> tuple[Packed, str, str, bool]:
    flavor = choose(request.model, request.format)
    with PackWriter(store) as pack:
        format_name = flavor.save(request.model, pack, request.format)
        packed = pack.finish({"flavor": flavor.name, "format": format_name})
    return packed, flavor.name, format_name, flavor.formats[format_name]


def plan_registration(request: Request, prepared: Prepared, view: View) -> Plan:
    """Make the changes against the present view: the next number, parents by number, facts not yet shared.

    Raises
    ------
    Conflict
        If a look-alike of the name or of the alias exists.
    NotFound
        If a parent or dependency does not.
    """
    name = request.name
    check_look_alikes(view, name)
    version = view.count(name) + 1
    ref = f"{name}@{version}"
    parents, depends_on = (
        list(dict.fromkeys(recorded_ref(resolve(view, given)) for given in refs))
        for refs in (request.parents, request.depends_on)
    )
    if parents or depends_on:
        check_acyclic(Graph(view.all_versions()), ref, parents, depends_on)
    changes: list[Change] = [change for change in prepared.changes if not view.has_shared(change["digest"])]
    changes.append(put_version(prepared.record | {"version": version, "parents": parents, "depends_on": depends_on}))
    if prepared.evaluation:
        changes.append(put_evaluation(prepared.evaluation | {"version": version}))
    detail: dict[str, Any] = {"algorithm": prepared.record["algorithm"], "digest": prepared.record["digest"]}
    if request.alias:
        check_look_alikes(view, name, request.alias)
        before = view.alias(name, request.alias)
        changes.append(move_alias(name, request.alias, version))
        detail |= {"alias": request.alias, "from": f"{name}@{before['version']}" if before else None, "to": ref}
    return Plan(ref, changes, detail)
