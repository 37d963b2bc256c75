"""Export versions into one file, and import such a file into another registry.

The file is a ZIP: ``bundle.json`` with records, shared facts and evaluations, and the blobs they need under
``blobs/<hex>``. A version travels with its ancestry and its dependencies, so that lineage arrives whole, and with the
signed commit that registered it, so that importing makes nobody's model one's own. Nothing is ever extracted by a
name in the file.
"""

from __future__ import annotations

import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbregistry.artifacts.pack import digests_of
from nbregistry.catalog import exact
from nbregistry.catalog.catalog import Catalog, Plan
from nbregistry.catalog.changes import MUTABLE_FIELDS, Change, put_evaluation, put_version
from nbregistry.catalog.commit import Commit, Envelope
from nbregistry.catalog.origin import origin_of, proven_signer
from nbregistry.errors import Conflict, Corrupt, NotFound, Refused, StorageError
from nbregistry.lineage import Graph, check_acyclic
from nbregistry.operations.records import SHARED_FIELDS
from nbregistry.operations.resolving import resolve
from nbregistry.outcomes import Transfer
from nbregistry.reference import check_model_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbregistry.artifacts.store import ArtifactStore
    from nbregistry.catalog.view import View
    from nbregistry.operations.resolving import Ref
    from nbregistry.operations.workspace import Workspace

BUNDLE = "bundle.json"
FORMAT = 1
# Records are text of a few kilobytes each; the bound keeps a crafted file from filling the memory.
_LARGEST_BUNDLE = 64 * 2**20
_CHUNK = 2**20
# ZIP keeps a time for each member; a fixed one makes two exports of one version equal.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def export(workspace: Workspace, ref: Ref, path: Path) -> Transfer:
    """Write a version, with all it came from, into one new file; see :meth:`nbregistry.Registry.export`."""
    registry_id = workspace.format().id
    view, catalog, store = workspace.view(), workspace.catalog, workspace.store
    documents = _makers_first(view, resolve(view, ref))
    evaluations = [e for d in documents for e in view.evaluations_of(d["name"], d["version"])]
    bundle = {
        "format": FORMAT,
        "versions": [_travelling(registry_id, catalog, d) for d in documents],
        "shared": {digest: view.shared_value(digest) for d in documents for digest in _shared_by(d)},
        "evaluations": [{key: value for key, value in e.items() if key != "signed_by"} for e in evaluations],
    }
    digests = dict.fromkeys(b for d in (*documents, *evaluations) for b in digests_of(store, d["digest"]))
    _write(path, exact.dumps(bundle), digests, store)
    return Transfer("export", tuple(map(_ref, documents)), str(path), path.stat().st_size, 1)


def _makers_first(view: View, document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Give a version and everything it came from or uses, however far away, in the order of their commits."""
    found: set[str] = set()
    waiting = [_ref(document)]
    while waiting:
        one = _find(view, ref := waiting.pop())
        if one and ref not in found:
            found.add(ref)
            waiting += [*one["parents"], *one["depends_on"]]
    return [one for one in view.all_versions() if _ref(one) in found]


def _ref(document: Mapping[str, Any]) -> str:
    return f"{document['name']}@{document['version']}"


def _find(view: View, ref: str) -> dict[str, Any] | None:
    name, _, version = ref.rpartition("@")
    return view.version(name, int(version)) if version.isdigit() else None


def _shared_by(document: Mapping[str, Any]) -> list[str]:
    digests = [document.get(key) for key in SHARED_FIELDS]
    return [digest for digest in (*digests, *document.get("datasets", ())) if digest]


def _travelling(registry_id: str, catalog: Catalog, document: Mapping[str, Any]) -> dict[str, Any]:
    """Give a version as it was registered, what was changed since, its relatives, and its origin."""
    ref = _ref(document)
    origin = document.get("origin")
    if origin:
        commit = Envelope.seal(origin["payload"].encode(), origin["signature"]).commit(f"the origin of {ref}")
    else:
        envelope = catalog.log.read(document["seq"])
        if envelope is None:
            raise Corrupt(f"commit {document['seq']}, which registered {ref}, is gone", hint="%nbr verify")
        commit = envelope.commit(catalog.log.path(document["seq"]).name)
        origin = origin_of(registry_id, ref, envelope)
    return {
        "ref": ref,
        "record": _registered(commit, origin["ref"]),
        "since": {key: document[key] for key in sorted(MUTABLE_FIELDS)},
        "parents": document["parents"],
        "depends_on": document["depends_on"],
        "origin": origin,
    }


def _registered(commit: Commit, ref: str) -> dict[str, Any]:
    for change in commit.changes:
        if change["kind"] == "version" and _ref(change["record"]) == ref:
            return dict(change["record"])
    raise Corrupt(f"commit {commit.seq} does not register {ref}", hint="%nbr verify")


def _write(path: Path, bundle: bytes, digests: Sequence[str] | Mapping[str, Any], store: ArtifactStore) -> None:
    """Write the file beside its final name first: a broken export leaves nothing."""
    if path.exists():
        raise Refused(f"{path} exists", hint="name a new file")
    staged = path.with_name(path.name + ".part")
    try:
        with zipfile.ZipFile(staged, "x") as archive, tempfile.TemporaryDirectory() as folder:
            archive.writestr(zipfile.ZipInfo(BUNDLE, _EPOCH), bundle)
            for number, digest in enumerate(digests):
                blob = Path(folder) / str(number)
                store.copy_to(digest, 2**62, blob)
                with (
                    archive.open(zipfile.ZipInfo(_member(digest), _EPOCH), "w", force_zip64=True) as out,
                    blob.open("rb") as data,
                ):
                    while chunk := data.read(_CHUNK):
                        out.write(chunk)
                blob.unlink()
        staged.rename(path)
    except OSError as error:
        raise StorageError(f"{path} could not be written: {error.strerror}", hint="choose another folder") from None
    finally:
        staged.unlink(missing_ok=True)


def _member(digest: str) -> str:
    return f"blobs/{digest.removeprefix('sha256:')}"


def import_(workspace: Workspace, path: Path) -> Transfer:
    """Take in what an exported file holds; see :meth:`nbregistry.Registry.import_`."""
    workspace.writable()
    incoming = receive(path, workspace.store)
    plan, refs = plan_import(incoming, workspace.view())
    if plan is None:
        return Transfer("import", tuple(refs), str(path), 0, 0)

    def still(view: View) -> Plan:
        planned, _ = plan_import(incoming, view)
        if planned is None:
            raise Conflict("somebody else imported the same meanwhile", hint="%versions lists it")
        return planned

    commit = workspace.commit("import", still, incoming.digests)
    return Transfer("import", tuple(commit.detail["versions"]), str(path), incoming.stored_bytes, len(incoming.digests))


@dataclass(frozen=True)
class Incoming:
    """A bundle that was read and checked; its blobs are stored, and nothing of it is visible yet.

    Attributes
    ----------
    versions, evaluations : list of dict
    shared : dict
    digests : tuple of str
        Every blob that the commit will need.
    stored_bytes : int
    """

    versions: list[dict[str, Any]]
    evaluations: list[dict[str, Any]]
    shared: dict[str, Any]
    digests: tuple[str, ...]
    stored_bytes: int


def receive(path: Path, store: ArtifactStore) -> Incoming:
    """Read a bundle, check its signatures, and store its blobs.

    Raises
    ------
    NotFound, Corrupt, Refused
        Nothing of the registry has changed then.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            bundle = _read_bundle(archive)
            for version in bundle["versions"]:
                check_model_name(version["record"]["name"])
                proven_signer({"record": version["record"], "origin": version["origin"]})
            roots = [v["record"]["digest"] for v in bundle["versions"]] + [e["digest"] for e in bundle["evaluations"]]
            digests, stored_bytes = _store_blobs(archive, dict.fromkeys(roots), store)
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}", hint="nbregistry export REF PATH makes one") from None
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}") from None
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, EOFError) as error:
        raise Corrupt(f"{path} is not a whole export: {error}", hint="ask for a new export") from None
    return Incoming(bundle["versions"], bundle["evaluations"], bundle["shared"], digests, stored_bytes)


def _read_bundle(archive: zipfile.ZipFile) -> dict[str, Any]:
    info = archive.getinfo(BUNDLE)
    if info.file_size > _LARGEST_BUNDLE:
        raise Refused(f"{BUNDLE} of {info.file_size} bytes is larger than any export")
    bundle: dict[str, Any] = exact.loads(archive.read(info))
    if bundle["format"] > FORMAT:
        raise Refused("this export was written by a newer release", hint="pip install --upgrade nbregistry")
    return bundle


def _store_blobs(
    archive: zipfile.ZipFile, roots: Mapping[str, Any], store: ArtifactStore
) -> tuple[tuple[str, ...], int]:
    stored_bytes = 0
    digests: list[str] = []
    for root in roots:
        stored_bytes += _store_blob(archive, root, store)
        for digest in digests_of(store, root):
            if digest != root:
                stored_bytes += _store_blob(archive, digest, store)
            digests.append(digest)
    return tuple(digests), stored_bytes


def _store_blob(archive: zipfile.ZipFile, digest: str, store: ArtifactStore) -> int:
    """Store one member; its name says what it must hold."""
    info = archive.getinfo(_member(digest))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "blob"
        left = info.file_size
        with archive.open(info) as data, path.open("wb") as out:
            while chunk := data.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise Corrupt(f"{info.filename} is larger than it says", hint="ask for a new export")
                out.write(chunk)
        blob = store.put_file(path)
    if blob.digest != digest:
        raise Corrupt(f"{info.filename} does not hold what its name says", hint="ask for a new export")
    return blob.stored_bytes


def plan_import(incoming: Incoming, view: View) -> tuple[Plan | None, list[str]]:
    """Make the changes for what is not here yet.

    Returns
    -------
    plan : Plan or None
        ``None`` if all of it is here already.
    refs : list of str
        What the versions are called here, makers first.
    """
    known = {_identity(d["origin"]): _ref(d) for d in view.all_versions() if "origin" in d}
    local: dict[str, str] = {}
    counts: dict[str, int] = {}
    changes: list[Change] = []
    for version in incoming.versions:
        name = version["record"]["name"]
        here = known.get(_identity(version["origin"])) or _same(view, version)
        if here is None:
            spelling = view.spelling_of(name)
            if spelling not in (None, name):
                raise Conflict(f"{name!r} looks like {spelling!r}, which exists here", hint="rename one of them")
            counts[name] = counts.get(name, view.count(name)) + 1
            here = f"{name}@{counts[name]}"
            changes += _arrival(version, counts[name], local, incoming)
            changes += [
                put_evaluation(
                    {key: v for key, v in e.items() if key != "at"} | {"name": name, "version": counts[name]}
                )
                for e in incoming.evaluations
                if _ref(e) == version["ref"]
            ]
        local[version["ref"]] = here
    refs = list(local.values())
    if not changes:
        return None, refs
    _check_cycles(view, changes)
    shared = [
        {"kind": "shared", "digest": digest, "value": value}
        for digest, value in incoming.shared.items()
        if not view.has_shared(digest)
    ]
    return Plan(refs[-1], [*shared, *changes], {"versions": refs}), refs


def _arrival(version: Mapping[str, Any], number: int, local: Mapping[str, str], incoming: Incoming) -> list[Change]:
    relatives = {key: [local.get(ref, ref) for ref in version[key]] for key in ("parents", "depends_on")}
    # Words travel; what was decided elsewhere is decided here anew.
    since = {key: version["since"][key] for key in ("tags", "description")}
    since |= {"status": "active", "approval": "PendingManualApproval"}
    missing = [digest for digest in _shared_by(version["record"]) if digest not in incoming.shared]
    if missing:
        raise Corrupt(f"the export lacks facts of {version['ref']}", hint="ask for a new export")
    change = put_version(version["record"] | since | relatives | {"version": number})
    return [change | {"origin": version["origin"]}]


def _identity(origin: Mapping[str, str]) -> tuple[str, str]:
    return origin["registry"], origin["ref"]


def _same(view: View, version: Mapping[str, Any]) -> str | None:
    """Recognise a version that comes home: the same signed record under the same number."""
    document = _find(view, version["origin"]["ref"])
    if document and document["digest"] == version["record"]["digest"] and "origin" not in document:
        commit = Envelope.seal(version["origin"]["payload"].encode(), version["origin"]["signature"]).commit(
            "the origin"
        )
        return (
            version["origin"]["ref"] if commit.seq == document["seq"] and commit.key == document["signed_by"] else None
        )
    return None


def _check_cycles(view: View, changes: Sequence[Change]) -> None:
    graph = Graph(view.all_versions())
    for change in changes:
        if change["kind"] == "version":
            record = change["record"]
            check_acyclic(graph, _ref(record), record["parents"], record["depends_on"])
            graph.add(record)
