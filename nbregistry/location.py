"""Where a registry is, and whether this release can read it.

A registry is one folder; a file ``FORMAT`` in it says so, names its format, the oldest format number a reader must
know, and its id. Everything inside is found by relative paths, so the folder can be moved.
"""

from __future__ import annotations

import os
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import orjson

from nbregistry.artifacts.durable import explained, in_doubt, make_folder, write_new
from nbregistry.artifacts.regular import read_regular
from nbregistry.errors import Corrupt, NotFound, Refused, StorageError

FOLDER = ".nbregistry"
FORMAT_FILE = "FORMAT"
FORMAT = 1
_LARGEST_FORMAT = 4096
OWN_FOLDERS = frozenset({"tmp", "log", "blobs", "cache", "trash"})


@dataclass(frozen=True)
class Format:
    """What the file ``FORMAT`` says.

    Attributes
    ----------
    format : int
        Of the release that made the registry.
    minimum_reader : int
        The oldest format number that a reader must know.
    id : str
        Unique to this registry; a copy keeps it. A name, and no proof: whoever can write here can change it. What
        is to be relied on is known by its first commit (:mod:`nbregistry.catalog.seen`) or by what was signed.
    """

    format: int
    minimum_reader: int
    id: str


def locate(url: str | os.PathLike[str] | None = None) -> Path:
    """Find the folder of a registry: the argument, ``NBREGISTRY_URL``, the nearest ``.nbregistry/`` upwards, or here.

    Parameters
    ----------
    url : str or path, optional
        A folder or a ``file:`` URL: a registry, a folder that holds ``.nbregistry/``, or a place for a new one.

    Returns
    -------
    Path
        Absolute; there may be nothing yet.

    Raises
    ------
    Refused
        For a URL of another kind, and text that is no path.
    StorageError
        If the current folder is gone.
    """
    chosen = url or os.environ.get("NBREGISTRY_URL")
    with explained("tell the current folder"):
        path = _given(os.fsdecode(chosen)).absolute() if chosen else Path.cwd()
    if not chosen:
        return next(
            (folder / FOLDER for folder in (path, *path.parents) if is_registry(folder / FOLDER)), path / FOLDER
        )
    return path / FOLDER if is_registry(path / FOLDER) and not is_registry(path) else path


def is_registry(folder: Path) -> bool:
    """Tell whether a folder is a registry."""
    return os.path.isfile(folder / FORMAT_FILE)  # noqa: PTH113  a Path's own raises where it may not look


def _given(url: str) -> Path:
    try:
        path = _path_of(url).expanduser()
        holds_nul = b"\0" in os.fsencode(path)
    except (ValueError, RuntimeError) as error:  # a host that is none, a surrogate, the home of nobody
        raise Refused(f"{url!a:.200} is no place for a registry: {error}", hint="give a path") from None
    if holds_nul:
        raise Refused(f"{url!a:.200} is no place for a registry: it has a NUL in it", hint="give a path")
    return path


def _path_of(url: str) -> Path:
    parts = urlsplit(url)
    if parts.scheme == "file":
        from urllib.request import url2pathname  # 20 ms: it brings http, ssl and email

        return Path(url2pathname(parts.path))
    if "://" in url:
        raise Refused(f"{url!a}: this release opens folders", hint="give a folder or a file: URL")
    return Path(url)


def read_format(root: Path) -> Format | None:
    """Read ``FORMAT``; ``None`` where there is no registry yet.

    Raises
    ------
    Refused
        If the registry needs a newer release.
    NotFound
        If the folder holds other things and is no registry.
    Corrupt, StorageError
    """
    data = read_about(root)
    if data is None:
        try:
            _check_is_free(root)
        except (NotFound, Corrupt):
            data = read_about(root)  # what stands there may be a registry that was made this moment
            if data is None:
                raise
        else:
            return None
    try:
        entries = orjson.loads(data)
        found = Format(int(entries["format"]), int(entries["minimum_reader"]), str(entries["id"]))
    except (ValueError, TypeError, KeyError):
        raise Corrupt(f"{root / FORMAT_FILE} is damaged", hint="restore it from a backup") from None
    if found.minimum_reader > FORMAT:
        raise Refused(
            f"{root} was written by a newer release (format {found.format}; this one reads up to {FORMAT})",
            hint="pip install --upgrade nbregistry",
        )
    return found


def read_about(root: Path) -> bytes | None:
    """Give the bytes of ``FORMAT``; ``None`` if there is none.

    Raises
    ------
    Corrupt
        If it is no regular file, or too large.
    StorageError
    """
    try:
        return read_regular(root / FORMAT_FILE, _LARGEST_FORMAT)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise StorageError(
            f"the registry {root} cannot be read: {error.strerror}", hint="check its permissions"
        ) from None


def _check_is_free(root: Path) -> None:
    """Refuse a place that holds something else: a registry is never made among other people's files."""
    with explained(f"look into {root}"):
        _check_is_ours(root)


def _check_is_ours(root: Path) -> None:
    if root.is_dir():
        # Folders that a registry makes for itself may stand there already when its making was cut short.
        others = [entry.name for entry in root.iterdir() if entry.name not in OWN_FOLDERS]
        if (root / "log").is_dir() and any((root / "log").iterdir()):
            raise Corrupt(f"{root} has lost its file {FORMAT_FILE}", hint="restore it from a backup")
        if others:
            raise NotFound(
                f"{root} is not a registry: it has no {FORMAT_FILE}, and other files are in it",
                hint=f"for a new registry beside them: nbregistry.open({str(root / FOLDER)!r})",
            )
    elif root.exists():
        raise NotFound(f"{root} is a file, not a registry", hint="give the registry's folder")


def is_in_doubt(root: Path) -> bool:
    """Tell whether this process was refused when it forced ``FORMAT`` to disk: a power cut may yet take it."""
    return FORMAT_FILE in in_doubt(root)


def create(root: Path) -> Format:
    """Make a registry, or join the one that somebody else makes at this moment.

    Raises
    ------
    StorageError
        If the folder cannot be written.
    """
    about = orjson.dumps({"format": FORMAT, "minimum_reader": FORMAT, "id": uuid.uuid4().hex}) + b"\n"
    if is_in_doubt(root):
        with explained(f"read {root / FORMAT_FILE}"):
            about = read_regular(root / FORMAT_FILE, _LARGEST_FORMAT)
    settle(root, about)
    found = read_format(root)
    if found is None:
        raise StorageError(f"the registry {root} vanished while it was made", hint="try again")
    return found


def settle(root: Path, about: bytes) -> bool:
    """Make the folder of a registry and write its ``FORMAT``, unless it has one; tell whether it was written.

    Whoever finds ``FORMAT`` may rely on the folder and its log being on disk, even if who made them was killed then.
    """
    with explained("make the folder"):
        make_folder(root)
        with suppress(FileExistsError):
            (root / "log").mkdir()
    return write_new(root, FORMAT_FILE, about, root / "tmp")
