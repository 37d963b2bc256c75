"""What can be done in a panel: a form, its dry run, and only then the change."""

from __future__ import annotations

import numpy as np
import pytest

from nbregistry.display import to_html
from nbregistry.errors import Conflict, NotFound, Refused
from nbregistry.registry import Registry
from tests.widgets.conftest import in_sight, labelled, offered


def open_form(panel, ref, title):
    panel.chosen = [ref]
    labelled(panel, f"{title}…").click()


def test_a_promotion_by_clicks(panel, thirty):
    open_form(panel, "churn@30", "Promote")
    confirm = labelled(panel, "Confirm")
    assert confirm.disabled
    head = thirty.head()
    labelled(panel, "Dry run").click()
    assert thirty.head() == head
    assert panel._changes.html == to_html(thirty.promote("churn@30", dry_run=True))
    assert not confirm.disabled
    labelled(panel, "Reason").value = "better recall"
    assert not confirm.disabled
    assert panel.line == '%promote churn@30 --reason "better recall"'
    assert panel._changes.html == to_html(thirty.promote("churn@30", reason="better recall", dry_run=True))
    confirm.click()
    assert confirm.disabled
    assert thirty.get("churn@champion").ref == "churn@30"
    assert thirty.log("churn")[-1].reason == "better recall"
    assert "applied" not in panel._changes.html
    assert "champion" in panel._list.rows[0].facts.value
    assert "champion" in panel._details.html
    confirm.click()
    assert len(thirty.log("churn")) == 31


def test_without_a_dry_run_there_is_nothing_to_confirm(panel):
    for refs in ([], ["churn@2"]):
        panel.chosen = refs
        with pytest.raises(Refused, match="no dry run"):
            panel.confirm()
    panel.change("promote", "churn@2")
    panel.chosen = ["churn@3"]
    with pytest.raises(Refused, match="no dry run"):
        panel.confirm()


def test_a_change_begins_with_the_version_as_it_is_now(panel, thirty):
    panel.chosen = ["churn@2"]
    thirty.archive("churn@2")
    assert panel.change("restore", "churn@2").status == "active"


def test_what_a_colleague_decided_meanwhile_stays(panel, thirty):
    panel.change("approve", "churn@2", status="Approved", reason="fine")
    thirty.approve("churn@2", "Rejected", reason="a leak")
    with pytest.raises(Conflict, match="approval of churn@2 meanwhile"):
        panel.confirm()
    assert thirty.get("churn@2").approval == "Rejected"


def test_a_read_only_registry_says_so_and_offers_no_change(thirty, root):
    panel = Registry(root, read_only=True).panel("churn")
    panel.chosen = ["churn@2"]
    assert offered(panel) == []
    assert panel._changes.widget.layout.display == "none"
    assert "30 versions, read-only" in panel._list._count.value
    with pytest.raises(Refused, match="opened read-only"):
        panel.change("tag", "churn@2", tags="a=1")
    panel.close()


def test_what_was_tried_out_is_what_is_confirmed(panel, thirty):
    open_form(panel, "churn@30", "Promote")
    labelled(panel, "Dry run").click()
    labelled(panel, "Alias").value = "live"
    assert labelled(panel, "Confirm").disabled
    labelled(panel, "Confirm").click()
    panel._changes.make()
    assert thirty.alias_names("churn") == ["champion"]
    with pytest.raises(Refused, match="no dry run to confirm"):
        panel.confirm()


def test_a_rollback_goes_where_its_dry_run_went(panel, thirty):
    thirty.promote("churn@2")
    thirty.promote("churn@3")
    assert panel.change("rollback", "churn@3").to_ref == "churn@2"
    thirty.archive("churn@4")
    thirty.approve("churn@2", "Rejected", reason="no")
    with pytest.raises(Refused, match="churn@2 is rejected"):
        panel.confirm()
    assert 'role="alert"' in panel._changes.html
    assert panel.error.startswith("Refused")


def test_a_change_that_would_be_refused_cannot_be_confirmed(panel, thirty):
    thirty.approve("churn@2", "Rejected", reason="no")
    shown = panel.change("promote", "churn@2")
    assert [check.name for check in shown.checks if check.outcome == "failed"] == ["approval"]
    assert labelled(panel, "Confirm").disabled


def test_a_reason_that_is_needed(panel, thirty):
    open_form(panel, "churn@2", "Approve")
    labelled(panel, "Approval").value = "Rejected"
    for reason in ("", "  "):
        labelled(panel, "Reason").value = reason
        labelled(panel, "Dry run").click()
        assert labelled(panel, "Confirm").disabled
        assert panel.line == ""  # a line that needs no thought would be one too many
    panel.change("approve", "churn@2", status="Rejected")
    with pytest.raises(Refused, match="to approve needs a reason"):
        panel.confirm()
    labelled(panel, "Reason").value = "too slow"
    assert "too slow" in panel._changes.html
    labelled(panel, "Confirm").click()
    assert thirty.get("churn@2").approval == "Rejected"
    assert thirty.log("churn")[-1].reason == "too slow"


def test_words_of_a_version(panel, thirty):
    panel.change("tag", "churn@2", tags="stage=hot team=None", reason="so it is")
    assert panel.confirm().tags == {"stage": "hot"}
    panel.change("describe", "churn@2", text="in a word")
    panel.confirm()
    assert thirty.get("churn@2").description == "in a word"
    panel.change("archive", "churn@2")
    panel.confirm()
    assert thirty.get("churn@2").status == "archived"
    assert "Restore" in offered(panel)
    assert "Archive" not in offered(panel)
    panel.change("restore", "churn@2")
    panel.confirm()
    assert thirty.get("churn@2").status == "active"


def test_errors_are_told_in_the_form(panel):
    open_form(panel, "churn@2", "Tag")
    labelled(panel, "Dry run").click()
    assert "no tag is given" in panel._changes.html
    assert panel.line == ""
    labelled(panel, "Tags").value = "stage"
    labelled(panel, "Dry run").click()
    assert "key=value" in panel._changes.html
    assert labelled(panel, "Confirm").disabled
    labelled(panel, "Tags").value = "stage=hot"
    assert panel.error == ""
    assert panel.line == "%nbr tag churn@2 stage=hot"


def test_only_what_makes_sense_is_offered(panel, thirty):
    panel.chosen = ["churn@1"]
    assert offered(panel) == ["Promote", "Roll back", "Tag", "Describe", "Approve", "Archive"]
    assert labelled(panel, "Change") in in_sight(panel)
    with pytest.raises(Refused, match="churn@1 is in use as champion"):
        panel.change("archive", "churn@1")
    with pytest.raises(Refused, match="'restore'"):
        panel.change("restore", "churn@1")
    with pytest.raises(NotFound, match="'aliass'"):
        panel.change("promote", "churn@1", aliass="live")
    with pytest.raises(Refused, match="'Maybe'"):
        panel.change("approve", "churn@1", status="Maybe")
    panel.chosen = []
    assert panel._changes.widget.layout.display == "none"


def test_of_several_one_is_changed(panel):
    panel.chosen = ["churn@3", "churn@4"]
    target = labelled(panel, "Change")
    assert target.value == "churn@4"
    panel.change("promote", "churn@3")
    assert (target.value, panel.chosen) == ("churn@3", ["churn@3", "churn@4"])
    target.value = "churn@4"
    assert panel._changes.form is None
    panel.change("promote", "churn@4")
    panel.chosen = ["churn@4"]
    assert panel._changes.form is not None
    panel.chosen = ["churn@3"]
    assert panel._changes.form is None


def test_what_others_commit_leaves_an_open_form_alone(panel, thirty):
    open_form(panel, "churn@2", "Describe")
    labelled(panel, "Description").value = "half a wo"
    thirty.register("churn", {"w": np.zeros(1)})
    thirty.tag("churn@2", stage="hot")
    panel.refresh()
    assert labelled(panel, "Description").value == "half a wo"
    labelled(panel, "Close").click()
    assert panel._changes.form is None
    assert thirty.get("churn@2").description == ""


def test_a_conflict_is_told(panel, monkeypatch):
    panel.change("promote", "churn@2")

    def promote(*_, **__):
        raise Conflict("somebody was faster", hint="look again")

    monkeypatch.setattr(Registry, "promote", promote)
    with pytest.raises(Conflict):
        panel.confirm()
    assert "somebody was faster" in panel._changes.html
    assert labelled(panel, "Confirm").disabled
