"""``%nbr inspect REF``: what loading a version would run, told without loading it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import reference
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.inspection import Inspection
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("ref", metavar="REF", type=reference, help="the version")


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> Inspection:
    """Call :meth:`Registry.inspect`."""
    return registry.inspect(arguments.ref)


VERB = Verb(
    "inspect",
    "Tell what loading a version would import and call, without loading it.",
    ("%nbr inspect tumour@3", "found = %nbr inspect tumour@latest"),
    arguments,
    run,
    command=True,
)
