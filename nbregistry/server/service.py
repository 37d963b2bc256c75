"""What all handlers share: the settings, the root, the open registries, the threads."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from traitlets import Float, Int, List, Unicode, default
from traitlets.config import Configurable

from nbregistry.errors import NotFound
from nbregistry.server.finding import registries_below, used_near
from nbregistry.server.jail import Jail
from nbregistry.server.shelf import Shelf
from nbregistry.server.workers import Workers

if TYPE_CHECKING:
    from nbregistry.registry import Registry
    from nbregistry.shown import Shown

_WRITTEN_IN = (".", "log", "tmp", "blobs")


class NbRegistry(Configurable):  # type: ignore[misc,unused-ignore]
    """The registries of a Jupyter server: ``c.NbRegistry.registries = ["models/.nbregistry"]`` and so on."""

    registries: List[str] = List(
        Unicode(), help="Registries to list always: folders relative to the server's root, with /."
    ).tag(config=True)
    search_depth = Int(
        3, min=-1, max=20, help="How many folders below the root to look for registries; -1: nowhere."
    ).tag(config=True)
    patience = Float(
        60.0, min=0.1, help="Seconds until a request that only looks is told that its registry does not answer."
    ).tag(config=True)


class Service(NbRegistry):
    """What the handlers of one server stand on."""

    root_dir = Unicode()

    @default("root_dir")
    def _root_of_the_server(self) -> str:
        return str(self.parent.root_dir)  # type: ignore[union-attr]

    @cached_property
    def jail(self) -> Jail:
        """Where requests may lead."""
        return Jail(self.root_dir)

    @cached_property
    def shelf(self) -> Shelf:
        """The open registries."""
        return Shelf()

    @cached_property
    def workers(self) -> Workers:
        """Threads for whatever touches a disk."""
        return Workers(self.patience)

    def opened(self, path: str) -> Opened:
        """Open a registry.

        Raises
        ------
        NotFound
        """
        folder = self.jail.registry(path)
        return Opened(self.shelf.registry(folder), folder, path, self.jail)

    def listed(self, near: str) -> tuple[list[Path], Path | None]:
        """Give the registries to choose from, and the one that notebooks near a file use."""
        nearest = used_near(self.jail, near)
        found = [nearest] if nearest else []
        for path in self.registries:
            try:
                found.append(self.jail.registry(path))
            except NotFound:  # not there at the moment
                continue
        if self.search_depth >= 0:
            found += registries_below(Path(self.jail.root), self.search_depth)
        unique = {os.path.realpath(place): place for place in reversed(found) if self.jail.holds_all_of(place)}
        return sorted(unique.values()), unique[os.path.realpath(nearest)] if nearest else None


class Opened:
    """A registry that somebody asks about.

    Attributes
    ----------
    registry : Registry
    folder : Path
    path : str
        As the client names it.
    jail : Jail
    """

    def __init__(self, registry: Registry, folder: Path, path: str, jail: Jail) -> None:
        self.registry = registry
        self.folder = folder
        self.path = path
        self.jail = jail

    @property
    def read_only(self) -> bool:
        """Whether this server may not write there."""
        return is_read_only(self.folder)

    def card(self, shown: Shown) -> str:
        """Show something as a verb shows it, without the places on the machine that it may name."""
        from nbregistry.display import to_html

        return self.jail.without_root(to_html(shown))


def is_read_only(folder: Path) -> bool:
    """Tell whether this process may not write to a registry."""
    places = [folder / name for name in _WRITTEN_IN]
    return not all(os.access(place, os.W_OK | os.X_OK) for place in places if os.path.lexists(place))


Asked = dict[str, Any]
Answer = dict[str, Any]
