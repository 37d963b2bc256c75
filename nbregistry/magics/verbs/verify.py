"""``%nbr verify``: read everything and check every digest and signature; ``--log FILE`` checks an exported journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.magics.arguments import key, path
from nbregistry.magics.usage import WrongUsage
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from nbregistry.journals import JournalProof
    from nbregistry.outcomes import Verification
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments: without any, all of the registry is read."""
    add = parser.add_argument
    add("--log", metavar="FILE", type=path, help="check this exported journal instead; no registry is needed")
    add("--trust", metavar="KEY", nargs="+", type=key, default=[], help="with --log: keys to trust for this check")


def alone(arguments: Namespace) -> JournalProof | None:
    """Call :func:`nbregistry.verify_log`, if a file is asked about."""
    if arguments.log is not None:
        from nbregistry import verify_log

        return verify_log(arguments.log, trust=arguments.trust)
    if arguments.trust:
        raise WrongUsage("--trust is for a journal's file", hint="%nbr verify --log FILE --trust KEY")
    return None


def run(registry: Registry, _arguments: Namespace, _namespace: dict[str, Any]) -> Verification:
    """Call :meth:`Registry.verify`."""
    return registry.verify()


VERB = Verb(
    "verify",
    "Read the whole registry and check every digest and signature; or check an exported journal.",
    ("%nbr verify", "%nbr verify --log journal.jsonl"),
    arguments,
    run,
    command=True,
    alone=alone,
)
