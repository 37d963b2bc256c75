"""``%nbr gc``: find, and with ``--apply`` discard, bytes that nothing refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.outcomes import Collection
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "--archived", action="store_true", help="the artifacts of archived versions too; what others need stays"
    )
    parser.add_argument("--apply", action="store_true", help="really do it; without it, only tell")


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> Collection:
    """Call :meth:`Registry.gc`."""
    return registry.gc(dry_run=not arguments.apply, archived=arguments.archived)


VERB = Verb(
    "gc",
    "Tell how much disk the bytes take that nothing refers to; --apply moves them to the trash.",
    ("%nbr gc", "%nbr gc --archived --apply"),
    arguments,
    run,
    command=True,
)
