"""``%nbr verify``: read everything and check every digest and signature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.outcomes import Verification
    from nbregistry.registry import Registry


def arguments(_parser: ArgumentParser) -> None:
    """Add no arguments: all of the registry is read."""


def run(registry: Registry, _arguments: Namespace, _namespace: dict[str, Any]) -> Verification:
    """Call :meth:`Registry.verify`."""
    return registry.verify()


VERB = Verb(
    "verify",
    "Read the whole registry and check every digest and signature.",
    ("%nbr verify", "check = %nbr verify"),
    arguments,
    run,
    command=True,
)
