"""``%nbr log [NAME] [--limit N]``: who did what, when and why; ``--alias A`` what was live when; ``--export FILE``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import alias, count, model_name, path
from nbregistry.magics.usage import WrongUsage
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.journals import JournalFile
    from nbregistry.listings import AliasLog, Journal
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add = parser.add_argument
    add("name", nargs="?", metavar="NAME", type=model_name, help="the model; left out: all")
    add("--limit", metavar="N", type=count, help="only the last N events")
    add("--alias", metavar="A", type=alias, help="what this alias was on, from when to when")
    add("--export", metavar="FILE", type=path, help="write it to FILE as JSON lines that prove themselves")


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> Journal | AliasLog | JournalFile:
    """Call :meth:`Registry.log`, or :meth:`Registry.export_log`."""
    if arguments.export is not None:
        if arguments.limit is not None:
            raise WrongUsage("a journal is exported whole, so that it can be checked", hint="leave out --limit")
        if arguments.alias is not None:
            raise WrongUsage("a journal is exported whole, so that it can be checked", hint="leave out --alias")
        return registry.export_log(arguments.export, arguments.name)
    shown: Journal | AliasLog = registry.log(arguments.name, limit=arguments.limit, alias=arguments.alias)
    return shown


VERB = Verb(
    "log",
    "Show the journal: who did what, when and why, newest last.",
    ("%nbr log tumour --alias champion", "%nbr log --export journal.jsonl"),
    arguments,
    run,
    command=True,
)
