"""``%nbr show REF``: the record of one version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import reference
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.model import ModelVersion
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("ref", metavar="REF", type=reference, help="the version")


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> ModelVersion:
    """Call :meth:`Registry.get`."""
    return registry.get(arguments.ref)


VERB = Verb(
    "show",
    "Show everything that is recorded about a version.",
    ("%nbr show tumour@3", "v = %nbr show tumour@champion~1"),
    arguments,
    run,
    method="get",
    command=True,
)
