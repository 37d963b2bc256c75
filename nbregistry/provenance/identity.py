"""Which notebook this is, and in what it is open: told by the signs that each front end leaves in a kernel.

No server is asked: that would want its token, and take its time. So some things cannot be told apart: JupyterLab and
Notebook 7 run on the same server, which names the notebook to the kernel and not the page it is open in; and a kernel
that nobody named a notebook to may be that of nbclient, nbconvert, papermill or a console.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any, Literal

from nbregistry.provenance.wording import encodable

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

FrontEnd = Literal["jupyter", "vscode", "colab", "papermill", "kernel", "ipython", ""]

# VS Code gives a copy of the notebook a name of its own while a kernel of a server runs it.
_VSCODE_SUFFIX = re.compile(r"-jvsc-[0-9a-f-]{36,}(?=\.ipynb$)")
_VSCODE_CELL = "vscode-notebook-cell:"
_COLAB_FILE = re.compile(r"(?:^|/)(fileId=[\w%.:/-]{1,200})$")
_OPTIONS = ("-f", "--f", "--IPKernelApp.connection_file", "--connection-file")


@dataclass(frozen=True)
class Identity:
    """Where code runs.

    Attributes
    ----------
    front_end : str
        ``"jupyter"`` (JupyterLab or Notebook 7), ``"vscode"``, ``"colab"``, ``"papermill"``, ``"kernel"`` (a kernel
        whose client did not say), ``"ipython"`` (a terminal); ``""`` for plain Python.
    notebook : str
        Path or id of the notebook as the front end names it; ``""`` where it does not.
    kernel_id : str
        The same as long as the kernel lives; ``""`` where there is none.
    """

    front_end: FrontEnd = ""
    notebook: str = ""
    kernel_id: str = ""


def identify(
    namespace: Mapping[str, Any], environ: Mapping[str, str], argv: Sequence[str], modules: Container[str]
) -> Identity:
    """Tell where code runs.

    Parameters
    ----------
    namespace : dict
        The notebook's variables, among which VS Code and papermill leave its path.
    environ : dict
        Environment variables: the Jupyter server leaves its path there.
    argv : sequence of str
        How the process was started; a kernel is given its connection file.
    modules : container of str
        Names of those that are loaded.

    Examples
    --------
    >>> identify({}, {"JPY_SESSION_NAME": "/work/a.ipynb"}, ["python", "-f", "/run/kernel-1f2e.json"], ())
    Identity(front_end='jupyter', notebook='/work/a.ipynb', kernel_id='1f2e')
    """
    kernel_id = _kernel_id(argv)
    session = environ.get("JPY_SESSION_NAME", "")
    if "google.colab" in modules or "COLAB_RELEASE_TAG" in environ:
        found = _COLAB_FILE.search(session)
        return Identity("colab", _notebook(session) or (encodable(found[1]) if found else ""), kernel_id)
    if notebook := _notebook(namespace.get("__vsc_ipynb_file__")):
        return Identity("vscode", notebook, kernel_id)
    for variable in ("PAPERMILL_INPUT_PATH", "PAPERMILL_OUTPUT_PATH"):
        if notebook := _notebook(namespace.get(variable)):
            return Identity("papermill", notebook, kernel_id)
    notebook = _notebook(session)
    if kernel_id and not notebook and ("VSCODE_PID" in environ or "VSCODE_CWD" in environ):
        return Identity("vscode", "", kernel_id)  # its interactive window has no file
    if notebook or kernel_id:
        return Identity("jupyter" if notebook else "kernel", notebook, kernel_id)
    return Identity("ipython" if "IPython" in modules and "get_ipython" in namespace else "")


def cell_id_of(said: object) -> str:
    """Give the id of a cell: the same in each of its runs, and without what VS Code's says of this machine.

    Parameters
    ----------
    said : object
        What IPython has as ``cell_id``: JupyterLab and Notebook 7 give the id that stands in the file, VS Code an
        address that ends in one; nbclient, papermill and a terminal give none.

    Examples
    --------
    >>> cell_id_of("vscode-notebook-cell:/home/me/a.ipynb#W0sZmlsZQ%3D%3D"), cell_id_of("7c1d"), cell_id_of(None)
    ('W0sZmlsZQ%3D%3D', '7c1d', '')
    """
    if not isinstance(said, str):
        return ""
    return encodable(said.rpartition("#")[2] if said.startswith(_VSCODE_CELL) else said)[:200]


def _notebook(said: object) -> str:
    # JupyterLab names consoles in the same variable: only a notebook's file counts.
    if not isinstance(said, str) or not said.lower().endswith(".ipynb"):
        return ""
    return encodable(_VSCODE_SUFFIX.sub("", said))


def _kernel_id(argv: Sequence[str]) -> str:
    """Give what the name of the connection file says: ``kernel-<id>.json``."""
    for place, argument in enumerate(argv):
        option, equals, value = argument.partition("=")
        if option in _OPTIONS:
            path = value if equals else next(iter(argv[place + 1 : place + 2]), "")
            stem = (PureWindowsPath if "\\" in path else PurePosixPath)(path).stem
            return encodable(stem.removeprefix("kernel-"))[:200] if path.endswith(".json") else ""
    return ""
