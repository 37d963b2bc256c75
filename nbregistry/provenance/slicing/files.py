"""Files that a session writes and reads back: who reads one needs who wrote it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nbregistry.provenance.slicing.known.files import FOLDERS, READING_METHODS, READS, WRITES, WRITING_METHODS

if TYPE_CHECKING:
    from nbregistry.provenance.slicing.functions import Given
    from nbregistry.provenance.slicing.things import Scope, Thing
    from nbregistry.provenance.slicing.walk import Walk

FILE = "<file>"
SOME_FILE = "<file>?"
"""The hidden state of all files whose name is not known."""

FOLDER = "<folder>"
PATHS = frozenset({"pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath"})
_OPENERS = frozenset(
    {"builtins.open", "io.open", "gzip.open", "bz2.open", "lzma.open", "tarfile.open", "zipfile.ZipFile", "h5py.File"}
)


def read(walk: Walk, path: str | None) -> None:
    """Note that a file is read."""
    if path is not None:
        path = _plain(path)
        walk.now.reads.append(path)
        walk.read_hidden(FILE + path)
        walk.read_hidden(SOME_FILE)
    else:
        for name in list(walk.globals.names):
            if name.startswith(FILE):
                walk.read_hidden(name)
    if path is None or "://" not in path:
        walk.read_hidden(FOLDER)


def write(walk: Walk, path: str | None, *, anew: bool = False) -> None:
    """Note that a file is written."""
    walk.read_hidden(FOLDER)
    walk.write_hidden(
        SOME_FILE if path is None else FILE + _plain(path), anew=anew and path is not None and not walk.control
    )


def enter_folder(walk: Walk) -> None:
    """Note that a folder is made, or gone into."""
    walk.write_hidden(FOLDER)


def _plain(path: str) -> str:
    while path.startswith("./"):
        path = path[2:]
    return path


def function(walk: Walk, scope: Scope, name: str, node: ast.Call, given: Given) -> Thing | None:
    """Note what a library's function reads or writes; give the open file if it gives one."""
    from nbregistry.provenance.slicing.expressions import literal

    if name in _OPENERS:
        return _open(walk, scope, node)
    for thing in given.everything():
        if thing.kind == "file":
            use(walk, thing)
    if name in READS:
        first = node.args[0] if node.args else next((keyword.value for keyword in node.keywords), None)
        if not any(thing.kind == "file" for thing in given.placed[0]) if given.placed else True:
            read(walk, literal(scope, first))
    if name in WRITES:
        at = WRITES[name]
        if not any(thing.kind == "file" for thing in given.everything()):
            write(walk, literal(scope, node.args[at]) if at < len(node.args) else None, anew=True)
    if name in FOLDERS:
        enter_folder(walk)
    return None


def method(walk: Walk, scope: Scope, thing: Thing, name: str, given: Given, node: ast.Call) -> None:  # noqa: PLR0917
    """Note what a method reads or writes."""
    from nbregistry.provenance.slicing.expressions import literal

    if thing.kind == "file":
        use(walk, thing)
    for one in given.everything():
        if one.kind == "file":
            use(walk, one)
    own = literal(scope, node.func.value) if isinstance(node.func, ast.Attribute) else None
    is_path = thing.name in PATHS
    if name == "mkdir":
        enter_folder(walk)
    elif name in WRITING_METHODS and not any(one.kind == "file" for one in given.everything()):
        path = own if is_path else literal(scope, node.args[0]) if node.args else None
        if node.args or node.keywords or is_path:
            write(walk, path, anew=not any(keyword.arg == "mode" for keyword in node.keywords))
    elif name in READING_METHODS and (is_path or thing.kind == "unknown"):
        read(walk, own)


def use(walk: Walk, thing: Thing) -> None:
    """Note that an open file is read or written, as it was opened for."""
    path = thing.name or None
    if thing.seeded:  # opened for writing
        walk.write_hidden(SOME_FILE if path is None else FILE + path)
    walk.change((thing,))


def _open(walk: Walk, scope: Scope, node: ast.Call) -> Thing:
    from nbregistry.provenance.slicing.expressions import literal

    path = literal(scope, node.args[0]) if node.args else None
    mode = node.args[1] if len(node.args) > 1 else next((one.value for one in node.keywords if one.arg == "mode"), None)
    text = (
        mode.value if isinstance(mode, ast.Constant) and isinstance(mode.value, str) else "r" if mode is None else "r+"
    )
    writes = any(letter in text for letter in "wax+")
    thing = walk.make("file", node, _plain(path) if path else "")
    thing.seeded = writes
    if writes:
        write(walk, path, anew="w" in text)
    if not writes or "+" in text or "a" in text:
        read(walk, path)
    return thing


def read_module(walk: Walk, module: str) -> None:
    """Note that a module is imported that the session may have written."""
    package, _, last = module.lstrip(".").rpartition(".")
    root = (package or last).partition(".")[0]
    for name in list(walk.globals.names):
        # The folder that it stands in may be on the path, or be gone into.
        if name.startswith(FILE) and (name.endswith(f"/{last}.py") or name == f"{FILE}{last}.py" or f"{root}/" in name):
            walk.read_hidden(name)
    walk.read_hidden(SOME_FILE)
    walk.read_hidden(FOLDER)
