"""``%nbr import PATH``: take in what another registry exported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import path
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.outcomes import Transfer
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("path", metavar="PATH", type=path, help="what export wrote")


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> Transfer:
    """Call :meth:`Registry.import_`."""
    return registry.import_(arguments.path)


VERB = Verb(
    "import",
    "Take in what another registry exported: all or nothing, and twice is once.",
    ("%nbr import tumour.zip", "%nbr import /mnt/shared/tumour-3.zip"),
    arguments,
    run,
    method="import_",
    command=True,
)
