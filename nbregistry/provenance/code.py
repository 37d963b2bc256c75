"""Where the code stood: the notebook and the git commit.

Only what identifies the code is recorded. Remotes, which may hold credentials, are never read.
"""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbregistry.provenance.wording import encodable

if TYPE_CHECKING:
    from collections.abc import Mapping

GIT_TIMEOUT = 2.0
"""Seconds; a slower repository is recorded without its state rather than waited for."""

FRESH = 3.0
"""Seconds for which an answer of git counts as current."""

_VSCODE_SUFFIX = re.compile(r"-jvsc-[0-9a-f-]{36,}(?=\.ipynb$)")

_answers: dict[Path, tuple[float, dict[str, Any]]] = {}


def capture_code(namespace: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Record which notebook and which commit the code came from.

    Parameters
    ----------
    namespace : dict, optional
        The notebook's variables; VS Code leaves the notebook's path among them.

    Returns
    -------
    dict
        ``notebook``: its path, relative to the repository or else to the working folder; ``git``: ``commit``,
        ``branch`` (``""`` where detached) and ``dirty`` (a tracked file is changed). Each only where it is known.
    """
    here = _working_folder()
    root = _repository(here) if here else None
    code: dict[str, Any] = {}
    notebook = _notebook(namespace or {})
    if notebook:
        code["notebook"] = _relative(notebook, root, here)
    git = _git(root) if root else {}
    if git:
        code["git"] = git
    return code


def _working_folder() -> Path | None:
    try:
        return Path.cwd()
    except OSError:  # it was deleted under the running kernel
        return None


def _repository(folder: Path) -> Path | None:
    """Find the nearest folder with a ``.git`` (a file in a worktree), here or above."""
    return next((place for place in (folder, *folder.parents) if os.path.lexists(place / ".git")), None)


def _notebook(namespace: Mapping[str, Any]) -> str:
    # JupyterLab names consoles in the same variable: only a notebook's file counts.
    for said in (namespace.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME")):
        if isinstance(said, str) and said.lower().endswith(".ipynb"):
            return encodable(_VSCODE_SUFFIX.sub("", said))
    return ""


def _relative(notebook: str, root: Path | None, here: Path | None) -> str:
    """Shorten a path so that it means something on another machine and tells nothing of this one."""
    path = Path(notebook)
    if not path.is_absolute():
        return path.as_posix()
    for base in (root, here):
        if base and path.is_relative_to(base):
            return path.relative_to(base).as_posix()
    return path.name


def _git(root: Path) -> dict[str, Any]:
    now = time.monotonic()
    asked_at, answer = _answers.get(root, (-FRESH, {}))
    if now - asked_at >= FRESH:
        answer = _ask_git(root)
        _answers[root] = (now, answer)
    return dict(answer)


def _ask_git(root: Path) -> dict[str, Any]:
    """Ask once for commit, branch and changes; untracked files are not searched for, which can take long."""
    import subprocess

    command = [
        "git",
        "--no-optional-locks",
        "-c",
        "core.fsmonitor=false",
        "status",
        "--porcelain=v2",
        "--branch",
    ]
    try:
        done = subprocess.run(  # noqa: S603
            [*command, "--untracked-files=no", "--ignore-submodules=dirty"],
            cwd=root,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=GIT_TIMEOUT,
            check=True,
            env=os.environ | {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # no flashing console on Windows
        )
    except (OSError, subprocess.SubprocessError):  # no git, not a repository of ours, too slow
        return {}
    # A branch may hold what Python takes for the end of a line, e.g. U+2028; git ends its lines with one character.
    lines = done.stdout.decode("utf-8", "replace").split("\n")
    said = dict(line[2:].split(" ", 1) for line in lines if line.startswith("# branch."))
    commit, branch = said.get("branch.oid", ""), said.get("branch.head", "")
    return {
        "commit": "" if commit == "(initial)" else commit,
        "branch": "" if branch == "(detached)" else branch,
        "dirty": any(line and not line.startswith("#") for line in lines),
    }
