"""``%nbr log [NAME] [--limit N]``: who did what, when and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import count, model_name
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.listings import Journal
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add = parser.add_argument
    add("name", nargs="?", metavar="NAME", type=model_name, help="the model; left out: all")
    add("--limit", metavar="N", type=count, help="only the last N events")


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> Journal:
    """Call :meth:`Registry.log`."""
    return registry.log(arguments.name, limit=arguments.limit)


VERB = Verb(
    "log",
    "Show the journal: who did what, when and why, newest last.",
    ("%nbr log tumour --limit 10", "events = %nbr log"),
    arguments,
    run,
    command=True,
)
