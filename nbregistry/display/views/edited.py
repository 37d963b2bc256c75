"""Words or a decision about a version that changed, or would: what it was, what it is, how to undo it or to do it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from nbregistry.display.blocks import Block, Card, Commands, Line, Notes, Span, joined, line
from nbregistry.display.commands import command, pair
from nbregistry.display.lines import change_line
from nbregistry.display.quantities import scalar
from nbregistry.display.views.parts import named
from nbregistry.display.visible import clip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbregistry.model import Edit, ModelVersion

_LONGEST = 60
_NOTHING = Span("nothing", "muted")
_DOES = {"tag": "tag it", "describe": "change its description", "approve": "change its approval"}  # maybe a rejection


def card(version: ModelVersion, edit: Edit) -> Card:
    """Show in two lines what changed; the record itself is a command away."""
    field, before = next(iter(edit.before.items()))
    after = getattr(version, field)
    if before == after:
        so = "Nothing changed: it was so already." if edit.applied else "Nothing would change: it is so already."
        return Card(title=named(version), lead=line(so))
    told = _tags(before, after) if field == "tags" else _change(field, before, after)
    if not edit.applied:
        return _dry_run(version, edit, told)
    undo = _undo(version, edit.verb, before)
    lead = line("to undo: ", Span(undo, "code")) if undo else ()
    return Card(title=named(version), aside=told, lead=lead, tone="good")


def _dry_run(version: ModelVersion, edit: Edit, told: Line) -> Card:
    """Show what would change; the version is what it would be."""
    lead = line(Span("Nothing was changed.", "strong"), f" This would {_DOES.get(edit.verb, f'{edit.verb} it')}.")
    changes = [told]
    if edit.reason:
        changes.append(line("reason in the journal: ", Span(edit.reason, "user")))
    blocks: list[Block] = [Notes("would change", tuple(changes))]
    do = change_line(edit.verb, version.ref, _values(version, edit), edit.reason)
    if do:
        blocks.append(Commands("to do it", ((do, "the same, for good"),)))
    return Card(title=line(named(version), " ", Span("dry run", "badge")), lead=lead, blocks=tuple(blocks))


def _values(version: ModelVersion, edit: Edit) -> Mapping[str, Any]:
    if edit.verb == "tag":
        before = edit.before["tags"]
        return {"tags": {key: version.tags.get(key) for key in _different(before, version.tags)}}
    return {"text": version.description, "status": version.approval}


def _tags(before: Mapping[str, Any], after: Mapping[str, Any]) -> Line:
    return joined(", ", [_change(f"tags.{key}", before.get(key), after.get(key)) for key in _different(before, after)])


def _different(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [key for key in {**before, **after} if (key, before.get(key)) != (key, after.get(key))]


def _change(field: str, before: Any, after: Any) -> Line:
    # The text '12' and the number 12 are told apart only where nothing else is different.
    shown = repr if str(before) == str(after) else scalar
    # An empty tag is there; an empty description is none.
    absent = (None, "") if field == "description" else (None,)
    parts = [
        _NOTHING if value in absent else Span(clip(shown(value), _LONGEST) or repr(value), "user")
        for value in (before, after)
    ]
    return line(Span(field, "user"), ": ", parts[0], " → ", parts[1])


def _undo(version: ModelVersion, verb: str, before: Any) -> str:
    """Write the command that makes it as it was; none where a line cannot say it."""
    ref = version.ref
    if verb == "tag":
        tags = {key: before.get(key) for key in _different(before, version.tags)}
        pairs = [pair(key, value) for key, value in tags.items()]
        return " ".join((command("%nbr tag", ref), *pairs)) if all(pairs) else _in_python(ref, tags)
    if verb == "describe":
        return command("%nbr describe", ref, before) if len(before) <= _LONGEST else ""
    if verb == "approve":
        return f"{command('%nbr approve', ref, before)} --reason TEXT"
    if verb == "archive":
        return command("%nbr restore", ref)
    return command("%nbr archive", ref) if before == "archived" else ""


def _in_python(ref: str, tags: Mapping[str, Any]) -> str:
    """Write what no magic's line can say: a key with a line break, or a value that is no finite number."""
    finite = {key: not isinstance(value, float) or math.isfinite(value) for key, value in tags.items()}
    items = [f"{key!a}: {ascii(value) if finite[key] else f'float({str(value)!r})'}" for key, value in tags.items()]
    return f"nbregistry.open().tag({ref!a}, **{{{', '.join(items)}}})"
