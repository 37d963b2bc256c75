"""``%nbr policy [NAME@ALIAS]``: what is required before an alias is put on a version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.errors import InvalidRequirement
from nbregistry.magics.arguments import (
    HOW_REQUIREMENTS_ARE_READ,
    change_options,
    gated,
    refuse_requirement,
    requirement,
)
from nbregistry.magics.usage import WrongUsage
from nbregistry.magics.verb import Verb
from nbregistry.reference import quoted

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from nbregistry.listings import Policies
    from nbregistry.model import Policy
    from nbregistry.registry import Registry


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add = parser.add_argument
    add(
        "of",
        nargs="?",
        metavar="NAME@ALIAS",
        type=gated,
        help="an alias of a model, or ALIAS alone for every model; left out: all policies",
    )
    add("require", nargs="*", metavar="TEXT", type=requirement, help="what is required from now on; left out: show it")
    add("--clear", action="store_true", help="require nothing from now on")
    change_options(parser)


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> Policy | Policies:
    """Call :meth:`Registry.policy`."""
    is_change = arguments.require or arguments.clear
    if not is_change and (arguments.reason or arguments.dry_run):
        of = quoted(arguments.of or "churn@champion")
        raise WrongUsage("nothing is changed here", hint=f'%nbr policy {of} "roc_auc >= 0.9" --reason TEXT')
    if arguments.of is None:
        if is_change:
            raise WrongUsage("of which alias?", hint="%nbr policy churn@champion --clear")
        return registry.policies()
    refuse_requirement(arguments.of, "%nbr policy champion {}")
    if not is_change:
        return registry.policy(arguments.of)
    _refuse_unquoted(arguments.of, arguments.require)
    return registry.policy(
        arguments.of,
        arguments.require or None,
        clear=arguments.clear,
        reason=arguments.reason,
        dry_run=arguments.dry_run,
    )


def _refuse_unquoted(of: str, words: Sequence[str]) -> None:
    """Notice ``roc_auc >= 0.9`` without its quotes: each word would be a requirement of its own.

    Raises
    ------
    WrongUsage
    """
    if len(words) < 2:
        return
    from nbregistry.operations.gates.parsing import read

    try:
        for word in words:
            read(word)
    except InvalidRequirement:
        try:
            read(" ".join(words))
        except InvalidRequirement:
            return
        whole = " ".join(words)
        hint = f'%nbr policy {quoted(of)} "{whole}"'
        raise WrongUsage("a requirement of several words goes in quotes", nearest=[f'"{whole}"'], hint=hint) from None


VERB = Verb(
    "policy",
    "Set once what every promotion to an alias has to show.",
    (
        '%nbr policy tumour@champion "roc_auc >= 0.9, roc_auc not worse than champion, approved"',
        "%nbr policy champion --clear",
    ),
    arguments,
    run,
    notes=HOW_REQUIREMENTS_ARE_READ,
    command=True,
)
