"""What is required before an alias is put on a version, who set it, and what was required before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Block, Card, Cell, Column, Commands, Line, Notes, Row, Span, Table, joined, line
from nbregistry.display.commands import command, word
from nbregistry.display.quantities import moment, plural
from nbregistry.display.views.parts import signer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbregistry.model import Edit, Gate, Policy


def card(shown: Policy) -> Card:
    """Show the gates."""
    edit = shown.edit
    planned = edit is not None and not edit.applied
    blocks: list[Block] = []
    strangers = sum(not gate.trusted for gate in shown.gates)
    if strangers:
        told = (
            f"{plural(strangers, 'gate')} set by a key that is not trusted: in force too, until you set the policy anew"
        )
        blocks.append(Notes("", (line(told),), "warning"))
    if edit is not None and edit.remarks:
        blocks.append(Notes("", tuple(line(Span(remark, "user")) for remark in edit.remarks), "warning"))
    if shown.gates:
        blocks.append(gates_table(line("Gates"), shown.gates))
    if edit is not None:
        blocks.append(Notes("would change" if planned else "", _changes(edit)))
    blocks.append(Commands("next", _next(shown, planned=planned)))
    of = line(" of ", Span(shown.model, "user")) if shown.model else line(" of every model")
    return Card(
        title=line(
            "Policy ", Span(shown.alias, "chip", "alias"), of, *((" ", Span("dry run", "badge")) if planned else ())
        ),
        lead=_lead(shown, planned=planned),
        blocks=tuple(blocks),
        tone="warned" if strangers else "good" if edit is not None and not planned else "plain",
    )


def gates_table(caption: Line, gates: Iterable[Gate]) -> Table:
    """Put gates in a table."""
    heads = ("required", "of", "set by", "time (UTC)")
    rows = tuple(
        Row((
            Cell((Span(gate.requirement, "user"),)),
            Cell((Span(gate.of, "user"),)),
            Cell((Span(gate.actor, "user"),), () if gate.trusted else signer(gate.key, trusted=False)),
            Cell((Span(moment(gate.at), "time", gate.at),) if gate.at else ()),
        ))
        for gate in gates
    )  # fmt: skip
    return Table(caption, tuple(Column(line(head)) for head in heads), rows, told=True)


def _lead(shown: Policy, *, planned: bool) -> Line:
    unchanged = (Span("Nothing was changed.", "strong"), Span(" ")) if planned else ()
    alias, would = Span(shown.alias, "strong"), "would be" if planned else "is"
    if not shown.gates:
        return line(*unchanged, f"Nothing {would} required before ", alias, " is put on a version.")
    gates = plural(len(shown.gates), "gate")
    return line(
        *unchanged, f"A version {'would have' if planned else 'has'} to pass {gates} before ", alias, " is put on it."
    )


def _changes(edit: Edit) -> tuple[Line, ...]:
    before = joined(", ", [(Span(requirement, "user"),) for requirement in edit.before.get("require", ())])
    changes = [line("required before: ", before or "nothing")]
    if edit.reason:
        changes.append(line("reason in the journal: ", Span(edit.reason, "user")))
    return tuple(changes)


def _next(shown: Policy, *, planned: bool) -> tuple[tuple[str, str], ...]:
    if planned and shown.edit is not None:
        reason = shown.edit.reason
        said = {"reason": reason if word(reason) else "TEXT"} if reason else {}
        own = [gate.requirement for gate in shown.gates if gate.of == shown.of and gate.trusted]
        again = command("%nbr policy", shown.of, *([", ".join(own)] if own else []), **said)
        return ((again if own else f"{again} --clear", "the same, for good"),)
    alias = () if shown.alias == "champion" else (shown.alias,)
    model = shown.model or "NAME"
    check = (command("%nbr check", f"{model}@latest", *alias), "would it pass?")
    clear = (f"{command('%nbr policy', shown.of)} --clear", "requires nothing any more")
    sets = (f'{command("%nbr policy", shown.of)} "roc_auc >= 0.9, roc_auc not worse than champion"', "sets it")
    return (check, clear) if shown.gates else (sets,)
