"""All policies, one below the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Card, Commands, Span, line
from nbregistry.display.quantities import plural
from nbregistry.display.views.policy import gates_table

if TYPE_CHECKING:
    from nbregistry.listings import Policies

_NEXT = Commands(
    "next",
    (
        ('%nbr policy NAME@champion "roc_auc >= 0.9, roc_auc not worse than champion"', "sets one for a model"),
        ('%nbr policy champion "approved"', "sets one for every model"),
    ),
)


def card(shown: Policies) -> Card:
    """Show each gate with what it is for."""
    gates = [gate for policy in shown.items for gate in policy.gates if gate.of == policy.of]
    title = line("Policies  ", Span(plural(len(gates), "gate"), "muted"))
    if not gates:
        return Card(title=title, lead=line("Nothing is required before an alias is put on a version."), blocks=(_NEXT,))
    strangers = any(not gate.trusted for gate in gates)
    table = gates_table(line("Gates"), gates)
    return Card(title=title, blocks=(table, _NEXT), tone="warned" if strangers else "plain")
