"""What lies in a registry's folder and is not the registry's: told by ``verify``, never opened, never removed.

Other programs leave files wherever they go, and that is no damage. Where one of the registry's own files or folders
should be, a link, a FIFO or a device is: nothing of the kind is ever put there by this program.
"""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING, NamedTuple

from nbregistry.artifacts.durable import LOCK, PART
from nbregistry.artifacts.layout import entries, hex_of_name
from nbregistry.artifacts.trash import is_note
from nbregistry.location import FORMAT_FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_COMMIT = re.compile(r"[0-9]{10,}\.json")
_CATALOG = re.compile(r"catalog\.(?:json|[0-9a-f]{16}\.tmp)")
_BYTE = re.compile(r"[0-9a-f]{2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_KINDS = {
    stat.S_IFLNK: "a link",
    stat.S_IFIFO: "a FIFO",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
    stat.S_IFREG: "a file",
}


class Foreign(NamedTuple):
    """Something that is not the registry's.

    Attributes
    ----------
    path : str
    told : str
        One sentence.
    in_place : bool
        Whether it stands where the registry's own would be.
    """

    path: str
    told: str
    in_place: bool


class _Folder(NamedTuple):
    """What belongs into a folder: which files, and which folders with what in them."""

    files: Callable[[str], object]
    folders: Callable[[str], _Folder | None] = lambda _: None


def _blobs_of(byte: str) -> _Folder:
    return _Folder(lambda name: (hexed := hex_of_name(name)) and hexed.startswith(byte))


_LOG = _Folder(_COMMIT.fullmatch)
_SHA256 = _Folder(lambda _: False, lambda name: _blobs_of(name) if _BYTE.fullmatch(name) else None)
_DISCARDED = _Folder(lambda name: hex_of_name(name) or is_note(name))
_TRASH = _Folder(lambda _: False, lambda name: _DISCARDED if _DAY.fullmatch(name) else None)
_ROOT = _Folder(
    FORMAT_FILE.__eq__,
    {
        "log": _LOG,
        "blobs": _Folder(lambda _: False, {"sha256": _SHA256}.get),
        "cache": _Folder(_CATALOG.fullmatch),
        "tmp": _Folder(lambda name: name.endswith(PART) or name == LOCK),
        "trash": _TRASH,
    }.get,
)


def foreign(root: Path) -> Iterator[Foreign]:
    """Look through a registry's folder by names and kinds alone; links are not followed, and nothing is opened."""
    yield from _look(root, "", _ROOT)


def _look(folder: str | Path, prefix: str, expected: _Folder) -> Iterator[Foreign]:
    try:
        found = entries(folder)
    except OSError as error:
        yield Foreign(str(folder), f"{prefix.rstrip('/')} cannot be listed: {error.strerror}", in_place=True)
        return
    for entry in found:
        name, kind = prefix + os.fsencode(entry.name).decode("utf-8", "backslashreplace"), _kind(entry)
        inner, is_file = expected.folders(entry.name), bool(expected.files(entry.name))
        if inner and kind == "a folder":
            yield from _look(entry.path, f"{name}/", inner)
        elif inner or (is_file and kind != "a file"):
            wanted = "a folder" if inner else "a file"
            yield Foreign(entry.path, f"{name} is {kind} where {wanted} of the registry's own belongs", in_place=True)
        elif not is_file:
            yield Foreign(entry.path, f"{name} ({kind}){_hint(expected, entry.name)}", in_place=False)


def _kind(entry: os.DirEntry[str]) -> str:
    try:
        return _KINDS.get(stat.S_IFMT(entry.stat(follow_symlinks=False).st_mode), "something")
    except OSError:
        return "something"  # it went this moment, or cannot be looked at


def _hint(expected: _Folder, name: str) -> str:
    if expected is _LOG and name.endswith(".json"):
        return ": no commit by its name; a sync service leaves such copies where two have written at once"
    return ""
