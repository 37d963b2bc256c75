"""Collect what a registry no longer needs: what nothing refers to and, if asked, the artifacts of archived versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.catalog.catalog import Plan
from nbregistry.catalog.changes import keep_artifacts
from nbregistry.catalog.view import is_out_of_use
from nbregistry.errors import Conflict
from nbregistry.operations.needed import needed_blobs
from nbregistry.operations.resolving import holders_of
from nbregistry.outcomes import Collection, Loss, Protection
from nbregistry.reference import recorded_ref

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nbregistry.catalog.documents import Document
    from nbregistry.catalog.view import View
    from nbregistry.operations.workspace import Workspace


def collect(workspace: Workspace, *, dry_run: bool, archived: bool = False) -> Collection:
    """Move to the trash what nothing refers to; see :meth:`nbregistry.Registry.gc`.

    That an archived version no longer keeps its artifacts is a commit, made before any of them moves: a collection
    that ends half-way leaves bytes that nothing refers to, never a version without its bytes.
    """
    store = workspace.store
    workspace.view()
    workspace.catalog.check_for_gaps()  # what lies beyond a gap needs blobs too
    view = workspace.view() if dry_run else workspace.writable()
    going, protected = separated(view) if archived else ({}, {})
    losses = tuple(Loss(ref, tuple(_known_as(view, document))) for ref, document in going.items())
    staying = tuple(Protection(*item) for item in protected.items())
    if going and not dry_run:
        workspace.commit("gc", lambda view: _plan(view, going))
        view = workspace.view()
    needed = needed_blobs(view, store, without=going)
    idle = [digest for digest in store.digests() if digest not in needed]
    if dry_run:
        size = sum(store.stored_size(digest) or 0 for digest in idle)
        return Collection(size, len(idle), False, losses, staying, store.discarded())
    # A collection or a register that was killed may have left in the trash what is needed: it comes back first.
    store.keep(sorted(needed))
    freed = store.discard(idle)
    # Somebody may have registered, meanwhile, what looked idle: it is brought back.
    wanted_again = sorted(needed_blobs(workspace.view(), store).intersection(idle))
    store.keep(wanted_again)
    freed -= sum(store.stored_size(digest) or 0 for digest in wanted_again)
    return Collection(freed, len(idle) - len(wanted_again), True, losses, staying, store.discarded())


def separated(view: View) -> tuple[dict[str, Document], dict[str, str]]:
    """Tell archived versions whose artifacts can go from those that something protects, and what.

    Whatever keeps its artifacts protects all it came from or uses, however far away: so it can still be exported,
    and made again.
    """
    documents = view.all_versions()
    archived = {
        recorded_ref(document): document
        for document in documents
        if document["status"] == "archived" and not document.get("collected")
    }
    protected = {
        ref: f"{', '.join(document['aliases'])} points to it"
        for ref, document in archived.items()
        if not is_out_of_use(document)
    }
    waiting = [d for d in documents if not d.get("collected") and recorded_ref(d) not in archived.keys() - protected]
    while waiting:
        document = waiting.pop()
        for maker, why in _makers(document):
            if maker in archived and maker not in protected:
                protected[maker] = why
                waiting.append(archived[maker])
    going = {ref: document for ref, document in archived.items() if ref not in protected}
    return going, {ref: protected[ref] for ref in archived if ref in protected}


def _makers(document: Document) -> Iterator[tuple[str, str]]:
    ref = recorded_ref(document)
    for parent in document["parents"]:
        yield parent, f"{ref} was made from it"
    for used in document["depends_on"]:
        yield used, f"{ref} uses it"


def _known_as(view: View, document: Document) -> Iterator[str]:
    """Give the references by which aliases lead to a version that they were on before: ``churn@champion~1``."""
    name = document["name"]
    for alias, known in view.aliases_of(name).items():
        for steps, holder in enumerate(reversed(holders_of(known))):
            if holder == document["version"]:
                yield f"{name}@{alias}~{steps}"


def _plan(view: View, going: Mapping[str, Document]) -> Plan:
    """Drop the artifacts of exactly these versions, if all of them can still go."""
    needed_again = going.keys() - separated(view)[0].keys()
    if needed_again:
        raise Conflict(f"{min(needed_again)} is needed meanwhile: nothing was collected", hint="%nbr gc --archived")
    changes = [keep_artifacts(document["name"], document["version"], kept=False) for document in going.values()]
    return Plan(", ".join(going), changes, {"versions": list(going)})
