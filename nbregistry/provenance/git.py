"""The state of a git repository: asked with care, in the background, and not twice within a moment.

Nothing in the repository is written, nothing that its configuration names as a helper is run, and nothing is fetched.
"""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING, Any

from nbregistry.provenance.remotes import remotes_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

TIMEOUT = 2.0
"""Seconds; a slower repository is recorded without its state rather than waited for."""

FRESH = 3.0
"""Seconds for which an answer of git counts as current."""

# No lock, no monitor, no helper for differences; and no question to the user.
COMMAND = ("git", "--no-optional-locks", "-c", "core.fsmonitor=false")
_tracked: dict[Path, tuple[float, frozenset[str], frozenset[str]]] = {}
_answers: dict[Path, tuple[float, dict[str, Any]]] = {}


def repository_of(folder: Path) -> Path | None:
    """Find the nearest folder with a ``.git`` (a file in a worktree), here or above."""
    return next((place for place in (folder, *folder.parents) if os.path.lexists(place / ".git")), None)


class Asked:
    """A question to git about a repository, which is being answered.

    Parameters
    ----------
    root : Path or None
        The repository; there may be none.
    """

    def __init__(self, root: Path | None) -> None:
        asked_at, answer = _answers.get(root, (-FRESH, {})) if root else (0.0, {})
        self._answer: dict[str, Any] = {}
        self._thread: threading.Thread | None = None
        if root is None or time.monotonic() - asked_at < FRESH:
            self._answer = answer
            return
        self._thread = threading.Thread(target=self._ask, args=(root,), name="nbregistry git", daemon=True)
        self._thread.start()

    def answer(self) -> dict[str, Any]:
        """Wait for what git says.

        Returns
        -------
        dict
            ``commit``, ``branch`` (``""`` where detached), ``dirty`` (a tracked file is changed) and, where there are
            any, ``remotes``: name to address, without credentials. Empty where git does not answer.
        """
        if self._thread is not None:
            self._thread.join(2 * TIMEOUT)
        return dict(self._answer)

    def _ask(self, root: Path) -> None:
        self._answer = _ask(root)
        _answers[root] = (time.monotonic(), self._answer)


def _ask(root: Path) -> dict[str, Any]:
    """Ask for commit, branch and changes; untracked files are not searched for, which can take long."""
    status = run(root, "status", "--porcelain=v2", "--branch", "--untracked-files=no", "--ignore-submodules=dirty")
    if status is None:
        return {}
    # A branch may hold what Python takes for the end of a line, e.g. U+2028; git ends its lines with one character.
    lines = status.decode("utf-8", "replace").split("\n")
    said = dict(line[2:].split(" ", 1) for line in lines if line.startswith("# branch."))
    commit, branch = said.get("branch.oid", ""), said.get("branch.head", "")
    # As they are configured, and not as `git remote -v` shows them: with what insteadOf puts in.
    remotes = remotes_of(run(root, "config", "--null", "--get-regexp", r"^remote\..*\.url$") or b"")
    return {
        "commit": "" if commit == "(initial)" else commit,
        "branch": "" if branch == "(detached)" else branch,
        "dirty": any(line and not line.startswith("#") for line in lines),
        **({"remotes": remotes} if remotes else {}),
    }


def run(root: Path, *arguments: str) -> bytes | None:
    """Run git and give what it prints; ``None`` where there is none, it fails, or takes too long."""
    import subprocess

    try:
        done = subprocess.run(  # noqa: S603
            [*COMMAND, *arguments],
            cwd=root,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT,
            check=True,
            env=surroundings(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # no flashing console on Windows
        )
    except (OSError, subprocess.SubprocessError):  # no git, not a repository of ours, too slow
        return None
    return done.stdout


def surroundings() -> dict[str, str]:
    """Give the environment for git: it asks nobody for a password, and speaks English."""
    return os.environ | {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


def tracked(root: Path, files: Iterable[str]) -> frozenset[str]:
    """Tell which files of a repository git has; asked once for the same files within a moment."""
    wanted = frozenset(files)
    asked_at, asked, found = _tracked.get(root, (-FRESH, frozenset(), frozenset()))
    if time.monotonic() - asked_at >= FRESH or not wanted <= asked:
        listed = run(
            root, "--literal-pathspecs", "ls-files", "-z", "--", *sorted(os.path.relpath(file, root) for file in wanted)
        )
        names = {os.path.join(root, os.fsdecode(name)) for name in (listed or b"").split(b"\0") if name}
        found = frozenset(file for file in wanted if file in names)
        _tracked[root] = (time.monotonic(), wanted, found)
    return wanted & found
