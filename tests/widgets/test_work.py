"""Work beside the kernel: it holds nothing up, can be stopped, and leaves nothing half done."""

from __future__ import annotations

import asyncio
import threading

import pytest

from nbregistry.errors import Conflict
from nbregistry.progress import Progress, passed
from nbregistry.registry import Registry
from nbregistry.widgets import work as work_module
from nbregistry.widgets.work import Job, Work
from tests.widgets.conftest import PATIENCE, labelled, until


class Kernel:
    """Work on a loop that runs, as a kernel's does, and what came of it."""

    def __init__(self, work):
        self.work = work
        self.heard = []

    def start(self, key, work, *, changes=False, asks=None):
        self.work.start(Job(key, key, work, self.heard.append, self.heard.append, changes=changes, asks=asks))


@pytest.fixture
def kernel(monkeypatch):
    monkeypatch.setattr(work_module, "DELAY", 0.0)
    return Kernel(Work())


def shown(work):
    said, bar, stop = work.widget.children
    return said.value, bar.layout.display is None, stop.layout.display is None


def test_without_a_loop_it_is_done_in_place(kernel):
    kernel.start("a", lambda: threading.current_thread() is threading.main_thread())
    assert kernel.heard == [True]
    assert not kernel.work.is_busy


def test_the_loop_goes_on_meanwhile(kernel):
    go_on = threading.Event()

    async def main():
        kernel.start("a", lambda: go_on.wait(PATIENCE))
        assert kernel.work.is_busy
        await until(lambda: "a …" in shown(kernel.work)[0])
        assert shown(kernel.work)[1:] == (False, True)
        go_on.set()
        await until(lambda: kernel.heard)

    asyncio.run(main())
    assert kernel.heard == [True]
    assert shown(kernel.work) == ("", False, False)


def test_who_waits_has_the_answer_in_the_same_cell(kernel):
    async def main():
        kernel.start("a", lambda: 1)
        kernel.start("b", lambda: 2)
        kernel.work.wait()
        assert kernel.heard == [1, 2]

    asyncio.run(main())


def test_a_bar_of_what_passes(kernel, monkeypatch):
    monkeypatch.setattr(work_module, "_PER_SECOND", 1e9)
    go_on = threading.Event()

    def work():
        with Progress("check m@1", 1000):
            while not go_on.wait(0.005):
                passed(1)

    async def main():
        kernel.start("a", work)
        await until(lambda: shown(kernel.work)[1])
        said, bar, _ = kernel.work.widget.children
        await until(lambda: "check m@1 …" in said.value and 0 < bar.value < 1000)
        go_on.set()
        kernel.work.wait()

    asyncio.run(main())


def test_reading_that_is_stopped_is_not_waited_for(kernel):
    go_on = threading.Event()

    async def main():
        kernel.start("a", lambda: go_on.wait(PATIENCE))
        kernel.work.widget.children[2].click()
        assert not kernel.work.is_busy
        (told,) = kernel.heard
        assert "stopped" in str(told)
        go_on.set()
        await asyncio.sleep(0.05)
        assert kernel.heard == [told]

    asyncio.run(main())


@pytest.mark.parametrize("late", [False, True])
def test_a_change_is_stopped_where_it_reads_and_never_later(kernel, late):
    reading = threading.Event()
    stopped = threading.Event()

    def work():
        reading.set()
        stopped.wait(PATIENCE)
        if not late:
            passed(1)
        return "changed"

    async def main():
        kernel.start("a", work, changes=True)
        await until(reading.is_set)
        kernel.work.stop()
        assert kernel.work.is_busy
        stopped.set()
        kernel.work.wait()

    asyncio.run(main())
    assert [str(told) for told in kernel.heard] == ["changed" if late else "stopped; nothing was changed"]


def test_the_newest_of_a_key_is_what_counts(kernel):
    go_on = threading.Event()

    async def main():
        kernel.start("tab", lambda: go_on.wait(PATIENCE) and 1)
        kernel.start("tab", lambda: 2)
        kernel.start("other", lambda: 3)
        kernel.start("tab", lambda: 4)
        assert kernel.work.is_doing("tab")
        go_on.set()
        kernel.work.wait()

    asyncio.run(main())
    assert kernel.heard == [3, 4]


def test_who_asks_the_same_again_and_again_has_an_answer_meanwhile(kernel):
    go_on = threading.Event()

    async def main():
        kernel.start("list", lambda: go_on.wait(PATIENCE) and 1, asks="m")
        kernel.start("list", lambda: 2, asks="m")
        kernel.start("list", lambda: 3, asks="m")
        go_on.set()
        kernel.work.wait()
        assert kernel.heard == [1, 3]
        kernel.start("list", lambda: 4, asks="m")
        kernel.start("list", lambda: 5, asks="n")
        kernel.start("list", lambda: 6, asks="m")
        kernel.work.wait()

    asyncio.run(main())
    assert kernel.heard == [1, 3, 6]


def test_a_change_that_waits_for_its_turn_is_not_dropped_either(kernel):
    go_on = threading.Event()

    async def main():
        kernel.start("a long comparison", lambda: go_on.wait(PATIENCE) and 1)
        kernel.start("change", lambda: 2, changes=True)
        kernel.work.drop("change")
        kernel.start("change", lambda: 3)
        go_on.set()
        kernel.work.wait()

    asyncio.run(main())
    assert kernel.heard == [1, 2, 3]


def test_a_change_is_never_dropped(kernel):
    async def main():
        kernel.start("change", lambda: 1, changes=True)
        kernel.work.drop("change")
        kernel.start("change", lambda: 2)
        kernel.work.wait()

    asyncio.run(main())
    assert kernel.heard == [1, 2]


def test_an_error_of_the_registry_is_handed_over_and_a_bug_is_raised(kernel):
    error = Conflict("no")

    def fail():
        raise error

    async def main():
        kernel.start("a", fail)
        kernel.work.wait()
        kernel.start("b", lambda: 1 / 0)
        kernel.start("c", lambda: 3)
        with pytest.raises(ZeroDivisionError):
            kernel.work.wait()
        kernel.work.wait()

    asyncio.run(main())
    assert kernel.heard == [error, 3]


def test_a_bug_reaches_the_log_of_a_kernel_that_nobody_waits_in(kernel):
    told = []

    async def main():
        asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context["exception"]))
        kernel.start("a", lambda: 1 / 0)
        await until(lambda: told)

    asyncio.run(main())
    assert isinstance(told[0], ZeroDivisionError)
    assert "a bug in nbregistry" in shown(kernel.work)[0]


def test_a_panel_on_a_loop(thirty, monkeypatch):
    """A dry run that is stopped, one that is not, and a promotion."""
    promote = Registry.promote
    hold = threading.Event()

    def slow(*args, **options):
        assert threading.current_thread() is not threading.main_thread()
        while not hold.wait(0.005):
            passed(1)
        return promote(*args, **options)

    monkeypatch.setattr(Registry, "promote", slow)

    async def main():
        panel = thirty.panel("churn")
        panel.chosen = ["churn@30", "churn@29"]
        panel.wait()
        assert "Compare" in panel._details.html
        panel._changes.open("promote")
        panel._changes.try_out()
        labelled(panel, "Stop").click()
        assert "stopped" in panel._changes.html
        assert labelled(panel, "Confirm").disabled
        hold.set()
        panel.change("promote", "churn@30")
        panel.confirm()
        assert thirty.get("churn@champion").ref == "churn@30"
        panel.close()

    asyncio.run(main())
