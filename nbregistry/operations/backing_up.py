"""Copy a registry into a folder, and bring such a copy up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.artifacts.durable import explained
from nbregistry.artifacts.local import LocalStore
from nbregistry.artifacts.pack import digests_of
from nbregistry.catalog.log import CommitLog
from nbregistry.errors import Corrupt, NotFound, Refused, RegistryError, StorageError
from nbregistry.location import read_about, read_format, settle
from nbregistry.operations.needed import artifacts_of
from nbregistry.operations.together import together
from nbregistry.outcomes import Transfer
from nbregistry.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from nbregistry.artifacts.store import ArtifactStore
    from nbregistry.operations.workspace import Workspace


def backup(workspace: Workspace, path: Path) -> Transfer:
    """Copy a registry into a folder, or bring such a copy up to date; what is there already is not written again.

    Blobs go first and commits in order, so the copy is a whole registry at every moment, and one that was interrupted
    goes on. What is damaged here is left out and told at the end: the rest is worth having all the more.
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
    about = read_about(root)
    if about is None:
        raise StorageError(f"the registry at {root} is gone", hint="open it again, or restore it")
    # First of all: commits without it would be a registry that has lost it.
    written = [len(about)] if settle(path, about) else []
    problems: list[str] = []
    written += _copy_blobs(_wanted(workspace, problems), store, LocalStore(path), problems)
    written += _copy_commits(numbers, catalog.log, target, problems)
    if numbers:
        target.settle()  # also what an earlier backup wrote that was cut short
    return Transfer("backup", (), str(path), sum(written), len(written), problems=tuple(dict.fromkeys(problems)))


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
    """Give the digests of all blobs to copy, and of each what needs it: everything, if damage hides what is needed."""
    store = workspace.store
    wanted: dict[str, str] = {}
    try:
        view = workspace.catalog.refresh()
        workspace.catalog.check_for_gaps()
    except (Corrupt, Refused) as error:
        problems.append(error.message)
        return dict.fromkeys(store.digests(), "a blob")
    artifacts = list(artifacts_of(view))
    with Progress("find what is new", len(artifacts), " artifacts") as progress:
        for owner, artifact in progress.over(artifacts):
            try:
                wanted |= dict.fromkeys(digests_of(store, artifact), owner)
            except (Corrupt, NotFound, Refused) as error:
                problems.append(f"{owner}: {error.message}")
    return wanted


def _copy_blobs(wanted: Mapping[str, str], source: ArtifactStore, target: LocalStore, problems: list[str]) -> list[int]:
    """Copy what is not there yet, and give the bytes of each that was written."""
    new = [digest for digest in wanted if target.stored_size(digest) is None]
    target.settle(wanted.keys() - set(new))

    def copied(digest: str) -> int | str:
        try:
            return source.copy_into(target, digest)
        except (Corrupt, NotFound) as error:
            return f"{wanted[digest]}: {error.message}"
        except StorageError:
            # The disk: is it the one that is read? Then the rest can still be copied.
            problem = source.check(digest)
            if problem is None:
                raise
            return f"{wanted[digest]}: {problem}"

    written = []
    with Progress("copy the blobs", len(new), " blobs") as progress:
        for _, outcome in progress.over(together(copied, new)):
            if isinstance(outcome, int):
                written.append(outcome)
            else:
                problems.append(outcome)
    return written


def _copy_commits(numbers: Sequence[int], source: CommitLog, target: CommitLog, problems: list[str]) -> list[int]:
    """Copy what is not there yet, in order, and give the bytes of each that was written."""
    written = []
    with Progress("copy the journal", len(numbers), " commits") as progress:
        for seq in progress.over(numbers):
            if target.holds(seq):
                continue
            try:
                envelope = source.read(seq)
            except RegistryError as error:
                problems.append(error.message)
                continue
            if envelope and target.append(seq, envelope):
                written.append(len(envelope.to_bytes()))
    return written
