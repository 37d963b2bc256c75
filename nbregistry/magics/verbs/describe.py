"""``%nbr describe REF TEXT``: say what a version is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import change_options, reference, text
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.model import ModelVersion
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("ref", metavar="REF", type=reference, help="the version")
    parser.add_argument("text", metavar="TEXT", type=text, help="the description, in quotes")
    change_options(parser)


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> ModelVersion:
    """Call :meth:`Registry.describe`."""
    return registry.describe(arguments.ref, arguments.text, reason=arguments.reason, dry_run=arguments.dry_run)


VERB = Verb(
    "describe",
    "Set the description of a version.",
    ('%nbr describe tumour@3 "gradient boosting, no scaling"', '%nbr describe tumour@latest ""'),
    arguments,
    run,
    command=True,
)
