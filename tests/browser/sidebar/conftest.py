"""A user with two registries, and a JupyterLab that has nbregistry from its built wheel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nbformat
import pytest

import nbregistry
from tests.browser.servers import serving, variables
from tests.browser.sidebar.acting import Sidebar, make_registry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from nbregistry.registry import Registry
    from tests.browser.servers import Installed, Lab


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The user's home; this process is the same user as the server."""
    home = tmp_path_factory.mktemp("ada")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables(home).items():
            patch.setenv(name, value)
        yield home


@pytest.fixture(scope="module")
def project(home: Path) -> Path:
    """A folder with a notebook and the registry beside it, and another registry elsewhere."""
    folder = home / "root" / "project"
    folder.mkdir(parents=True)
    make_registry(folder)
    other = home / "root" / "elsewhere"
    other.mkdir()
    nbregistry.open(other / ".nbregistry").register("lonely", {"w": 1})
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell("%load_ext nbregistry"),
            nbformat.v4.new_code_cell("%versions churn --limit 3"),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    nbformat.write(notebook, folder / "nb.ipynb")
    return folder


@pytest.fixture(scope="module")
def installed_lab(home: Path, project: Path, installed: Installed) -> Iterator[Lab]:
    """A JupyterLab that has nbregistry from its wheel."""
    with serving(home, project.parent, installed=installed) as running:
        yield running


@pytest.fixture
def own(user: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be the server's user in this process too."""
    monkeypatch.setenv("NBREGISTRY_HOME", str(home / "keys"))


@pytest.fixture
def registry(own: None, project: Path) -> Registry:
    return nbregistry.open(project / ".nbregistry")


@pytest.fixture
def sidebar(page: Page, installed_lab: Lab, own: None) -> Sidebar:
    return Sidebar(page, installed_lab).open("project/nb.ipynb")
