"""Which registry a notebook uses: ``%registry`` shows it, switches it, and says whose signatures, or what, to trust."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbregistry.location import locate
from nbregistry.magics.arguments import key, registry_url, text
from nbregistry.magics.usage import WrongUsage
from nbregistry.magics.verb import Verb

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from pathlib import Path

    from nbregistry.registry import Registry

_OF_KEYS = ("trust", "untrust")
_ACCEPT = "accept"
SUBCOMMANDS = (*_OF_KEYS, _ACCEPT)


class Session:
    """The registry in use; opened when it is first needed, so that loading the extension touches no disk."""

    def __init__(self) -> None:
        self._chosen: Registry | None = None
        self._found: Registry | None = None

    @property
    def registry(self) -> Registry:
        """The registry in use: the one that was chosen, or else what ``nbregistry.open()`` finds where we are now."""
        if self._chosen is not None:
            return self._chosen
        place = locate()
        if self._found is None or self._found.path != place:
            self._found = _open(place)
        return self._found

    def run(self, arguments: Namespace) -> Any:
        """Do what ``%registry`` asks; a switch must work even where the registry in use cannot be opened."""
        if arguments.url and arguments.url not in SUBCOMMANDS:
            if arguments.key or arguments.label:
                raise WrongUsage(
                    f"%registry {arguments.url} takes nothing more",
                    nearest=[f"%registry {name} {arguments.key or 'KEY'}" for name in _OF_KEYS],
                )
            self._chosen = _open(arguments.url)
        return run(self.registry, arguments, {})


def _open(url: str | Path) -> Registry:
    import nbregistry

    return nbregistry.open(url)


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add = parser.add_argument
    add(
        "url",
        nargs="?",
        metavar="URL",
        type=registry_url,
        help="use this registry; or: trust KEY, untrust KEY, accept (an older copy or another registry here is meant)",
    )
    add("key", nargs="?", metavar="KEY", type=key, help="a public key, ed25519:…")
    add("--label", metavar="TEXT", type=text, default="", help="with trust: what its owner is called here")


def run(registry: Registry, arguments: Namespace, _namespace: dict[str, Any]) -> Any:
    """Show the registry, or change whom or what this user trusts."""
    if arguments.url not in SUBCOMMANDS:
        return registry
    if arguments.url == _ACCEPT:
        if arguments.key or arguments.label:
            raise WrongUsage("%registry accept takes nothing more", hint="%registry accept")
        return registry.accept()
    if not arguments.key:
        raise WrongUsage(
            f"%registry {arguments.url} needs a key",
            hint=f"%registry {arguments.url} ed25519:… (%nbr show REF shows the key that signed it)",
        )
    if arguments.url == "untrust":
        return registry.untrust(arguments.key)
    return registry.trust(arguments.key, label=arguments.label)


VERB = Verb(
    "registry",
    "Show the registry in use, or use another one; trust or untrust a KEY; accept a history that was cut.",
    ("%registry ../shared/.nbregistry", '%registry trust ed25519:1f… --label "Ada"'),
    arguments,
    run,
    short=True,
)
