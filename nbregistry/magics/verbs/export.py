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


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> Transfer:
    """Call :meth:`Registry.export`, or :meth:`Registry.export_notebook`."""
    if (arguments.path is None) == (arguments.notebook is None):
        raise WrongUsage("%nbr export writes one file", hint="%nbr export REF PATH, or %nbr export REF --notebook PATH")
    if arguments.notebook is not None:
        return registry.export_notebook(arguments.ref, arguments.notebook)
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
