"""``%compare REF REF …``: is it better, by how much, and what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.evaluation.plots import CHOICES
from nbregistry.magics.arguments import column, expression, metric, number_of, plot, reference, refuse_without_at
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.evaluation.comparison import Comparison
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add = parser.add_argument
    add("refs", nargs="+", metavar="REF", type=reference, help="versions; measured against the champion")
    add("--on", nargs=2, metavar=("X", "y"), type=expression, help="evaluate all of them on these rows")
    add("--weights", metavar="w", type=expression, help="how much each of these rows counts")
    add("--by", nargs="+", metavar="COLUMN", type=column, help="also for each value of these columns of X")
    add("--slices", action="store_true", help="find the weakest slices of X, and confirm them on other rows")
    add("--metrics", nargs="+", metavar="NAME", type=metric, help="only these metrics")
    add(
        "--alpha",
        type=number_of("alpha"),
        default=0.05,
        metavar="A",
        help="chance of finding a difference where there is none",
    )
    add("--margin", type=number_of("margin"), metavar="M", help="smaller differences do not matter: equivalent")
    different = "of different rows: test on those they share, or each on its own"
    add("--rows", choices=("shared", "unpaired"), help=different)
    shown = f"what to plot: {', '.join(CHOICES)}; default: the usual one of the task"
    add("--plots", nargs="+", metavar="NAME", type=plot, help=shown)


def run(registry: Registry, arguments: Namespace, namespace: dict[str, Any]) -> Comparison:
    """Call :meth:`Registry.compare`."""
    refuse_without_at("%compare", arguments.refs)
    on = tuple(given.value(namespace) for given in arguments.on) if arguments.on else None
    return registry.compare(
        *arguments.refs,
        on=on,
        weights=arguments.weights.value(namespace) if arguments.weights else None,
        by=arguments.by,
        slices=arguments.slices,
        metrics=arguments.metrics,
        alpha=arguments.alpha,
        margin=arguments.margin,
        rows=arguments.rows,
        plots=arguments.plots,
    )


VERB = Verb(
    "compare",
    "Compare versions: better, worse or undecided and how surely, and what differs in params, data and code.",
    (
        "%compare tumour@1 tumour@2 tumour@3 --on X_test y_test --slices",
        "c = %compare tumour@champion tumour@latest --metrics roc_auc --margin 0.01",
    ),
    arguments,
    run,
    short=True,
    command=True,
    shell_examples=(
        "%compare tumour@1 tumour@2 tumour@3 --by region --slices",
        "%compare tumour@champion tumour@latest --metrics roc_auc --margin 0.01",
    ),
)
