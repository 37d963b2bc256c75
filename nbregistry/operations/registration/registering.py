"""Register: from a request to a commit."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from nbregistry.catalog.catalog import Plan
from nbregistry.catalog.changes import Change, move_alias, put_evaluation, put_version
from nbregistry.lineage import Graph, check_acyclic
from nbregistry.model import ModelVersion, Registration
from nbregistry.operations.finding import compared, declinable, go_on_as, loaded_from, used_by_code, with_findings
from nbregistry.operations.gating import refuse_gated
from nbregistry.operations.registration.preparing import prepare
from nbregistry.operations.resolving import check_look_alikes, resolve
from nbregistry.reference import CHAMPION, recorded_ref

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbregistry.catalog.view import View
    from nbregistry.model import Finding
    from nbregistry.operations.registration.preparing import Prepared
    from nbregistry.operations.registration.request import Request
    from nbregistry.operations.workspace import Workspace


def register(workspace: Workspace, request: Request, namespace: Mapping[str, Any] | None) -> ModelVersion:
    """Keep a model as the next version of its name; see :meth:`nbregistry.Registry.register`."""
    started = time.perf_counter()
    view = workspace.writable()
    for ref in (*request.parents, *request.depends_on):
        resolve(view, ref)  # a wrong reference is told before the work, not after
    if request.alias:
        refuse_gated(workspace, view, request.name, request.alias)
    findings: tuple[Finding, ...] = ()
    if request.find_lineage:
        request, findings = with_findings(view, request, loaded_from(workspace, request.model))
    prepared = prepare(request, workspace.store, namespace)
    if request.find_lineage:
        request, used = with_findings(view, request, used_by_code(workspace, prepared.code, namespace))
        findings += used
    champion = view.alias(request.name, CHAMPION)
    champion_version = champion["version"] if champion else None  # read now: the commit may move the alias

    def plan(view: View) -> Plan:
        if request.alias:
            refuse_gated(workspace, view, request.name, request.alias)  # it may have got its policy meanwhile
        with declinable(findings):
            return plan_registration(request, prepared, view)

    commit = workspace.commit(
        "register",
        plan,
        prepared.digests,
        request=prepared.fingerprint,
    )
    before = champion_version and workspace.catalog.view.version(request.name, champion_version)
    registration = Registration(
        time.perf_counter() - started,
        prepared.stored_bytes,
        workspace.records.version(before) if before else None,
        prepared.warnings,
        prepared.example_rows,
        compared(findings, prepared.record["digest"]),
        prepared.code.in_short if prepared.code else "",
    )
    registered = workspace.records.version(resolve(workspace.catalog.view, commit.ref), registration)
    go_on_as(workspace, request.model, registered)
    workspace.catalog.acknowledge()
    return registered


def plan_registration(request: Request, prepared: Prepared, view: View) -> Plan:
    """Make the changes against the present view: the next number, parents by number, facts not yet shared.

    Raises
    ------
    Conflict
        If a look-alike of the name or of the alias exists.
    NotFound
        If a parent or dependency does not.
    """
    name = request.name
    check_look_alikes(view, name)
    version = view.count(name) + 1
    ref = f"{name}@{version}"
    parents, depends_on = (
        list(dict.fromkeys(recorded_ref(resolve(view, given)) for given in refs))
        for refs in (request.parents, request.depends_on)
    )
    if parents or depends_on:
        check_acyclic(Graph(view.all_versions()), ref, parents, depends_on)
    changes: list[Change] = [change for change in prepared.changes if not view.has_shared(change["digest"])]
    changes.append(put_version(prepared.record | {"version": version, "parents": parents, "depends_on": depends_on}))
    if prepared.evaluation:
        changes.append(put_evaluation(prepared.evaluation | {"version": version}))
    detail: dict[str, Any] = {"algorithm": prepared.record["algorithm"], "digest": prepared.record["digest"]}
    if request.alias:
        check_look_alikes(view, name, request.alias)
        before = view.alias(name, request.alias)
        changes.append(move_alias(name, request.alias, version))
        detail |= {"alias": request.alias, "from": f"{name}@{before['version']}" if before else None, "to": ref}
    return Plan(ref, changes, detail)
