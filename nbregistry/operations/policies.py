"""Policies: gates that are set once for an alias, of one model or of every one.

A policy is a change in the log like any other, and whoever can write there can sign one. So that a stranger cannot
loosen what is required, what a trusted key set last stands, and what other keys have set since then is asked besides:
each key can take back its own words only. A model's own policy stands in the place of the one for every model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.catalog import exact
from nbregistry.catalog.catalog import Plan
from nbregistry.catalog.changes import set_policy
from nbregistry.errors import Conflict, InvalidName, Refused
from nbregistry.listings import Policies
from nbregistry.model import Edit, Gate, Policy
from nbregistry.operations.gates.given import read_given
from nbregistry.operations.resolving import resolve_name
from nbregistry.operations.slips import slip_of_alias, slips_of_metrics
from nbregistry.operations.values import check_text
from nbregistry.reference import CHAMPION, LATEST, Reference, check_alias, look_alike_key, quoted
from nbregistry.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from nbregistry.catalog.view import View
    from nbregistry.operations.workspace import Workspace


_UNSIGNED = ""
"""The key of a setting that is only planned; a commit always has one."""


def read(workspace: Workspace, of: str) -> Policy:
    """Give a policy; see :meth:`nbregistry.Registry.policy`."""
    view = workspace.view()
    name, alias = _target(view, of)
    return Policy(_written(name, alias), in_force(view, workspace.keyring.is_trusted, name, alias))


def every(workspace: Workspace) -> Policies:
    """Give all policies; see :meth:`nbregistry.Registry.policies`."""
    view, is_trusted = workspace.view(), workspace.keyring.is_trusted
    found = [
        Policy(_written(name, alias), in_force(view, is_trusted, name, alias))
        for name, alias in sorted(view.policies())
    ]
    set_now = tuple(policy for policy in found if any(gate.of == policy.of for gate in policy.gates))
    return Policies(set_now, len(set_now))


def write(workspace: Workspace, of: str, require: Sequence[str], *, reason: str, dry_run: bool) -> Policy:
    """Set a policy, or clear it with no requirements; see :meth:`nbregistry.Registry.policy`."""
    requirements = read_given(require)
    wanted = list(map(str, requirements))
    check_text("a reason", reason)
    view, is_trusted = workspace.view() if dry_run else workspace.writable(), workspace.keyring.is_trusted
    name, alias = _target(view, of)
    _refuse_look_alike(view, is_trusted, name, alias)
    written, before = _written(name, alias), in_force(view, is_trusted, name, alias)
    stood = [gate.requirement for gate in before if gate.of == written]
    if not wanted and not stood:
        return Policy(written, before)  # there is none to take away: nothing that the journal would have to tell
    slips = (slip_of_alias(view, name, alias), *slips_of_metrics(view, name, requirements)) if requirements else ()
    stood_before = {"require": [gate.requirement for gate in before]}
    remarks = tuple(filter(None, slips))
    edit = Edit("policy", stood_before, applied=not dry_run, reason=reason, remarks=remarks)
    if dry_run:
        planned = {"require": wanted, "at": "", "actor": "", "key": _UNSIGNED}
        return Policy(written, in_force(view, is_trusted, name, alias, planned), edit)
    if stood != wanted:
        workspace.catalog.acknowledge()  # it was not done before, or was changed since: it is to be done now

    def plan(view: View) -> Plan:
        stood = [gate.requirement for gate in in_force(view, is_trusted, name, alias) if gate.of == written]
        detail = {"policy": written, "require": wanted, "before": stood}
        return Plan(written if name else "", [set_policy(name, alias, wanted)], detail)

    workspace.commit("policy", plan, reason=reason, request=f"{written} {exact.dumps(wanted).decode()} {reason}")
    changed = Policy(written, in_force(workspace.catalog.view, is_trusted, name, alias), edit)
    workspace.catalog.acknowledge()
    return changed


def in_force(
    view: View, is_trusted: Callable[[str], bool], name: str, alias: str, planned: Mapping[str, Any] | None = None
) -> tuple[Gate, ...]:
    """Give the gates before an alias, those that a trusted key set first.

    Parameters
    ----------
    view : View
    is_trusted : callable
        Tells whether a key is.
    name : str
        A model, or ``""`` for the gates of every one.
    alias : str
    planned : dict, optional
        A setting that would come now, by the user.
    """
    own_history, history = view.policy(name, alias) if name else [], view.policy("", alias)
    if planned and name:
        own_history = [*own_history, planned]
    elif planned:
        history = [*history, planned]
    own, added = _settings(own_history, is_trusted)
    general, added_to_all = _settings(history, is_trusted)
    base = [(_written(name, alias), own)] if own and own["require"] else [(alias, general)] if general else []
    base += [(_written(name, alias), setting) for setting in added]
    base += [(alias, setting) for setting in added_to_all]
    gates: dict[str, Gate] = {}
    for of, setting in base:
        for requirement in setting["require"]:
            gates.setdefault(requirement, _gate(requirement, of, setting, is_trusted))
    return tuple(gates.values())


def gates_before(view: View, is_trusted: Callable[[str], bool], name: str, alias: str) -> tuple[Gate, ...]:
    """Give the gates before an alias that is about to be put on a version.

    Raises
    ------
    Conflict
        If the model has no such alias yet, and another policy is for one that looks like it: a wrong capital must not
        lead past what was required.
    """
    gates = in_force(view, is_trusted, name, alias)
    if not gates and view.alias(name, alias) is None:
        key = look_alike_key(alias)
        for of_model, other in sorted(view.policies()):
            if of_model in ("", name) and look_alike_key(other) == key and in_force(view, is_trusted, of_model, other):
                meant = quoted(_written(of_model, other))
                raise Conflict(
                    f"the alias {alias!a} looks like {other!a}, which has a policy",
                    nearest=[other],
                    hint=f"use that one; or %nbr policy {meant} --clear takes its policy back",
                )
    return gates


def _refuse_look_alike(view: View, is_trusted: Callable[[str], bool], name: str, alias: str) -> None:
    """Refuse to guard an alias that can never be: one that looks like it exists, or is guarded.

    Raises
    ------
    Conflict
    """
    models = [name] if name else view.names()
    held = {(model, known) for model in models for known in view.aliases_of(model)}
    if any(known == alias for _, known in held) or view.policy(name, alias):
        return
    guarded = {known for known in view.policies() if known[0] in ("", *models) and in_force(view, is_trusted, *known)}
    key = look_alike_key(alias)
    for model, known in (*sorted(held), *sorted(guarded)):
        if look_alike_key(known) == key and known != alias:
            told = "exists" if (model, known) in held else "has a policy"
            near = _written(name, known) if told == "exists" else _written(model, known)
            raise Conflict(
                f"the alias {alias!a} looks like {known!a}, which {told}",
                nearest=[near],
                hint=f"%nbr policy {quoted(near)}",
            )


def _settings(
    history: Iterable[Mapping[str, Any]], is_trusted: Callable[[str], bool]
) -> tuple[Mapping[str, Any] | None, list[Mapping[str, Any]]]:
    """Give what a trusted key set last, and the last words of every other key since then."""
    trusted: Mapping[str, Any] | None = None
    since: dict[str, Mapping[str, Any]] = {}
    for setting in history:
        if setting["key"] == _UNSIGNED or is_trusted(setting["key"]):
            trusted, since = setting, {}
        else:
            since[setting["key"]] = setting
    return trusted, list(since.values())


def _gate(requirement: str, of: str, setting: Mapping[str, Any], is_trusted: Callable[[str], bool]) -> Gate:
    key = setting["key"]
    return Gate(requirement, of, setting["at"], setting["actor"], key, key == _UNSIGNED or is_trusted(key))


def _written(name: str, alias: str) -> str:
    return f"{name}@{alias}" if name else alias


def _target(view: View, of: str) -> tuple[str, str]:
    """Read what a policy is for: an alias of a model, or of every one.

    Raises
    ------
    InvalidName, NotFound
    Refused
        For the name of a model in the place of an alias.
    """
    if not isinstance(of, str) or ("@" not in of and ":" not in of):
        if isinstance(of, str) and view.count(of):
            champion = quoted(f"{of}@{CHAMPION}")
            raise Refused(f"{of!r} is a model; a policy is for an alias", hint=f"%nbr policy {champion}")
        return "", check_alias(of)
    meant = Reference.parse(of)
    if meant.alias in (None, LATEST) or meant.steps or meant.at:
        name = resolve_name(view, meant.name)
        known = [f"{name}@{alias}" for alias in nearest(meant.alias or "", view.aliases_of(name)) or [CHAMPION]]
        raise InvalidName(
            f"{of!r} names a version; a policy is for an alias", nearest=known, hint=f"%nbr policy {quoted(known[0])}"
        )
    return resolve_name(view, meant.name), str(meant.alias)
