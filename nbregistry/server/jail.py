"""Where requests may lead: the server's root folder, and nothing outside of it, by whatever link."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path

from nbregistry.errors import NotFound, Refused
from nbregistry.location import OWN_FOLDERS, is_registry


class Jail:
    """The folder that a server shows.

    Parameters
    ----------
    root : str
        The server's ``root_dir``.
    """

    def __init__(self, root: str) -> None:
        self.given = os.path.abspath(root)
        self.root = os.path.realpath(root)

    def inside(self, text: str, what: str) -> Path:
        """Give the place that a client's path means, with its links followed; there may be nothing.

        Parameters
        ----------
        text : str
            Relative to the root, with ``/``; ``"."`` is the root itself.
        what : str
            What should be there.

        Raises
        ------
        NotFound
            In the same words for what is not there and for what is outside: nobody learns what else exists.
        """
        parts = [] if text == "." else text.split("/")
        place = os.path.realpath(os.path.join(self.root, *parts)) if all(map(_is_plain, parts)) else ""
        if not self.holds(place):
            raise NotFound(f"there is no {what} {text!a:.200} below the server's folder")
        return Path(place)

    def holds(self, place: str | os.PathLike[str]) -> bool:
        """Tell whether a place, its links followed, is the root or in it."""
        if not place:
            return False
        real = os.path.realpath(place)
        return real == self.root or real.startswith(os.path.join(self.root, ""))

    def registry(self, text: str) -> Path:
        """Give the folder of a registry.

        Raises
        ------
        NotFound
        """
        place = self.inside(text, "registry")
        if not is_registry(place) or not self.holds_all_of(place):
            raise NotFound(f"there is no registry {text!a:.200} below the server's folder")
        return place

    def holds_all_of(self, registry: Path) -> bool:
        """Tell whether a registry is in the folder with all that it is made of: its log may be a link elsewhere."""
        return all(map(self.holds, (registry, *(registry / name for name in (*OWN_FOLDERS, "blobs/sha256")))))

    def new_file(self, text: str) -> Path:
        """Give the place where a file may be made; whoever makes it sees to it that there is none.

        Raises
        ------
        NotFound
            If its folder is not there.
        Refused
            If the place is hidden or in a registry: these are not for exports.
        """
        folder, _, name = text.rpartition("/")
        place = self.inside(folder or ".", "folder")
        if not _is_plain(name) or not os.path.isdir(place):
            raise NotFound(f"there is no folder {folder or text!a:.200} below the server's folder")
        if any(map(_is_hidden, (*text.split("/"), *self.path_of(place).split("/")))):
            raise Refused(f"{text!a:.200} is hidden", hint="choose a place that the file browser shows")
        if any(is_registry(parent) for parent in (place, *place.parents) if self.holds(parent)):
            raise Refused(f"{folder!a:.200} is a registry", hint="choose a place outside of it")
        return place / name

    def path_of(self, place: str | os.PathLike[str]) -> str:
        """Give the client's path of a place that stands below the root."""
        return os.path.relpath(place, self.root).replace(os.sep, "/")

    def without_root(self, text: str) -> str:
        """Give a text, plain or HTML, without the root's own place in it: where that is, is nobody's business."""
        roots = {self.root, self.given} - {os.sep}
        for root in roots | set(map(escape, roots)):
            text = text.replace(os.path.join(root, ""), "").replace(root, "the server's folder")
        return text


def _is_hidden(part: str) -> bool:
    return part.startswith(".") and part != "."


def _is_plain(part: str) -> bool:
    """Tell whether a part of a path is a name and nothing else, on any system."""
    return (
        part.strip() not in ("", ".", "..") and not any(c in part for c in "\0\\") and not os.path.splitdrive(part)[0]
    )
