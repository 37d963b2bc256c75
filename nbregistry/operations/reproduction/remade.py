"""In the fresh kernel: what was made again, held against what was kept."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nbregistry.evaluation.replay import Example
    from nbregistry.model import ReproductionOutcome
    from nbregistry.operations.workspace import Workspace

_OUTCOMES: dict[str, ReproductionOutcome] = {
    "identical": "identical predictions",
    "within tolerance": "within tolerance",
    "different": "different",
    "failed": "different",  # the model was made; it does not answer as the other did
}
_MOST_ROWS = 100


@dataclass(frozen=True)
class Answer:
    """How near what was made again comes to what was kept, and what that rests on, in a sentence."""

    outcome: ReproductionOutcome
    detail: str


def hold(model: Any, rows: Callable[[], Any], url: str, ref: str, answer: str) -> None:
    """Compare a model with a version, and write the answer down for the process that waits for it.

    Parameters
    ----------
    model : object
        What the code has made.
    rows : callable
        Gives the rows that it was fitted on, where the code tells them; ``None`` where it does not.
    url, ref : str
        The registry, and the version in it.
    answer : str
        The file to write.
    """
    from nbregistry.operations.resolving import resolve
    from nbregistry.operations.workspace import Workspace

    workspace = Workspace(Path(url), read_only=True)
    found = compared(model, rows, workspace, resolve(workspace.view(), ref))
    Path(answer).write_text(json.dumps(asdict(found)), encoding="utf-8")


def compared(model: Any, rows: Callable[[], Any], workspace: Workspace, document: Mapping[str, Any]) -> Answer:
    """Compare a model with a version: its bytes, else its predictions of the rows that were kept, else of others."""
    from nbregistry.evaluation.replay import compare_predictions

    if digest_of(model, document) == document["digest"]:
        return Answer("identical bytes", f"the same {document['digest'][:19]}…")
    example = _example(rows, workspace, document)
    if example is None:
        labels = _by_labels(model, workspace.loader.load(document))
        return labels or Answer("different", "the bytes differ, and there are no rows to compare predictions of")
    found = compare_predictions(model, example)
    return Answer(_OUTCOMES[found.outcome], found.detail)


def _by_labels(model: Any, kept: Any) -> Answer | None:
    """Compare the labels that a clustering gave its own rows: some predict no others."""
    import numpy as np

    ours, theirs = (np.asarray(getattr(one, "labels_", ())) for one in (model, kept))
    if not theirs.size or ours.shape != theirs.shape:
        return None
    differ = int(np.count_nonzero(ours != theirs))
    told = f"labels_ of {len(theirs):,} rows: {f'{differ:,} differ' if differ else 'the same'}"
    return Answer("different" if differ else "identical predictions", told)


def digest_of(model: Any, document: Mapping[str, Any]) -> str:
    """Give the digest that a model would have in the registry, stored as that version is; nothing is kept of it."""
    import tempfile

    from nbregistry.artifacts.local import LocalStore
    from nbregistry.artifacts.pack_writing import PackWriter
    from nbregistry.errors import RegistryError
    from nbregistry.flavors import by_name

    flavor = by_name(document["flavor"])
    with tempfile.TemporaryDirectory() as folder, PackWriter(LocalStore(Path(folder), read_only=False)) as pack:
        try:
            format_name = flavor.save(model, pack, document["format"])
        except RegistryError:  # it is of another kind: then it is another model
            return ""
        return pack.finish({"flavor": flavor.name, "format": format_name}).digest


def _example(rows: Callable[[], Any], workspace: Workspace, document: Mapping[str, Any]) -> Example | None:
    """Give the example that was kept, or make one now from the model that was kept and the rows of the code."""
    from nbregistry.evaluation.replay import Example, predictions_of
    from nbregistry.operations.example import read_example
    from nbregistry.provenance.example.choosing import spread

    kept = read_example(document, workspace.store)
    if kept is not None:
        return kept
    found = rows()
    if found is None:
        return None
    chosen = spread(found, _MOST_ROWS)
    predictions = predictions_of(workspace.loader.load(document), chosen)
    return Example(chosen, predictions) if predictions else None
