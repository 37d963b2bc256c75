"""``%promote REF [ALIAS]``: put an alias on a version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import (
    HOW_REQUIREMENTS_ARE_READ,
    alias,
    change_options,
    isolated_option,
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

    from nbregistry.outcomes import Promotion
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add = parser.add_argument
    add("ref", metavar="REF", type=reference, help="the version")
    add("alias", nargs="?", metavar="ALIAS", type=alias, default=CHAMPION, help="the alias (champion)")
    require_option(parser)
    change_options(parser)
    isolated_option(parser)
    add("--force", action="store_true", help="even if a check fails or something required is not shown; needs --reason")


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> Promotion:
    """Call :meth:`Registry.promote`."""
    refuse_without_at("%promote", [arguments.ref, arguments.alias])
    refuse_swapped("%promote", arguments.ref, arguments.alias)
    refuse_requirement(arguments.alias, f"%promote {quoted(arguments.ref)} --require {{}}")
    return registry.promote(
        arguments.ref,
        arguments.alias,
        reason=arguments.reason,
        require=arguments.require,
        force=arguments.force,
        dry_run=arguments.dry_run,
        isolated=arguments.isolated,
    )


VERB = Verb(
    "promote",
    "Put an alias on a version.",
    (
        '%promote tumour@3 --require "roc_auc not worse than champion"',
        '%promote tumour@3 challenger --reason "better recall"',
    ),
    arguments,
    run,
    short=True,
    notes=HOW_REQUIREMENTS_ARE_READ,
    command=True,
)
