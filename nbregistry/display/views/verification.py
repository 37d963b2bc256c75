"""What was checked, and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Block, Card, Commands, Notes, Span, Words, line
from nbregistry.display.quantities import byte_size, duration, plural
from nbregistry.display.views.parts import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbregistry.outcomes import Verification

_REMEDY = line(
    "A version exported from a backup and imported here brings its bytes back, and so does registering the same model "
    "again; a commit is a file in ",
    Span("log", "code"),
    ", to be copied back from a backup.",
)
_WHICH = ("%registry", "which registry this is")
_NEXT = Commands(
    "next", (("%nbr backup PATH", "saves what is whole"), ("%registry", "is this the history that you saw?"))
)


def card(found: Verification) -> Card:
    """Show how much was read, how fast, and each problem."""
    counted = ((found.commits, "commit"), (found.signatures, "signature"), (found.blobs, "blob"))
    counts = ", ".join(plural(count, noun) for count, noun in counted)
    rate = f" ({byte_size(round(found.bytes / found.seconds))}/s)" if found.seconds else ""
    read = line(f"{counts}, {byte_size(found.bytes)} in {duration(found.seconds)}{rate}")
    told = (*_strangers(found.strangers), *_left_alone(found.foreign))
    if not found.ok:
        return Card(
            title=(Span(f"✗ {plural(len(found.problems), 'problem')}", "bad"),),
            aside=read,
            blocks=(Notes("", listed(found.problems), "problem"), Words(_REMEDY), *told, _NEXT),
            tone="bad",
        )
    if not found.commits:
        lead = line("There is no commit at this place: is it the registry that you mean?")
        return Card(
            title=line("Nothing to verify"), lead=lead, blocks=(*told, Commands("next", (_WHICH,))), tone="warned"
        )
    return Card(
        title=(Span("✓ All is well", "good"),),
        aside=read,
        lead=line("Every digest and signature that was read is right."),
        blocks=told,
        tone="good",
    )


def _strangers(count: int) -> tuple[Block, ...]:
    if not count:
        return ()
    told = f"{plural(count, 'commit')} signed by keys that are not trusted here: "
    return (Notes("", (line(told, Span("%registry", "code"), " tells whose"),), "warning"),)


def _left_alone(foreign: Sequence[str]) -> tuple[Block, ...]:
    return (Notes("not the registry's, and left alone", listed(foreign, ".foreign")),) if foreign else ()
