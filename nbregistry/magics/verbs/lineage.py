"""``%lineage REF``: what a version came from, what came from it, and what uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import reference
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.lineage import Lineage
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("ref", metavar="REF", type=reference, help="the version")


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> Lineage:
    """Call :meth:`Registry.lineage`."""
    return registry.lineage(arguments.ref)


VERB = Verb(
    "lineage",
    "Show a version's parents, siblings, children and dependencies as a tree.",
    ("%lineage tumour@3", "tree = %lineage tumour@champion"),
    arguments,
    run,
    short=True,
    command=True,
)
