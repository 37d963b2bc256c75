"""An answer belongs to the form it was asked from; one whose form is gone is told all the same."""

from __future__ import annotations

import asyncio
import threading

import pytest

from nbregistry.errors import Conflict
from nbregistry.registry import Registry
from tests.widgets.conftest import PATIENCE, htmls, in_sight, labelled, until


@pytest.fixture
def slow(monkeypatch):
    """A promotion that is made when the returned event is set; a dry run takes no time."""
    goes, promote = threading.Event(), Registry.promote

    def promoting(*args, dry_run=False, **options):
        if not dry_run:
            goes.wait(PATIENCE)
        return promote(*args, dry_run=dry_run, **options)

    monkeypatch.setattr(Registry, "promote", promoting)
    yield goes
    goes.set()


async def confirmed(registry):
    """Give a panel in which the promotion of churn@2 was confirmed and is being made."""
    panel = registry.panel("churn")
    panel.chosen = ["churn@3", "churn@2"]
    panel.change("promote", "churn@2")
    labelled(panel, "Confirm").click()
    assert panel._work.is_doing("change")
    return panel


def another_version(panel):
    labelled(panel, "Change").value = "churn@3"
    panel._reads.wait()
    labelled(panel, "Describe…").click()


def another_change(panel):
    labelled(panel, "Describe…").click()


def the_same_again(panel):
    labelled(panel, "Promote…").click()


@pytest.mark.parametrize("leave", [another_version, another_change, the_same_again])
def test_another_form_is_left_alone(thirty, slow, leave):
    async def main():
        panel = await confirmed(thirty)
        leave(panel)
        before = panel._changes.html
        slow.set()
        panel.wait()
        assert panel._changes.html == before
        assert panel._changes.shown is None
        assert thirty.get("churn@champion").ref == "churn@2"
        (told,) = [html for html in htmls(panel, in_sight) if "no longer open" in html]
        assert "Promote churn@2" in told
        assert "Promoted" in told
        assert panel.error == ""
        labelled(panel, "Dismiss").click()
        assert not any("no longer open" in html for html in htmls(panel, in_sight))
        panel.close()

    asyncio.run(main())


@pytest.mark.parametrize("clears", [False, True])
def test_an_error_is_told_when_the_form_was_closed(thirty, slow, clears):
    async def main():
        panel = await confirmed(thirty)
        labelled(panel, "Clear" if clears else "Close").click()
        thirty.rollback("churn", to="churn@4", reason="it cannot wait")
        slow.set()
        await until(lambda: not panel._work.is_doing("change"))
        (told,) = [html for html in htmls(panel, in_sight) if 'role="alert"' in html]
        assert "Promote churn@2" in told
        assert "Conflict" in told
        assert panel.error.startswith("Conflict")
        panel.change("tag", "churn@3", tags="a=1")  # which has nothing to do with it
        assert panel.error.startswith("Conflict")
        labelled(panel, "Dismiss").click()
        assert panel.error == ""
        panel.close()

    asyncio.run(main())


def test_of_several_none_is_lost(thirty, slow, monkeypatch):
    async def main():
        panel = await confirmed(thirty)
        labelled(panel, "Close").click()
        slow.set()
        panel.wait()
        panel.change("promote", "churn@3")

        def fail(*_, **__):
            raise Conflict("somebody was faster")

        monkeypatch.setattr(Registry, "promote", fail)
        labelled(panel, "Confirm").click()
        labelled(panel, "Close").click()
        panel.wait()
        assert "Promote churn@2" in panel._changes.late.html
        assert "Promote churn@3" in panel._changes.late.html
        assert "somebody was faster" in panel._changes.late.html
        panel.close()

    asyncio.run(main())


def test_a_change_that_waits_for_its_turn_is_made_though_its_form_is_closed(thirty, monkeypatch):
    ends = threading.Event()
    monkeypatch.setattr(Registry, "compare", lambda *_: ends.wait(PATIENCE) and thirty.get("churn@1"))

    async def main():
        panel = thirty.panel("churn")
        panel.change("promote", "churn@2")
        labelled(panel, "churn@30").value = True
        assert panel._work.is_doing("section")
        labelled(panel, "Confirm").click()
        labelled(panel, "Close").click()
        ends.set()
        panel.wait()
        assert thirty.get("churn@champion").ref == "churn@2"
        assert "Promote churn@2" in panel._changes.late.html
        panel.close()

    asyncio.run(main())


def test_a_form_that_stays_open_has_its_answer(thirty, slow):
    async def main():
        panel = await confirmed(thirty)
        panel.search = "crm"
        labelled(panel, "Reason").value = "typed too late"
        slow.set()
        panel.wait()
        assert "Promoted" in panel._changes.html
        assert panel._changes.late.html == ""
        panel.close()

    asyncio.run(main())
