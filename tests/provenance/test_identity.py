"""What each front end is known by. Where the signs come from stands beside each."""

from __future__ import annotations

import json

import nbformat
import pytest
from nbclient import NotebookClient

from nbregistry.provenance.identity import Identity, cell_id_of, identify

KERNEL = "0f8fad5b-d9cb-469f-a165-70867728950e"
STARTED = ["python", "-m", "ipykernel_launcher", "-f", f"/run/user/0/jupyter/kernel-{KERNEL}.json"]


FRONT_ENDS = {
    # jupyter_server.services.sessions: JPY_SESSION_NAME is the notebook's path; of both JupyterLab and Notebook 7.
    "jupyter": ({}, {"JPY_SESSION_NAME": "/work/a.ipynb"}, STARTED, (), Identity("jupyter", "/work/a.ipynb", KERNEL)),
    # JupyterLab's consoles have a path without a suffix.
    "console": ({}, {"JPY_SESSION_NAME": "/work/console-1-ab"}, STARTED, (), Identity("kernel", "", KERNEL)),
    # microsoft/vscode-jupyter sets the variable in each kernel that runs a notebook, and starts its own with --f=.
    "vscode": (
        {"__vsc_ipynb_file__": "c:\\work\\a.ipynb"},
        {"VSCODE_PID": "1"},
        ["python.exe", "-m", "ipykernel_launcher", "--f=c:\\Users\\me\\kernel-v2-1234abc.json"],
        (),
        Identity("vscode", "c:\\work\\a.ipynb", "v2-1234abc"),
    ),
    # The same on a Jupyter server, which is given a copy of the notebook.
    "vscode and server": (
        {"__vsc_ipynb_file__": "/work/a.ipynb"},
        {"JPY_SESSION_NAME": f"/work/a-jvsc-{KERNEL}{KERNEL}.ipynb"},
        STARTED,
        (),
        Identity("vscode", "/work/a.ipynb", KERNEL),
    ),
    "vscode interactive": ({}, {"VSCODE_CWD": "/work"}, STARTED, (), Identity("vscode", "", KERNEL)),
    # A terminal of VS Code has the variables, too.
    "vscode terminal": ({"get_ipython": 1}, {"VSCODE_PID": "1"}, ["ipython"], ("IPython",), Identity("ipython")),
    # Colab loads google.colab before the first cell; its notebooks are files of Drive, named by an id.
    "colab": (
        {},
        {"COLAB_RELEASE_TAG": "release-colab_20261101", "JPY_SESSION_NAME": "/fileId=1AbC-dE_f"},
        STARTED,
        ("google.colab",),
        Identity("colab", "fileId=1AbC-dE_f", KERNEL),
    ),
    "colab without a name": ({}, {}, STARTED, ("google.colab",), Identity("colab", "", KERNEL)),
    # papermill --inject-paths.
    "papermill": (
        {"PAPERMILL_INPUT_PATH": "in/a.ipynb", "PAPERMILL_OUTPUT_PATH": "out/a.ipynb"},
        {"JPY_PARENT_PID": "1"},
        STARTED,
        (),
        Identity("papermill", "in/a.ipynb", KERNEL),
    ),
    # jupyter_client starts it and nobody says for which notebook.
    "nbclient": ({}, {"JPY_PARENT_PID": "1"}, STARTED, (), Identity("kernel", "", KERNEL)),
    "another option": (
        {},
        {},
        ["x", "--IPKernelApp.connection_file=/run/kernel-5.json"],
        (),
        Identity("kernel", "", "5"),
    ),
    "named otherwise": ({}, {}, ["x", "-f", "/tmp/tmpab12.json"], (), Identity("kernel", "", "tmpab12")),
    "ipython": ({"get_ipython": 1}, {}, ["ipython"], ("IPython",), Identity("ipython")),
    "python": ({}, {}, ["python", "train.py"], ("IPython",), Identity()),
    "an option of something else": ({}, {}, ["python", "train.py", "-f", "x.csv"], (), Identity()),
    "an option without a value": ({}, {}, ["python", "-f"], (), Identity()),
    "not text": ({"__vsc_ipynb_file__": 3, "PAPERMILL_INPUT_PATH": None}, {}, ["python"], (), Identity()),
}


@pytest.mark.parametrize("front_end", FRONT_ENDS)
def test_known_by_its_signs(front_end):
    *signs, identity = FRONT_ENDS[front_end]
    assert identify(*signs) == identity


def test_the_signs_of_nbclient_are_real():
    """Run a real kernel, as nbclient and papermill start it."""
    source = (
        "import os, sys\n"
        "from nbregistry.provenance.identity import cell_id_of, identify\n"
        "from ipykernel.connect import get_connection_file\n"
        "import json\n"
        "said = identify(globals(), os.environ, sys.orig_argv, sys.modules)\n"
        "print(json.dumps([said.front_end, said.notebook, said.kernel_id, get_connection_file()]))"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    front_end, name, kernel_id, file = json.loads(notebook.cells[0].outputs[0].text)
    assert (front_end, name) == ("kernel", "")
    assert kernel_id
    assert kernel_id in file


@pytest.mark.parametrize(
    ("said", "cell_id"),
    [
        ("1e9aac6b-cee9-4786-813b-df30c0debc38", "1e9aac6b-cee9-4786-813b-df30c0debc38"),
        ("vscode-notebook-cell:/home/me/secret%20plan.ipynb#X10sZmlsZQ%3D%3D", "X10sZmlsZQ%3D%3D"),
        ("vscode-notebook-cell://ssh-remote/home/me/a.ipynb#W1sZmlsZQ%3D%3D", "W1sZmlsZQ%3D%3D"),
        ("a#b", "a#b"),
        (None, ""),
        (7, ""),
    ],
)
def test_the_id_of_a_cell(said, cell_id):
    assert cell_id_of(said) == cell_id
