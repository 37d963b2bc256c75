"""``%nbr restore REF``: make a version active again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import change_options, reference
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.model import ModelVersion
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("ref", metavar="REF", type=reference, help="the version")
    change_options(parser)


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> ModelVersion:
    """Call :meth:`Registry.restore`."""
    return registry.restore(arguments.ref, reason=arguments.reason, dry_run=arguments.dry_run)


VERB = Verb(
    "restore",
    "Make an archived or rolled-back version active again.",
    ("%nbr restore tumour@1", "v = %nbr restore tumour@2"),
    arguments,
    run,
    command=True,
)
