"""That nothing is lost: the log as it is now beside what was seen of it before.

Three have seen it: this object, which is asked at each verb and costs one question to the file system; whoever signed
the checkpoint that this object began with; and this user, in this or any earlier kernel
(:mod:`nbregistry.catalog.seen`).
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from nbregistry.artifacts.durable import explained
from nbregistry.catalog.commit import GENESIS
from nbregistry.catalog.seen import LastSeen, Receipt, history_of
from nbregistry.catalog.storage import Head
from nbregistry.errors import Corrupt, StorageError
from nbregistry.location import is_registry

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.catalog.log import CommitLog

NOTHING = Head(0, GENESIS)
_MEANT = "if what is there now is meant: %registry accept (as a method, accept())"


class Witness:
    """What was seen of one registry's log.

    Parameters
    ----------
    log : CommitLog
    root : Path
        The registry's folder.
    home : Path
        The user's own folder.
    """

    def __init__(self, log: CommitLog, root: Path, home: Path) -> None:
        self._log = log
        self._root = root
        self._seen = LastSeen(home, root)
        self._stamp: tuple[int, int, int] | None = None
        self._asked = False
        self._history: str | None = None

    def check(self, head: Head) -> None:
        """Look whether the log still holds what this object and this user saw.

        Raises
        ------
        Corrupt
            If it ends before, or holds another commit there.
        StorageError
            If there is no registry any more.
        """
        if head.seq:
            stamp = self._log.stamp(head.seq)
            if stamp is None or stamp != self._stamp:
                if stamp is None:
                    self._check_is_there()
                self.check_holds(head)
                self._stamp = stamp
        if not self._asked and (head.seq or is_registry(self._root) or self._log.read(1)):
            self._check_receipts()
            self._asked = True
            self._keep(head)

    def check_holds(self, head: Head) -> None:
        """Look for one commit that was there before.

        Raises
        ------
        Corrupt
        """
        envelope = self._log.read_anew(head.seq)
        if envelope is None or envelope.digest != head.digest:
            what = "is missing from the log" if envelope is None else "is not the one that was there"
            raise Corrupt(
                f"commit {head.seq} {what}: the history was cut or rewritten, or an older copy put back",
                hint=f"restore the log from a backup; {_MEANT}",
            )

    def note(self, head: Head, *, own: bool) -> None:
        """Keep in mind, and with the user, that the log goes up to here.

        Another process may just have named its commit, and not yet forced the name to disk: a receipt that outlived it,
        after a power cut, would make this look like a history that was cut.
        """
        self._stamp = self._log.stamp(head.seq)
        with suppress(StorageError):  # where nothing can be forced to disk, nothing is kept
            if not own:
                self._log.settle()
            self._keep(head)

    def begin_anew(self) -> None:
        """Forget what was seen here: this user makes a new registry, where there is none."""
        self._seen.forget()

    def last_seen(self) -> int:
        """Give the number of the last commit that this user saw here, of whatever history; 0 for none."""
        return max((receipt.seq for receipt in self._seen.here()), default=0)

    def trust_the_log(self) -> None:
        """Ask nobody what was there before, until :meth:`accept` or :meth:`ask_again`."""
        self._stamp, self._history, self._asked = None, None, True

    def ask_again(self) -> None:
        """Ask this user's receipts again."""
        self._asked = False

    def accept(self, head: Head) -> None:
        """Make this what the user saw last.

        Raises
        ------
        StorageError
            If that cannot be kept.
        """
        history = self._find_history()
        with explained("keep what you accept"):
            if history and head.seq:
                self._seen.accept(Receipt(history, head.seq, head.digest))
            else:
                self._seen.forget()

    def later_elsewhere(self) -> list[str]:
        """Give the other places where this user saw commits of the same history that are not in this log."""
        history = self._find_history()
        if history is None:
            return []
        return [place for place, receipt in self._seen.elsewhere(history) if self._lacks(receipt)]

    def _keep(self, head: Head) -> None:
        history = self._find_history() if head.seq and self._asked else None
        if history:
            self._seen.note(Receipt(history, head.seq, head.digest))

    def _check_is_there(self) -> None:
        if not is_registry(self._root) and not (self._root / "log").is_dir():
            raise StorageError(f"the registry at {self._root} is gone", hint="open it again, or restore it")

    def _check_receipts(self) -> None:
        receipts = self._seen.here()
        history = self._find_history() if receipts else None
        # Where the first commit cannot be read, any history that was seen here may be this one.
        of_this = [receipt for receipt in receipts if history in (None, receipt.history)]
        if receipts and not of_this:
            raise Corrupt(
                f"another registry is at {self._root} now: it does not begin with the commit that you saw there",
                hint=f"look for yours in a backup; {_MEANT}",
            )
        problems = [problem for receipt in of_this if (problem := self._lacks(receipt))]
        if problems and len(problems) == len(of_this):
            raise problems[0]

    def _lacks(self, receipt: Receipt) -> Corrupt | None:
        try:
            self.check_holds(Head(receipt.seq, receipt.digest))
        except Corrupt as problem:
            return problem
        return None

    def _find_history(self) -> str | None:
        """Give what this history is known by, ``None`` as long as its first commit cannot be read."""
        if self._history is None:
            with suppress(Corrupt):
                first = self._log.read(1)
                self._history = history_of(first.digest) if first else None
        return self._history
