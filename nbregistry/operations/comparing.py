"""Put versions side by side, on rows given now or on stored evaluations of the same rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

from nbregistry.catalog.compared import Compared
from nbregistry.errors import NotFound, Refused, RegistryError
from nbregistry.evaluation.caveats import are_paired, of_repeated
from nbregistry.evaluation.code_differences import code_differences
from nbregistry.evaluation.comparing import compare_versions
from nbregistry.evaluation.drift import Drift, find_drift
from nbregistry.evaluation.reuse import Reuse
from nbregistry.model import Dataset, ModelVersion
from nbregistry.operations.drawing import with_bar
from nbregistry.operations.drifting import profile_of_training
from nbregistry.operations.evaluating import believed, common_evaluations, measure, to_measured
from nbregistry.operations.kept_columns import column_of, kept, without_aside
from nbregistry.operations.matching import best_match, repeated_rows, set_of
from nbregistry.operations.recorded_code import CODE, read_code
from nbregistry.operations.resolving import resolve, written
from nbregistry.operations.training_rows import read_training_rows
from nbregistry.reference import CHAMPION, LATEST, quoted, recorded_ref
from nbregistry.spelling import nearest
from nbregistry.trust import home

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbregistry.catalog.view import View
    from nbregistry.evaluation.code_differences import CodeDifference
    from nbregistry.evaluation.comparison import Comparison
    from nbregistry.evaluation.metrics import Measured
    from nbregistry.evaluation.overlap import Overlap
    from nbregistry.operations.resolving import Ref
    from nbregistry.operations.workspace import Workspace


def compare(
    workspace: Workspace,
    refs: Sequence[Ref],
    *,
    on: tuple[Any, Any] | None,
    weights: Any,
    by: Sequence[str] | None,
    slices: bool,
    metrics: Sequence[str] | None,
    alpha: float,
    margin: float | None,
    plots: Sequence[str] | None,
    rows: str | None,
) -> Comparison:
    """Compare versions; see :meth:`nbregistry.Registry.compare`."""
    view = workspace.view()
    resolved = _resolved(view, refs)
    found = {(document["name"], document["version"]): document for document in resolved}
    if len(found) < 2:
        _refuse_one(view, refs, resolved)
    if weights is not None and on is None:
        raise Refused("weights are of the rows to evaluate on, and there are none", hint="--on X y --weights w")
    if rows and on is not None:
        raise Refused("with on all versions are measured on the same rows", hint="leave rows out")
    documents = list(found.values())
    versions = [workspace.records.version(document) for document in documents]
    baseline = next((version.ref for version in versions if CHAMPION in version.aliases), versions[0].ref)
    X, groups = (on[0], {column: column_of(on[0], column) for column in by or ()}) if on else (None, {})
    measured, dataset, overlaps = _measured(
        versions, documents, workspace, baseline, on=on, weights=weights, by=by or (), rows=rows
    )
    elsewhere = {overlap.ref for overlap in overlaps if not overlap.is_whole} if rows == "unpaired" else set()
    standard = next(one for version, one in zip(versions, measured, strict=True) if version.ref == baseline)
    if on is None:
        here = [one for version, one in zip(versions, measured, strict=True) if version.ref not in elsewhere]
        columns = _kept_with(standard, here)
        X, groups = _table(columns), _kept_columns(columns, by or (), versions)
    if slices and X is None:
        named = " ".join(quoted(version.ref) for version in versions)
        raise Refused(
            "slices are looked for in the rows, and no column of them was kept",
            hint=f"%compare {named} --on X y --slices; or first %evaluate REF X y --keep COLUMN …",
        )
    comparison = compare_versions(
        versions,
        measured,
        baseline=baseline,
        dataset=dataset,
        metrics=metrics,
        by=groups,
        X=X,
        slices=slices,
        training=_training(documents, workspace),
        drift=_drift(versions, on[0] if on else None, dataset),
        overlaps=overlaps,
        elsewhere=elsewhere,
        alpha=alpha,
        margin=margin,
        plots=plots,
        over=with_bar("compare"),
    )
    code, unread = _code_of(documents, baseline, workspace)
    comparison = replace(comparison, code=code, notes=(*comparison.notes, *unread))
    if standard is None or not standard.task:
        return comparison
    repeated = of_repeated(repeated_rows(standard), standard.n)
    reuse = _reuse(workspace, comparison, standard) if dataset else None
    return replace(comparison, notes=(*comparison.notes, *repeated), reuse=reuse)


def _code_of(
    documents: Sequence[Mapping[str, Any]], baseline: str, workspace: Workspace
) -> tuple[tuple[CodeDifference, ...], list[str]]:
    """Compare the lines that made the versions, where they were recorded; tell of those that can't be read."""
    scripts: dict[str, str] = {}
    unread: list[str] = []
    for document in documents:
        if document.get(CODE):
            try:
                code = read_code(document, workspace.store)
            except RegistryError as error:
                unread.append(error.message)
            else:
                scripts[code.ref] = "\n".join(part.source for part in code.slice.parts)
    return code_differences(scripts, baseline), unread


def _reuse(workspace: Workspace, comparison: Comparison, standard: Measured) -> Reuse | None:
    """Note the comparison in the user's own folder, and tell how often these rows were used."""
    fingerprint = comparison.dataset.fingerprint if comparison.dataset else ""
    rows = set_of(standard) or fingerprint
    compared = Compared(home(), workspace.format().id).note(rows, comparison.refs)
    if not compared:
        return None
    evaluated = {
        recorded_ref(document)
        for document in workspace.catalog.view.evaluations
        if document["dataset"]["fingerprint"] == fingerprint or document["dataset"].get("any_order") == rows
    }
    return Reuse(compared, len(evaluated))


def _resolved(view: View, refs: Sequence[Ref]) -> list[dict[str, Any]]:
    """Find the versions; the model is often left out after the first: ``tumour@1 2``, ``tumour@champion candidate``."""
    found: list[dict[str, Any]] = []
    for ref in refs:
        try:
            found.append(resolve(view, ref))
        except NotFound as error:
            bare = written(ref)
            meant = f"{found[0]['name']}@{bare}" if found and "@" not in bare and ":" not in bare else ""
            if meant and _is_there(view, meant):
                error.nearest = (meant,)
                line = [meant if other is ref else written(other) for other in refs]
                error.hint = f"%compare {' '.join(map(quoted, line))}"
            raise
    return found


def _is_there(view: View, ref: str) -> bool:
    try:
        resolve(view, ref)
    except RegistryError:
        return False
    return True


def _refuse_one(view: View, refs: Sequence[Ref], resolved: Sequence[Mapping[str, Any]]) -> NoReturn:
    """Say which version was named, and with which other one it can be compared."""
    if not resolved:
        raise Refused("a comparison needs two versions", hint="%compare NAME@champion NAME@latest")
    name, version = resolved[0]["name"], resolved[0]["version"]
    this = f"{name}@{version}"
    if len(refs) == 1:
        told = f"a comparison needs two versions; this is one: {this}"
    else:
        given = list(dict.fromkeys(map(written, refs)))
        same = f"{given[0]} is named twice" if len(given) == 1 else f"{' and '.join(given)} are both {this}"
        told = f"{same}: a comparison needs two different versions"
    champion = view.alias(name, CHAMPION)
    latest = view.count(name)
    if champion and champion["version"] != version:
        other = CHAMPION
    elif latest == 1:
        raise Refused(told, hint=f"%register {quoted(name)} MODEL keeps a second version of {name!r}")
    else:
        other = LATEST if version != latest else str(latest - 1)
    raise Refused(told, hint=f"%compare {quoted(f'{name}@{other}')} {quoted(this)}")


def _measured(
    versions: Sequence[ModelVersion],
    documents: Sequence[Mapping[str, Any]],
    workspace: Workspace,
    baseline: str,
    *,
    on: tuple[Any, Any] | None,
    weights: Any,
    by: Sequence[str],
    rows: str | None,
) -> tuple[list[Measured | None], Dataset | None, tuple[Overlap, ...]]:
    """Measure the versions, or find what was measured; with what they were measured on, and what of it is shared."""
    if on is not None:
        return *_measured_now(versions, documents, workspace, on=on, weights=weights, by=by), ()
    view = workspace.catalog.view
    evaluations = {
        recorded_ref(document): believed(
            view.evaluations_of(document["name"], document["version"]),
            document["signed_by"],
            workspace.keyring.is_trusted,
        )
        for document in documents
    }
    lacking = [ref for ref, found in evaluations.items() if not found]
    # Versions that were never evaluated take no verdict from the others.
    evaluations = {ref: found for ref, found in evaluations.items() if found}
    if baseline not in evaluations or len(evaluations) < 2:
        if rows:
            raise Refused(f"{lacking[0]} was not evaluated", hint=f"%evaluate {quoted(lacking[0])} X y")
        return [None] * len(documents), None, ()
    common = common_evaluations(list(evaluations.values()))
    if common is not None:
        dataset = Dataset.from_document(common[0]["dataset"])
        found = {
            ref: to_measured(evaluation, workspace.store) for ref, evaluation in zip(evaluations, common, strict=True)
        }
        return [found.get(version.ref) for version in versions], dataset, ()
    matching = best_match({baseline: evaluations[baseline], **evaluations}, workspace.store)
    compared, common_dataset = matching.compared(rows)
    return [compared.get(version.ref) for version in versions], common_dataset, matching.told


def _measured_now(
    versions: Sequence[ModelVersion],
    documents: Sequence[Mapping[str, Any]],
    workspace: Workspace,
    *,
    on: tuple[Any, Any],
    weights: Any,
    by: Sequence[str],
) -> tuple[list[Measured | None], Dataset]:
    from nbregistry.provenance.data import describe_data

    dataset = describe_data("evaluation", *on)
    X, y = on
    models = [workspace.loader.load(document) for document in documents]
    rows = [without_aside(X, by, version.signature.feature_names) for version in versions]
    return [measure(model, own, y, weights) for model, own in zip(models, rows, strict=True)], dataset


def _drift(versions: Sequence[ModelVersion], X: Any, dataset: Dataset | None) -> dict[str, tuple[Drift, ...]]:
    """Tell how far the columns are spread otherwise than in each version's training data, where that was kept."""
    from nbregistry.provenance.profile import profile_like

    known_by = dataset.fingerprint if dataset else None
    found = {}
    for version in versions:
        before = profile_of_training(version.datasets)
        if X is not None:
            now = profile_like(before, X)
        else:
            stored = [each.dataset for each in version.evaluations if each.trusted]
            same = [each.profile for each in stored if each.fingerprint == known_by]
            now = same[-1] if same else ()
        found[version.ref] = find_drift(before, now)
    return found


def _training(documents: Sequence[Mapping[str, Any]], workspace: Workspace) -> dict[str, Any]:
    """Give the fingerprints of what each version was trained on, where they were kept."""
    found = {recorded_ref(document): read_training_rows(document, workspace.store) for document in documents}
    return {ref: rows for ref, rows in found.items() if rows is not None}


def _kept_with(standard: Measured | None, measured: Sequence[Measured | None]) -> dict[str, Any]:
    """Give the columns that were kept with any evaluation of the baseline's rows."""
    same = [one for one in measured if standard and one and are_paired(standard, one)]
    return {name: values for one in same for name, values in kept(one).items()}


def _table(columns: Mapping[str, Any]) -> Any:
    """Put kept columns side by side; ``None`` for none."""
    if not columns:
        return None
    import pandas as pd

    return pd.DataFrame(columns)


def _kept_columns(columns: Mapping[str, Any], by: Sequence[str], versions: Sequence[ModelVersion]) -> dict[str, Any]:
    missing = [column for column in by if column not in columns]
    if missing:
        refs, named = (" ".join(map(quoted, words)) for words in ([version.ref for version in versions], by))
        there = f"; kept: {', '.join(list(columns)[:8])}" if columns else ""
        raise Refused(
            f"no evaluation that these versions share kept the column {missing[0]!r}{there}",
            nearest=nearest(missing[0], columns),
            hint=f"%compare {refs} --on X y --by {named}; or first %evaluate REF X y --keep {named}",
        )
    return {column: columns[column] for column in by}
