"""Move an alias: what is checked before, which version a rollback goes back to, and the change itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nbregistry.catalog.catalog import Plan
from nbregistry.catalog.changes import Change, move_alias, set_fields
from nbregistry.errors import Conflict, NotFound, Refused
from nbregistry.operations.checks.dependencies import check_dependents
from nbregistry.operations.checks.running import run_checks
from nbregistry.operations.gates.given import read_given
from nbregistry.operations.gating import (
    Judgement,
    asked_again,
    decisions,
    doubt_of_alias,
    judge,
    not_asked,
    passed_over,
    refuse_gates,
    refuse_moved_basis,
    required_of,
    told_of,
)
from nbregistry.operations.loading import check_kept
from nbregistry.operations.resolving import check_look_alikes, resolve, resolve_name, written
from nbregistry.outcomes import Check, Promotion, Rollback
from nbregistry.reference import LATEST, check_alias, quoted, recorded_ref
from nbregistry.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbregistry.catalog.view import View
    from nbregistry.model import ModelVersion
    from nbregistry.operations.resolving import Ref
    from nbregistry.operations.workspace import Workspace


def promote(
    workspace: Workspace,
    ref: Ref,
    alias: str,
    reason: str,
    *,
    require: Sequence[str] = (),
    force: bool = False,
    dry_run: bool = False,
    leaving: str | None = None,
    isolated: bool = False,
) -> Promotion:
    """Put an alias on a version; see :meth:`nbregistry.Registry.promote`."""
    check_alias(alias)
    given = read_given(require)
    again = f"{alias}{asked_again(given)}"
    if force and not reason.strip():
        raise Refused(
            "a forced promotion needs a reason", hint=f"%promote {quoted(written(ref))} {again} --force --reason TEXT"
        )
    document = resolve(workspace.view() if dry_run else workspace.writable(), ref)
    name, target = document["name"], recorded_ref(document)
    asked = Promotion(name, alias, None, target, reason=reason, require=tuple(require))
    if not dry_run:
        _refuse_out_of_order(document, target)
    checks = run_checks(workspace, document, isolated=isolated)
    if not dry_run and not force:
        refuse_failed(checks, target, alias, way_on=f"%promote {quoted(target)} {again}")
    if not dry_run:
        _refuse_moved(workspace.catalog.view, name, alias, leaving)
    holder = workspace.catalog.view.alias(name, alias)
    is_there = bool(holder and holder["version"] == document["version"])
    required = required_of(workspace, workspace.catalog.view, name, alias, given)
    # Where it is already nothing moves, and there is nothing to guard; so a retry after an interrupt is no failure.
    judged = Judgement() if is_there else judge(workspace, document, alias, required)
    held = f"{name}@{holder['version']}" if holder else None
    dependents = check_dependents(workspace.catalog.view, held, target)
    gates = not_asked(required) if is_there else judged.checks
    doubts = doubt_of_alias(workspace.catalog.view, name, alias)
    checks = (*checks, *gates, *decisions(document), dependents, *doubts)
    if not dry_run and not force:
        refuse_gates(judged, target, alias, way_on=f"%promote {quoted(target)} {alias}", given=given)
    if dry_run or is_there:
        if not dry_run:
            workspace.catalog.log.settle()  # who put it there may have been killed before it was on disk
        return _with_records(workspace, replace(asked, from_ref=held, checks=checks))

    def plan(view: View) -> Plan:
        _refuse_moved(view, name, alias, leaving)
        current = resolve(view, target)
        _refuse_out_of_order(current, target)  # it may have been rejected while it was checked
        refuse_moved_basis(judged, view, current, alias, required_of(workspace, view, name, alias, given))
        move = plan_move(view, current, alias, leave=None)
        return replace(move, detail={**move.detail, **told_of(judged, checks)})

    commit = workspace.commit(
        "promote",
        plan,
        reason=reason,  # and no request: one that was interrupted when it was done is seen by where the alias is
    )
    left = commit.detail["from"]
    done = _with_records(workspace, replace(asked, from_ref=left, checks=checks, applied=True))
    workspace.catalog.acknowledge()
    return done


def _with_records(workspace: Workspace, promotion: Promotion) -> Promotion:
    before, after = _record(workspace, promotion.from_ref), _record(workspace, promotion.to_ref)
    return replace(promotion, before=before, after=after)


def _refuse_moved(view: View, name: str, alias: str, expected: str | None) -> None:
    """Refuse to move an alias that is no longer where whoever asks saw it; ``None`` expects nothing."""
    holder = view.alias(name, alias)
    now = f"{name}@{holder['version']}" if holder else ""
    if expected is not None and now != expected:
        moved = f"moved to {now}" if now else "was taken away"
        raise Conflict(f"{alias!r} {moved} meanwhile: nothing was changed", hint=f"%nbr log {quoted(name)}; look again")


def _record(workspace: Workspace, ref: str | None) -> ModelVersion | None:
    return workspace.records.version(resolve(workspace.catalog.view, ref)) if ref else None


def _refuse_out_of_order(document: Mapping[str, Any], target: str, *, unless: bool = False) -> None:
    if unless:
        return
    if document["status"] == "archived":
        raise Refused(f"{target} is archived", hint=f"%nbr restore {quoted(target)}")
    if document["approval"] == "Rejected":
        raise Refused(f"{target} is rejected", hint=f"%nbr approve {quoted(target)} Approved --reason TEXT")


def rollback(
    workspace: Workspace,
    name: str,
    *,
    to: str | None,
    alias: str,
    reason: str,
    dry_run: bool,
    force: bool,
    expected: str | None = None,
    isolated: bool = False,
) -> Rollback:
    """Put an alias back on an earlier holder; see :meth:`nbregistry.Registry.rollback`."""
    view = workspace.view() if dry_run else workspace.writable()
    resolve_name(view, name)
    check_alias(alias)
    if force and not reason.strip():
        raise Refused("a forced rollback needs a reason", hint=f"%rollback {quoted(name)} --force --reason TEXT")
    # What was asked, not what it comes to: asked again after an interrupt, it must not go back one more.
    request = f"{name} {alias} {to}"
    if not dry_run and (done := workspace.finished("rollback", request)):
        view = workspace.catalog.view
        _refuse_moved_on(workspace, done.detail, name)
        checks = (
            *run_checks(workspace, resolve(view, done.detail["to"]), isolated=isolated),
            *passed_over(workspace, name, alias),
            check_dependents(view, done.detail["from"], done.detail["to"]),
        )
        return _rollback(workspace, done.detail, name, checks, applied=True, reason=reason)
    if not dry_run:
        _refuse_moved(view, name, alias, expected)
    document, leaving = rollback_target(view, name, alias, to)
    target = f"{name}@{document['version']}"
    checks = run_checks(workspace, document, isolated=isolated)
    has_held = _has_held(view, name, alias, document)
    required = required_of(workspace, workspace.catalog.view, name, alias)
    judged = Judgement() if has_held else judge(workspace, document, alias, required)
    decided = decisions(document, are_final=not has_held)
    gates = passed_over(workspace, name, alias) if has_held else judged.checks
    checks = (*checks, *gates, *decided, check_dependents(workspace.catalog.view, leaving, target))
    if dry_run:
        move = {"alias": alias, "from": leaving, "to": target}
        return _rollback(workspace, move, name, checks, applied=False, reason=reason)
    # What was in use may have to be again, whatever was decided since; what never was is promoted by that.
    may_be_out_of_order = force and has_held
    _refuse_out_of_order(document, target, unless=may_be_out_of_order)
    if not force:
        again = f"%rollback {quoted(name)}"
        refuse_failed(checks, target, alias, way_on=f"{again} --to ANOTHER, or {again} --to {quoted(target)}")
        refuse_gates(judged, target, alias, way_on=f"%rollback {quoted(name)} --to {quoted(target)} --alias {alias}")

    def plan(view: View) -> Plan:
        current = resolve(view, target)
        # It may have been rejected while it was checked.
        _refuse_out_of_order(current, target, unless=may_be_out_of_order)
        if not has_held:
            refuse_moved_basis(judged, view, current, alias, required_of(workspace, view, name, alias))
        planned = plan_move(view, current, alias, leave="rolled_back")
        if planned.detail["from"] != leaving:
            raise Conflict(
                f"{alias!r} moved to {planned.detail['from']} meanwhile: nothing was rolled back",
                hint=f"%nbr log {quoted(name)}",
            )
        return replace(planned, detail={**planned.detail, **told_of(judged, checks)})

    commit = workspace.commit("rollback", plan, reason=reason, request=request)
    return _rollback(workspace, commit.detail, name, checks, applied=True, reason=reason)


def _has_held(view: View, name: str, alias: str, document: Mapping[str, Any]) -> bool:
    holder = view.alias(name, alias)
    return holder is not None and any(holding["version"] == document["version"] for holding in holder["history"])


def _refuse_moved_on(workspace: Workspace, done: Mapping[str, Any], name: str) -> None:
    """Refuse to call a rollback done, or to do it once more, if the alias was moved after it."""
    holder = workspace.catalog.view.alias(name, done["alias"])
    now = f"{name}@{holder['version']}" if holder else None
    if now != done["to"]:
        workspace.catalog.acknowledge()
        raise Conflict(
            f"{done['alias']!r} was rolled back to {done['to']}, and moved to {now} since then",
            hint=f"%nbr log {quoted(name)}; run it again to roll back from {now}",
        )


def _rollback(
    workspace: Workspace, move: Mapping[str, Any], name: str, checks: tuple[Check, ...], *, applied: bool, reason: str
) -> Rollback:
    left, entered = move["from"], move["to"]
    before, after = _record(workspace, left), _record(workspace, entered)
    answer = Rollback(name, move["alias"], left, entered, checks, applied, reason, before, after)
    if applied:
        workspace.catalog.acknowledge()
    return answer


def refuse_failed(checks: Sequence[Check], ref: str, alias: str, *, way_on: str) -> None:
    """Stop at the first check that failed.

    Raises
    ------
    Refused
    """
    failed = next((check for check in checks if check.outcome == "failed" and not check.is_gate), None)
    if failed:
        damaged = "%nbr verify says what is damaged; " if failed.name == "bytes" else ""
        raise Refused(
            f"{alias!r} was not moved to {ref}: {failed.name} failed ({failed.detail})",
            hint=f"{damaged}{way_on} --force --reason TEXT, if it has to be: the journal keeps what failed",
        )


def rollback_target(view: View, name: str, alias: str, to: str | None) -> tuple[dict[str, Any], str]:
    """Find the version a rollback goes to, and the one it leaves.

    Without ``to`` it is the latest on the alias's trail before the holder that is active and not rejected. A
    rollback takes what it leaves off the trail, so that several in a row go further and further back.

    Raises
    ------
    NotFound
        If the alias does not exist.
    Refused
        If it has no earlier holder, or is there already.
    """
    holder = view.alias(name, alias)
    if holder is None:
        raise NotFound(
            f"{name!r} has no alias {alias!r}, so there is nothing to roll back",
            nearest=nearest(alias, view.aliases_of(name)),
            hint=f"%promote {quoted(name + '@' + LATEST)} {alias}",
        )
    leaving = f"{name}@{holder['version']}"
    if to is not None:
        to = str(to)
        if "@" not in to and ":" not in to and to not in view.names():
            to = f"{name}@{to}"  # the model is named already: "--to 2" is clear
        document = resolve(view, to)
        if document["name"] != name:
            raise Refused(f"{to!r} is a version of {document['name']!r}, not of {name!r}")
        if document["version"] == holder["version"]:
            raise Refused(f"{alias!r} is on {leaving} already", hint=f"%versions {quoted(name)}")
        return document, leaving
    passed_over = []
    for version in dict.fromkeys(reversed(holder["trail"][:-1])):
        document = resolve(view, f"{name}@{version}")
        decided = "rejected" if document["approval"] == "Rejected" else document["status"].replace("_", " ")
        if version == holder["version"]:
            continue
        if decided == "active":
            return document, leaving
        passed_over.append(f"{name}@{version} is {decided}")
    told = f": {', '.join(passed_over)}" if passed_over else ""
    raise Refused(
        f"{alias!r} of {name!r} is on {leaving} and has no earlier holder to go back to{told}",
        hint=f"%rollback {quoted(name)} --to {quoted(name + '@N')} names a version; %nbr log {quoted(name)} shows what "
        "it held",
    )


def plan_move(view: View, target: Mapping[str, Any], alias: str, *, leave: str | None) -> Plan:
    """Move an alias in one commit.

    Parameters
    ----------
    view : View
    target : dict
        The version to move it to.
    alias : str
    leave : str or None
        New status of the version that the alias leaves; ``None`` keeps it.
    """
    check_kept(target)
    name, version = target["name"], target["version"]
    check_look_alikes(view, name, alias)
    holder = view.alias(name, alias)
    changes: list[Change] = [move_alias(name, alias, version)]
    if target["status"] == "rolled_back":
        changes.append(set_fields(name, version, status="active"))
    left = view.version(name, holder["version"]) if holder else None
    # Another alias may hold it still: then it is in use, whatever this alias does.
    if leave and left and left["aliases"] == [alias]:
        changes.append(set_fields(name, left["version"], status=leave))
    detail = {"alias": alias, "from": f"{name}@{holder['version']}" if holder else None, "to": f"{name}@{version}"}
    return Plan(f"{name}@{version}", changes, detail)
