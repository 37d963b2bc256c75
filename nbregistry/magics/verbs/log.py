"""``%nbr log [NAME] [--limit N]``: who did what, when and why; ``--export FILE`` hands it on with its proofs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import count, model_name, path
from nbregistry.magics.usage import WrongUsage
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.journals import JournalFile
    from nbregistry.listings import Journal
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add = parser.add_argument
    add("name", nargs="?", metavar="NAME", type=model_name, help="the model; left out: all")
    add("--limit", metavar="N", type=count, help="only the last N events")
    add("--export", metavar="FILE", type=path, help="write it to FILE as JSON lines that prove themselves")


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> Journal | JournalFile:
    """Call :meth:`Registry.log`, or :meth:`Registry.export_log`."""
    if arguments.export is not None:
        if arguments.limit is not None:
            raise WrongUsage("a journal is exported whole, so that it can be checked", hint="leave out --limit")
        return registry.export_log(arguments.export, arguments.name)
    return registry.log(arguments.name, limit=arguments.limit)


VERB = Verb(
    "log",
    "Show the journal: who did what, when and why, newest last.",
    ("%nbr log tumour --limit 10", "%nbr log --export journal.jsonl"),
    arguments,
    run,
    command=True,
)
