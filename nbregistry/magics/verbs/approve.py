"""``%nbr approve REF [STATUS]``: say whether a version may be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import change_options, reference, text
from nbregistry.magics.verb import Verb
from nbregistry.model import APPROVALS
from nbregistry.operations.resolving import spelled

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.model import ModelVersion
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add = parser.add_argument
    add("ref", metavar="REF", type=reference, help="the version")
    add("status", nargs="?", type=_approval, choices=APPROVALS, default="Approved", help="Approved if left out")
    change_options(parser, reason_required=True)


def _approval(token: str) -> str:
    return spelled(text(token), APPROVALS)


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> ModelVersion:
    """Call :meth:`Registry.approve`."""
    return registry.approve(arguments.ref, arguments.status, reason=arguments.reason, dry_run=arguments.dry_run)


VERB = Verb(
    "approve",
    "Approve or reject a version.",
    (
        '%nbr approve tumour@3 --reason "reviewed by the board"',
        '%nbr approve tumour@2 Rejected --reason "trained on the test rows"',
    ),
    arguments,
    run,
    command=True,
)
