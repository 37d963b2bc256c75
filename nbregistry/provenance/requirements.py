"""The packages of a recorded environment, in the two forms that installers read.

Both are made from the record alone. It holds what installed packages say of themselves: name, version, and where they
came from if that was no index. Addresses and digests of what an index serves are not among it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_VERSION = re.compile(r"[A-Za-z0-9.+!_-]+")
_PLAIN = re.compile(r"[^\s\"'\\;#]+")


def requirements_of(environment: Mapping[str, Any], imported: Collection[str] = ()) -> str:
    """Give the packages as a requirements list, exact versions, sorted by name.

    Parameters
    ----------
    environment : dict
        As recorded with a version.
    imported : collection of str
        Names of packages that the notebook itself imports; they come first.

    Returns
    -------
    str
        For ``pip install -r``. What stands in a folder of its own can't be installed from a list: it is a comment.

    Examples
    --------
    >>> environment = {"packages": {"scipy": "1.17.1", "numpy": "2.4.6"}}
    >>> print(requirements_of(environment, ["numpy"]), end="")
    # imported by the notebook
    numpy==2.4.6
    # loaded besides, or needed by nbregistry
    scipy==1.17.1
    """
    wanted = {_normal(name) for name in imported}
    first = [entry for name, entry in _entries(environment) if name in wanted]
    others = [entry for name, entry in _entries(environment) if name not in wanted]
    python = environment.get("python")
    lines = [f"# Python {python}"] if isinstance(python, str) and _VERSION.fullmatch(python) else []
    lines += ["# imported by the notebook", *first] if first else []
    lines += ["# loaded besides, or needed by nbregistry"] if first and others else []
    return "".join(f"{line}\n" for line in [*lines, *others])


def _entries(environment: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give each package's normal name and its line; what is no name or version, a stranger's words, is left out."""
    for name, version, source in _packages(environment):
        line = f"{name}=={version}"
        if source.get("vcs") and _is_plain(source, "vcs", "url", "commit"):
            line = f"{name} @ {source['vcs']}+{source['url']}@{source['commit']}{_subdirectory(source)}"
        elif source.get("sha256") and _is_plain(source, "url", "sha256"):
            line = f"{name} @ {source['url']}#sha256={source['sha256']}"
        elif source:
            line = f"# {line}, from a folder or file that was not in an index"
        yield _normal(name), line


def _packages(environment: Mapping[str, Any]) -> list[tuple[str, str, Mapping[str, Any]]]:
    packages, sources = environment.get("packages"), environment.get("sources")
    if not isinstance(packages, dict):
        return []
    known = sources if isinstance(sources, dict) else {}
    found = [
        (name, version, source if isinstance(source := known.get(name), dict) else {})
        for name, version in packages.items()
        if _NAME.fullmatch(name) and isinstance(version, str) and _VERSION.fullmatch(version)
    ]
    return sorted(found, key=lambda package: _normal(package[0]))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _is_plain(source: Mapping[str, Any], *keys: str) -> bool:
    return all(isinstance(source.get(key), str) and _PLAIN.fullmatch(source[key]) for key in keys)


def _subdirectory(source: Mapping[str, Any]) -> str:
    return f"#subdirectory={source['subdirectory']}" if _is_plain(source, "subdirectory") else ""


def pylock_of(environment: Mapping[str, Any]) -> str:
    """Give the packages as the content of a ``pylock.toml`` (PEP 751).

    That form wants, of each package, where its files are and their digests. Of packages from an index nobody on this
    machine knows them, so these stand under ``[tool.nbregistry]``, by exact version, and not among the packages: an
    installer that took the file for complete would leave them out, and the file says so.

    Parameters
    ----------
    environment : dict
        As recorded with a version.

    Returns
    -------
    str
    """
    located, missing = [], []
    for name, version, source in _packages(environment):
        table = _table(name, version, source)
        located += [table] if table else []
        missing += [] if table else [f"{_normal(name)}=={version}"]
    python = environment.get("python")
    lines = [
        "# Made from a record and not by resolving: nothing was asked of an index.",
        'lock-version = "1.0"',
        *([f"requires-python = {_text(f'=={python}')}"] if _is_version(python) else []),
        'created-by = "nbregistry"',
    ]
    lines += [f"packages = [{'' if located else ']'}"]
    lines += [*(f"  {table}," for table in located), "]"] if located else []
    lines += [
        "",
        "[tool.nbregistry]",
        "# Of these an index has the files; addresses and digests, which a lock needs, are not recorded.",
        "not-locked = [",
        *(f"  {_text(requirement)}," for requirement in missing),
        "]",
    ]
    return "".join(f"{line}\n" for line in lines)


def _is_version(python: object) -> bool:
    return isinstance(python, str) and re.fullmatch(r"\d+(?:\.\d+)*", python) is not None


def _table(name: str, version: str, source: Mapping[str, Any]) -> str:
    """Give the inline table of a package whose place is known; ``""`` if it is not."""
    part: dict[str, Any]
    if source.get("vcs") and _is_plain(source, "vcs", "url", "commit"):
        kind = "vcs"
        part = {"type": source["vcs"], "url": source["url"], "commit-id": source["commit"]}
        part |= {"requested-revision": source["requested"]} if _is_plain(source, "requested") else {}
    elif source.get("sha256") and _is_plain(source, "url", "sha256"):
        kind, part = "archive", {"url": source["url"], "hashes": {"sha256": source["sha256"]}}
    elif isinstance(source.get("directory"), str) and source["directory"]:
        kind, part = "directory", {"path": source["directory"], "editable": source.get("editable") is True}
    else:
        return ""
    part |= {"subdirectory": source["subdirectory"]} if _is_plain(source, "subdirectory") else {}
    return _inline({"name": _normal(name), "version": version, kind: part})


def _inline(table: Mapping[str, Any]) -> str:
    return f"{{ {', '.join(f'{key} = {_value(value)}' for key, value in table.items())} }}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _inline(value) if isinstance(value, dict) else _text(value)


def _text(text: str) -> str:
    """Write a text as TOML does, which is as JSON does, but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
