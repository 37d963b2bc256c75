"""Which registries there are below a folder: a search that ends, whatever lies there."""

from __future__ import annotations

import os
from collections import deque
from typing import TYPE_CHECKING

from nbregistry.errors import RegistryError
from nbregistry.location import FOLDER, is_registry, locate, read_format

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nbregistry.server.jail import Jail

_PASSED_BY = frozenset({"node_modules", "__pycache__", "site-packages"})
_MOST_FOLDERS, _MOST_FOUND = 5_000, 200


def registries_below(root: Path, depth: int) -> Iterator[Path]:
    """Find registries, the nearest to the root first; no link is followed.

    Parameters
    ----------
    root : Path
    depth : int
        How many folders down to look; 0 looks into the root only.
    """
    waiting = deque([(root, 0)])
    seen = found = 0
    while waiting and seen < _MOST_FOLDERS and found < _MOST_FOUND:
        folder, level = waiting.popleft()
        seen += 1
        if is_registry(folder / FOLDER) and not (folder / FOLDER).is_symlink():
            found += 1
            yield folder / FOLDER
        if folder != root and _is_really_one(folder):
            found += 1
            yield folder
        elif level < depth:
            waiting += [(below, level + 1) for below in _folders_in(folder)]


def _is_really_one(folder: Path) -> bool:
    """Tell whether a folder of any name is a registry: others may have a file FORMAT too."""
    try:
        return is_registry(folder) and read_format(folder) is not None
    except RegistryError:
        return False


def _folders_in(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError:  # it is gone, or not ours to look into
        return []
    names = [name for name in names if not name.startswith(".") and name not in _PASSED_BY and _can_be_said(name)]
    return [folder / name for name in names if not os.path.lexists(folder / name / "pyvenv.cfg")]


def _can_be_said(name: str) -> bool:
    """Tell whether a URL can name it: a file system's names may be no text at all."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\\" not in name


def used_near(jail: Jail, near: str) -> Path | None:
    """Give the registry that notebooks in a folder use, as :func:`nbregistry.open` finds it.

    Parameters
    ----------
    jail : Jail
    near : str
        A file or folder, as the client names it; it need not exist.

    Returns
    -------
    Path or None
        None too if it is one that this server may not show.
    """
    place = jail.inside(near or ".", "file")
    folder = place if os.path.isdir(place) else place.parent
    # Kernels have it from the server, and it comes before what lies near.
    url = os.environ.get("NBREGISTRY_URL")
    if url:
        found = _named(url, folder)
    else:
        found = next((above / FOLDER for above in (folder, *folder.parents) if is_registry(above / FOLDER)), None)
    return found if found and is_registry(found) and jail.holds_all_of(found) else None


def _named(url: str, folder: Path) -> Path | None:
    try:
        return locate(url if "://" in url or url.startswith("~") else folder / url)
    except RegistryError:
        return None
