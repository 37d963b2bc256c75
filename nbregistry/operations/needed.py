"""Which blobs a registry needs, and what needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.artifacts.pack import digests_of
from nbregistry.operations.exported import BESIDE
from nbregistry.progress import Progress
from nbregistry.reference import recorded_ref

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from nbregistry.artifacts.store import ArtifactStore
    from nbregistry.catalog.view import View


def artifacts_of(view: View, *, without: Container[str] = ()) -> Iterator[tuple[str, str]]:
    """Give every artifact that something refers to: what refers to it, and its digest.

    Parameters
    ----------
    view : View
    without : container of str
        References of versions to leave out, as those are whose artifacts were collected. Their evaluations stay, and
        so do fingerprints of the rows they were trained on, which say what to think of those, and examples, with
        which a model that is made again is compared.
    """
    for document in view.all_versions():
        ref = recorded_ref(document)
        if not document.get("collected") and ref not in without:
            yield ref, document["digest"]
        for kind in BESIDE:
            if document.get(kind):
                yield f"the {kind.replace('_', ' ')} of {ref}", document[kind]
    for document in view.evaluations:
        yield f"an evaluation of {recorded_ref(document)}", document["digest"]


def needed_blobs(view: View, store: ArtifactStore, *, without: Container[str] = ()) -> set[str]:
    """Give the digests of all blobs that something refers to."""
    artifacts = {artifact for _, artifact in artifacts_of(view, without=without)}
    with Progress("find what is needed", len(artifacts), " artifacts") as progress:
        return {digest for artifact in progress.over(artifacts) for digest in digests_of(store, artifact)}
