"""Registries that are open: reading 10,000 versions again for each request would take a second each time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from nbregistry.errors import NotFound
from nbregistry.location import read_format
from nbregistry.registry import Registry

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.location import Format

_MOST = 8


class _Place:
    """One folder; whoever opens it keeps nobody waiting who wants another."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.format: Format | None = None
        self.registry: Registry | None = None


class Shelf:
    """The registries that were asked for last, open, and none that is no longer there."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._places: OrderedDict[Path, _Place] = OrderedDict()

    def registry(self, folder: Path) -> Registry:
        """Give the registry of a folder.

        Raises
        ------
        NotFound
            If it is gone; it is opened anew when it comes back.
        """
        with self._lock:
            place = self._places.setdefault(folder, _Place())
            self._places.move_to_end(folder)
            while len(self._places) > _MOST:
                self._places.popitem(last=False)
        with place.lock:
            found = read_format(folder)
            if found is None:
                place.registry = None
                raise NotFound("this registry is gone")
            if place.registry is None or place.format != found:
                place.registry, place.format = Registry(folder, loads_models=False), found
            return place.registry
