"""A panel on view sees what others commit, and goes on looking whatever happens to the registry."""

from __future__ import annotations

import asyncio

import ipywidgets
import numpy as np
import pytest

from nbregistry.errors import NotFound, StorageError
from nbregistry.registry import Registry
from nbregistry.widgets import looking
from tests.widgets.conftest import htmls, in_sight, offered, until


@pytest.fixture(autouse=True)
def looks_often(monkeypatch):
    monkeypatch.setattr("nbregistry.widgets.watching.INTERVAL", 0.02)


def alerts(panel):
    return [html for html in htmls(panel, in_sight) if 'role="alert"' in html]


def test_a_panel_sees_what_others_commit_while_somebody_looks(thirty, root, monkeypatch):
    monkeypatch.setattr("nbregistry.widgets.watching.INTERVAL", 0.02)

    async def main():
        panel = thirty.panel("churn")
        panel.chosen = ["churn@30"]
        assert panel._view_count == 0
        assert not panel._watch.is_running
        panel._view_count = 1  # as a front end does that shows it
        assert panel._watch.is_running
        Registry(root).register("churn", {"w": np.zeros(1)})
        Registry(root).register("other", {"w": np.zeros(1)})
        await until(lambda: panel.listed[0] == "churn@31" and len(panel._list.model.options) == 2)
        Registry(root).register("churn", {"w": np.zeros(1)})  # after it has looked
        await until(lambda: panel.listed[0] == "churn@32")
        assert panel.chosen == ["churn@30"]
        assert panel.name == "churn"

        root.rename(root.parent / "elsewhere")
        await until(lambda: panel.error)
        assert panel.listed[0] == "churn@32"
        assert any('role="alert"' in html for html in htmls(panel))
        (root.parent / "elsewhere").rename(root)
        await until(lambda: not panel.error)

        panel._view_count = 0
        assert not panel._watch.is_running
        panel._view_count = 1
        panel.close()
        assert not panel._watch.is_running
        await until(lambda: asyncio.all_tasks() == {asyncio.current_task()})  # nothing goes on looking

    asyncio.run(main())


def test_front_ends_are_asked_to_count_views(panel):
    assert panel.get_state()["_view_count"] == 0
    assert isinstance(panel, ipywidgets.VBox)


@pytest.mark.parametrize("last", [False, True])
def test_a_model_that_vanishes_gives_way_to_another(registry, root, last):
    """A history that was cut is refused until it is accepted; then there is one model less."""
    if not last:
        registry.register("beta", {"w": np.zeros(1)})
    registry.register("alpha", {"w": np.zeros(1)}, metrics={"auc": 0.5})

    async def main():
        panel = registry.panel("alpha")
        panel.search, panel.sort, panel.chosen = "alpha", "-metrics.auc", ["alpha@1"]
        panel._view_count = 1
        await until(lambda: not panel._work.is_busy)
        max((root / "log").glob("*.json")).unlink()
        await until(lambda: panel.error.startswith("Corrupt"))
        assert panel.listed == ["alpha@1"]
        registry.accept()
        await until(lambda: panel.name != "alpha")
        assert not panel._watch._task.done()
        assert panel._list.model.value == (None if last else "beta")
        assert (panel.listed, panel.chosen) == ([] if last else ["beta@1"], [])
        assert (panel.search, panel.sort, panel.error) == ("", "-version", "")
        assert any("There is no model alpha any more" in html for html in htmls(panel, in_sight))
        assert last == any("%register NAME MODEL" in html for html in htmls(panel, in_sight))
        Registry(root).register("beta", {"w": np.ones(1)})
        await until(lambda: panel.name == "beta" and panel.listed[0] == ("beta@1" if last else "beta@2"))
        panel.close()

    asyncio.run(main())


def test_a_metric_that_vanishes_is_sorted_by_no_more(registry, root):
    registry.register("alpha", {"w": np.zeros(1)})
    registry.register("alpha", {"w": np.ones(1)}, metrics={"auc": 0.5})
    panel = registry.panel("alpha")
    panel.sort = "-metrics.auc"
    max((root / "log").glob("*.json")).unlink()
    registry.accept()
    panel.refresh()
    assert (panel.sort, panel.listed, panel.error) == ("-version", ["alpha@1"], "")
    panel.close()


def test_a_wrong_filter_is_not_tried_again_and_again(thirty, monkeypatch):
    reads = []
    page = looking.page_of_versions

    def counted(*args, **options):
        reads.append(options)
        return page(*args, **options)

    async def main():
        panel = thirty.panel("churn")
        panel.search = "metrics.roc_auc >"
        panel._view_count = 1
        monkeypatch.setattr(looking, "page_of_versions", counted)
        await until(lambda: reads)  # it has just begun to look
        await asyncio.sleep(0.3)
        assert len(reads) == 1
        assert panel.error.startswith("InvalidFilter")
        panel.close()

    asyncio.run(main())


@pytest.mark.parametrize("verb", ["models", "versions", "latest", "metric_names", "get", "alias_names", "compare"])
def test_an_error_that_passes_leaves_no_trace(thirty, root, monkeypatch, verb):
    fails = []
    working = getattr(Registry, verb)

    def failing(*args, **options):
        if fails:
            raise fails.pop()
        return working(*args, **options)

    monkeypatch.setattr(Registry, verb, failing)

    async def main():
        panel = thirty.panel("churn")
        panel.chosen = ["churn@1", "churn@2"]
        panel._view_count = 1
        await until(lambda: panel._watch.is_running and not panel._work.is_busy)
        fails.append(StorageError("a hiccup"))
        Registry(root).register("churn", {"w": np.zeros(1)})
        await until(lambda: panel.total == 31)
        panel.wait()
        await until(lambda: not panel.error and not alerts(panel))
        Registry(root).register("churn", {"w": np.zeros(1)})
        await until(lambda: panel.total == 32)
        panel.close()

    asyncio.run(main())


@pytest.mark.parametrize("verb", ["models", "versions", "get", "alias_names"])
def test_an_error_is_shown_as_long_as_it_lasts(thirty, root, monkeypatch, verb):
    def fail(*_, **__):
        raise StorageError("the disk is gone")

    async def main():
        panel = thirty.panel("churn")
        panel.chosen = ["churn@2"]
        panel._view_count = 1
        await until(lambda: not panel._work.is_busy)
        with monkeypatch.context() as broken:
            other = Registry(root)
            other.register("churn", {"w": np.zeros(1)})
            broken.setattr(Registry, verb, fail)
            other.archive("churn@2")
            await until(lambda: panel.error.startswith("StorageError: the disk is gone"))
            assert alerts(panel)
        await until(lambda: panel.total == 31 and not panel.error and "Restore" in offered(panel))
        assert alerts(panel) == []
        panel.close()

    asyncio.run(main())


def test_a_version_that_vanishes_offers_nothing_and_is_told_once(thirty, root, monkeypatch):
    get = Registry.get

    def without(registry, ref):
        if ref == "churn@2":
            raise NotFound("there is no churn@2")
        return get(registry, ref)

    async def main():
        panel = thirty.panel("churn")
        panel.chosen = ["churn@2"]
        panel._view_count = 1
        await until(lambda: not panel._work.is_busy)
        monkeypatch.setattr(Registry, "get", without)
        Registry(root).register("churn", {"w": np.zeros(1)})
        await until(lambda: panel.total == 31 and offered(panel) == [] and len(alerts(panel)) == 1)
        panel.close()

    asyncio.run(main())
