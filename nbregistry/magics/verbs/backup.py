"""``%nbr backup PATH``: copy the whole registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import path
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.outcomes import Transfer
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("path", metavar="PATH", type=path, help="a folder; a copy that is there is brought up to date")


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> Transfer:
    """Call :meth:`Registry.backup`."""
    return registry.backup(arguments.path)


VERB = Verb(
    "backup",
    "Copy the whole registry, consistent at one moment.",
    ("%nbr backup ../registry-2026-11-22", '%nbr backup "D:\\backups\\registry"'),
    arguments,
    run,
    command=True,
)
