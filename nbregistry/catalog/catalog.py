"""The catalog: the log and its view kept together, and the one way to add a commit.

Which signatures have to be checked? Whoever commits has read and checked everything before, and each commit
names the digest of the one before it, signature included. So a valid commit by a trusted key vouches for the
signatures of all earlier ones: a long catch-up checks every digest, and signatures from the last trusted commit on.
``verify`` checks them all.

None of this tells that the log was longer once: that is what :mod:`nbregistry.catalog.witness` is for.
"""

from __future__ import annotations

import itertools
import os
import threading
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbregistry.catalog import exact
from nbregistry.catalog.commit import Commit, Envelope, signed_bytes
from nbregistry.catalog.interrupts import interrupts_held
from nbregistry.catalog.log import CommitLog
from nbregistry.catalog.storage import CheckpointStorage, Head
from nbregistry.catalog.view import View
from nbregistry.catalog.witness import NOTHING, Witness
from nbregistry.errors import Conflict, Corrupt, StorageError
from nbregistry.trust import Keyring, is_signed_by

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nbregistry.catalog.changes import Change

# A checkpoint is written once the commits since the last one are an eighth of all: what it costs, shared out over
# the commits, is the same at any size, and opening never has much more than that to catch up with.
_CHECKPOINT_SHARE, _CHECKPOINT_LEAST = 64, 200
# Each failed try means that another writer succeeded, so only a broken file system can fail this often.
_MOST_TRIES = 10_000


@dataclass(frozen=True)
class Plan:
    """What a verb wants to change, made against the present view.

    Attributes
    ----------
    ref : str
        What it is about, for the journal.
    changes : sequence of Change
    detail : dict
        For the journal.
    """

    ref: str
    changes: Sequence[Change]
    detail: Mapping[str, Any]


class _Asked(threading.local):
    """What a thread asked for last, as long as it has no answer: the request, and the transaction that carries it.

    Each has its own: two threads that ask for the same at once want it twice.
    """

    last: tuple[str, str] | None = None


class Catalog:
    """A registry's facts, fresh to every commit on disk.

    Parameters
    ----------
    root : Path
        The registry's folder.
    keyring : Keyring
    actor : str
        Who is named in new commits.
    read_only : bool, default False
        Write nothing, not even the checkpoint.
    """

    def __init__(self, root: Path, keyring: Keyring, *, actor: str, read_only: bool = False) -> None:
        self.log = CommitLog(root)
        self.keyring = keyring
        self._actor = actor
        self._read_only = read_only
        self._storage = CheckpointStorage(root / "cache" / "catalog.json", keyring)
        self._asked = _Asked()
        self._lock = threading.RLock()
        self._gaps_checked = False
        self.witness = Witness(self.log, root, keyring.folder)
        self._rebuild()

    def _rebuild(self) -> None:
        """Start again from the checkpoint, or from nothing where there is none to believe."""
        self._storage.write({})
        self._begin_at(self._storage.load() or NOTHING)

    def _begin_at(self, head: Head) -> None:
        self.head = head
        self._checkpoint_seq = head.seq
        self.view = View(self._storage)
        self._is_whole = True

    def check_for_gaps(self) -> None:
        """Look once, before something rests on it, whether commits are missing from the middle of the log.

        Raises
        ------
        Corrupt
        """
        beyond = self.log.gap_after(self.head.seq)
        if beyond:
            raise Corrupt(
                f"commit {self.head.seq + 1} is missing from the log, and commit {beyond} is there",
                hint="wait for the copy to finish, or restore the log from a backup",
            )

    def check_against_log(self) -> None:
        """Read the log again from its beginning, and compare what it amounts to with the view.

        Raises
        ------
        Corrupt
            If the view says something else: it began with a checkpoint, which says what its signer wanted.
        """
        with self._lock:
            view, seq = self.refresh(), self.head.seq
            replay = View(CheckpointStorage(Path(os.devnull), self.keyring))
            for number, envelope in enumerate(itertools.islice(self.log.read_after(0), seq), 1):
                replay.apply(envelope.commit(self.log.path(number).name))
            if not view.equals(replay):
                raise Corrupt(
                    "the catalog does not say what the log says", hint="delete cache/catalog.json: it is made again"
                )

    def accept(self) -> tuple[int, str]:
        """Take the history for what it is now, although more of it, or another one, was seen here.

        Returns
        -------
        tuple of int and str
            The last commit that had been seen, 0 for none; and why it was refused until now, ``""`` if it was not.

        Raises
        ------
        Corrupt
            If what is there now is no whole history either.
        StorageError
            If that cannot be kept.
        """
        with self._lock:
            refused, seen = "", max(self.head.seq, self.witness.last_seen())
            try:
                self.refresh()
            except Corrupt as problem:
                refused = problem.message
                self._begin_with_the_log()
            self.check_for_gaps()
            self.witness.accept(self.head)
            return seen, refused

    def _begin_with_the_log(self) -> None:
        """Start again from the log alone, whatever was seen before; a checkpoint that says otherwise goes."""
        checkpoint = self._storage.load()
        self._storage.write({})
        self._begin_at(NOTHING)
        self.witness.trust_the_log()
        try:
            self.refresh()
            if checkpoint:
                self._drop_unless_held(checkpoint)
        except BaseException:
            self._is_whole = False
            self.witness.ask_again()
            raise

    def _drop_unless_held(self, checkpoint: Head) -> None:
        try:
            self.witness.check_holds(checkpoint)
        except Corrupt:
            if self._read_only:
                raise
            self._storage.discard()

    def refresh(self) -> View:
        """Catch up with the log and give the view.

        Raises
        ------
        Corrupt
            If a commit is damaged, out of its chain, or wrongly signed.
        """
        with self._lock:
            if not self._is_whole:
                self._rebuild()
            self.witness.check(self.head)
            pending = list(self.log.read_after(self.head.seq))
            if pending:
                commits = [e.commit(self.log.path(self.head.seq + n).name) for n, e in enumerate(pending, 1)]
                self._check_chain(commits)
                self._check_signatures(pending, commits)
                for commit in commits:
                    self._accept(commit)
                self.witness.note(self.head, own=False)
                self._save_checkpoint()
            return self.view

    def commit(
        self, verb: str, plan: Callable[[View], Plan], *, reason: str = "", request: str | None = None
    ) -> Commit:
        """Make a change durable, whoever else is writing.

        Parameters
        ----------
        verb : str
        plan : callable
            Called with the fresh view, again after each commit that came in between; raises if the change is
            (no longer) possible.
        reason : str
        request : str, optional
            Tells equal requests: one that is repeated after an end that nobody saw (an interrupt, an error
            after the write) is found again and not done twice.

        Returns
        -------
        Commit
            Acknowledged: on disk, and applied to the view.
        """
        with self._lock:
            return self._commit(verb, plan, reason, request or uuid.uuid4().hex)

    def arrived(self, request: str) -> Commit | None:
        """Give the commit of an equal request whose end nobody saw, if it is there."""
        with self._lock:
            view = self.refresh()
            if self._asked.last is None or self._asked.last[0] != request:
                return None
            seq = view.seq_of(self._asked.last[1])
            if seq is None:
                return None
            self.log.settle()  # it may have ended between the commit's name and the fsync of its folder
            return self.read_commit(seq)

    def _commit(self, verb: str, plan: Callable[[View], Plan], reason: str, request: str) -> Commit:
        transaction = uuid.uuid4().hex
        if self._asked.last and self._asked.last[0] == request:
            transaction = self._asked.last[1]
        for _ in range(_MOST_TRIES):
            arrived = self.arrived(request)
            if arrived is not None:
                return arrived
            view = self.view
            if not self._gaps_checked:
                self.check_for_gaps()
                self._gaps_checked = True
            envelope = self._seal(verb, plan(view), reason, transaction)
            # What readers would refuse is refused before anybody can read it.
            commit = envelope.commit("the new commit")
            view.check(commit)
            self._asked.last = (request, transaction)
            # The file and the view change together: between them an interrupt waits, for a few milliseconds.
            with interrupts_held():
                if not self.log.append(self.head.seq + 1, envelope):
                    continue
                self._accept(commit)
            self.witness.note(self.head, own=True)
            self._save_checkpoint()
            return commit
        raise Conflict(f"{verb}: other writers were faster {_MOST_TRIES} times", hint="try again")

    def acknowledge(self) -> None:
        """Note that the caller has the answer: the next equal request is a new one, not a retry."""
        self._asked.last = None

    def read_commit(self, seq: int) -> Commit:
        """Read one commit from the log.

        Raises
        ------
        Corrupt
            If it is damaged or gone.
        """
        envelope = self.log.read(seq)
        if envelope is None:
            raise Corrupt(f"commit {seq} is gone from the log", hint="%nbr verify; restore it from a backup")
        return envelope.commit(f"log/{self.log.path(seq).name}")

    def save_checkpoint(self) -> None:
        """Write the checkpoint now, so that the next process starts from here."""
        if not self._read_only and self.head.seq:
            # Another process may just have named the last commit, and not yet forced the name to disk: a checkpoint
            # that outlived it, after a power cut, would make this look like a history that was cut.
            with suppress(StorageError):  # an error of the disk is no loss here: then there is no checkpoint
                self.log.settle()
                self._storage.save(self.head, self.view.index())
                self._checkpoint_seq = self.head.seq

    def _save_checkpoint(self) -> None:
        new = self.head.seq - self._checkpoint_seq
        if new >= max(_CHECKPOINT_LEAST, self.head.seq // _CHECKPOINT_SHARE):
            self.save_checkpoint()

    def _seal(self, verb: str, planned: Plan, reason: str, transaction: str) -> Envelope:
        payload = exact.dumps(
            {
                "seq": self.head.seq + 1,
                "previous": self.head.digest,
                "transaction": transaction,
                "at": datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
                "actor": self._actor,
                "key": self.keyring.key,
                "verb": verb,
                "ref": planned.ref,
                "reason": reason,
                "detail": planned.detail,
                "changes": planned.changes,
            }
        )
        return Envelope.seal(payload, self.keyring.sign(signed_bytes(payload)))

    def _check_chain(self, commits: Sequence[Commit]) -> None:
        seq, digest = self.head.seq, self.head.digest
        for commit in commits:
            seq += 1
            if commit.seq != seq or commit.previous != digest:
                raise Corrupt(
                    f"commit {seq} does not follow commit {seq - 1}: the history was edited or cut",
                    hint="%nbr verify; restore the registry from a backup",
                )
            digest = commit.digest

    def _check_signatures(self, envelopes: Sequence[Envelope], commits: Sequence[Commit]) -> None:
        for envelope, commit in zip(reversed(envelopes), reversed(commits), strict=True):
            check_signature(envelope, commit)
            if self.keyring.is_trusted(commit.key):
                return

    def _accept(self, commit: Commit) -> None:
        # Whatever ends this half-way (an interrupt at any line), the view is rebuilt before it is used again.
        self._is_whole = False
        self.view.apply(commit)
        self.head = Head(commit.seq, commit.digest)
        self._is_whole = True


def check_signature(envelope: Envelope, commit: Commit) -> None:
    """Check that a commit was signed by the key it names.

    Raises
    ------
    Corrupt
    """
    if not is_signed_by(commit.key, envelope.signed_bytes, envelope.signature):
        raise Corrupt(
            f"commit {commit.seq} is not signed by the key it names: it was forged or damaged",
            hint="%nbr verify; restore it from a backup",
        )
