"""Check a journal's file without its registry: what it proves, and whom one has to believe for the rest.

It is read line by line, and nothing of it is believed before its digest and signature are right. No registry is opened
and none is needed; this user's keys say whom to trust, and what this user saw of the same history is set beside it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from nbregistry.artifacts.durable import explained
from nbregistry.catalog.catalog import check_signature
from nbregistry.catalog.commit import GENESIS, Envelope
from nbregistry.catalog.journal_lines import Heading, Seal
from nbregistry.catalog.log import LARGEST_COMMIT
from nbregistry.catalog.schema import check_schema
from nbregistry.catalog.seen import history_of, seen_anywhere
from nbregistry.errors import NotFound, Refused, RegistryError
from nbregistry.journals import JournalProof
from nbregistry.outcomes import Signer
from nbregistry.progress import Progress
from nbregistry.trust import Keyring, check_key, is_signed_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from nbregistry.catalog.commit import Commit
    from nbregistry.catalog.seen import Receipt

# A file in which more is wrong is no journal: it is not read to its end, so that what is kept of it stays small.
_MOST_PROBLEMS = 200
_MOST_KEYS = 10_000


def verify_log(path: Path, trust: Iterable[str]) -> JournalProof:
    """Check a journal's file; see :func:`nbregistry.verify_log`."""
    trusted = frozenset(map(check_key, trust))
    with explained(f"read {path}"):
        if not path.exists():
            raise NotFound(f"there is no file {path}", hint="%nbr log --export FILE makes one")
        if not path.is_file():  # a FIFO would never be opened
            raise Refused(f"{path} is no file", hint="give the file that %nbr log --export FILE made")
        with path.open("rb") as file, Progress(f"verify {path.name}", path.stat().st_size) as progress:
            reading = _Reading(Keyring(), trusted)
            for line in _lines(file, reading):
                progress.add(len(line))
                reading.take(line)
    return reading.proof(str(path))


def _lines(file: BinaryIO, reading: _Reading) -> Iterator[bytes]:
    """Give the lines, none of them longer than a commit can be, as long as it makes sense to go on."""
    while line := file.readline(LARGEST_COMMIT + 1):
        if len(line) > LARGEST_COMMIT:
            reading.problem(f"line {reading.number + 1} is longer than any commit: the rest was not read")
            return
        yield line
        if len(reading.problems) >= _MOST_PROBLEMS or len(reading.signed) > _MOST_KEYS:
            reading.problem("so much is wrong, or signed by so many keys, that the rest was not read")
            return


@dataclass
class _Signed:
    """What one key signed, as far as the file was read."""

    actor: str
    at: str
    commits: int = 0


class _Reading:
    """How far a file was read and what was found.

    Parameters
    ----------
    keyring : Keyring
        Whom this user trusts, and where it is kept what this user saw.
    trusted : frozenset of str
        Keys that are trusted besides.
    """

    def __init__(self, keyring: Keyring, trusted: frozenset[str]) -> None:
        self._keyring, self._trusted = keyring, trusted
        self.number = 0
        self.problems: list[str] = []
        self.signed: dict[str, _Signed] = {}
        self._heading: Heading | None = None
        self._seal: Seal | None = None
        self._ended = False
        self._lines = hashlib.sha256()
        self._commits = self._seq = 0
        self._digest = GENESIS
        self._unread = False
        self._receipts: list[tuple[str, Receipt]] = []

    def problem(self, sentence: str) -> None:
        """Note what is wrong."""
        self.problems.append(sentence)

    def take(self, line: bytes) -> None:
        """Read the next line."""
        self.number += 1
        if self.number == 1:
            self._take_heading(line)
        elif self._ended:
            self.problem(f"line {self.number} stands behind the seal")
        elif line.startswith(b'{"seal"'):
            self._take_seal(line)
            return  # the digest is that of what stands before it
        else:
            self._take_commit(line)
        self._lines.update(line)

    def proof(self, path: str) -> JournalProof:
        """Sum up, once all lines were read."""
        if not self.number:
            self.problem("the file is empty")
        elif not self._ended:
            self.problem("it has no seal: its end was cut off, or it was never finished")
        elif self._is_whole and self._heading and not self._unread:
            last, named = (self._seq, self._digest), (self._heading.head_seq, self._heading.head)
            if last != named:
                self.problem(f"it ends at commit {last[0]}, which is not the commit {named[0]} that its heading names")
        heading, seal = self._heading, self._seal
        signers = tuple(
            sorted(
                (self._signer(key, signed) for key, signed in self.signed.items()),
                key=lambda signer: (not signer.own, not signer.trusted, -signer.commits, signer.key),
            )
        )
        seal_trusted = seal is not None and self._is_trusted(seal.key)
        return JournalProof(
            path,
            ok=not self.problems and seal_trusted and all(signer.trusted for signer in signers),
            problems=tuple(self.problems),
            commits=self._commits,
            absent=max(heading.head_seq - self._commits, 0) if heading else 0,
            registry=heading.registry if heading else "",
            name=heading.name if heading else "",
            head_seq=heading.head_seq if heading else 0,
            head=heading.head if heading else "",
            sealed_at=seal.at if seal else "",
            sealed_by=seal.actor if seal else "",
            seal_key=seal.key if seal else "",
            seal_trusted=seal_trusted,
            signers=signers,
            seen=tuple(self._beside()),
        )

    @property
    def _is_whole(self) -> bool:
        """Whether it is said to be all of the journal."""
        return self._heading is None or not self._heading.name

    def _is_trusted(self, key: str) -> bool:
        return key in self._trusted or self._keyring.is_trusted(key)

    def _signer(self, key: str, signed: _Signed) -> Signer:
        labels = {trusted.key: trusted.label for trusted in self._keyring.trusted()}
        return Signer(
            key=key,
            label=labels.get(key, ""),
            own=key == self._keyring.own,
            trusted=self._is_trusted(key),
            actor=signed.actor,
            commits=signed.commits,
            versions=0,
            last_at=signed.at,
        )

    def _take_heading(self, line: bytes) -> None:
        self._heading = Heading.read(line)
        if self._heading is None:
            self.problem("its first line is no heading of a journal")
        else:
            history = history_of(self._heading.first)
            self._receipts = list(seen_anywhere(self._keyring.folder, history))

    def _take_seal(self, line: bytes) -> None:
        self._ended = True
        found = Seal.read(line)
        if found is None:
            self.problem(f"line {self.number} is no seal, though it begins as one")
            return
        seal, signature = found
        if not is_signed_by(seal.key, seal.signed_bytes, signature):
            self.problem("the seal is not signed by the key it names: it was forged or damaged")
            return
        self._seal = seal
        if seal.lines != f"sha256:{self._lines.hexdigest()}":
            self.problem("the lines are not those that were sealed: some were changed, cut out, added or put elsewhere")
        if seal.commits != self._commits:
            self.problem(f"{seal.commits} commits were sealed, and {self._commits} are here")

    def _take_commit(self, line: bytes) -> None:
        where = f"line {self.number}"
        try:
            envelope = Envelope.open(line, where)
            commit = envelope.commit(where)
            check_schema(commit)
            check_signature(envelope, commit)
        except RegistryError as error:
            told = error.message if where in error.message else f"{where}: {error.message}"
            self.problem(told)
            self._unread = True
            return
        self._commits += 1
        self._follow(commit, where)
        self._compare_with_seen(commit)
        signed = self.signed.setdefault(commit.key, _Signed(commit.actor, commit.at))
        signed.actor, signed.at = commit.actor, commit.at
        signed.commits += 1

    def _follow(self, commit: Commit, where: str) -> None:
        """Check that a commit stands behind the one it follows."""
        before, self._seq = self._seq, commit.seq
        digest, self._digest = self._digest, commit.digest
        unread, self._unread = self._unread, False
        if self._heading and commit.seq == 1 and commit.digest != self._heading.first:
            self.problem(f"{where}: commit 1 is not the one that the heading names")
        if commit.seq <= before:
            self.problem(f"{where}: commit {commit.seq} stands behind commit {before}")
        elif unread:
            return  # what it follows could not be read
        elif commit.seq > before + 1:
            if self._is_whole:
                self.problem(f"{where}: commit {commit.seq} follows commit {before}: others are missing between them")
        elif commit.previous != digest:
            self.problem(f"{where}: commit {commit.seq} does not follow the commit before it")

    def _compare_with_seen(self, commit: Commit) -> None:
        for place, receipt in self._receipts:
            if receipt.seq == commit.seq and receipt.digest != commit.digest:
                self.problem(f"commit {commit.seq} is not the one that you saw at {place}")

    def _beside(self) -> Iterator[str]:
        """Say what this user saw of the same history, if it is more than this."""
        if self._heading is None:
            return
        for place, receipt in self._receipts:
            if receipt.seq > self._heading.head_seq:
                yield f"you saw commit {receipt.seq} of this registry at {place}: this is from before that"
            elif receipt.seq == self._heading.head_seq and receipt.digest == self._heading.head:
                yield f"it goes up to the commit that you saw last at {place}"
