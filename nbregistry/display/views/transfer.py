"""What was carried elsewhere, or came from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Card, Commands, Notes, Span, line
from nbregistry.display.commands import command
from nbregistry.display.quantities import byte_size, plural
from nbregistry.display.views.parts import listed, refs_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbregistry.display.blocks import Block
    from nbregistry.outcomes import Transfer

_SHOWN = 50
_NAMED = 3
_PARTS = {"notebook": "code", "environment": "packages"}
_DONE = {"backup": "Backed up", "export": "Exported", "import": "Imported"}


def card(moved: Transfer) -> Card:
    """Show what was written, where, and what was here already or is damaged."""
    new = [ref for ref in moved.refs if ref not in moved.already]
    if moved.verb in _PARTS:
        return _part(moved)
    where = line("from " if moved.verb == "import" else "to ", Span(moved.path, "code"))
    following = Commands("next", _next(moved))
    if moved.already and not new:
        title = line("Already here: ", refs_of(moved.already, _SHOWN))
        return Card(title=title, lead=where, blocks=(*_strangers(moved.strangers), following))
    if moved.verb == "backup" and not moved.files and not moved.problems:
        lead = line("Nothing is new since the last backup ", where, ".")
        return Card(title=line("Backed up already"), lead=lead, blocks=(following,), tone="good")
    everything = "everything that is whole" if moved.problems else "everything"
    return Card(
        title=line(f"{_DONE.get(moved.verb, moved.verb)} ", refs_of(new, _SHOWN) or everything),
        aside=line(f"{plural(moved.files, 'file')}, {byte_size(moved.bytes)} written"),
        lead=line(where, "; already here: ", refs_of(moved.already, _SHOWN)) if moved.already else where,
        blocks=(*_damaged(moved.problems), *_strangers(moved.strangers), following),
        tone="bad" if moved.problems else "good",
    )


def _part(moved: Transfer) -> Card:
    """Show that the code or the packages of a version were written into a file."""
    option = " --environment" if moved.verb == "environment" else ""
    told = "installs them, and makes it again there" if option else "runs it in a fresh kernel, and compares"
    following = [(f"{command('%reproduce', ref)}{option}", told) for ref in moved.refs]
    return Card(
        title=line(f"Exported the {_PARTS[moved.verb]} of ", refs_of(moved.refs)),
        aside=line(f"{byte_size(moved.bytes)} written"),
        lead=line("to ", Span(moved.path, "code")),
        blocks=(Commands("next", tuple(following)),),
        tone="good",
    )


def _damaged(problems: Sequence[str]) -> tuple[Block, ...]:
    return (Notes("damaged here, and so not copied", listed(problems), "problem"),) if problems else ()


def _strangers(refs: Sequence[str]) -> tuple[Block, ...]:
    """Say at once what will not load without a word."""
    if not refs:
        return ()
    told = line("not signed by a key that is trusted here: ", refs_of(refs, _SHOWN), "; ", Span("%registry", "code"))
    return (Notes("", (line(told, " tells whose"),), "warning"),)


def _next(moved: Transfer) -> tuple[tuple[str, str], ...]:
    """Say how to see what came, or how to get at what went."""
    if moved.verb == "import":
        names = dict.fromkeys(ref.rpartition("@")[0] for ref in moved.refs[:_NAMED])
        return tuple((command("%versions", name), "beside its other versions") for name in names)
    if moved.verb == "export":
        again = command("%nbr import", moved.path) or f"nbregistry.open().import_({moved.path!a})"
        return ((again, "in the registry that it is for"),)
    return ((command("%registry", moved.path) or f"nbregistry.open({moved.path!a})", "opens the copy"),)
