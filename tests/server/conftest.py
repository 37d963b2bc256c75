"""A server for the tests of one file, with a user and a registry of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import nbregistry
from tests.models import forest, pipeline, tumours
from tests.server.running import Doorkeeper, RunningServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nbregistry.registry import Registry
    from tests.server.running import Server


@pytest.fixture(autouse=True, scope="module")
def user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One user for all tests of a file, as the server reads its keys whenever it is asked; and no Jupyter of theirs."""
    home = tmp_path_factory.mktemp("user")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NBREGISTRY_HOME", str(home))
        patch.delenv("NBREGISTRY_URL", raising=False)
        patch.setenv("JUPYTERHUB_USER", "ada")
        for name in ("CONFIG", "DATA", "RUNTIME"):
            patch.setenv(f"JUPYTER_{name}_DIR", str(home / name.lower()))
        yield home


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of the server."""
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="module")
def kept(folder: Path) -> Registry:
    """A registry in it, as a kernel has it: two versions of a model, the first one the champion."""
    registry = nbregistry.open(folder / ".nbregistry")
    X_train, X_test, y_train, y_test = tumours()
    on, train = (X_test, y_test), (X_train, y_train)
    registry.register("tumour", pipeline(), on=on, train=train, tags={"team": "onco"}, alias="champion")
    registry.register("tumour", forest(), on=on, train=train, parents="tumour@1")
    return registry


@pytest.fixture(scope="module")
def server(folder: Path, kept: Registry) -> Iterator[Server]:
    with RunningServer(folder) as running:
        yield running


@pytest.fixture(autouse=True)
def _everybody_may() -> Iterator[None]:
    yield
    Doorkeeper.refused = frozenset()
