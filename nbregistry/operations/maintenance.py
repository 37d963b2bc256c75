"""Look after a registry: verify all of it, collect what nothing refers to, copy it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from nbregistry.artifacts.durable import explained, write_new
from nbregistry.artifacts.local import LocalStore
from nbregistry.artifacts.pack import digests_of
from nbregistry.artifacts.store import LARGEST
from nbregistry.catalog.catalog import check_signature
from nbregistry.catalog.commit import GENESIS
from nbregistry.catalog.log import CommitLog
from nbregistry.errors import Corrupt, NotFound, Refused, RegistryError, StorageError
from nbregistry.location import FORMAT_FILE, read_format
from nbregistry.outcomes import Collection, Transfer, Verification
from nbregistry.reference import recorded_ref

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from nbregistry.artifacts.store import ArtifactStore
    from nbregistry.catalog.view import View
    from nbregistry.operations.workspace import Workspace


def artifacts_of(view: View) -> Iterator[tuple[str, str]]:
    """Give every artifact that something refers to: what refers to it, and its digest."""
    for document in view.all_versions():
        yield recorded_ref(document), document["digest"]
    for document in view.evaluations:
        yield f"an evaluation of {recorded_ref(document)}", document["digest"]


def verify(workspace: Workspace) -> Verification:
    """Read everything: each commit's digest, chain and signature, what they amount to, each blob that is needed."""
    started = time.perf_counter()
    catalog, store = workspace.catalog, workspace.store
    problems, commits = _verify_log(catalog.log)
    needed: dict[str, str] = {}
    try:
        view = catalog.refresh()
        catalog.check_for_gaps()
        if commits < catalog.head.seq:
            problems.append(f"the log ends at commit {commits}, and commit {catalog.head.seq} was there before")
        elif not problems:
            catalog.check_against_log()
    except RegistryError as error:
        if error.message not in problems:
            problems.append(error.message)
        view = catalog.view
    for owner, digest in artifacts_of(view):
        try:
            needed |= dict.fromkeys(digests_of(store, digest), owner)
        except RegistryError as error:
            problems.append(f"{owner}: {error.message}")
    problems += [f"{owner}: {problem}" for digest, owner in needed.items() if (problem := store.check(digest))]
    size = sum(store.stored_size(digest) or 0 for digest in needed)
    return Verification(not problems, tuple(problems), commits, len(needed), size, time.perf_counter() - started)


def _verify_log(log: CommitLog) -> tuple[list[str], int]:
    problems: list[str] = []
    seq, previous = 0, GENESIS
    while True:
        seq += 1
        where = log.path(seq).name
        try:
            envelope = log.read(seq)
            if envelope is None:
                return problems, seq - 1
            commit = envelope.commit(where)
            if commit.seq != seq or commit.previous != previous:
                problems.append(f"log/{where} does not follow the commit before it")
            check_signature(envelope, commit)
            previous = envelope.digest
        except RegistryError as error:
            problems.append(error.message)
            previous = ""
            if isinstance(error, StorageError):
                return problems, seq - 1  # the folder itself cannot be read: there is no end to look for


def collect(workspace: Workspace, *, dry_run: bool) -> Collection:
    """Move to the trash what no version and no evaluation refers to."""
    store = workspace.store
    workspace.view()
    workspace.catalog.check_for_gaps()  # what lies beyond a gap needs blobs too
    needed = _needed(workspace.view() if dry_run else workspace.writable(), store)
    idle = [digest for digest in store.digests() if digest not in needed]
    if dry_run:
        return Collection(sum(store.stored_size(digest) or 0 for digest in idle), len(idle), applied=False)
    # A collection or a register that was killed may have left in the trash what is needed: it comes back first.
    store.keep(sorted(needed))
    freed = store.discard(idle)
    # Somebody may have registered, meanwhile, what looked idle: it is brought back.
    wanted_again = sorted(_needed(workspace.view(), store).intersection(idle))
    store.keep(wanted_again)
    freed -= sum(store.stored_size(digest) or 0 for digest in wanted_again)
    return Collection(freed, len(idle) - len(wanted_again), applied=True)


def _needed(view: View, store: ArtifactStore) -> set[str]:
    return {digest for _, artifact in artifacts_of(view) for digest in digests_of(store, artifact)}


def backup(workspace: Workspace, path: Path) -> Transfer:
    """Copy a registry into a folder, or bring such a copy up to date; what is there already is not written again.

    Blobs go first and commits in order, so the copy is a whole registry at every moment. What is damaged here is left
    out and told at the end: the rest is worth having all the more.
    """
    root, catalog, store = workspace.root, workspace.catalog, workspace.store
    found = workspace.format()
    _refuse_inside(root, path)
    there = read_format(path)
    if there and there.id != found.id:
        raise Refused(f"{path} is another registry, not a backup of this one", hint="choose an empty folder")
    target = CommitLog(path)
    numbers = list(_numbers(catalog.log))
    _refuse_other_history(catalog.log, target, numbers, path)
    problems: list[str] = []
    copied = _copy_blobs(_wanted(workspace, problems), store, LocalStore(path), problems)
    with explained("read from the registry"):
        about = (root / FORMAT_FILE).read_bytes()
    # Before the commits: a log without it is a registry that lost it, and nobody could go on with such a copy.
    new = write_new(path, FORMAT_FILE, about, path / "tmp")
    for seq in numbers:
        if target.holds(seq):
            continue
        try:
            envelope = catalog.log.read(seq)
        except RegistryError as error:
            problems.append(error.message)
            continue
        if envelope and target.append(seq, envelope):
            copied.append(len(envelope.to_bytes()))
    return Transfer("backup", (), str(path), sum(copied), len(copied) + new, problems=tuple(dict.fromkeys(problems)))


def _refuse_inside(root: Path, path: Path) -> None:
    """Refuse a copy inside what is copied, by whatever name it is called."""
    with explained(f"look at {path}"):
        target = path.resolve()
        if any(folder.exists() and folder.samefile(root) for folder in (target, *target.parents)):
            raise Refused("a registry cannot be its own backup", hint="%nbr backup PATH with a folder outside of it")


def _numbers(log: CommitLog) -> Iterator[int]:
    """Give the numbers of all commits, also of those behind one that is missing."""
    seq = 0
    while True:
        if not log.holds(seq + 1):
            beyond = log.gap_after(seq)
            if beyond is None:
                return
            seq = beyond - 1
        seq += 1
        yield seq


def _refuse_other_history(source: CommitLog, target: CommitLog, numbers: Sequence[int], path: Path) -> None:
    """Refuse a copy in which somebody has registered: two histories in one folder would be none."""
    for seq in reversed(numbers):
        if target.holds(seq):
            try:
                here, there = source.read(seq), target.read(seq)
            except Corrupt:
                continue  # an earlier one can be compared
            if here and there and here.digest != there.digest:
                raise Refused(
                    f"{path} went its own way: its commit {seq} is not the one of this registry",
                    hint="choose an empty folder",
                )
            return


def _wanted(workspace: Workspace, problems: list[str]) -> dict[str, str]:
    """Give the digests of all blobs to copy and what needs them: everything, if damage hides what is needed."""
    store = workspace.store
    wanted: dict[str, str] = {}
    try:
        view = workspace.catalog.refresh()
        workspace.catalog.check_for_gaps()
    except (Corrupt, Refused) as error:
        problems.append(error.message)
        return dict.fromkeys(store.digests(), "a blob")
    for owner, artifact in artifacts_of(view):
        try:
            wanted |= dict.fromkeys(digests_of(store, artifact), owner)
        except (Corrupt, NotFound, Refused) as error:
            problems.append(f"{owner}: {error.message}")
    return wanted


def _copy_blobs(
    wanted: Mapping[str, str], source: ArtifactStore, target: ArtifactStore, problems: list[str]
) -> list[int]:
    """Copy what is not there yet, and give the bytes of each that was written."""
    copied = []
    for digest, owner in wanted.items():
        if target.stored_size(digest) is None:
            try:
                copied.append(copy_blob(source, target, digest))
            except (Corrupt, NotFound) as error:
                problems.append(f"{owner}: {error.message}")
            except StorageError:
                # The disk: is it the one that is read? Then the rest can still be copied.
                problem = source.check(digest)
                if problem is None:
                    raise
                problems.append(f"{owner}: {problem}")
    return copied


def copy_blob(source: ArtifactStore, target: ArtifactStore, digest: str) -> int:
    """Copy one blob, verified on the way; gives the bytes that were new on the other side."""
    return target.put(source.get(digest, LARGEST)).stored_bytes
