"""``%lineage REF``: what a version, or a data set, came from, and what depends on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import reference, steps
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.lineage import Lineage
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add = parser.add_argument
    add("ref", metavar="REF", type=reference, help="the version, or a data set as a lineage names it")
    add("--depth", metavar="N", type=steps, help="at most N steps away")
    add("--up", action="store_true", help="only what made it")
    add("--down", action="store_true", help="only what depends on it")


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> Lineage:
    """Call :meth:`Registry.lineage`."""
    both = arguments.up == arguments.down
    return registry.lineage(arguments.ref, depth=arguments.depth, up=both or arguments.up, down=both or arguments.down)


VERB = Verb(
    "lineage",
    "Show a version's parents, siblings, children, dependencies and data as a tree, and who depends on it.",
    ("%lineage tumour@3", "tree = %lineage tumour@champion --down --depth 2"),
    arguments,
    run,
    short=True,
    command=True,
)
