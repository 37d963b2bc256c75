"""Inspect: what loading a version would import and call, told without loading it.

This is advice. What may be loaded is decided by who signed it (:mod:`nbregistry.operations.loading`), never by what a
reader of opcodes makes of it: a library that looks harmless here may do anything.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.errors import NotFound, RegistryError
from nbregistry.inspection import EmbeddedCode, Import, Inspection
from nbregistry.operations.loading import is_accepted, is_allowed
from nbregistry.operations.resolving import resolve
from nbregistry.reference import recorded_ref

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nbregistry.flavors.opcodes import Program
    from nbregistry.inspection import ImportGroup
    from nbregistry.operations.resolving import Ref
    from nbregistry.operations.workspace import Workspace

# A stream of opcodes beyond this is no model's: large arrays lie beside it.
MOST_BYTES = 256 << 20
_MOST_FILES = 50

_MODULES = {
    "operating system": "os posix nt posixpath ntpath pty platform signal resource fcntl",
    "runs programs": "subprocess _posixsubprocess multiprocessing commands popen2 pdb webbrowser",
    "network": "socket _socket ssl http urllib ftplib smtplib telnetlib poplib imaplib nntplib xmlrpc socketserver "
    "requests httpx aiohttp asyncio",
    "files": "shutil tempfile pathlib glob fileinput io _io zipfile tarfile mmap",
    "runs code": "code codeop runpy timeit profile cProfile trace doctest bdb test unittest marshal",
    "imports by name": "importlib imp pkgutil pydoc zipimport site",
    "reaches into the interpreter": "sys ctypes _ctypes gc inspect builtins __builtin__ cffi types",
    "installs packages": "pip setuptools distutils ensurepip",
}
_REASONS = {module: reason for reason, modules in _MODULES.items() for module in modules.split()}
_BUILTINS = {
    "eval": "runs code", "exec": "runs code", "compile": "runs code", "execfile": "runs code", "apply": "runs code",
    "__import__": "imports by name", "open": "files", "input": "asks the user", "breakpoint": "runs code",
    "getattr": "reaches any attribute by its name", "setattr": "changes any attribute",
    "delattr": "changes any attribute",
    "globals": "reaches into the interpreter", "locals": "reaches into the interpreter",
    "vars": "reaches into the interpreter", "help": "runs programs", "memoryview": "reaches into memory",
}  # fmt: skip
# Whatever the module: a known package, too, has functions that run what they are given.
_NAMES = _BUILTINS | {
    "system": "runs programs", "popen": "runs programs", "Popen": "runs programs", "check_output": "runs programs",
    "loads": "reads another pickle", "load": "reads another pickle", "read_pickle": "reads another pickle",
    "Unpickler": "reads another pickle", "_load_from_bytes": "reads another pickle", "runstring": "runs code",
    "attrgetter": "reaches any attribute by its name", "methodcaller": "calls any method by its name",
    "rmtree": "files", "unlink": "files", "runsource": "runs code", "import_module": "imports by name",
    "__globals__": "reaches into the interpreter", "__subclasses__": "reaches into the interpreter",
    "__builtins__": "reaches into the interpreter", "__getattribute__": "reaches any attribute by its name",
    "__reduce__": "runs code", "__reduce_ex__": "runs code",
}  # fmt: skip
# Of modules that are on the list above, what plain models hold as well.
_HARMLESS = frozenset(
    {("types", "SimpleNamespace"), ("pathlib", "Path"), ("pathlib", "PosixPath"), ("pathlib", "PurePosixPath")}
    | {("builtins", name) for name in (
        "bool", "bytearray", "bytes", "complex", "dict", "float", "frozenset", "int", "list", "object", "range", "set",
        "slice", "str", "tuple", "type", "Ellipsis", "NotImplemented", "len", "abs", "min", "max", "sum", "round",
    )}
)  # fmt: skip
_EMBEDDED = frozenset({"_make_function", "_make_skeleton_class", "_builtin_type", "_function_setstate", "subimport"})
_PLAIN_NAME = re.compile(r"[^\W\d][\w.]*|\*")


def inspect(workspace: Workspace, ref: Ref) -> Inspection:
    """Look into a version's files; see :meth:`nbregistry.Registry.inspect`."""
    view = workspace.view()
    document = resolve(view, ref)
    name = recorded_ref(document)
    try:
        pack = PackReader(workspace.store, document["digest"])
        found = _Found(pack, document, view.shared_value(document.get("environment")))
    except RegistryError as error:
        raise type(error)(
            f"{name}: {error.message}", hint=error.hint, otherwise=error.otherwise, nearest=error.nearest
        ) from error
    key, keyring = document["signed_by"], workspace.keyring
    try:
        loads = is_allowed(document, keyring) and (is_accepted(key, keyring) or not found.doubtful)
    except NotFound as error:
        loads = False
        found.problems.append(error.message)
    return Inspection(
        ref=name,
        flavor=document["flavor"],
        format=document["format"],
        executes_code=found.executes_code,
        signed_by=key,
        trusted=keyring.is_trusted(key),
        loads=loads and not found.mismatched,
        files=tuple((path, pack.size(path)) for path in pack.paths),
        imports=tuple(sorted(found.imports, key=lambda one: (_ORDER.index(one.group), one.module, one.name))),
        codes=tuple(found.codes),
        opcodes=dict(found.opcodes),
        problems=tuple(found.problems),
    )


_ORDER: tuple[ImportGroup, ...] = ("suspicious", "unknown", "recorded", "standard library")


class _Found:
    """What is in an artifact's files.

    Parameters
    ----------
    pack : PackReader
    document : dict
    environment : dict or None
        As it is recorded, by whoever signed the version.
    """

    def __init__(self, pack: PackReader, document: Mapping[str, Any], environment: Any) -> None:
        from nbregistry.flavors import runs_no_code

        flavor, form = document["flavor"], document["format"]
        self.executes_code = not runs_no_code(flavor, form)
        self.imports: list[Import] = []
        self.codes: list[EmbeddedCode] = []
        self.opcodes: dict[str, int] = {}
        self.problems: list[str] = []
        self.doubtful: tuple[str, ...] = ()
        header = (pack.header.get("flavor"), pack.header.get("format"))
        self.mismatched = header != (flavor, form)
        if self.mismatched:
            told = " ".join(str(part)[:60] for part in header)
            self.problems.append(f"its artifact says that it is {told}, its record {flavor} {form}: it is refused")
        self._packages = _modules_of(environment)
        if self.executes_code:
            self._follow(pack)
        else:
            self._name_types(pack, flavor, form)

    def _follow(self, pack: PackReader) -> None:
        from nbregistry.flavors.opcodes import follow

        streams = list(_streams(pack))
        if not streams:
            self.problems.append("none of its files is a pickle: what its flavor does with them is not known")
        if len(streams) > _MOST_FILES:
            self.problems.append(f"only {_MOST_FILES} of its {len(streams):,} pickles were followed")
        for path in streams[:_MOST_FILES]:
            if pack.size(path) > MOST_BYTES:
                self.problems.append(f"{path} is too large to be followed")
                continue
            self._add(path, follow(bytes(pack.read(path))))

    def _add(self, path: str, program: Program) -> None:
        for (module, name), use in program.imports.items():
            group, reason = self._judge(module, name)
            called = tuple(sorted(use.opcodes))
            self.imports.append(Import(module, name, group, reason, called, use.times, tuple(use.texts), path))
        self.codes += [EmbeddedCode(code.name, code.file, code.names, _alarming(code.names)) for code in program.codes]
        for opcode, count in program.opcodes.items():
            self.opcodes[opcode] = self.opcodes.get(opcode, 0) + count
        self.problems += [f"{path}: {problem}" for problem in program.problems]
        if program.nested:
            self.problems.append(f"{path}: there is another pickle inside; what it would import is listed too")

    def _name_types(self, pack: PackReader, flavor: str, form: str) -> None:
        from nbregistry.flavors import by_name
        from nbregistry.flavors.base import names_types

        named = by_name(flavor)
        if not names_types(named, form):
            return
        try:
            self.doubtful = named.doubtful_types(pack)
        except (RegistryError, ModuleNotFoundError) as error:
            self.problems.append(str(error).partition("\n")[0])
            self.mismatched = True
        for path in self.doubtful:
            module, _, name = path.rpartition(".")
            group, reason = self._judge(module, name)
            told = reason or f"{form} does not know it to be harmless"
            self.imports.append(Import(module, name, group, told, ("built",), 1, (), form))

    def _judge(self, module: str, name: str) -> tuple[ImportGroup, str]:
        if reason := _suspicion(module, name):
            return "suspicious", reason
        top = module.partition(".")[0]
        if top in self._packages:
            return "recorded", ""
        if top in sys.stdlib_module_names:
            return "standard library", ""
        return "unknown", "the record names no package that brings it"


def _streams(pack: PackReader) -> Iterator[str]:
    """Give the files that are pickles: ours by name and first, those of another flavor by how they begin."""
    from nbregistry.flavors.pickling import STREAM

    for path in sorted(pack.paths, key=lambda path: path != STREAM):
        if path == STREAM or (pack.size(path) <= MOST_BYTES and bytes(pack.read(path)[:1]) == b"\x80"):
            yield path


def _suspicion(module: str, name: str) -> str:
    """Say what an import is feared for; ``""`` if there is nothing to say."""
    if not module:
        return f"its name is no text: {name}"
    if not _PLAIN_NAME.fullmatch(module) or not _PLAIN_NAME.fullmatch(name):
        return "it is no name of a module or of anything in one"
    if module.startswith("cloudpickle") and name in _EMBEDDED:
        return "" if name == "subimport" else "builds functions or classes from code that the pickle carries"
    return "" if (module, name) in _HARMLESS else _fear(module, name)


def _fear(module: str, name: str) -> str:
    top, *below = module.split(".")
    parts = name.split(".")
    if top in _REASONS and top != "builtins":
        return _REASONS[top]
    # "sklearn.utils" has an attribute "os", and so on: what is reached through a package is what it is.
    reached = [_REASONS[part] for part in (*below, *parts[:-1]) if part in _REASONS]
    return next((_NAMES[part] for part in parts if part in _NAMES), reached[0] if reached else "")


def _alarming(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name in _REASONS or name in _NAMES)


def _modules_of(environment: Any) -> frozenset[str]:
    """Give the top-level modules of the packages that a record names."""
    from importlib.metadata import packages_distributions

    packages = environment.get("packages") if isinstance(environment, dict) else None
    named = {_normal(str(name)) for name in packages} if isinstance(packages, dict) else set()
    here = packages_distributions()
    brought = {module for module, names in here.items() if any(_normal(name) in named for name in names)}
    return frozenset(brought | {name.replace("-", "_") for name in named} | {"nbregistry"})


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
