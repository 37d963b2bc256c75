"""Where the code stood: the notebook and the git commit.

Only what identifies the code is recorded.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbregistry.provenance.git import Asked, repository_of
from nbregistry.provenance.wording import encodable

if TYPE_CHECKING:
    from collections.abc import Mapping

_VSCODE_SUFFIX = re.compile(r"-jvsc-[0-9a-f-]{36,}(?=\.ipynb$)")


class CodeCapture:
    """What is being found out about the code, from when it is made; git answers meanwhile.

    Parameters
    ----------
    namespace : dict, optional
        The notebook's variables; VS Code leaves the notebook's path among them.
    """

    def __init__(self, namespace: Mapping[str, Any] | None = None) -> None:
        here = _working_folder()
        self.root = repository_of(here) if here else None
        self._git = Asked(self.root)
        self._code: dict[str, Any] = {}
        notebook = _notebook(namespace or {})
        if notebook:
            self._code["notebook"] = _relative(notebook, self.root, here)

    def result(self) -> dict[str, Any]:
        """Give the record; see :func:`capture_code`."""
        git = self._git.answer()
        return {**self._code, **({"git": git} if git else {})}


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
        ``branch`` (``""`` where detached), ``dirty`` (a tracked file is changed) and ``remotes`` (name to address,
        without credentials). Each only where it is known.
    """
    return CodeCapture(namespace).result()


def _working_folder() -> Path | None:
    try:
        return Path.cwd()
    except OSError:  # it was deleted under the running kernel
        return None


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
