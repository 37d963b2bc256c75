"""Files and folders as they are: what any framework wrote itself."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbregistry.artifacts.durable import explained
from nbregistry.artifacts.members import Names, check_member
from nbregistry.errors import Corrupt, NotFound, Refused
from nbregistry.flavors.base import check_format

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbregistry.artifacts.pack_reading import PackReader
    from nbregistry.artifacts.pack_writing import PackWriter

FILES = "files"
ABOUT = "files.json"


class FilesFlavor:
    """Stores a file, or a folder with all that is in it; gives back a path to a copy."""

    name = "files"
    formats = {FILES: False}  # noqa: RUF012

    def recognises(self, model: Any) -> bool:
        """Tell whether it is a path, or text that names an existing file or folder."""
        if isinstance(model, Path):
            return True
        return type(model) is str and os.path.exists(model)  # noqa: PTH110  a Path takes "" for "." and chokes on long text

    def save(self, model: Any, pack: PackWriter) -> str:
        """Write every file, streamed; links and devices are refused."""
        path = Path(model)
        if not path.exists():
            raise NotFound(f"there is no file or folder {path}", hint="give the path of one that exists")
        path = path.resolve()
        name = check_member(path.name)
        folders = []
        for place, is_folder in _walk(path):
            inside = "/".join([FILES, name, *place.relative_to(path).parts])
            if is_folder:
                folders.append(check_member(inside))
            else:
                pack.add_file(inside, place)
        pack.add(ABOUT, json.dumps({"name": name, "folders": folders}).encode())
        return FILES

    def load(self, pack: PackReader, format: str) -> Path:  # noqa: A002
        """Give the path of a copy in a temporary folder, which is removed when Python ends."""
        check_format(self, format)
        name, folders = _about(pack)
        with explained("make a temporary folder"):
            root = Path(tempfile.mkdtemp(prefix="nbregistry-"))
            atexit.register(shutil.rmtree, root, ignore_errors=True)
            for folder in folders:
                (root / folder).mkdir(parents=True, exist_ok=True)
        pack.copy_to(root)
        if not (root / FILES / name).exists():
            raise Corrupt(f"this artifact lacks {name!r}, which it is said to be", hint="%nbr verify")
        return root / FILES / name


def _about(pack: PackReader) -> tuple[str, list[str]]:
    """Read what the file or folder is called, and which folders in it are empty."""
    try:
        about: Any = json.loads(pack.read(ABOUT)) if ABOUT in pack.paths else None
        name, folders = check_member(about["name"]), list(about["folders"])
        names = Names()
        for path in (*pack.paths, *folders):
            names.add(path)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Corrupt(f"this artifact has no {ABOUT} that can be read", hint="%nbr verify") from error
    return name, folders


def _walk(path: Path) -> Iterator[tuple[Path, bool]]:
    """Give every file, and every folder without one, in a stable order."""
    with explained(f"read {path}"):
        mode = path.lstat().st_mode
        children = sorted(path.iterdir()) if stat.S_ISDIR(mode) else []
    if children:
        for child in children:
            yield from _walk(child)
    elif stat.S_ISDIR(mode) or stat.S_ISREG(mode):
        yield path, stat.S_ISDIR(mode)
    else:
        kind = "a link" if stat.S_ISLNK(mode) else "no regular file"
        raise Refused(f"{path} is {kind}, which is not stored", hint="put a copy of its content in its place")
