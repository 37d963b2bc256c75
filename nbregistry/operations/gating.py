"""Ask a version what is required for an alias: beforehand, and before the alias moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbregistry.errors import Conflict, Refused, RegistryError
from nbregistry.operations.resolving import resolve
from nbregistry.operations.values import check_text
from nbregistry.outcomes import Assessment, Check
from nbregistry.reference import check_alias, quoted, recorded_ref

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbregistry.catalog.view import View
    from nbregistry.operations.gates.requirements import Requirement
    from nbregistry.operations.resolving import Ref
    from nbregistry.operations.workspace import Workspace


@dataclass(frozen=True)
class Required:
    """What is required.

    Attributes
    ----------
    requirements : tuple of Requirement
    """

    requirements: tuple[Requirement, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.requirements)


@dataclass(frozen=True)
class Judgement:
    """How a version did, and what that rests on.

    Attributes
    ----------
    checks : tuple of Check
    rests_on : tuple
        Equal as long as nothing moved that it rests on.
    """

    checks: tuple[Check, ...] = ()
    rests_on: tuple[Any, ...] = ()


def check(workspace: Workspace, ref: Ref, require: Sequence[str], alias: str) -> Assessment:
    """Judge a version; see :meth:`nbregistry.Registry.check`."""
    check_alias(alias)
    required = required_of(require)
    view = workspace.view()
    document = resolve(view, ref)
    if not required:
        target = quoted(recorded_ref(document))
        raise Refused(
            "there is nothing to check: no requirement is given",
            hint=f'%nbr check {target} --require "roc_auc >= 0.9, roc_auc not worse than champion"',
        )
    checks = (*decisions(document), *judge(workspace, document, alias, required).checks)
    return Assessment(recorded_ref(document), alias, all(one.outcome != "failed" for one in checks), checks)


def decisions(document: Mapping[str, Any]) -> tuple[Check, ...]:
    """Look at what was decided about a version."""
    found = []
    if document["status"] == "archived":
        found.append(Check("status", "failed", "it is archived"))
    if document["approval"] == "Rejected":
        found.append(Check("approval", "failed", "it is rejected"))
    return tuple(found)


def required_of(require: Sequence[str]) -> Required:
    """Read what is required.

    Raises
    ------
    InvalidRequirement
    """
    if not require:
        return Required()
    from nbregistry.operations.gates.parsing import read_all

    return Required(read_all([check_text("a requirement", text) for text in require]))


def judge(workspace: Workspace, document: Mapping[str, Any], alias: str, required: Required) -> Judgement:
    """Judge a version by what was measured of it; no model is loaded."""
    if not required:
        return Judgement()
    from nbregistry.operations.gates.evidence import Evidence
    from nbregistry.operations.gates.judging import Judge

    view, is_trusted = workspace.catalog.view, workspace.keyring.is_trusted
    basis = rests_on(view, document, alias, required)
    evidence = Evidence(view, workspace.store, is_trusted)
    return Judgement(Judge(document, alias, view, evidence, is_trusted).judge(required.requirements), basis)


def rests_on(view: View, document: Mapping[str, Any], alias: str, required: Required) -> tuple[Any, ...]:
    """Give what a judgement rests on and others may change: decisions, and which versions are meant."""
    from nbregistry.operations.gates.requirements import Better, NotWorse
    from nbregistry.operations.gates.rivals import find_rival

    meant: list[str | None] = []
    for one in required.requirements:
        if isinstance(one, Better | NotWorse):
            try:
                rival = find_rival(view, document["name"], one.ref, alias)
                meant.append(recorded_ref(rival) if rival else None)
            except RegistryError as error:
                meant.append(error.message)
    return (required, document["approval"], document.get("changed_by", {}).get("approval"), tuple(meant))


def refuse_moved_basis(
    judged: Judgement, view: View, document: Mapping[str, Any], alias: str, required: Required
) -> None:
    """Refuse to go by a judgement when what it rests on has changed.

    Raises
    ------
    Conflict
    """
    if required and rests_on(view, document, alias, required) != judged.rests_on:
        raise Conflict(
            f"what is required of {recorded_ref(document)}, or what it was compared with, changed meanwhile: "
            "nothing was changed",
            hint="run it again",
        )


def refuse_gates(judged: Judgement, target: str, alias: str) -> None:
    """Stop where a gate was not passed.

    Raises
    ------
    Refused
        Naming each, with its figure.
    """
    failed = [check for check in judged.checks if check.outcome == "failed"]
    if failed:
        told = "; ".join(f"{check.name}: failed, {check.detail}" for check in failed)
        ref = quoted(target)
        raise Refused(
            f"{alias!r} was not moved to {target}: {told}",
            hint=f"%promote {ref} {alias} --force --reason TEXT, if it has to be: the journal keeps what failed",
        )


def told_of(judged: Judgement) -> dict[str, Any]:
    """Give what the journal keeps: what was required, and what a promotion was forced past, with the figures."""
    if not judged.checks:
        return {}
    forced = {check.name: check.detail for check in judged.checks if check.outcome == "failed"}
    return {"required": [check.name for check in judged.checks]} | ({"forced": forced} if forced else {})
