"""Modules of the user's own that are loaded: their source, which no package index has.

A module is the user's own if its file lies neither in the standard library nor where installers put packages. So is a
package that was installed in place (editable): its source changes without its version.

What is recorded is what the file holds now. A module that was edited after its import is not what the model saw, unless
it was loaded again.
"""

from __future__ import annotations

import functools
import hashlib
import os
import site
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbregistry.provenance.git import repository_of, tracked
from nbregistry.provenance.redaction import redact
from nbregistry.provenance.wording import encodable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST = 500
"""Modules; of a larger project the first by name."""

LONGEST = 256 * 1024
"""Bytes of source that are kept of one module."""

_INSTALLED = ("site-packages", "dist-packages")
_NOT_MODULES = ("__main__", "__mp_main__", "nbregistry")


@dataclass(frozen=True)
class LocalModule:
    """One module of the user's own.

    Attributes
    ----------
    name : str
        As it is imported.
    path : str
        From the root of the repository, or from the working folder; else as its name says.
    source : str
        Without secrets.
    digest : str
        ``sha256:…`` of the file.
    tracked : bool or None
        Whether git has the file; ``None`` where there is no git.
    cut_bytes : int
        How much of the file was too long to be kept.
    """

    name: str
    path: str
    source: str
    digest: str
    tracked: bool | None = None
    cut_bytes: int = 0

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> LocalModule:
        """Build from what was recorded."""
        return cls(**{key: document[key] for key in ("name", "path", "source", "digest", "tracked", "cut_bytes")})

    def to_document(self) -> dict[str, Any]:
        """Give what is recorded."""
        return {
            "name": self.name,
            "path": self.path,
            "source": self.source,
            "digest": self.digest,
            "tracked": self.tracked,
            "cut_bytes": self.cut_bytes,
        }


def capture_local_modules() -> tuple[LocalModule, ...]:
    """Record the user's own modules that are loaded; files that did not change are not read again.

    Returns
    -------
    tuple of LocalModule
        By name.
    """
    files = dict(sorted(_own_files())[:MOST])
    roots = {file: repository_of(Path(file).parent) for file in files.values()}
    in_git = {
        file
        for root in set(roots.values())
        if root is not None
        for file in tracked(root, [file for file, its in roots.items() if its == root])
    }
    modules = []
    for name, file in files.items():
        try:
            status = os.stat(file)
            source, digest, cut = _read(file, status.st_mtime_ns, status.st_size)
        except OSError:  # it was deleted since it was imported
            continue
        root = roots[file]
        known = None if root is None else file in in_git
        modules.append(LocalModule(name, _shown_path(name, file, root), source, digest, known, cut))
    return tuple(modules)


_looked_at: dict[str, tuple[int, str]] = {}


def _own_files() -> Iterator[tuple[str, str]]:
    """Give name and file of each module that is the user's own; each module is looked at once."""
    for name, module in list(sys.modules.items()):
        identity, file = _looked_at.get(name, (0, ""))
        if identity != id(module):
            file = _own_file(name, module)
            _looked_at[name] = (id(module), file)
        if file:
            yield name, file


def _own_file(name: str, module: Any) -> str:
    """Give the file of a module if it is the user's own, else ``""``."""
    # Not by getattr: a module that loads itself when it is looked at must not be loaded by us.
    file = getattr(module, "__dict__", {}).get("__file__")
    if name.partition(".")[0] in _NOT_MODULES or not isinstance(file, str) or not file.endswith(".py"):
        return ""
    file = os.path.abspath(file)
    installed = file.startswith(_installed_folders()) or any(f"{os.sep}{name}{os.sep}" in file for name in _INSTALLED)
    return "" if installed else file


@functools.cache
def _installed_folders() -> tuple[str, ...]:
    paths = [sysconfig.get_path(key) for key in ("stdlib", "platstdlib", "purelib", "platlib")]
    # Of the Python below a virtual environment, too.
    paths += [os.path.dirname(os.__file__), *site.getsitepackages(), site.getusersitepackages()]
    return tuple(
        {folder + os.sep for path in paths if path for folder in (os.path.abspath(path), os.path.realpath(path))}
    )


@functools.lru_cache(maxsize=2 * MOST)
def _read(file: str, _changed: int, _size: int) -> tuple[str, str, int]:
    """Read a file's source, digest and how much was cut; a changed file is another call."""
    from importlib.util import decode_source

    with open(file, "rb") as opened:
        content = opened.read()
    kept = content if len(content) <= LONGEST else content[: content.rfind(b"\n", 0, LONGEST) + 1]
    try:
        source = decode_source(kept)
    except (SyntaxError, UnicodeDecodeError):  # Python would not read it either, any more
        source = kept.decode("utf-8", "backslashreplace")
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    return redact(encodable(source)).text, digest, len(content) - len(kept)


def _shown_path(name: str, file: str, root: Path | None) -> str:
    """Shorten a path so that it means something on another machine and tells nothing of this one."""
    path = Path(file)
    try:
        here = Path.cwd()
    except OSError:
        here = None
    for base in (root, here):
        if base is not None and path.is_relative_to(base):
            return encodable(path.relative_to(base).as_posix())
    parts = name.split(".")
    return encodable("/".join([*parts, path.name] if path.name == "__init__.py" else [*parts[:-1], path.name]))
