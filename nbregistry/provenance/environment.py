"""The Python, the system and the packages in use, fast enough to be recorded with every version.

A package is in use when one of its modules is loaded. Modules are mapped to installed distributions by the
folders that installers leave beside them, read once: no subprocess, no import, no listing of everything that
happens to be installed.

What nbregistry itself needs is always recorded, loaded by now or not: it loads much of that when it is first needed,
and two versions made one after the other must not seem to come from different environments because of it.
"""

from __future__ import annotations

import functools
import os
import platform
import re
import sys
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from nbregistry.provenance.sources import Source, source_of
from nbregistry.provenance.threads import Threads

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

_OWN = "nbregistry"
_METADATA = {".dist-info": "METADATA", ".egg-info": "PKG-INFO"}
# Strings, not pairs: a tuple for each of 30,000 files would set off the garbage collector, which took most of the time.
_RECORDED = re.compile(r"^[^/,\n]+(?:/[^/,\n]+)?", re.MULTILINE)
_FIELD = re.compile(r"^(Name|Version):[ \t]*(\S+)", re.MULTILINE)
_NEEDED = re.compile(r"^Requires-Dist:[ \t]*([\w.-]+)(?![^\n]*;[^\n]*\bextra\b)", re.MULTILINE)


@dataclass(frozen=True)
class Distribution:
    """One installed distribution: the path entry it is in, and the folder that describes it."""

    entry: str
    folder: str

    @cached_property
    def own_name(self) -> str:
        """Its name as the folder says it, which most often is that of its module."""
        return _own_name(self.folder)

    @cached_property
    def name_and_version(self) -> tuple[str, str] | None:
        """Name and version as published; ``None`` where the folder does not say."""
        found = dict(_FIELD.findall(self._head))
        return (found["Name"], found["Version"]) if len(found) == 2 else None

    @property
    def needs(self) -> list[str]:
        """Names of the distributions it needs, those for its extras left out."""
        return [_normal(name) for name in _NEEDED.findall(self._head)]

    @cached_property
    def _head(self) -> str:
        return _read(self.folder, _METADATA[os.path.splitext(self.folder)[1]]).split("\n\n", 1)[0]

    @cached_property
    def source(self) -> Source:
        """Where it was installed from, if not from an index."""
        text = _read(self.folder, "direct_url.json")
        return source_of(text) if text else {}

    @cached_property
    def modules(self) -> frozenset[str]:
        """Top-level modules and, where they are listed file by file, their direct parts as ``top.part``."""
        found = set(_RECORDED.findall(_read(self.folder, "RECORD")))
        pairs = [(top, part) for top, _, part in (path.partition("/") for path in found)]
        names = {top if part else top.partition(".")[0] for top, part in pairs}
        names |= {f"{top}.{part.partition('.')[0]}" for top, part in pairs if part}
        return frozenset(names.union(self.declared_modules))

    @cached_property
    def declared_modules(self) -> tuple[str, ...]:
        """Top-level modules from the short list that some installers write; empty where there is none."""
        return tuple(_read(self.folder, "top_level.txt").split())

    def among(self, loaded: Container[str]) -> Iterable[str]:
        """Give the top-level modules that are loaded, at the least cost: by its own name, a short list, all files."""
        if self.own_name in loaded:
            return (self.own_name,)
        return [name for name in self.declared_modules or self.modules if name in loaded]

    def holds(self, module: Any) -> bool:
        """Tell whether a loaded module can be this distribution's, and not a namesake from another folder."""
        places = [getattr(module, "__file__", None) or "", *(getattr(module, "__path__", None) or ())]
        inside = any(str(place).startswith(self.entry) for place in places)
        return inside or os.path.exists(os.path.join(self.folder, "direct_url.json"))  # an editable install


class Environment:
    """What is in use in this process, remembered from one look to the next.

    A module keeps the version it was first seen with: a later upgrade on disk does not change what is loaded.
    """

    def __init__(self) -> None:
        self._seen: frozenset[str] = frozenset()
        self._packages: dict[str, str] = {}
        self._sources: dict[str, Source] = {}
        self._threads = Threads()
        self._system: dict[str, Any] = {}

    def capture(self) -> dict[str, Any]:
        """Give the record; see :func:`capture_environment`."""
        if not self._system:
            self._system = {
                "python": platform.python_version(),
                "implementation": platform.python_implementation(),
                "os": f"{platform.system()} {platform.release()}",
                "machine": platform.machine(),
                "cpu": _processor(),
                "cpus": os.cpu_count(),
            }
        loaded = frozenset(name for name in list(sys.modules) if "." not in name)
        new = loaded - self._seen
        if new:
            installed = list(_distributions(sys.path))
            if not self._seen:
                self._packages = _needed_by(_OWN, installed)
            found = _packages_of(new.difference(sys.stdlib_module_names), installed)
            self._packages = dict(sorted((found | self._packages).items(), key=lambda item: item[0].lower()))
            self._sources |= {
                distribution.name_and_version[0]: distribution.source
                for distribution in installed
                if distribution.name_and_version
                and self._packages.get(distribution.name_and_version[0]) == distribution.name_and_version[1]
                and distribution.source
            }
            self._seen |= loaded
            self._threads.look_again()
        return {
            **self._system,
            **self._threads.describe(),
            "packages": dict(self._packages),
            **({"sources": {name: dict(source) for name, source in self._sources.items()}} if self._sources else {}),
        }


_ENVIRONMENT = Environment()


def capture_environment() -> dict[str, Any]:
    """Record the Python, the system and the packages in use.

    Returns
    -------
    dict
        ``python``, ``implementation``, ``os``, ``machine``, ``cpu`` (its model), ``cpus`` (how many), ``blas`` and
        ``threads`` (:meth:`Threads.describe`); ``packages``: name to version, of installed distributions of which a
        module is loaded, and of those that nbregistry needs; ``sources``: of those that came from no index, from where.

    Examples
    --------
    >>> import numpy
    >>> capture_environment()["packages"]["numpy"] == numpy.__version__
    True
    """
    return _ENVIRONMENT.capture()


def packages_of(modules: Iterable[str]) -> tuple[str, ...]:
    """Give the names of the packages that loaded modules came from, as they are published.

    Examples
    --------
    >>> import sklearn.linear_model
    >>> packages_of(["sklearn.linear_model", "json"])
    ('scikit-learn',)
    """
    tops = {name.partition(".")[0] for name in modules}
    return tuple(sorted(_packages_of(tops - sys.stdlib_module_names, list(_distributions(sys.path))), key=str.lower))


def _processor() -> str:
    """Name the model of the processor: from Linux's own list, or as the platform calls it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
            found = re.search(r"^model name\s*:\s*(.+)$", file.read(), re.MULTILINE)
    except OSError:
        found = None
    return found[1].strip() if found else platform.processor() or platform.machine()


def _packages_of(names: Iterable[str], installed: Iterable[Distribution]) -> dict[str, str]:
    """Give the distributions that these top-level modules came from."""
    modules = {name: sys.modules.get(name) for name in names}
    located = {
        name: module
        for name, module in modules.items()
        if getattr(module, "__file__", None) or getattr(module, "__path__", None)
    }
    if not located:
        return {}
    owners: dict[str, list[Distribution]] = {}
    for distribution in installed:
        for name in distribution.among(located):
            owners.setdefault(name, []).append(distribution)
    packages: dict[str, str] = {}
    for name, candidates in owners.items():
        for distribution in _in_use(name, candidates):
            if distribution.holds(located[name]) and distribution.name_and_version:
                package, version = distribution.name_and_version
                packages.setdefault(package, version)
    return packages


def _needed_by(name: str, installed: Iterable[Distribution]) -> dict[str, str]:
    """Give a distribution and all that it needs, directly or not, as far as they are installed."""
    by_name = {_normal(distribution.own_name): distribution for distribution in installed}
    waiting = [name]
    packages: dict[str, str] = {}
    while waiting:
        found = by_name.pop(waiting.pop(), None)
        if found and found.name_and_version:
            packages.update([found.name_and_version])
            waiting += found.needs
    return packages


def _normal(name: str) -> str:
    """Write the name of a distribution in the one way in which names are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _in_use(name: str, candidates: list[Distribution]) -> Iterator[Distribution]:
    """Choose among distributions that share a top-level name (``google``) those whose own part is loaded."""
    for distribution in candidates:
        parts = [module for module in distribution.modules if module.startswith(f"{name}.")] if candidates[1:] else []
        if not parts or any(part in sys.modules for part in parts):
            yield distribution


def _distributions(path: Iterable[str]) -> Iterator[Distribution]:
    """List what is installed along a path; of the same name in two entries the first counts, as in an import."""
    seen: set[str] = set()
    for entry in dict.fromkeys(path):
        for folder in _described(entry or os.curdir):
            name = _own_name(folder)
            if name not in seen:
                seen.add(name)
                yield _distribution(entry, folder)


def _own_name(folder: str) -> str:
    return os.path.basename(folder).partition("-")[0].lower()


@functools.cache
def _distribution(entry: str, folder: str) -> Distribution:
    """Remember what was read of a distribution; its folder is named by its version, so an upgrade is another."""
    return Distribution(entry, folder)


def _described(entry: str) -> list[str]:
    try:
        with os.scandir(entry) as found:
            return sorted(item.path for item in found if item.name.endswith(tuple(_METADATA)) and item.is_dir())
    except OSError:  # no folder: an archive, or a path that is not there
        return []


def _read(folder: str, name: str) -> str:
    try:
        with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
