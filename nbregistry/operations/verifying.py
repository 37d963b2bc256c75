"""Verify a registry: read all of it."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING

from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.catalog.catalog import check_signature
from nbregistry.catalog.commit import GENESIS
from nbregistry.errors import RegistryError, StorageError
from nbregistry.operations.foreign import foreign
from nbregistry.operations.needed import artifacts_of
from nbregistry.operations.together import together
from nbregistry.outcomes import Verification
from nbregistry.progress import Progress, passed

if TYPE_CHECKING:
    from nbregistry.artifacts.store import ArtifactStore
    from nbregistry.catalog.log import CommitLog
    from nbregistry.catalog.view import View
    from nbregistry.operations.workspace import Workspace


def verify(workspace: Workspace) -> Verification:
    """Read everything: each commit's digest, chain and signature, what they amount to, each blob that is needed."""
    started = time.perf_counter()
    catalog, store = workspace.catalog, workspace.store
    problems: list[str] = []
    expected = sum(1 for _ in workspace.root.glob("log/*.json"))  # for the bar alone
    commits, signers = _verify_log(catalog.log, expected, problems)
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
    needed = _verify_blobs(view, store, problems)
    size = sum(_stored_size(store, digest) for digest in needed)
    others = [found for found in foreign(workspace.root) if not any(found.path in told for told in problems)]
    problems += [found.told for found in others if found.in_place]
    left_alone = tuple(found.told for found in others if not found.in_place)
    strangers = sum(count for key, count in signers.items() if not workspace.keyring.is_trusted(key))
    return Verification(
        not problems,
        tuple(problems),
        commits,
        signers.total(),
        len(needed),
        size,
        time.perf_counter() - started,
        left_alone,
        strangers,
    )


def _stored_size(store: ArtifactStore, digest: str) -> int:
    try:
        return store.stored_size(digest) or 0
    except StorageError:  # which is among the problems already
        return 0


def _verify_log(log: CommitLog, expected: int, problems: list[str]) -> tuple[int, Counter[str]]:
    """Read each commit, and give how many there are and how many signatures of each key are right."""
    seq, previous = 0, GENESIS
    signers: Counter[str] = Counter()
    with Progress("verify the journal", expected, " commits") as progress:
        while True:
            seq += 1
            where = log.path(seq).name
            try:
                envelope = log.read(seq)
                if envelope is None:
                    return seq - 1, signers
                commit = envelope.commit(where)
                if commit.seq != seq or commit.previous != previous:
                    problems.append(f"log/{where} does not follow the commit before it")
                check_signature(envelope, commit)
                signers[commit.key] += 1
                previous = envelope.digest
            except RegistryError as error:
                problems.append(error.message)
                previous = ""
                if isinstance(error, StorageError):
                    return seq - 1, signers  # the folder itself cannot be read: there is no end to look for
            progress.add(1)


def _verify_blobs(view: View, store: ArtifactStore, problems: list[str]) -> set[str]:
    """Read each blob that is needed, once, and give their digests."""
    roots: dict[str, str] = {}
    for owner, artifact in artifacts_of(view):
        roots.setdefault(artifact, owner)
    parts: dict[str, str] = {}
    sizes: dict[str, int] = {}
    with Progress("verify the artifacts", len(roots), " artifacts") as progress:
        for artifact, owner in progress.over(roots.items()):
            try:
                found = PackReader(store, artifact).blobs  # which verifies the root
            except RegistryError as error:
                problems.append(f"{owner}: {error.message}")
                continue
            sizes |= found
            for digest in found:
                parts.setdefault(digest, owner)
    with Progress("verify the blobs", sum(sizes.values())):
        for digest, problem in together(store.check, parts):
            passed(sizes[digest])
            problems += [f"{parts[digest]}: {problem}"] if problem else []
    return roots.keys() | parts.keys()
