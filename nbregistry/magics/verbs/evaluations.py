"""``%nbr evaluations REF``: how good a version was on which data, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import reference
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.listings import Evaluations
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("ref", metavar="REF", type=reference, help="the version")


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> Evaluations:
    """Call :meth:`Registry.evaluations`."""
    return registry.evaluations(arguments.ref)


VERB = Verb(
    "evaluations",
    "Show the evaluations of a version by date, and whether it is still as good as it was.",
    ("%nbr evaluations tumour@champion", "e = %nbr evaluations tumour@3"),
    arguments,
    run,
    command=True,
)
