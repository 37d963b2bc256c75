"""Threads of one kernel on one registry: who reads sees whole commits, and no error."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from nbregistry.catalog.catalog import Catalog
from nbregistry.catalog.documents import Documents
from nbregistry.catalog.view import View

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbregistry.registry import Registry

# A thread that has to wait for us gets no further meanwhile; one that does not is done long before.
PATIENCE = 0.2


class Other:
    """Another thread, started once: where a patched method is first called."""

    def __init__(self, work: Callable[[], object]) -> None:
        self.thread = threading.Thread(target=work)

    def works(self) -> None:
        """Let it work as far as it gets."""
        if not self.thread.ident:
            self.thread.start()
            self.thread.join(PATIENCE)

    def end(self) -> None:
        """Wait until it is done."""
        assert self.thread.ident, "the patched method was never called"
        self.thread.join()


@pytest.fixture
def model(registry: Registry) -> Registry:
    """Two versions, the first of which is the champion."""
    for alias in ("champion", None):
        registry.register("m", {"w": np.zeros(1)}, metrics={"auc": 0.5}, alias=alias)
    return registry


def champions(registry: Registry) -> list[int]:
    """Give the versions that have the alias."""
    return [version.version for version in registry.versions("m") if "champion" in version.aliases]


def test_a_commit_while_the_journal_is_read(model: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Other(lambda: model.tag("m@1", stage="dev"))
    read = Documents.__getitem__

    def reading(documents: Documents, number: str) -> dict[str, Any]:
        other.works()
        return read(documents, number)

    monkeypatch.setattr(Documents, "__getitem__", reading)
    events = [event.verb for event in model.log()]
    other.end()
    assert events == ["register", "register"]
    assert [event.verb for event in model.log()] == ["register", "register", "tag"]


def test_an_alias_that_moves_while_it_is_looked_up(model: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Other(lambda: model.promote("m@2", "champion"))
    read = View.alias

    def reading(view: View, name: str, alias: str) -> dict[str, Any] | None:
        found = read(view, name, alias)
        if threading.current_thread() is not other.thread:
            other.works()
        return found

    monkeypatch.setattr(View, "alias", reading)
    found = model.get("m@champion")
    other.end()
    assert (found.version, found.aliases) == (1, ("champion",))
    assert model.get("m@champion").version == 2


def test_a_listing_in_the_middle_of_a_commit(model: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    half_done, listed = threading.Event(), threading.Event()
    other = threading.Thread(target=lambda: model.promote("m@2", "champion"))
    update, read = View._update_version, View.versions_of

    def updating(view: View, name: str, version: int, **fields: Any) -> None:
        update(view, name, version, **fields)
        half_done.set()
        listed.wait(PATIENCE)

    def reading(view: View, name: str) -> list[dict[str, Any]]:
        if not other.ident:  # by now the listing has caught up with the log
            other.start()
            half_done.wait()
        return read(view, name)

    monkeypatch.setattr(View, "_update_version", updating)
    monkeypatch.setattr(View, "versions_of", reading)
    found = champions(model)
    listed.set()
    other.join()
    assert found == [2]


def test_a_document_that_changes_while_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = Documents(b'{"v":1}', {"1": (0, 7)})

    def loads(_: bytes) -> dict[str, Any]:
        documents["1"] = {"v": 2}
        return {"v": 1}

    monkeypatch.setattr("nbregistry.catalog.documents.exact.loads", loads)
    assert documents["1"] == {"v": 2}
    assert documents["1"] == {"v": 2}


def test_two_threads_that_register_the_same_make_two_versions(model: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    """One has committed, and not answered yet, when the other asks for the same: that is no retry."""
    other = Other(lambda: model.register("m", {"w": np.ones(1)}))
    acknowledge = Catalog.acknowledge

    def late(catalog: Catalog) -> None:
        other.works()
        acknowledge(catalog)

    monkeypatch.setattr(Catalog, "acknowledge", late)
    assert model.register("m", {"w": np.ones(1)}).version == 3
    other.end()
    assert model.latest("m") == 4
