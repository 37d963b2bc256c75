"""``%nbr gc``: find, and with ``--apply`` discard, bytes that no version names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.outcomes import Collection
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--apply", action="store_true", help="really do it; without it, only tell")


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> Collection:
    """Call :meth:`Registry.gc`."""
    return registry.gc(dry_run=not arguments.apply)


VERB = Verb(
    "gc",
    "Tell how much disk the bytes take that no version names; --apply moves them to the trash.",
    ("%nbr gc", "%nbr gc --apply"),
    arguments,
    run,
    command=True,
)
