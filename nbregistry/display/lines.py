"""The line that makes a change: what a notebook would type for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.display.commands import command, pair
from nbregistry.reference import CHAMPION

if TYPE_CHECKING:
    from collections.abc import Mapping

UNSAID = "TEXT"
"""Stands where a reason has to be given and was not."""


def change_line(verb: str, ref: str, values: Mapping[str, Any], reason: str = "") -> str:
    """Write the line that makes a change.

    Parameters
    ----------
    verb : str
        ``"promote"``, ``"rollback"``, ``"tag"``, ``"describe"``, ``"approve"``, ``"archive"`` or ``"restore"``.
    ref : str
        The version; of a rollback, the model.
    values : mapping
        What the verb takes besides: ``alias``, ``to``, ``tags``, ``text``, ``status``.
    reason : str

    Returns
    -------
    str
        ``""`` if a line cannot say it.

    Examples
    --------
    >>> change_line("promote", "churn@3", {"alias": "champion"}, "better recall")
    '%promote churn@3 --reason "better recall"'
    >>> change_line("tag", "churn@3", {"tags": {"team": "fraud", "n": 12}})
    '%nbr tag churn@3 team=fraud n=12'
    >>> change_line("approve", "churn@3", {"status": "Approved"})
    '%nbr approve churn@3 Approved --reason TEXT'
    """
    said = {"reason": reason} if reason else {}
    if verb == "promote":
        alias = values.get("alias", CHAMPION)
        return command("%promote", ref, *(() if alias == CHAMPION else (alias,)), **said)
    if verb == "rollback":
        to, alias = values.get("to", ""), values.get("alias", CHAMPION)
        options = ({"to": to} if to else {}) | ({} if alias == CHAMPION else {"alias": alias})
        return command("%rollback", ref, **options, **said)
    if verb == "tag":
        return _tag_line(ref, values["tags"], said)
    if verb == "describe":
        return command("%nbr describe", ref, values["text"], **said)
    if verb == "approve":
        return command("%nbr approve", ref, values["status"], reason=reason or UNSAID)
    return command(f"%nbr {verb}", ref, **said)


def _tag_line(ref: str, tags: Mapping[str, Any], said: Mapping[str, str]) -> str:
    pairs = [pair(key, value) for key, value in tags.items()]
    begun, ended = command("%nbr tag", ref), command("", **said)
    return " ".join((begun, *pairs)) + ended if begun and all(pairs) and (ended or not said) else ""
