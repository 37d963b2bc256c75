"""``%nbr load REF``: the model itself, verified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import key, reference, variable
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("ref", metavar="REF", type=reference, help="the version")
    parser.add_argument("--as", dest="variable", metavar="VAR", type=variable, help="bind the model to this variable")
    parser.add_argument(
        "--trust",
        nargs="+",
        metavar="KEY",
        type=key,
        help="for this once, trust the key that signed it; or, of a skops artifact, these types",
    )


def run(registry: Registry, arguments: Namespace, namespace: dict[str, Any]) -> Any:
    """Call :meth:`Registry.load`, and bind the model if a variable is named."""
    model = registry.load(arguments.ref, trust=arguments.trust)
    if arguments.variable:
        namespace[arguments.variable] = model
    return model


VERB = Verb(
    "load",
    "Load a version's model, its bytes and signature verified.",
    ("%nbr load tumour@champion --as clf", "clf = %nbr load tumour@2"),
    arguments,
    run,
)
