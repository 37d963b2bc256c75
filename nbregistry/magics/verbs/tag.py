"""``%nbr tag REF k=v …``: set free tags on a version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import HOW_VALUES_ARE_READ, change_options, pair, reference
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.model import ModelVersion
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("ref", metavar="REF", type=reference, help="the version")
    parser.add_argument("tags", nargs="+", metavar="k=v", type=pair, help="tags to set; k=None removes one")
    change_options(parser)


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> ModelVersion:
    """Call :meth:`Registry.set_tags`."""
    return registry.set_tags(arguments.ref, dict(arguments.tags), reason=arguments.reason, dry_run=arguments.dry_run)


VERB = Verb(
    "tag",
    "Set tags on a version.",
    ("%nbr tag tumour@3 team=onco audited=True", '%nbr tag tumour@3 note="for the spring trial"'),
    arguments,
    run,
    notes=HOW_VALUES_ARE_READ,
    command=True,
)
