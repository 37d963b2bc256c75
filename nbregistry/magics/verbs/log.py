"""``%nbr log [NAME]``: who did what, when and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import model_name
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.listings import Journal
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("name", nargs="?", metavar="NAME", type=model_name, help="the model; left out: all")


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> Journal:
    """Call :meth:`Registry.log`."""
    return registry.log(arguments.name)


VERB = Verb(
    "log",
    "Show the journal: who did what, when and why, newest last.",
    ("%nbr log tumour", "events = %nbr log"),
    arguments,
    run,
    command=True,
)
