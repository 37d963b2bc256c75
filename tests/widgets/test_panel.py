"""What is chosen, what is known of it, and what a saved notebook keeps."""

from __future__ import annotations

from pathlib import Path

import nbconvert
import nbformat
import numpy as np
import pytest

from nbregistry.browsing.sections import OF_A_VERSION, SECTIONS
from nbregistry.display import to_html
from nbregistry.errors import NotFound, Refused, StorageError
from nbregistry.registry import Registry
from tests.widgets.conftest import htmls, labelled


def check(panel, ref, value=True):
    labelled(panel, ref).value = value


def test_one_version_is_told_in_tabs_that_are_filled_when_they_are_looked_at(panel, thirty):
    check(panel, "churn@30")
    assert (panel.chosen, panel.tab) == (["churn@30"], "record")
    assert panel._details.html == to_html(thirty.get("churn@30"))
    assert [section for section, area in panel._details._areas.items() if area.value] == ["record"]
    for section in OF_A_VERSION:
        panel._details.tabs.selected_index = list(SECTIONS).index(section.id)
        assert repr(list(panel.show(section.id))) == repr(list(section.show(thirty, ("churn@30",))))
        assert panel._details.html


def test_the_second_makes_a_comparison_of_it(panel, thirty):
    check(panel, "churn@30")
    assert panel.line == "%nbr show churn@30"
    check(panel, "churn@28")
    assert (panel.chosen, panel.tab) == (["churn@30", "churn@28"], "compare")
    assert panel._details.html == to_html(thirty.compare("churn@30", "churn@28"))
    assert panel.line == "%compare churn@30 churn@28"
    panel.show("plots")
    assert panel.line == "%compare churn@30 churn@28 --plots all"
    panel.show("slices")
    assert panel.line == "%compare --slices churn@30 churn@28"
    check(panel, "churn@30", value=False)
    assert (panel.chosen, panel.tab, panel.line) == (["churn@28"], "record", "%nbr show churn@28")
    for tab, line in (("code", "%nbr show --code churn@28"), ("card", "%nbr card churn@28")):
        panel.show(tab)
        assert panel.line == line
    with pytest.raises(Refused, match="needs 2"):
        panel.show("compare")


def test_a_tab_that_no_line_shows_leaves_the_tabs_under_the_mouse(panel):
    check(panel, "churn@30")
    place = panel._details.line.layout
    assert (place.display, place.visibility) == (None, None)
    panel.show("journal")
    assert panel.line == ""
    assert (place.display, place.visibility) == (None, "hidden")
    panel.show("record")
    assert (place.display, place.visibility) == (None, None)


def test_who_looks_at_the_lineage_of_two_still_does_with_one(panel):
    panel.chosen = ["churn@1", "churn@2"]
    panel.show("lineage")
    panel.chosen = ["churn@1"]
    assert panel.tab == "lineage"


def test_the_choice_survives_pages_filters_orders_and_what_others_commit(panel, thirty):
    check(panel, "churn@30")
    panel._list.following.click()
    check(panel, "churn@15")
    panel.search = "crm"
    panel.sort = "version"
    thirty.register("churn", {"w": np.zeros(1)})
    panel.refresh()
    assert panel.chosen == ["churn@30", "churn@15"]
    panel.search = ""
    panel.sort = "-version"
    assert panel.listed[0] == "churn@31"
    assert labelled(panel, "churn@30").value
    assert not labelled(panel, "churn@31").value
    assert any("Chosen: " in html and "churn@15" in html for html in htmls(panel))
    labelled(panel, "Clear").click()
    assert panel.chosen == []
    assert not labelled(panel, "churn@30").value


def test_any_reference_can_be_chosen(panel):
    panel.chosen = "churn@champion"
    assert panel.chosen == ["churn@1"]
    panel.chosen = ["models:/churn/2", "churn@latest", "churn@2"]
    assert panel.chosen == ["churn@2", "churn@30"]
    with pytest.raises(NotFound):
        panel.chosen = ["churn@31"]
    assert panel.chosen == ["churn@2", "churn@30"]


def test_what_was_committed_since_is_seen_in_the_tab(panel, thirty):
    panel.chosen = ["churn@3"]
    thirty.tag("churn@3", stage="hot")
    panel.refresh()
    assert "stage" in panel._details.html


def test_an_error_of_a_section_stands_in_its_tab(panel, monkeypatch):
    def fail(*_):
        raise StorageError("the disk is gone", hint="look for it")

    monkeypatch.setattr(Registry, "lineage", fail)
    panel.chosen = ["churn@3"]
    with pytest.raises(StorageError):
        panel.show("lineage")
    assert 'role="alert"' in panel._details.html
    assert "next: look for it" in panel._details.html
    assert panel.error.startswith("StorageError")
    panel.show("record")
    assert panel.error == ""


def test_a_bug_is_not_swallowed(panel, monkeypatch):
    monkeypatch.setattr(Registry, "lineage", lambda *_: 1 / 0)
    panel.chosen = ["churn@3"]
    with pytest.raises(ZeroDivisionError):
        panel.show("lineage")
    assert any("a bug in nbregistry" in html for html in htmls(panel))


def test_there_is_no_such_section(panel):
    panel.chosen = ["churn@3"]
    with pytest.raises(NotFound, match="linage"):
        panel.show("linage")
    panel.chosen = []
    with pytest.raises(Refused, match="needs 1"):
        panel.show("record")


def test_a_saved_notebook_keeps_a_picture(panel, thirty):
    panel.search = "crm"
    panel.chosen = ["churn@3"]
    kept = panel._repr_mimebundle_()
    assert set(kept) == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    listing = thirty.versions("churn", where=panel._list.page.where, order_by="-version", limit=10)
    assert to_html(listing) in kept["text/html"]
    assert kept["text/plain"].startswith(repr(listing))
    for text in (kept["text/plain"], kept["text/html"]):
        assert "churn@3" in text
        assert "Run the cell" in text
    assert repr(panel) == kept["text/plain"]


def test_an_exported_notebook_shows_the_picture(panel, monkeypatch):
    # The templates are beside the package, wherever that is; nbconvert itself looks beside the interpreter.
    monkeypatch.setenv("JUPYTER_PATH", str(Path(nbconvert.__file__).parents[4] / "share/jupyter"))
    output = nbformat.v4.new_output("execute_result", panel._repr_mimebundle_())
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("panel", outputs=[output])])
    html, _ = nbconvert.HTMLExporter().from_notebook_node(notebook)
    assert "Run the cell to use it" in html
    assert "churn@30" in html
    assert panel.model_id not in html


def test_a_page_further_on_is_what_the_picture_shows(panel):
    panel.offset = 20
    assert "churn@10" in repr(panel)
    assert "churn@11" not in repr(panel)


def test_of_a_registry_that_is_gone_the_picture_is_the_error(panel, root):
    panel.chosen = ["churn@3"]
    root.rename(root.parent / "elsewhere")
    kept = panel._repr_mimebundle_()
    assert kept["application/vnd.jupyter.widget-view+json"]["model_id"] == panel.model_id
    assert kept["text/plain"].startswith("StorageError: ")
    assert '<pre class="nbr-problem" role="alert">StorageError: ' in kept["text/html"]
    for text in (kept["text/plain"], kept["text/html"]):
        assert "churn@3" in text
        assert "Run the cell" in text
    assert repr(panel) == kept["text/plain"]
    (root.parent / "elsewhere").rename(root)
    assert "StorageError" not in repr(panel)
