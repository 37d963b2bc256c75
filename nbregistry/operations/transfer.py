"""Export versions into one file, and import such a file into another registry.

A version travels with its ancestry and its dependencies, so that lineage arrives whole, and with the signed commit
that registered it, so that importing makes nobody's model one's own. That commit is also what a version is recognised
by: one that is here already, whichever way it came, does not come twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbregistry.artifacts.pack import digests_of
from nbregistry.catalog.catalog import Catalog, Plan
from nbregistry.catalog.changes import MUTABLE_FIELDS, Change, put_evaluation, put_version
from nbregistry.catalog.commit import Commit, Envelope
from nbregistry.catalog.origin import origin_of
from nbregistry.catalog.view import ADDED_TO_EVALUATIONS
from nbregistry.errors import Conflict, Corrupt
from nbregistry.lineage import Graph, check_acyclic
from nbregistry.operations.bundle import BundleReader, write_bundle
from nbregistry.operations.exported import FORMAT, Contents, roots_of, shared_by
from nbregistry.operations.loading import check_kept
from nbregistry.operations.resolving import resolve
from nbregistry.outcomes import Transfer
from nbregistry.progress import Progress
from nbregistry.reference import look_alike_key, name_and_number, recorded_ref

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from nbregistry.catalog.log import CommitLog
    from nbregistry.catalog.view import View
    from nbregistry.operations.resolving import Ref
    from nbregistry.operations.workspace import Workspace


def export(workspace: Workspace, ref: Ref, path: Path) -> Transfer:
    """Write a version, with all it came from, into one new file; see :meth:`nbregistry.Registry.export`."""
    registry_id = workspace.format().id
    view, catalog, store = workspace.view(), workspace.catalog, workspace.store
    documents = _makers_first(view, resolve(view, ref))
    for document in documents:
        check_kept(document)
    evaluations = [e for d in documents for e in view.evaluations_of(d["name"], d["version"])]
    contents = {
        "format": FORMAT,
        "versions": [_travelling(registry_id, catalog, d) for d in documents],
        "shared": {digest: view.shared_value(digest) for d in documents for digest in shared_by(d)},
        "evaluations": [_travelling_evaluation(registry_id, catalog, e) for e in evaluations],
    }
    roots = [root for document in documents for root in roots_of(document)] + [e["digest"] for e in evaluations]
    digests = dict.fromkeys(digest for root in roots for digest in digests_of(store, root))
    with Progress(f"export {recorded_ref(documents[-1])}", sum(e["size"] for e in (*documents, *evaluations))):
        size = write_bundle(path, contents, digests, store)
    return Transfer("export", tuple(map(recorded_ref, documents)), str(path), size, 1)


def _makers_first(view: View, document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Give a version and everything it came from or uses, however far away, in the order of their commits."""
    found: set[str] = set()
    waiting = [recorded_ref(document)]
    while waiting:
        one = _find(view, ref := waiting.pop())
        if one and ref not in found:
            found.add(ref)
            waiting += [*one["parents"], *one["depends_on"]]
    return [one for one in view.all_versions() if recorded_ref(one) in found]


def _find(view: View, ref: str) -> dict[str, Any] | None:
    found = name_and_number(ref)
    return view.version(*found) if found else None


def _travelling(registry_id: str, catalog: Catalog, document: Mapping[str, Any]) -> dict[str, Any]:
    """Give a version as it was registered, what was changed since, its relatives, and its origin."""
    origin = _origin(registry_id, catalog, document)
    commit = Envelope.seal(origin["payload"].encode(), origin["signature"]).commit(
        f"the origin of {recorded_ref(document)}"
    )
    return {
        "ref": recorded_ref(document),
        "record": _registered(commit, origin["ref"]),
        "since": {key: document[key] for key in sorted(MUTABLE_FIELDS) if key in document},
        "parents": document["parents"],
        "depends_on": document["depends_on"],
        "origin": origin,
    }


def _travelling_evaluation(registry_id: str, catalog: Catalog, document: Mapping[str, Any]) -> dict[str, Any]:
    record = {key: value for key, value in document.items() if key not in ADDED_TO_EVALUATIONS}
    return {"record": record, "origin": _origin(registry_id, catalog, document)}


def _origin(registry_id: str, catalog: Catalog, document: Mapping[str, Any]) -> dict[str, str]:
    """Give the origin that a document came with, or else this registry's own commit."""
    if "origin" in document:
        return dict(document["origin"])
    envelope = catalog.log.read(document["seq"])
    if envelope is None:
        raise Corrupt(f"commit {document['seq']}, which brought {recorded_ref(document)}, is gone", hint="%nbr verify")
    return origin_of(registry_id, recorded_ref(document), envelope)


def _registered(commit: Commit, ref: str) -> dict[str, Any]:
    for change in commit.changes:
        if change["kind"] == "version" and recorded_ref(change["record"]) == ref:
            return dict(change["record"])
    raise Corrupt(f"commit {commit.seq} does not register {ref}", hint="%nbr verify")


def import_(workspace: Workspace, path: Path) -> Transfer:
    """Take in what an exported file holds; see :meth:`nbregistry.Registry.import_`."""
    workspace.writable()
    with BundleReader(path) as bundle:
        contents = bundle.contents()
        # What contradicts the registry is told before anything is stored.
        arrival = plan_import(contents, workspace.view(), workspace.catalog.log)
        # Also what is here already: if it was damaged, it is whole again.
        with Progress(f"import {path.name}", bundle.size):
            blobs = bundle.store(contents.artifacts, workspace.store)

    def still(view: View) -> Plan:
        nonlocal arrival
        arrival = plan_import(contents, view, workspace.catalog.log)
        if not arrival.changes:
            raise Conflict("somebody else imported the same meanwhile", hint="%versions lists it")
        new = [ref for ref in arrival.refs if ref not in arrival.already]
        return Plan(new[-1], arrival.changes, {"versions": new})

    if arrival.changes:
        try:
            workspace.commit("import", still, [blob.digest for blob in blobs])
        except Conflict:
            if arrival.changes:
                raise
    if not arrival.changes:
        workspace.catalog.log.settle()  # who imported it may have been killed before it was on disk
    workspace.catalog.acknowledge()
    written = [blob.stored_bytes for blob in blobs if blob.stored_bytes]
    signers = {ref: resolve(workspace.catalog.view, ref)["signed_by"] for ref in arrival.refs}
    strangers = tuple(ref for ref, key in signers.items() if not workspace.keyring.is_trusted(key))
    return Transfer("import", arrival.refs, str(path), sum(written), len(written), arrival.already, strangers=strangers)


@dataclass(frozen=True)
class Arrival:
    """What an import would change.

    Attributes
    ----------
    refs : tuple of str
        What the versions are called here, makers first.
    already : tuple of str
        Those of them that were here before.
    changes : list of Change
        Empty if all of them were.
    """

    refs: tuple[str, ...]
    already: tuple[str, ...]
    changes: list[Change]


def plan_import(contents: Contents, view: View, log: CommitLog) -> Arrival:
    """Make the changes for what is not here yet.

    Raises
    ------
    Conflict
        If a name looks like another, here or in the same export.
    """
    known = {_identity(d["origin"]): recorded_ref(d) for d in view.all_versions() if "origin" in d}
    local: dict[str, str] = {}
    already: list[str] = []
    counts: dict[str, int] = {}
    spellings: dict[str, str] = {}
    evaluations: dict[str, list[dict[str, Any]]] = {}
    for evaluation in contents.evaluations:
        evaluations.setdefault(recorded_ref(evaluation["record"]), []).append(evaluation)
    changes: list[Change] = []
    for version in contents.versions:
        name = version["record"]["name"]
        here = known.get(_identity(version["origin"])) or _at_home(view, version["origin"], log)
        if here:
            already.append(here)
        else:
            spelling = spellings.setdefault(look_alike_key(name), view.spelling_of(name) or name)
            if spelling != name:
                where = "exists here" if view.spelling_of(name) else "is in the same export"
                raise Conflict(f"{name!r} looks like {spelling!r}, which {where}", hint="rename one of them")
            counts[name] = counts.get(name, view.count(name)) + 1
            here = f"{name}@{counts[name]}"
            changes += _arriving(version, counts[name], local)
            changes += [
                put_evaluation(evaluation["record"] | {"version": counts[name]}) | {"origin": evaluation["origin"]}
                for evaluation in evaluations.get(version["ref"], ())
            ]
        local[version["ref"]] = here
    if changes:
        _check_cycles(view, changes)
        changes = [*_facts_for(changes, contents, view), *changes]
    return Arrival(tuple(local.values()), tuple(already), changes)


def _arriving(version: Mapping[str, Any], number: int, local: Mapping[str, str]) -> list[Change]:
    relatives = {key: [local[ref] for ref in version[key]] for key in ("parents", "depends_on")}
    # Words travel; what was decided elsewhere is decided here anew.
    since = {key: version["since"][key] for key in ("tags", "description")}
    since |= {"status": "active", "approval": "PendingManualApproval"}
    change = put_version(version["record"] | since | relatives | {"version": number})
    return [change | {"origin": version["origin"]}]


def _facts_for(changes: Sequence[Change], contents: Contents, view: View) -> list[Change]:
    versions = [change["record"] for change in changes if change["kind"] == "version"]
    digests = dict.fromkeys(digest for version in versions for digest in shared_by(version))
    return [
        {"kind": "shared", "digest": digest, "value": contents.shared[digest]}
        for digest in digests
        if not view.has_shared(digest)
    ]


def _identity(origin: Mapping[str, str]) -> tuple[str, str]:
    """Give what tells a version from any other, wherever it travels: the very words that were signed."""
    return origin["payload"], origin["ref"]


def _at_home(view: View, origin: Mapping[str, str], log: CommitLog) -> str | None:
    """Recognise a version that comes home: the commit that it brings is the one that registered it here."""
    document = _find(view, origin["ref"])
    if document is None or "origin" in document:
        return None
    envelope = log.read(document["seq"])
    return origin["ref"] if envelope and envelope.payload == origin["payload"].encode() else None


def _check_cycles(view: View, changes: Sequence[Change]) -> None:
    graph = Graph(view.all_versions())
    for change in changes:
        if change["kind"] == "version":
            record = change["record"]
            check_acyclic(graph, recorded_ref(record), record["parents"], record["depends_on"])
            graph.add(record)
