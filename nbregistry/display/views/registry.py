"""A registry: where it is, what it holds, whose keys signed it, whom it believes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import (
    Block,
    Card,
    Cell,
    Column,
    Commands,
    Facts,
    Line,
    Notes,
    Row,
    Span,
    Table,
    joined,
    line,
)
from nbregistry.display.commands import command
from nbregistry.display.quantities import moment, plural, short_digest
from nbregistry.display.visible import clip
from nbregistry.outcomes import RegistrySummary
from nbregistry.trust import fingerprint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbregistry.outcomes import Signer
    from nbregistry.registry import Registry

_SIGNERS = 12
_TO_TRUST = 3
_PLACES = 3
_NAME = 40


def card(shown: Registry | RegistrySummary) -> Card:
    """Show a registry."""
    summary = shown if isinstance(shown, RegistrySummary) else shown.summary()
    nothing = Span("none yet: made at the first register", "muted")
    key = Span(summary.key, "code") if summary.key else nothing  # whole: a colleague is given it to trust
    facts: list[tuple[str, Line]] = [
        (
            "holds",
            line(plural(summary.models, "model"), ", ", plural(summary.versions, "version"))
            if not summary.problem
            else line(Span("not read", "muted")),
        ),
        ("format", line(str(summary.format)) if summary.format else line(Span("none yet", "muted"))),
        ("your key", line(key)),
    ]
    if summary.read_only:
        facts.insert(1, ("mode", line("read-only: nothing can be changed through this one")))
    idle = _trusted_without_a_word_here(summary)
    if idle:
        facts.append(("also trusted", idle))
    signers = () if summary.problem else summary.signers
    return Card(
        title=line("Registry", line(" ", Span("read-only", "badge")) if summary.read_only else ()),
        lead=(Span(summary.url, "code"),),
        blocks=(
            *_warnings(summary),
            Facts("The registry", tuple(facts)),
            *_signers(signers),
            *_how_to_trust([signer for signer in signers if not signer.trusted]),
            Commands("next", _following(summary)),
        ),
        tone="bad" if summary.problem else "plain" if summary.format and not summary.later_elsewhere else "warned",
    )


def _following(summary: RegistrySummary) -> tuple[tuple[str, str], ...]:
    if summary.problem:
        return (("%nbr verify", "what is wrong"), ("%registry accept", "what is there now is meant"))
    first = ("%versions", "the models") if summary.versions else ("%register NAME MODEL", "keep the first model")
    return (first, ("%nbr help", "all verbs"))


def _warnings(summary: RegistrySummary) -> tuple[Block, ...]:
    told: tuple[Line, ...]
    if summary.problem:
        told = (
            line(Span(summary.problem, "user")),
            line("Every verb refuses it. What to do: ", Span(summary.remedy, "user")),
        )
        return (Notes("this is not the history that you saw here", told, "problem"),)
    if not summary.format:
        told = (line("There is no registry at this place yet: the first ", Span("%register", "code"), " makes it."),)
        return (Notes("", told, "warning"),)
    if summary.later_elsewhere:
        places = joined(", ", [(Span(place, "code"),) for place in summary.later_elsewhere[:_PLACES]])
        told = (
            line("An older copy, or one that went its own way: you saw commits that are not in it in ", places, "."),
        )
        return (Notes("", told, "warning"),)
    return ()


def _trusted_without_a_word_here(summary: RegistrySummary) -> Line:
    signed = {signer.key for signer in summary.signers}
    keys = [(key, label) for key, label in summary.trusted_keys if key not in signed]
    return joined(
        ", ", [line(Span(label or "unnamed", "user"), " ", Span(short_digest(key), "code", key)) for key, label in keys]
    )


def _signers(signers: Sequence[Signer]) -> tuple[Block, ...]:
    if not signers:
        return ()
    heads = (("who", False), ("trust", False), ("commits", True), ("versions", True), ("last (UTC)", False))
    columns = tuple(Column(line(head), numeric=numeric) for head, numeric in heads)
    rows = [_row(signer) for signer in signers[:_SIGNERS]]
    if len(signers) > _SIGNERS:
        more = Cell(line(Span(f"and {len(signers) - _SIGNERS:,} more keys in .signers", "muted")))
        rows.append(Row((more, *(Cell() for _ in columns[1:])), "gap"))
    return (Table(line("Who signed what"), columns, tuple(rows)),)


def _row(signer: Signer) -> Row:
    if signer.own:
        who = line(Span("you", "strong"))
    elif signer.label:
        who = line(Span(signer.label, "user"))
    else:
        who = line("unknown, signs as ", Span(signer.actor, "user"))
    if signer.own:
        trust = line("your own")
    else:
        trust = line("trusted here" if signer.trusted else Span("! not trusted", "alarm"))
    return Row((
        Cell(who, line(Span(fingerprint(signer.key), "code", signer.key))),
        Cell(trust),
        Cell(line(f"{signer.commits:,}")),
        Cell(line(f"{signer.versions:,}")),
        Cell((Span(moment(signer.last_at), "time", signer.last_at),)),
    ))  # fmt: skip


def _how_to_trust(strangers: Sequence[Signer]) -> tuple[Block, ...]:
    if not strangers:
        return ()
    told = [
        (
            command("%registry trust", signer.key),
            f"signs as {clip(signer.actor, _NAME)}; once its owner told you the key elsewhere",
        )
        for signer in strangers[:_TO_TRUST]
    ]
    return (Commands("to trust", tuple(told)),)
