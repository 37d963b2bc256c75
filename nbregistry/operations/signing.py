"""What a registry holds, whose keys signed it, and who of them is trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.errors import Corrupt
from nbregistry.location import is_registry
from nbregistry.outcomes import RegistrySummary, Signer

if TYPE_CHECKING:
    from nbregistry.catalog.view import View
    from nbregistry.operations.workspace import Workspace
    from nbregistry.trust import Keyring


def summarize(workspace: Workspace) -> RegistrySummary:
    """Sum a registry up; also one whose history is refused, for that is where people look first."""
    keyring, problem, remedy = workspace.keyring, "", ""
    try:
        view = workspace.view()
    except Corrupt as error:
        view, problem, remedy = workspace.catalog.view, error.message, error.hint
    return RegistrySummary(
        url=str(workspace.root),
        models=len(view.names()),
        versions=sum(map(view.count, view.names())),
        read_only=workspace.read_only,
        format=workspace.format().format if is_registry(workspace.root) else 0,
        key=keyring.own or "",
        trusted_keys=tuple((trusted.key, trusted.label) for trusted in keyring.trusted()),
        signers=signers(view, keyring),
        problem=problem,
        remedy=remedy,
        later_elsewhere=() if problem else tuple(workspace.catalog.witness.later_elsewhere()),
    )


def signers(view: View, keyring: Keyring) -> tuple[Signer, ...]:
    """Count what each key signed: yours first, then by commits.

    A version that was imported counts for the key that signed it where it came from, though that key may have no
    commit here.
    """
    labels = {trusted.key: trusted.label for trusted in keyring.trusted()}
    commits: dict[str, int] = {}
    versions: dict[str, int] = {}
    last: dict[str, tuple[str, str]] = {}
    for document in view.all_versions():
        key = document["signed_by"]
        versions[key] = versions.get(key, 0) + 1
        last[key] = document["created_at"], document["created_by"]
    for event in view.events_of(None):
        key = event["key"]
        commits[key] = commits.get(key, 0) + 1
        last[key] = event["at"], event["actor"]
    found = [
        Signer(
            key=key,
            label=labels.get(key, ""),
            own=key == keyring.own,
            trusted=keyring.is_trusted(key),
            actor=last[key][1],
            commits=commits.get(key, 0),
            versions=versions.get(key, 0),
            last_at=last[key][0],
        )
        for key in last
    ]
    return tuple(sorted(found, key=lambda signer: (not signer.own, -signer.commits, -signer.versions, signer.key)))
