"""``%nbr show REF``: the record of one version, or the code that made it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import reference
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.model import ModelVersion
    from nbregistry.provenance.cells.recorded import RecordedCode
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("ref", metavar="REF", type=reference, help="the version")
    parser.add_argument("--code", action="store_true", help="the cells that made it, and what else ran")


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> ModelVersion | RecordedCode:
    """Call :meth:`Registry.get`, or :meth:`Registry.code`."""
    if arguments.code:
        return registry.code(arguments.ref)
    return registry.get(arguments.ref)


VERB = Verb(
    "show",
    "Show everything that is recorded about a version.",
    ("%nbr show tumour@champion~1", "%nbr show tumour@3 --code"),
    arguments,
    run,
    method="get",
    command=True,
)
