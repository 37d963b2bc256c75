"""``%evaluate REF X y``: measure a version on a data set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import column, expression, reference, refuse_swapped, text
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.model import Evaluation
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add = parser.add_argument
    add("ref", metavar="REF", type=reference, help="the version")
    add("X", metavar="X", type=expression, help="the inputs: a Python expression")
    add("y", metavar="y", type=expression, help="the targets: a Python expression")
    add("--weights", metavar="w", type=expression, help="how much each of these rows counts")
    add("--name", metavar="TEXT", type=text, default="", help="what to call this evaluation")
    add("--keep", nargs="+", metavar="COLUMN", type=column, help="keep these columns of X, to compare by them")


def run(registry: Registry, arguments: Namespace, namespace: dict[str, Any]) -> Evaluation:
    """Call :meth:`Registry.evaluate`."""
    refuse_swapped("%evaluate", arguments.ref, arguments.X.text, arguments.y.text)
    X, y = arguments.X.value(namespace), arguments.y.value(namespace)
    names = f"{arguments.X.text}, {arguments.y.text}"
    weights = arguments.weights.value(namespace) if arguments.weights else None
    return registry.evaluate(
        arguments.ref, X, y, weights=weights, name=arguments.name, on_name=names, keep=arguments.keep
    )


VERB = Verb(
    "evaluate",
    "Measure a version on a data set and keep metrics and predictions.",
    (
        "%evaluate tumour@2 X_test y_test",
        '%evaluate tumour@champion df[features] df["y"] --name "second clinic" --keep age region',
    ),
    arguments,
    run,
    short=True,
)
