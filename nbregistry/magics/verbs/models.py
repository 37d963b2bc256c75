"""``%nbr models``: which models there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import filter_text
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.listings import Models
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--where", metavar="FILTER", type=filter_text, help="only those with a version that matches")


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> Models:
    """Call :meth:`Registry.models`."""
    return registry.models(where=arguments.where)


VERB = Verb(
    "models",
    "List the registered models.",
    ("%nbr models", "%nbr models --where \"tags.team = 'onco'\""),
    arguments,
    run,
    command=True,
)
