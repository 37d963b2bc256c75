"""``%reproduce REF``: whether the code that made a version makes it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import reference
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.outcomes import Reproduction
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("ref", metavar="REF", type=reference, help="the version")
    parser.add_argument("--environment", action="store_true", help="install the packages that it was made with first")


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> Reproduction:
    """Call :meth:`Registry.reproduce`."""
    return registry.reproduce(arguments.ref, environment=arguments.environment)


VERB = Verb(
    "reproduce",
    "Run the code that made a version in a fresh kernel, and compare what it makes.",
    ("%reproduce tumour@3", "r = %reproduce tumour@champion --environment"),
    arguments,
    run,
    short=True,
    command=True,
    notes="It runs in an empty folder, with the packages that are here; how it went is kept with the version.",
)
