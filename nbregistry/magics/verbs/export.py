"""``%nbr export REF PATH``: a version and its ancestry as one file to hand on; or its code, as a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import path, reference, refuse_swapped
from nbregistry.magics.usage import WrongUsage
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.outcomes import Transfer
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("ref", metavar="REF", type=reference, help="the version")
    parser.add_argument("path", nargs="?", metavar="PATH", type=path, help="where to")
    parser.add_argument("--notebook", metavar="PATH", type=path, help="write the code that made it, as a notebook")
    told = "write the packages that it was made with, as a list for pip"
    parser.add_argument("--requirements", metavar="PATH", type=path, help=told)
    parser.add_argument("--lock", metavar="PATH", type=path, help="the same as a pylock.toml")


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> Transfer:
    """Call :meth:`Registry.export`, or the method that writes a part of it."""
    places = (arguments.path, arguments.notebook, arguments.requirements, arguments.lock)
    if sum(place is not None for place in places) != 1:
        raise WrongUsage("%nbr export writes one file", hint="%nbr export REF PATH, or %nbr export REF --notebook PATH")
    if arguments.notebook is not None:
        return registry.export_notebook(arguments.ref, arguments.notebook)
    if arguments.requirements is not None:
        return registry.export_environment(arguments.ref, arguments.requirements)
    if arguments.lock is not None:
        return registry.export_environment(arguments.ref, arguments.lock, lock=True)
    refuse_swapped("%nbr export", arguments.ref, arguments.path)
    return registry.export(arguments.ref, arguments.path)


VERB = Verb(
    "export",
    "Write a version, with its ancestry, into one file; or the code that made it, as a notebook.",
    ("%nbr export tumour@champion tumour.zip", "%nbr export tumour@3 --notebook tumour-3.ipynb"),
    arguments,
    run,
    command=True,
)
