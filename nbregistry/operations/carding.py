"""Put a model card together, from the record and the stored rows alone: no model is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.errors import RegistryError
from nbregistry.evaluation.comparison import ALPHA
from nbregistry.evaluation.groups import measure_groups
from nbregistry.evaluation.significance.alone import intervals_alone
from nbregistry.model_card import STATED, Measure, ModelCard
from nbregistry.operations.drawing import with_bar
from nbregistry.operations.evaluating import to_measured
from nbregistry.operations.gates.evidence import Evidence
from nbregistry.operations.kept_columns import kept
from nbregistry.operations.listing import list_events, trace
from nbregistry.operations.resolving import resolve
from nbregistry.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from nbregistry.evaluation.groups import GroupRow
    from nbregistry.evaluation.metrics import Measured
    from nbregistry.model import Evaluation, ModelVersion
    from nbregistry.operations.resolving import Ref
    from nbregistry.operations.workspace import Workspace


def model_card(workspace: Workspace, ref: Ref) -> ModelCard:
    """Give the card of a version; see :meth:`nbregistry.Registry.card`."""
    view = workspace.view()
    document = resolve(view, ref)
    version = workspace.records.version(document)
    evidence = Evidence(view, workspace.store, workspace.keyring.is_trusted)
    measures: list[Measure] = []
    groups: tuple[GroupRow, ...] = ()
    stored = view.evaluations_of(version.name, version.version)
    with Progress(f"card {version.ref}", len(stored), " evaluations") as progress:
        for evaluation, found in progress.over(zip(version.evaluations, stored, strict=True)):
            try:
                measured = to_measured(found, workspace.store)
                known = evidence.learned(document, found)
            except RegistryError as error:  # what is damaged is said on the card, and the rest of it stands
                measures.append(Measure(evaluation, problem=error.message))
                continue
            learned = evaluation.on_training_rows
            intervals = {} if learned else intervals_alone(measured, ALPHA, with_bar("card"))
            leak = known.told(left_out=False) if known.any else ()
            measures.append(Measure(evaluation, intervals, *leak))
            if not learned:
                groups = _groups(version.ref, evaluation, measured) or groups
    return ModelCard(
        version,
        tuple(measures),
        groups,
        trace(workspace, version.ref),
        list_events(workspace, version.name, limit=None).about(version.ref),
        tuple(_gaps(version)),
    )


def _groups(ref: str, evaluation: Evaluation, measured: Measured) -> tuple[GroupRow, ...]:
    """Measure the version on the parts that the kept columns make."""
    columns: dict[str, Any] = kept(measured)
    if not columns or measured.task == "clustering":
        return ()
    return measure_groups(columns, {ref: measured}, list(evaluation.metrics), baseline=ref, over=with_bar("card"))


def _gaps(version: ModelVersion) -> Iterator[str]:
    """Name what nobody said, measured or decided."""
    if not version.description.strip():
        yield "description"
    for tag, called in STATED.items():
        if not str(version.tags.get(tag) or "").strip():
            yield called
    if not any(dataset.role == "train" for dataset in version.datasets):
        yield "training data"
    if not version.evaluations:
        yield "evaluation"
    if version.approval == "PendingManualApproval":
        yield "approval"
