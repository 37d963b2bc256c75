"""Changes that a panel offers: a form to fill in, a dry run to look at, the change itself, and the line that makes it.

A form holds texts only, as a page does; they are read as the magic of the same name reads them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from nbregistry.display.lines import change_line
from nbregistry.errors import Refused
from nbregistry.magics.arguments import USUAL_ALIASES, pair
from nbregistry.magics.splitting import split
from nbregistry.model import APPROVALS, ModelVersion
from nbregistry.outcomes import Move, Rollback
from nbregistry.reference import CHAMPION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nbregistry.registry import Registry
    from nbregistry.shown import Shown


@dataclass(frozen=True)
class Field:
    """One thing to fill in.

    Attributes
    ----------
    name, label : str
    value : str
        What stands there at first.
    kind : str
        ``"text"``, ``"paragraph"``, or ``"choice"``: one of the options and nothing else.
    options : tuple of str
        To choose from; of a text: usual ones.
    help : str
        One short line.
    """

    name: str
    label: str
    value: str = ""
    kind: Literal["text", "paragraph", "choice"] = "text"
    options: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True)
class Form:
    """A change that can be made to a version.

    Attributes
    ----------
    verb, title : str
    fields : tuple of Field
    needs_reason : bool
    """

    verb: str
    title: str
    fields: tuple[Field, ...] = ()
    needs_reason: bool = False


@dataclass(frozen=True)
class Change:
    """A change with all that it takes.

    Attributes
    ----------
    verb, ref : str
    values : mapping of str to str
        By the names of the form's fields; of what a dry run showed also what it saw: ``leaving``, where the alias was,
        or ``replacing``, which stands for the values that were to change.
    reason : str
    """

    verb: str
    ref: str
    values: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""

    def __post_init__(self) -> None:
        if self.verb not in _VERBS:
            raise Refused(f"there is no change {self.verb!a}", nearest=list(_VERBS))
        strange = next((name for name in self.values if name not in _TAKES.get(self.verb, ())), None)
        if strange is not None:  # one that is misspelt and left out would make another change than was meant
            raise Refused(f"to {self.verb} takes no {strange!a:.100}", nearest=list(_TAKES.get(self.verb, ())))

    def dry_run(self, registry: Registry) -> Shown:
        """Check, and say what would change; change nothing."""
        return _VERBS[self.verb](registry, self, dry_run=True)

    def make(self, registry: Registry) -> Shown:
        """Make it."""
        return _VERBS[self.verb](registry, self, dry_run=False)

    def line(self) -> str:
        """Give the line that makes it in a notebook; ``""`` if none can say it."""
        name = self.ref.rpartition("@")[0]
        values: dict[str, Any] = dict(self.values)
        if self.verb == "tag":
            values["tags"] = self.tags()
        return change_line(self.verb, name if self.verb == "rollback" else self.ref, values, self.reason)

    def as_shown(self, shown: Shown) -> Change:
        """Give this change as its dry run showed it: it replaces what was seen then, or nothing."""
        pinned: dict[str, str] = {}
        if isinstance(shown, Move):
            pinned = {"leaving": shown.from_ref or ""} | ({"to": shown.to_ref} if isinstance(shown, Rollback) else {})
        elif isinstance(shown, ModelVersion) and shown.edit is not None:
            pinned = {"replacing": shown.edit.replaces}
        return replace(self, values={**self.values, **pinned})

    def tags(self) -> dict[str, Any]:
        """Read the tags, written as the magic has them: ``team=fraud note="two words" old=None``."""
        tokens, _ = split(self.values.get("tags", ""))
        if not tokens:
            raise Refused("no tag is given", hint="team=fraud audited=True; old=None removes one")
        return dict(map(pair, tokens))


def explained(shown: Shown, reason: str) -> Shown:
    """Give a dry run with another reason."""
    if isinstance(shown, Move):
        return replace(shown, reason=reason)
    if isinstance(shown, ModelVersion) and shown.edit is not None:
        return replace(shown, edit=replace(shown.edit, reason=reason))
    return shown


def is_refused(shown: Shown) -> bool:
    """Tell from its dry run whether a change would be refused."""
    return isinstance(shown, Move) and any(check.outcome == "failed" for check in shown.checks)


def forms_for(registry: Registry, version: ModelVersion) -> tuple[Form, ...]:
    """Give the changes that can be looked at; of one that cannot be made as things are, the dry run says why."""
    held = tuple(registry.alias_names(version.name))
    aliases = tuple(dict.fromkeys((*USUAL_ALIASES, *held)))
    forms = [Form("promote", "Promote", (Field("alias", "Alias", CHAMPION, options=aliases),))]
    alias = CHAMPION if CHAMPION in held or not held else held[0]
    to = Field("to", "To", help="empty: the alias's holder before")
    forms.append(Form("rollback", "Roll back", (Field("alias", "Alias", alias, "choice", held or (alias,)), to)))
    tags = Field("tags", "Tags", help='team=fraud note="two words"; old=None removes one')
    forms += [
        Form("tag", "Tag", (tags,)),
        Form("describe", "Describe", (Field("text", "Description", version.description, "paragraph"),)),
        Form("approve", "Approve", (Field("status", "Approval", "Approved", "choice", APPROVALS),), needs_reason=True),
    ]
    if version.status != "archived":
        forms.append(Form("archive", "Archive"))
    if version.status != "active":
        forms.append(Form("restore", "Restore"))
    return tuple(forms)


def _promote(registry: Registry, change: Change, *, dry_run: bool) -> Shown:
    alias, leaving = change.values.get("alias", CHAMPION), change.values.get("leaving")
    return registry.promote(change.ref, alias, reason=change.reason, dry_run=dry_run, leaving=leaving)


def _rollback(registry: Registry, change: Change, *, dry_run: bool) -> Shown:
    name = registry.get(change.ref).name
    alias, to = change.values.get("alias", CHAMPION), change.values.get("to", "").strip() or None
    leaving = change.values.get("leaving")
    return registry.rollback(name, to=to, alias=alias, reason=change.reason, dry_run=dry_run, leaving=leaving)


def _tag(registry: Registry, change: Change, *, dry_run: bool) -> Shown:
    return registry.set_tags(change.ref, change.tags(), **_edit(change, dry_run=dry_run))


def _describe(registry: Registry, change: Change, *, dry_run: bool) -> Shown:
    if "text" not in change.values:
        raise Refused("no description is given", hint="an empty one takes it away")
    return registry.describe(change.ref, change.values["text"], **_edit(change, dry_run=dry_run))


def _approve(registry: Registry, change: Change, *, dry_run: bool) -> Shown:
    status: Any = change.values.get("status", "")
    return registry.approve(change.ref, status, **_edit(change, dry_run=dry_run))


def _archive(registry: Registry, change: Change, *, dry_run: bool) -> Shown:
    return registry.archive(change.ref, **_edit(change, dry_run=dry_run))


def _restore(registry: Registry, change: Change, *, dry_run: bool) -> Shown:
    return registry.restore(change.ref, **_edit(change, dry_run=dry_run))


def _edit(change: Change, *, dry_run: bool) -> dict[str, Any]:
    """Give what all verbs take that change words or a decision."""
    return {"reason": change.reason, "dry_run": dry_run, "replacing": change.values.get("replacing")}


_TAKES = {
    "promote": ("alias", "leaving"),
    "rollback": ("alias", "to", "leaving"),
    "tag": ("tags", "replacing"),
    "describe": ("text", "replacing"),
    "approve": ("status", "replacing"),
    "archive": ("replacing",),
    "restore": ("replacing",),
}
_VERBS: dict[str, Callable[..., Shown]] = {
    "promote": _promote,
    "rollback": _rollback,
    "tag": _tag,
    "describe": _describe,
    "approve": _approve,
    "archive": _archive,
    "restore": _restore,
}
