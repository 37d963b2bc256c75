"""``%versions [NAME]``: which versions there are; without a name, which models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import count, filter_text, model_name, plotted_metric, sort_key
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.listings import Models, Versions
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add = parser.add_argument
    add("name", nargs="?", metavar="NAME", type=model_name, help="the model; left out: the models")
    add("--where", metavar="FILTER", type=filter_text, help="only those that match")
    add(
        "--sort",
        action="append",
        metavar="KEY",
        type=sort_key,
        help="by this, descending with a minus; repeatable",
    )
    add("--limit", metavar="N", type=count, help="at most N")
    add("--plot", nargs="+", metavar="METRIC", type=plotted_metric, help="draw it over versions and time")


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> Versions | Models:
    """Call :meth:`Registry.versions`, or :meth:`Registry.models` where no model is named."""
    if arguments.name is None and not arguments.sort and arguments.limit is None and not arguments.plot:
        return registry.models(where=arguments.where)
    return registry.versions(
        arguments.name,
        where=arguments.where,
        order_by=tuple(arguments.sort or ()),
        limit=arguments.limit,
        plot=tuple(arguments.plot or ()),
    )


VERB = Verb(
    "versions",
    "List the versions of a model: aliases, status, metrics. Without a name: the models.",
    (
        "%versions tumour --sort -metrics.roc_auc --limit 10 --plot metrics.roc_auc",
        "%versions tumour --where \"metrics.roc_auc > 0.9 AND tags.team LIKE 'on%'\"",
    ),
    arguments,
    run,
    short=True,
    command=True,
)
