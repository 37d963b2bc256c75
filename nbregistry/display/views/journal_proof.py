"""What a journal's file proves, whom one has to believe, and what nothing in it can prove."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Block, Card, Cell, Column, Commands, Facts, Line, Notes, Row, Span, Table, line
from nbregistry.display.commands import command
from nbregistry.display.quantities import moment, plural
from nbregistry.display.views.parts import listed, signer

if TYPE_CHECKING:
    from nbregistry.journals import JournalProof

_SHOWN = 50


def card(proof: JournalProof) -> Card:
    """Show whether it is whole, and signed by whom."""
    of = line(" of ", Span(proof.name, "user")) if proof.name else ()
    strangers = [found for found in proof.signers if not found.trusted]
    blocks: list[Block] = []
    if proof.problems:
        title: Line = (Span(f"✗ {plural(len(proof.problems), 'problem')}", "bad"), Span(" in the journal"), *of)
        lead = line("This is not the journal that was written. Ask for a new one.")
        blocks.append(Notes("", listed(proof.problems), "problem"))
    elif not proof.ok:
        title = line(Span("! Whole", "warned"), ", but not all by keys that you trust")
        lead = line(
            "Nothing was changed since it was signed; who holds an untrusted key could have written all that it signed."
        )
    else:
        title = (Span("✓ The journal", "good"), *of, Span(" is whole"))
        lead = line("Every digest, signature and link is right, and all of it is signed by keys that are trusted here.")
    if proof.signers:
        blocks.append(_signers(proof))
    blocks.append(Facts("The file", _facts(proof)))
    if not proof.problems:
        blocks.append(Notes("what it cannot prove", _limits(proof)))
    if strangers:
        blocks.append(Commands("next", _next(proof, strangers[0].key)))
    return Card(
        title=title,
        aside=line(plural(proof.commits, "commit"), " in ", Span(proof.path, "code")),
        lead=lead,
        blocks=tuple(blocks),
        tone="bad" if proof.problems else "good" if proof.ok else "warned",
    )


def _signers(proof: JournalProof) -> Table:
    rows = tuple(
        Row((
            Cell(signer(found.key, trusted=found.trusted, whole=not found.trusted)),
            Cell((Span(found.label or ("you" if found.own else ""), "user"),)),
            Cell((Span(found.actor, "user"),)),
            Cell(line(f"{found.commits:,}")),
            Cell((Span(moment(found.last_at), "time", found.last_at),)),
        ))
        for found in proof.signers[:_SHOWN]
    )  # fmt: skip
    heads = (("key", False), ("known as", False), ("signs as", False), ("commits", True), ("last (UTC)", False))
    more = f", the first {_SHOWN} of {len(proof.signers):,}" if len(proof.signers) > _SHOWN else ""
    columns = tuple(Column(line(head), numeric=numeric) for head, numeric in heads)
    return Table(line(f"Whose commits{more}"), columns, rows)


def _facts(proof: JournalProof) -> tuple[tuple[str, Line], ...]:
    facts: list[tuple[str, Line]] = []
    if proof.registry:
        facts.append(("registry", (Span(proof.registry, "code"),)))
    if proof.head:
        facts.append(("last commit then", line(f"{proof.head_seq:,}, ", Span(proof.head, "code"))))
    if proof.seal_key:
        when = line(f"{moment(proof.sealed_at)} UTC by ") if proof.sealed_at else line("by ")
        who = line(Span(proof.sealed_by, "user"), ", ", signer(proof.seal_key, trusted=proof.seal_trusted, whole=True))
        facts.append(("sealed", line(when, who)))
    facts += [("beside it", line(Span(told, "user"))) for told in proof.seen]
    return tuple(facts)


def _next(proof: JournalProof, key: str) -> tuple[tuple[str, str], ...]:
    told = "once its owner told you the key"
    once = command("%nbr verify", log=proof.path, trust=key) or f"nbregistry.verify_log({proof.path!a}, trust={key!a})"
    for_good = command("%registry trust", key) or f"nbregistry.open().trust({key!a})"
    return ((once, f"trusts it for this check, {told}"), (for_good, "for good"))


def _limits(proof: JournalProof) -> tuple[Line, ...]:
    """Say for what one has to believe somebody, or to ask elsewhere."""
    told = [
        line(
            "that nothing came after its last commit: an older export is as whole as this one. Compare the digest of "
            "the last commit with one that you were told by another way."
        )
    ]
    if proof.name:
        told.append(
            line(
                f"that of the registry's {proof.head_seq:,} commits, the {proof.absent:,} that are not in it do not ",
                "concern ",
                Span(proof.name, "user"),
                ": that is what the seal says.",
            )
        )
    return tuple(told)
