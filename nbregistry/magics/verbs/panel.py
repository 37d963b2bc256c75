"""``%nbr panel [NAME]``: the registry to click through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import model_name
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "name", nargs="?", metavar="NAME", type=model_name, help="the model; left out: the one registered last"
    )


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> Any:
    """Call :meth:`Registry.panel`."""
    return registry.panel(arguments.name)


VERB = Verb(
    "panel",
    "Show a panel to search, compare, promote and roll back versions by clicking.",
    ("%nbr panel tumour", "panel = %nbr panel"),
    arguments,
    run,
)
