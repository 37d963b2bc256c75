"""Where the code stood: the notebook and the git commit.

Only what identifies the code is recorded.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbregistry.provenance.git import Asked, repository_of
from nbregistry.provenance.identity import identify

if TYPE_CHECKING:
    from collections.abc import Mapping


class CodeCapture:
    """What is being found out about the code, from when it is made; git answers meanwhile.

    Parameters
    ----------
    namespace : dict, optional
        The notebook's variables; VS Code and papermill leave the notebook's path among them.

    Attributes
    ----------
    root : Path or None
        Of the git repository.
    identity : Identity
        Front end, notebook and kernel.
    """

    def __init__(self, namespace: Mapping[str, Any] | None = None) -> None:
        here = _working_folder()
        self.root = repository_of(here) if here else None
        self._git = Asked(self.root)
        self._code: dict[str, Any] = {}
        self.identity = identify(namespace or {}, os.environ, sys.orig_argv, sys.modules)
        if self.identity.notebook:
            self._code["notebook"] = _relative(self.identity.notebook, self.root, here)
        if self.identity.front_end:
            self._code["front_end"] = self.identity.front_end

    def result(self) -> dict[str, Any]:
        """Give the record; see :func:`capture_code`."""
        git = self._git.answer()
        return {**self._code, **({"git": git} if git else {})}


def capture_code(namespace: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Record which notebook and which commit the code came from.

    Parameters
    ----------
    namespace : dict, optional
        The notebook's variables; VS Code and papermill leave the notebook's path among them.

    Returns
    -------
    dict
        ``notebook``: its path, relative to the repository or else to the working folder; ``front_end``: what it is open
        in, as :class:`~nbregistry.provenance.identity.Identity` has it; ``git``: ``commit``,
        ``branch`` (``""`` where detached), ``dirty`` (a tracked file is changed) and ``remotes`` (name to address,
        without credentials). Each only where it is known.
    """
    return CodeCapture(namespace).result()


def _working_folder() -> Path | None:
    try:
        return Path.cwd()
    except OSError:  # it was deleted under the running kernel
        return None


def _relative(notebook: str, root: Path | None, here: Path | None) -> str:
    """Shorten a path so that it means something on another machine and tells nothing of this one."""
    path = Path(notebook)
    if not path.is_absolute():
        return path.as_posix()
    for base in (root, here):
        if base and path.is_relative_to(base):
            return path.relative_to(base).as_posix()
    return path.name
