"""Where blobs lie in a folder: paths, listing, and folders that stay.

::

    blobs/sha256/ab/ab…      content as it is
    blobs/sha256/ab/ab….zst  content compressed, where that pays; the name is still the digest of the content
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from nbregistry.artifacts.compression import SUFFIX
from nbregistry.artifacts.durable import explained, is_taken, make_folder, sync_folder
from nbregistry.errors import Corrupt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SUFFIXES = ("", SUFFIX)
_NAME = re.compile(rf"([0-9a-f]{{64}})(?:{re.escape(SUFFIX)})?")


def hex_of_name(name: str) -> str | None:
    """Give the hex digits of a blob's file name; None for any other file.

    Examples
    --------
    >>> hex_of_name("ab" * 32 + ".zst")[:4], hex_of_name("notes.txt")
    ('abab', None)
    """
    match = _NAME.fullmatch(name)
    return match[1] if match else None


def entries(folder: str | Path) -> list[os.DirEntry[str]]:
    """List a folder by name; empty if there is none."""
    with explained("look into the registry's folder"):
        try:
            with os.scandir(folder) as found:
                return sorted(found, key=lambda entry: entry.name)
        except FileNotFoundError:
            return []


def check_is_own(folder: Path) -> None:
    """Refuse to clear anything away through a link: what lies behind it is somebody else's.

    Raises
    ------
    Corrupt
    """
    if os.path.islink(folder):
        raise Corrupt(
            f"{folder} is a link where a folder of the registry's own belongs, and links are not followed",
            hint="put the folder itself there; a link to the whole registry is fine",
        )


class Layout:
    """The folder of blobs under a registry's root."""

    def __init__(self, root: Path) -> None:
        self._root = root / "blobs" / "sha256"
        self._settled: set[str] = set()

    def check_is_own(self) -> None:
        """Refuse folders of blobs that are links."""
        for folder in (self._root.parent, self._root):
            check_is_own(folder)

    def folder(self, hexed: str) -> Path:
        """Give the folder of a blob."""
        return self._root / hexed[:2]

    def find(self, hexed: str) -> str | None:
        """Give the path of a blob that is in place."""
        path = f"{self._root}{os.sep}{hexed[:2]}{os.sep}{hexed}"
        with explained("look for a blob"):
            for suffix in SUFFIXES:
                if is_taken(path + suffix):
                    return path + suffix
        return None

    def listing(self) -> Iterator[str]:
        """Give the hex digits of all blobs, sorted; other files are passed over, links not followed."""
        for folder in entries(self._root):
            if len(folder.name) == 2 and folder.is_dir(follow_symlinks=False):
                names = {hex_of_name(entry.name) for entry in entries(folder.path)}
                yield from sorted(hexed for hexed in names if hexed and hexed.startswith(folder.name))

    def prepare(self, hexed: str) -> None:
        """Make the folder of a blob and those above it in the registry, as yet without forcing them to disk."""
        if hexed[:2] not in self._settled:
            with suppress(OSError):  # whatever stands in the way, the write that follows will name it
                try:
                    os.mkdir(self.folder(hexed))
                except FileNotFoundError:
                    make_folder(self._root.parent.parent)
                    os.makedirs(self.folder(hexed), exist_ok=True)

    def settle(self, hexed: str) -> None:
        """Force to disk, once, the folders above a blob: another process may have made them this moment."""
        if hexed[:2] in self._settled:
            return
        above = [self._root, self._root.parent, self._root.parent.parent]
        with explained("make sure that a write has reached the disk"):
            for folder in above[:1] if self._settled else above:
                sync_folder(folder)
        self._settled.add(hexed[:2])
