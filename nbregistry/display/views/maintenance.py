"""What was checked, freed or carried elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Card, Commands, Notes, Span, line
from nbregistry.display.commands import command
from nbregistry.display.quantities import byte_size, duration, plural
from nbregistry.display.views.parts import refs_of
from nbregistry.outcomes import Collection, Transfer, Verification

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbregistry.display.blocks import Block, Line

_SHOWN = 50
_NAMED = 3
_DONE = {"backup": "Backed up", "export": "Exported", "import": "Imported"}


def card(shown: Verification | Collection | Transfer) -> Card:
    """Show what a verb of maintenance did."""
    if isinstance(shown, Verification):
        return _verification(shown)
    return _collection(shown) if isinstance(shown, Collection) else _transfer(shown)


def _verification(found: Verification) -> Card:
    commits, blobs = plural(found.commits, "commit"), plural(found.blobs, "blob")
    read = line(f"{commits}, {blobs}, {byte_size(found.bytes)} read in {duration(found.seconds)}")
    if found.ok:
        return Card(
            title=(Span("✓ All is well", "good"),),
            aside=read,
            lead=line("Every digest and signature that was read is right."),
            tone="good",
        )
    return Card(
        title=(Span(f"✗ {plural(len(found.problems), 'problem')}", "bad"),),
        aside=read,
        blocks=(Notes("", _listed(found.problems), "problem"),),
        tone="bad",
    )


def _collection(found: Collection) -> Card:
    what = line(f"{byte_size(found.freed_bytes)} in {plural(found.blobs, 'blob')}")
    if not found.blobs:
        return Card(title=line("Nothing to collect"), lead=line("Every blob is named by a version."))
    if found.applied:
        return Card(
            title=line("Collected"),
            aside=what,
            lead=line("Moved to the trash, where it stays for 7 days."),
            tone="good",
        )
    return Card(
        title=line("To collect ", Span("dry run", "badge")),
        aside=what,
        lead=line(Span("Nothing was removed.", "strong"), " No version names these bytes."),
        blocks=(Commands("to do it", (("%nbr gc --apply", "moves them to the trash, for 7 days"),)),),
    )


def _transfer(moved: Transfer) -> Card:
    new = [ref for ref in moved.refs if ref not in moved.already]
    where = line("from " if moved.verb == "import" else "to ", Span(moved.path, "code"))
    following = Commands("next", _next(moved))
    if moved.already and not new:
        return Card(title=line("Already here: ", refs_of(moved.already, _SHOWN)), lead=where, blocks=(following,))
    everything = "everything that is whole" if moved.problems else "everything"
    return Card(
        title=line(f"{_DONE.get(moved.verb, moved.verb)} ", refs_of(new, _SHOWN) or everything),
        aside=line(f"{plural(moved.files, 'file')}, {byte_size(moved.bytes)} written"),
        lead=line(where, "; already here: ", refs_of(moved.already, _SHOWN)) if moved.already else where,
        blocks=(*_damaged(moved.problems), following),
        tone="bad" if moved.problems else "good",
    )


def _damaged(problems: Sequence[str]) -> tuple[Block, ...]:
    return (Notes("damaged here, and so not in the copy", _listed(problems), "problem"),) if problems else ()


def _listed(problems: Sequence[str]) -> tuple[Line, ...]:
    told = [line(Span(problem, "user")) for problem in problems[:_SHOWN]]
    if len(problems) > _SHOWN:
        told.append(line(f"and {len(problems) - _SHOWN} more in .problems"))
    return tuple(told)


def _next(moved: Transfer) -> tuple[tuple[str, str], ...]:
    """Say how to see what came, or how to get at what went."""
    if moved.verb == "import":
        names = dict.fromkeys(ref.rpartition("@")[0] for ref in moved.refs[:_NAMED])
        return tuple((command("%versions", name), "beside its other versions") for name in names)
    if moved.verb == "export":
        again = command("%nbr import", moved.path) or f"nbregistry.open().import_({moved.path!a})"
        return ((again, "in the registry that it is for"),)
    return ((command("%registry", moved.path) or f"nbregistry.open({moved.path!a})", "opens the copy"),)
