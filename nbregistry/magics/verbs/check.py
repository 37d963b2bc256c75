"""``%nbr check REF [ALIAS]``: whether a version shows what is required of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import (
    HOW_REQUIREMENTS_ARE_READ,
    alias,
    reference,
    refuse_requirement,
    refuse_swapped,
    refuse_without_at,
    require_option,
)
from nbregistry.magics.verb import Verb
from nbregistry.reference import CHAMPION, quoted

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.outcomes import Assessment
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("ref", metavar="REF", type=reference, help="the version")
    parser.add_argument(
        "alias", nargs="?", metavar="ALIAS", type=alias, default=CHAMPION, help="the alias it would get (champion)"
    )
    require_option(parser)


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> Assessment:
    """Call :meth:`Registry.check`."""
    refuse_without_at("%nbr check", [arguments.ref, arguments.alias])
    refuse_swapped("%nbr check", arguments.ref, arguments.alias)
    refuse_requirement(arguments.alias, f"%nbr check {quoted(arguments.ref)} --require {{}}")
    return registry.check(arguments.ref, arguments.require, arguments.alias)


VERB = Verb(
    "check",
    "Judge whether a version shows what is required of it; no model is loaded.",
    (
        '%nbr check tumour@candidate --require "roc_auc >= 0.9, roc_auc not worse than champion"',
        '%nbr check tumour@3 --require "log_loss better than 2 by 5%" --require approved',
    ),
    arguments,
    run,
    notes=HOW_REQUIREMENTS_ARE_READ,
    command=True,
)
