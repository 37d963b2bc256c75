"""Ask a version what is required for an alias: beforehand, and before the alias moves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from nbregistry.errors import Conflict, InvalidRequirement, Refused, RegistryError
from nbregistry.operations.gates.given import read_given
from nbregistry.operations.policies import gates_before
from nbregistry.operations.resolving import resolve
from nbregistry.operations.slips import slip_of_alias
from nbregistry.outcomes import Assessment, Check
from nbregistry.reference import check_alias, quoted, recorded_ref

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbregistry.catalog.view import View
    from nbregistry.operations.gates.requirements import Requirement
    from nbregistry.operations.resolving import Ref
    from nbregistry.operations.workspace import Workspace


_UNREADABLE = "this release does not know such a requirement: pip install --upgrade nbregistry"


@dataclass(frozen=True)
class Required:
    """What is required.

    Attributes
    ----------
    requirements : tuple of Requirement
    unreadable : tuple of str
        Gates of the alias's policy that this release does not understand: they cannot be passed.
    by_strangers : frozenset of str
        Those of the policy's that a key set which is not trusted.
    """

    requirements: tuple[Requirement, ...] = ()
    unreadable: tuple[str, ...] = ()
    by_strangers: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.requirements or self.unreadable)

    def __str__(self) -> str:
        return ", ".join((*map(str, self.requirements), *self.unreadable))


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
    given = read_given(require)
    view = workspace.view()
    document = resolve(view, ref)
    required = required_of(workspace, view, document["name"], alias, given)
    if not required:
        target = quoted(recorded_ref(document))
        raise Refused(
            f"there is nothing to check: no requirement is given, and {alias!r} of {document['name']!r} has no policy",
            hint=f'%nbr check {target} --require "roc_auc >= 0.9, roc_auc not worse than champion"',
        )
    checks = (
        *decisions(document),
        *judge(workspace, document, alias, required).checks,
        *doubt_of_alias(view, document["name"], alias),
    )
    return Assessment(recorded_ref(document), alias, all(one.outcome != "failed" for one in checks), checks)


def decisions(document: Mapping[str, Any], *, are_final: bool = True) -> tuple[Check, ...]:
    """Look at what was decided about a version; final it is, but for an alias that goes back to where it was."""
    found = []
    if document["status"] == "archived":
        found.append(Check("status", "failed", "it is archived", is_final=are_final))
    if document["approval"] == "Rejected":
        found.append(Check("approval", "failed", "it is rejected", is_final=are_final))
    return tuple(found)


def doubt_of_alias(view: View, name: str, alias: str) -> tuple[Check, ...]:
    """Look at an alias that is nearly another one: the gates of that one are not asked."""
    slip = slip_of_alias(view, name, alias)
    return (Check("alias", "warned", slip),) if slip else ()


def required_of(
    workspace: Workspace, view: View, name: str, alias: str, given: tuple[Requirement, ...] = ()
) -> Required:
    """Give what is required before an alias is put on a version: by its policy, and this time."""
    gates = gates_before(view, workspace.keyring.is_trusted, name, alias)
    if not gates:
        return Required(given)
    from nbregistry.operations.gates.parsing import read

    requirements: list[Requirement] = []
    unreadable: list[str] = []
    strange: set[str] = set()
    for gate in gates:
        try:
            found = read(gate.requirement)
        except InvalidRequirement:
            found = ()
            unreadable.append(gate.requirement)
        requirements += found
        if not gate.trusted:
            strange.update(map(str, found or (gate.requirement,)))
    return Required(tuple(dict.fromkeys((*requirements, *given))), tuple(unreadable), frozenset(strange))


def judge(workspace: Workspace, document: Mapping[str, Any], alias: str, required: Required) -> Judgement:
    """Judge a version by what was measured of it; no model is loaded."""
    view, is_trusted = workspace.catalog.view, workspace.keyring.is_trusted
    basis = rests_on(view, document, alias, required)
    checks = tuple(Check(text, "failed", _UNREADABLE, is_gate=True) for text in required.unreadable)
    if not required.requirements:
        return Judgement(checks, basis)
    from nbregistry.operations.gates.evidence import Evidence
    from nbregistry.operations.gates.judging import Judge

    evidence = Evidence(view, workspace.store, is_trusted)
    checks = (*Judge(document, alias, view, evidence, is_trusted).judge(required.requirements), *checks)
    return Judgement(tuple(_with_setter(check, required) for check in checks), basis)


def _with_setter(check: Check, required: Required) -> Check:
    if check.name not in required.by_strangers:
        return check
    return replace(check, detail=f"{check.detail}; set by a key that you do not trust")


def rests_on(view: View, document: Mapping[str, Any], alias: str, required: Required) -> tuple[Any, ...]:
    """Give what a judgement rests on and others may change: decisions, and which versions are meant."""
    if not required.requirements:
        return (required,)
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
    if rests_on(view, document, alias, required) != judged.rests_on:
        raise Conflict(
            f"what is required of {recorded_ref(document)}, or what it was compared with, changed meanwhile: "
            "nothing was changed",
            hint="run it again",
        )


def asked_again(given: tuple[Requirement, ...]) -> str:
    """Write what was required this time as the option of a next command, which would not ask it otherwise.

    Examples
    --------
    >>> from nbregistry.operations.gates.parsing import read
    >>> asked_again(read("roc_auc>=.9 on holdout, approved")), asked_again(())
    (' --require "roc_auc >= 0.9 on holdout, approved"', '')
    """
    if not given:
        return ""
    text = ", ".join(map(str, given))
    # A line of a magic has no way to say a backslash before a quote.
    return " --require TEXT" if "\\" in text else ' --require "{}"'.format(text.replace('"', '\\"'))


def refuse_gates(
    judged: Judgement, target: str, alias: str, *, way_on: str, given: tuple[Requirement, ...] = ()
) -> None:
    """Stop where a gate was not passed.

    Where there was nothing to judge by, such as a metric that was misspelt, force would be the wrong next step: the
    check says what to do, and can be asked again.

    Parameters
    ----------
    judged : Judgement
    target : str
        The version.
    alias : str
    way_on : str
        The command that moves it, to which force can be added.
    given : tuple of Requirement
        What was required this time, besides the policy of the alias.

    Raises
    ------
    Refused
        Naming each, with its figure.
    """
    stopped = [check for check in judged.checks if check.outcome == "failed"]
    failed = {check.name: f"{check.name}: failed, {check.detail}" for check in stopped}
    if failed:
        again = asked_again(tuple(one for one in given if str(one) in failed))
        forced = f"{way_on}{again} --force --reason TEXT, if it has to be: the journal keeps what failed"
        alone, was_judged = len(failed) == 1, any(check.figures for check in stopped)
        told = failed.popitem()[1] if alone else f"{len(failed)} gates failed, {'; '.join(failed)}"
        raise Refused(
            f"{alias!r} was not moved to {target}: {told}",
            excerpt=() if alone else failed.values(),
            hint=forced if was_judged else f"%nbr check {quoted(target)} {alias}{again}, once that is mended",
            otherwise=() if was_judged else (forced,),
        )


def told_of(judged: Judgement, checks: Sequence[Check]) -> dict[str, Any]:
    """Give what the journal keeps: what was required, and what a move was forced past, with the figures."""
    forced = {check.name: check.detail for check in checks if check.outcome == "failed"}
    required = {"required": [check.name for check in judged.checks]} if judged.checks else {}
    return required | ({"forced": forced} if forced else {})


def passed_over(workspace: Workspace, name: str, alias: str) -> tuple[Check, ...]:
    """Say that gates are not asked when an alias goes back to where it was: in an emergency that has to be possible."""
    required = required_of(workspace, workspace.catalog.view, name, alias)
    if not required:
        return ()
    return (Check("policy", "warned", f"not asked of an earlier holder: {required}"),)


def not_asked(required: Required) -> tuple[Check, ...]:
    """Say that gates are not asked where the alias is already: nothing moves, and there is nothing to guard."""
    return (Check("gates", "skipped", f"not asked, for nothing moves: {required}"),) if required else ()


def refuse_gated(workspace: Workspace, view: View, name: str, alias: str) -> None:
    """Refuse to put an alias that has gates on a version that is only being registered: nothing judged it.

    Raises
    ------
    Refused
    """
    gates = gates_before(view, workspace.keyring.is_trusted, name, alias)
    if gates:
        latest = quoted(f"{name}@latest")
        told = ", ".join(gate.requirement for gate in gates)
        raise Refused(
            f"{alias!r} of {name!r} has a policy ({told}), and what is only being registered was not judged",
            hint=f"%register {quoted(name)} MODEL --on X y, without the alias; then %promote {latest} {alias}",
        )
