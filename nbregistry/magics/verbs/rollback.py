"""``%rollback NAME``: put an alias back on its holder before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import alias, change_options, isolated_option, model_name, reference
from nbregistry.magics.verb import Verb
from nbregistry.reference import CHAMPION

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.outcomes import Rollback
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add = parser.add_argument
    add("name", metavar="NAME", type=model_name, help="the model")
    add("--to", metavar="REF", type=reference, help="to this version; left out: the alias's holder before")
    add("--alias", metavar="A", type=alias, default=CHAMPION, help="the alias to move (champion)")
    change_options(parser)
    isolated_option(parser)
    add("--force", action="store_true", help="even if a check fails; needs --reason")


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> Rollback:
    """Call :meth:`Registry.rollback`."""
    return registry.rollback(
        arguments.name,
        to=arguments.to,
        alias=arguments.alias,
        reason=arguments.reason,
        dry_run=arguments.dry_run,
        force=arguments.force,
        isolated=arguments.isolated,
    )


VERB = Verb(
    "rollback",
    "Put an alias back on the version that held it before, after checking that version.",
    ("%rollback tumour --dry-run", '%rollback tumour --reason "calibration drift"'),
    arguments,
    run,
    short=True,
    command=True,
)
