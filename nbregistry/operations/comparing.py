"""Put versions side by side, on rows given now or on stored evaluations of the same rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from nbregistry.errors import Refused
from nbregistry.evaluation.comparison import Comparison, compare_versions
from nbregistry.model import Dataset, ModelVersion
from nbregistry.operations.evaluating import believed, common_evaluations, measure, to_measured
from nbregistry.operations.kept_columns import column_of, kept, without_aside
from nbregistry.operations.resolving import nearest, resolve, written
from nbregistry.operations.training_rows import read_training_rows
from nbregistry.progress import Progress
from nbregistry.reference import CHAMPION, LATEST, quoted, recorded_ref

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nbregistry.catalog.view import View
    from nbregistry.evaluation.metrics import Measured
    from nbregistry.operations.resolving import Ref
    from nbregistry.operations.workspace import Workspace

Block = TypeVar("Block")


def compare(
    workspace: Workspace,
    refs: Sequence[Ref],
    *,
    on: tuple[Any, Any] | None,
    weights: Any,
    by: Sequence[str] | None,
    metrics: Sequence[str] | None,
    alpha: float,
    margin: float | None,
    plots: Sequence[str] | None,
) -> Comparison:
    """Compare versions; see :meth:`nbregistry.Registry.compare`."""
    view = workspace.view()
    resolved = [resolve(view, ref) for ref in refs]
    found = {(document["name"], document["version"]): document for document in resolved}
    if len(found) < 2:
        _refuse_one(view, refs, resolved)
    if weights is not None and on is None:
        raise Refused("weights are of the rows to evaluate on, and there are none", hint="--on X y --weights w")
    documents = list(found.values())
    versions = [workspace.records.version(document) for document in documents]
    baseline = next((version.ref for version in versions if CHAMPION in version.aliases), versions[0].ref)
    X, groups = (on[0], {column: column_of(on[0], column) for column in by or ()}) if on else (None, {})
    measured, dataset = _measured(versions, documents, workspace, on=on, weights=weights, by=by or ())
    if on is None:
        columns = {name: values for one in measured if one for name, values in kept(one).items()}
        X, groups = _table(columns), _kept_columns(columns, by or (), versions)
    return compare_versions(
        versions,
        measured,
        baseline=baseline,
        dataset=dataset,
        metrics=metrics,
        by=groups,
        X=X,
        training=_training(documents, workspace),
        alpha=alpha,
        margin=margin,
        plots=plots,
        over=_with_progress,
    )


def _with_progress(total: int, blocks: Iterator[Block]) -> Iterator[Block]:
    with Progress("compare", total, " blocks of resamples") as progress:
        yield from progress.over(blocks)


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
    *,
    on: tuple[Any, Any] | None,
    weights: Any,
    by: Sequence[str],
) -> tuple[list[Measured | None], Dataset | None]:
    if on is not None:
        from nbregistry.provenance.data import describe_data

        dataset = describe_data("evaluation", *on)
        X, y = on
        models = [workspace.loader.load(document) for document in documents]
        rows = [without_aside(X, by, version.signature.feature_names) for version in versions]
        return [measure(model, own, y, weights) for model, own in zip(models, rows, strict=True)], dataset
    view = workspace.catalog.view
    common = common_evaluations(
        [
            believed(
                view.evaluations_of(document["name"], document["version"]),
                document["signed_by"],
                workspace.keyring.is_trusted,
            )
            for document in documents
        ]
    )
    if common is None:
        return [None] * len(documents), None
    return [to_measured(evaluation, workspace.store) for evaluation in common], Dataset.from_document(
        common[0]["dataset"]
    )


def _training(documents: Sequence[Mapping[str, Any]], workspace: Workspace) -> dict[str, Any]:
    """Give the fingerprints of what each version was trained on, where they were kept."""
    found = {recorded_ref(document): read_training_rows(document, workspace.store) for document in documents}
    return {ref: rows for ref, rows in found.items() if rows is not None}


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
