"""Words and decisions about a version: tags, description, approval, archive."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nbregistry.artifacts.pack import digests_of
from nbregistry.catalog import exact
from nbregistry.catalog.catalog import Plan
from nbregistry.catalog.changes import keep_artifacts, set_fields
from nbregistry.errors import Conflict, Refused, RegistryError
from nbregistry.model import APPROVALS, Edit, ModelVersion
from nbregistry.operations import kinds
from nbregistry.operations.redacting import text_without_secrets, values_without_secrets
from nbregistry.operations.resolving import resolve, spelled, written
from nbregistry.operations.values import check_text, tags_of
from nbregistry.progress import Progress
from nbregistry.reference import quoted, recorded_ref
from nbregistry.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nbregistry.catalog.view import View
    from nbregistry.operations.resolving import Ref
    from nbregistry.operations.workspace import Workspace

Fields = dict[str, Any]


def tag(
    workspace: Workspace,
    ref: Ref,
    tags: Mapping[str, Any],
    *,
    reason: str = "",
    dry_run: bool = False,
    replacing: str | None = None,
) -> ModelVersion:
    """Set tags, and remove those that are ``None``."""
    checked, _ = values_without_secrets("tag", tags_of(tags))  # the card shows what is kept

    def merged(document: Mapping[str, Any]) -> Fields:
        return {"tags": {key: value for key, value in (document["tags"] | checked).items() if value is not None}}

    detail = {"tags": checked}
    return _set(workspace, "tag", ref, merged, detail, reason=reason, dry_run=dry_run, replacing=replacing)


def describe(
    workspace: Workspace, ref: Ref, text: str, *, reason: str = "", dry_run: bool = False, replacing: str | None = None
) -> ModelVersion:
    """Set the description."""
    fields = {"description": text_without_secrets("the description", check_text("a description", text))[0]}
    return _set(
        workspace, "describe", ref, lambda _: fields, fields, reason=reason, dry_run=dry_run, replacing=replacing
    )


def approve(
    workspace: Workspace, ref: Ref, status: str, reason: str, *, dry_run: bool = False, replacing: str | None = None
) -> ModelVersion:
    """Set the approval."""
    given, status = status, spelled(str(status), APPROVALS)
    if status not in APPROVALS:
        raise Refused(f"{given!a} is not an approval", nearest=nearest(status, APPROVALS) or APPROVALS)
    if not dry_run and (not kinds.text("reason", reason) or not reason.strip()):
        raise Refused(
            "an approval needs a reason: whoever asks later finds it in the journal",
            hint=f"%nbr approve {quoted(written(ref))} {status} --reason TEXT",
        )
    fields = {"approval": status}
    return _set(
        workspace, "approve", ref, lambda _: fields, fields, reason=reason, dry_run=dry_run, replacing=replacing
    )


def archive(
    workspace: Workspace, ref: Ref, *, reason: str = "", dry_run: bool = False, replacing: str | None = None
) -> ModelVersion:
    """Put a version aside, unless an alias is on it."""

    def archived(document: Mapping[str, Any]) -> Fields:
        if document["aliases"]:
            name, alias = document["name"], document["aliases"][0]
            raise Refused(
                f"{name}@{document['version']} is in use as {', '.join(document['aliases'])}",
                hint=f"%promote {quoted(f'{name}@N')} {alias} puts the alias elsewhere first",
            )
        return {"status": "archived"}

    detail = {"status": "archived"}
    return _set(workspace, "archive", ref, archived, detail, reason=reason, dry_run=dry_run, replacing=replacing)


def restore(
    workspace: Workspace, ref: Ref, *, reason: str = "", dry_run: bool = False, replacing: str | None = None
) -> ModelVersion:
    """Make a version active again; artifacts that were collected come back from the trash first."""
    found = resolve(workspace.view() if dry_run else workspace.writable(), ref)
    digests = _brought_back(workspace, found) if found.get("collected") and not dry_run else ()

    def restored(document: Mapping[str, Any]) -> Fields:
        if document.get("collected") and not digests and not dry_run:
            raise Conflict(f"{recorded_ref(found)} was collected meanwhile", hint="run it again")
        return {"status": "active"}

    return _set(
        workspace,
        "restore",
        ref,
        restored,
        {"status": "active"},
        reason=reason,
        digests=digests,
        dry_run=dry_run,
        replacing=replacing,
    )


def _brought_back(workspace: Workspace, document: Mapping[str, Any]) -> tuple[str, ...]:
    """Bring all blobs of a collected version back from the trash, each of them whole, and give their digests."""
    ref, collected = recorded_ref(document), document["collected"]
    try:
        with Progress(f"restore {ref}", document["size"]):
            problems = workspace.loader.problems(document["digest"])
            digests = digests_of(workspace.store, document["digest"])
    except RegistryError as error:
        problems, digests = [error.message], ()
    if problems:
        raise Refused(
            f"the artifacts of {ref} were collected on {collected['at'][:10]} by {collected['actor']} and can no "
            f"longer be had from the trash: {problems[0]}",
            hint="import an export of it, or register the same model again, and restore it then",
        )
    return digests


def _set(
    workspace: Workspace,
    verb: str,
    ref: Ref,
    fields: Callable[[Mapping[str, Any]], Fields],
    detail: Mapping[str, Any],
    *,
    reason: str,
    dry_run: bool,
    replacing: str | None,
    digests: Sequence[str] = (),
) -> ModelVersion:
    """Change a version's fields; what they become is worked out from the version as it is at the commit."""
    found = resolve(workspace.view() if dry_run else workspace.writable(), ref)
    name, version = found["name"], found["version"]
    target = f"{name}@{version}"

    before: Fields = {}

    def plan(view: View) -> Plan:
        document = resolve(view, target)
        changed = fields(document)
        if replacing not in (None, _replaced(document, changed)):
            what = " and ".join(changed)
            raise Conflict(
                f"somebody changed the {what} of {target} meanwhile: nothing was changed",
                hint=f"%nbr show {quoted(target)}; look again",
            )
        before.update({key: document[key] for key in changed})
        changes = [set_fields(name, version, **changed)]
        if digests and document.get("collected"):
            changes.append(keep_artifacts(name, version, kept=True))
        return Plan(target, changes, detail)

    asked = fields(found)
    if dry_run:
        edit = Edit(
            verb,
            {key: found[key] for key in asked},
            applied=False,
            reason=check_text("a reason", reason),
            replaces=_replaced(found, asked),
        )
        return replace(workspace.records.version(found), **asked, edit=edit)
    request = f"{target} {exact.dumps(detail).decode()} {reason}"
    if exact.dumps(asked) != exact.dumps({key: found[key] for key in asked}):
        # It was interrupted before it was done, or somebody has changed it since: either way it is to be done.
        workspace.catalog.acknowledge()
    workspace.commit(verb, plan, digests, reason=reason, request=request)
    now = workspace.records.version(resolve(workspace.catalog.view, target))
    changed = replace(now, edit=Edit(verb, before, reason=reason))
    workspace.catalog.acknowledge()
    return changed


def _replaced(document: Mapping[str, Any], changed: Fields) -> str:
    """Stand for the values that fields have before a change; of a mapping, only of those that would be others."""
    values: Fields = {}
    for field, after in changed.items():
        before = document[field]
        if not isinstance(after, dict):
            values[field] = before
        else:
            values[field] = {
                key: before.get(key)
                for key in {**before, **after}
                if (key in before, before.get(key)) != (key in after, after.get(key))
            }
    return hashlib.sha256(exact.dumps(values)).hexdigest()
