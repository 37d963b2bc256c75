"""``%nbr export REF PATH``: a version and its ancestry as one file to hand on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import path, reference, refuse_swapped
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.outcomes import Transfer
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("ref", metavar="REF", type=reference, help="the version")
    parser.add_argument("path", metavar="PATH", type=path, help="where to")


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> Transfer:
    """Call :meth:`Registry.export`."""
    refuse_swapped("%nbr export", arguments.ref, arguments.path)
    return registry.export(arguments.ref, arguments.path)


VERB = Verb(
    "export",
    "Write a version, with its ancestry, into one file for another registry.",
    ("%nbr export tumour@champion tumour.zip", "%nbr export tumour@3 /mnt/serving/tumour-3.zip"),
    arguments,
    run,
    command=True,
)
