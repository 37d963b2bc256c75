"""Write the journal to a file that proves itself: for an auditor who has no access to the registry."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from nbregistry.catalog.journal_lines import Heading, Seal
from nbregistry.errors import Corrupt, NotFound
from nbregistry.journals import JournalFile
from nbregistry.operations.new_file import new_file
from nbregistry.operations.resolving import resolve_name
from nbregistry.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nbregistry.catalog.commit import Envelope
    from nbregistry.catalog.log import CommitLog
    from nbregistry.operations.workspace import Workspace


def export_log(workspace: Workspace, path: Path, name: str | None) -> JournalFile:
    """Write the journal, or what of it concerns one model; see :meth:`nbregistry.Registry.export_log`."""
    from nbregistry.provenance.actor import actor

    registry = workspace.format().id
    view, head, log = workspace.view(), workspace.catalog.head, workspace.catalog.log
    if not head.seq:
        raise NotFound("there is nothing in the journal yet", hint="%register NAME MODEL makes the first entry")
    name = "" if name is None else resolve_name(view, name)
    numbers: Sequence[int] = [event["seq"] for event in view.events_of(name)] if name else range(1, head.seq + 1)
    keyring = workspace.keyring
    key, lines = keyring.key, hashlib.sha256()
    with Progress("export the journal", len(numbers), " commits") as progress, new_file(path) as file:
        line = Heading(registry, name, _commit(log, 1).digest, head.seq, head.digest).to_line()
        lines.update(line)
        file.write(line)
        for number in progress.over(numbers):
            line = _commit(log, number).to_bytes()
            lines.update(line)
            file.write(line)
        at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        seal = Seal(len(numbers), f"sha256:{lines.hexdigest()}", at, actor(), key)
        file.write(seal.to_line(keyring.sign(seal.signed_bytes)))
        size = file.tell()
    return JournalFile(str(path), name, len(numbers), size, head.seq, head.digest, key)


def _commit(log: CommitLog, number: int) -> Envelope:
    envelope = log.read(number)
    if envelope is None:
        raise Corrupt(f"commit {number} is gone from the log", hint="%nbr verify; restore it from a backup")
    return envelope
