"""A panel never keeps the kernel waiting for the disk: what it lists and offers is read beside it."""

from __future__ import annotations

import asyncio
import threading

import numpy as np
import pytest

from nbregistry.errors import Refused, StorageError
from nbregistry.registry import Registry
from nbregistry.widgets import looking
from tests.widgets.conftest import PATIENCE, htmls, in_sight, labelled, offered, until

NEWEST = [f"churn@{number}" for number in range(30, 20, -1)]


@pytest.fixture
def two(thirty, monkeypatch):
    """Thirty versions of one model, and one of another."""
    monkeypatch.setattr("nbregistry.widgets.listing.PAUSE", 0.01)
    thirty.register("tumour", {"w": np.zeros(1)})
    return thirty


def has_the_word(panel, word):
    return any(word in html for html in htmls(panel, in_sight))


ACTIONS = {
    "next": (lambda panel: panel._list.following.click(), lambda panel: panel.listed[0] == "churn@20"),
    "last": (lambda panel: panel._list.last.click(), lambda panel: panel.listed[0] == "churn@10"),
    "search": (lambda panel: labelled(panel, "Search").set_trait("value", "crm"), lambda panel: panel.total == 10),
    "sort": (
        lambda panel: labelled(panel, "Sort").set_trait("value", "version"),
        lambda panel: panel.listed[0] == "churn@1",
    ),
    "model": (
        lambda panel: labelled(panel, "Model").set_trait("value", "tumour"),
        lambda panel: panel.listed == ["tumour@1"] and panel.name == "tumour",
    ),
    "tick": (
        lambda panel: labelled(panel, "churn@30").set_trait("value", True),
        lambda panel: "Promote" in offered(panel) and "churn@30" in panel._details.html,
    ),
    "target": (
        lambda panel: labelled(panel, "Change").set_trait("value", "churn@1"),
        lambda panel: panel._changes.ref == "churn@1" and labelled(panel, "Promote…") in in_sight(panel),
    ),
    "watch": (lambda panel: panel._watch._changed(), lambda panel: has_the_word(panel, "31 versions")),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_a_click_does_not_wait_for_the_disk(two, root, disk, action):
    do, is_done = ACTIONS[action]

    async def main():
        panel = two.panel("churn")
        if action == "target":
            panel.chosen = ["churn@1", "churn@2"]
            panel.wait()
        if action == "watch":
            Registry(root).register("churn", {"w": np.zeros(1)})
        disk.hangs()
        do(panel)
        await asyncio.sleep(0.05)
        assert panel.listed == NEWEST
        assert panel.name == "churn"
        assert panel.offset == 0
        assert not labelled(panel, "Search").disabled
        assert not labelled(panel, "Sort").disabled
        assert not panel._list.following.disabled or action == "last"
        disk.goes()
        await until(lambda: is_done(panel))
        panel.wait()
        panel.close()

    asyncio.run(main())
    assert disk.read_on_the_loop == 0


def test_of_many_clicks_the_newest_counts(two, disk, monkeypatch):
    reads = []
    page = looking.page_of_versions

    def counted(*args, **options):
        reads.append(options["offset"])
        return page(*args, **options)

    async def main():
        panel = two.panel("churn")
        monkeypatch.setattr(looking, "page_of_versions", counted)
        disk.hangs()
        following, previous = panel._list.following, panel._list.previous
        following.click()
        following.click()
        assert (following.disabled, previous.disabled) == (True, False)  # on the way to the last of three pages
        previous.click()
        disk.goes()
        await until(lambda: panel.listed[0] == "churn@20")
        panel.wait()
        assert len(reads) == 2  # one was begun already
        disk.hangs()
        following.click()
        labelled(panel, "Sort").value = "version"
        disk.goes()
        panel.wait()
        assert (panel.listed[0], panel.offset) == ("churn@1", 0)
        panel.close()

    asyncio.run(main())


def test_whoever_drives_it_from_python_sees_the_effect_at_once(two):
    async def main():
        panel = two.panel("churn")
        assert panel.listed == NEWEST
        panel.search = "crm"
        assert panel.total == 10
        panel.search = ""
        panel.sort = "metrics.roc_auc"
        assert panel.listed[0] == "churn@1"
        panel.offset = 1000
        assert (panel.offset, panel.listed[-1]) == (20, "churn@30")
        panel.chosen = ["churn@2"]
        assert "Archive" in offered(panel)
        assert panel.change("archive", "churn@3").status == "archived"
        assert panel.confirm().status == "archived"
        assert "Restore" in offered(panel)
        panel.name = "tumour"
        assert (panel.name, panel.listed, panel.chosen) == ("tumour", ["tumour@1"], [])
        two.register("tumour", {"w": np.ones(1)})
        panel.refresh()
        assert panel.total == 2
        panel.close()

    asyncio.run(main())


def test_a_long_comparison_holds_up_neither_the_list_nor_what_is_offered(two, monkeypatch):
    ends = threading.Event()
    monkeypatch.setattr(Registry, "compare", lambda *_: ends.wait(PATIENCE) and two.get("churn@1"))

    async def main():
        panel = two.panel("churn")
        panel.chosen = ["churn@1", "churn@2"]
        panel._list.following.click()
        labelled(panel, "Change").value = "churn@2"
        await until(lambda: panel.listed[0] == "churn@20" and labelled(panel, "Promote…") in in_sight(panel))
        assert panel._work.is_busy
        ends.set()
        panel.wait()
        panel.close()

    asyncio.run(main())


def test_who_commits_all_the_time_keeps_nothing_from_us(two, monkeypatch):
    """What is being read is shown, as old as it is, and read once more after that."""
    begun, ends = [], {"compare": threading.Semaphore(0), "page_of_versions": threading.Semaphore(0)}

    def slowly(place, name):
        function = getattr(place, name)

        def slow(*args, **options):
            begun.append(name)
            assert ends[name].acquire(timeout=PATIENCE)
            return function(*args, **options)

        monkeypatch.setattr(place, name, slow)

    async def main():
        panel = two.panel("churn")
        slowly(Registry, "compare")
        panel.chosen = ["churn@1", "churn@2"]
        slowly(looking, "page_of_versions")
        two.register("churn", {"w": np.zeros(1)})
        dims = panel._list._table, panel._details.tabs
        for _ in range(3):
            panel._refresh()
            await until(lambda: set(begun) == set(ends))
        for end in ends.values():
            end.release()
        await until(lambda: len(begun) == 4)
        await until(lambda: panel._details.html and panel.total == 31)
        assert ["nbr-reading" in dim._dom_classes for dim in dims] == [True, True]
        for end in ends.values():
            end.release()
        panel.wait()
        assert sorted(begun) == sorted([*ends, *ends])
        assert ["nbr-reading" in dim._dom_classes for dim in dims] == [False, False]
        panel.close()

    asyncio.run(main())


def test_what_could_be_done_with_another_version_is_out_of_reach(two, disk):
    two.describe("churn@30", "of thirty")

    async def main():
        panel = two.panel("churn")
        panel.chosen = ["churn@30"]
        describe = labelled(panel, "Describe…")
        assert describe in in_sight(panel)
        panel.wait()
        disk.hangs()
        labelled(panel, "churn@29").value = True
        labelled(panel, "Change").value = "churn@29"
        assert describe not in in_sight(panel)
        with pytest.raises(Refused):
            panel._changes.open("describe")
        describe.click()  # one that was on its way already
        assert panel._changes.form is None
        disk.goes()
        panel.wait()
        assert (panel._changes.form.verb, panel._changes.ref) == ("describe", "churn@29")
        assert labelled(panel, "Description").value == ""
        panel.close()

    asyncio.run(main())


def test_a_click_that_was_on_its_way_opens_nothing_once_another_version_is_meant(two, disk):
    two.archive("churn@29")

    async def main():
        panel = two.panel("churn")
        panel.chosen = ["churn@28", "churn@29", "churn@30"]
        archive = labelled(panel, "Archive…")
        disk.hangs()
        labelled(panel, "Change").value = "churn@29"
        archive.click()  # which is archived already
        disk.goes()
        panel.wait()
        assert panel._changes.form is None
        labelled(panel, "Change").value = "churn@30"
        panel.wait()
        disk.hangs()
        labelled(panel, "Change").value = "churn@28"
        labelled(panel, "Archive…").click()
        labelled(panel, "Change").value = "churn@30"
        disk.goes()
        panel.wait()
        assert panel._changes.form is None
        panel.close()

    asyncio.run(main())


def test_what_is_typed_is_looked_for_when_the_typing_pauses(thirty, monkeypatch):
    monkeypatch.setattr("nbregistry.widgets.listing.PAUSE", 0.05)

    async def main():
        panel = thirty.panel("churn")
        search = labelled(panel, "Search")
        for typed in ("metrics", "metrics.roc_auc >", "metrics.roc_auc > 0.29"):
            search.value = typed
            panel.refresh()  # as it does when somebody commits
            assert panel.total == 30
            assert panel.error == ""
        await until(lambda: panel.total < 30)
        assert panel.listed == ["churn@30"]
        search.value = "crm"
        assert panel.wait().total == 10
        panel.close()

    asyncio.run(main())


def test_a_model_that_cannot_be_read_leaves_what_was_found(two, monkeypatch):
    panel = two.panel("churn")
    panel.chosen = ["churn@30"]

    def fail(*_, **__):
        raise StorageError("the disk is gone")

    with monkeypatch.context() as broken:
        broken.setattr(looking, "page_of_versions", fail)
        labelled(panel, "Model").value = "tumour"
        assert panel.error.startswith("StorageError")
        assert (panel.name, panel.listed, panel.chosen) == ("churn", NEWEST, ["churn@30"])
    panel.refresh()
    assert (panel.error, panel.name, panel.listed, panel.chosen) == ("", "tumour", ["tumour@1"], [])
    panel.close()
