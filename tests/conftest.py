"""What every test stands on: a user of its own, and a registry in an empty folder."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

import nbregistry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nbregistry.registry import Registry


@pytest.fixture(autouse=True, scope="session")
def interruptible() -> None:
    """Let Ctrl-C be an interrupt here: a shell turns it off for what it runs in the background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def user(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a user with no key yet, so that nobody's own keys are read or written."""
    home = tmp_path_factory.mktemp("user")
    monkeypatch.setenv("NBREGISTRY_HOME", str(home))
    monkeypatch.delenv("NBREGISTRY_URL", raising=False)
    monkeypatch.setenv("JUPYTERHUB_USER", "ada")
    return home


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where the registry of this test is."""
    return tmp_path / ".nbregistry"


@pytest.fixture
def registry(root: Path) -> Registry:
    """A registry that is not there yet: the first register makes it."""
    return nbregistry.open(root)


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Work in an empty folder."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def story(registry: Registry) -> Registry:
    """The quickstart's story, three registers in: the first is the champion and the parent of the others."""
    from tests.models import forest, pipeline, tumours

    X_train, X_test, y_train, y_test = tumours()
    on, train = (X_test, y_test), (X_train, y_train)
    registry.register("tumour", pipeline(), on=on, train=train, tags={"team": "onco"}, alias="champion")
    registry.register("tumour", forest(), on=on, train=train, parents="tumour@1")
    registry.register("tumour", pipeline(0.01), on=on, train=train, parents=["tumour@champion"])
    return registry
