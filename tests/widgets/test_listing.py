"""Which versions a panel lists: model, search, order, page."""

from __future__ import annotations

import re

import ipywidgets
import numpy as np
import pytest

from nbregistry.errors import NotFound
from tests.widgets.conftest import htmls, labelled, within


def refs(*numbers):
    return [f"churn@{number}" for number in numbers]


def test_a_page_of_the_newest(panel):
    assert panel.name == "churn"
    assert panel.listed == refs(*range(30, 20, -1))
    assert panel.total == 30
    assert any("1–10 of 30" in html for html in htmls(panel))
    assert any("30 versions" in html for html in htmls(panel))


def test_pages_are_turned_and_drawn_into_the_same_widgets(panel):
    before = list(within(panel._list.widget))
    first, previous, following, last = (
        panel._list.first,
        panel._list.previous,
        panel._list.following,
        panel._list.last,
    )
    assert (first.disabled, previous.disabled, following.disabled, last.disabled) == (True, True, False, False)
    following.click()
    assert panel.listed == refs(*range(20, 10, -1))
    last.click()
    assert panel.listed == refs(*range(10, 0, -1))
    assert (first.disabled, following.disabled) == (False, True)
    previous.click()
    assert panel.offset == 10
    first.click()
    assert panel.offset == 0
    panel.offset = 1000
    assert panel.listed == refs(*range(10, 0, -1))
    assert list(within(panel._list.widget)) == before


def test_words_and_filters(panel):
    labelled(panel, "Search").value = "crm"
    assert panel.listed == refs(*range(30, 0, -3))
    panel.search = "metrics.roc_auc > 0.27 AND tags.team = 'fraud'"
    assert panel.listed == refs(29, 28)
    panel.search = "nowhere"
    assert (panel.listed, panel.total) == ([], 0)
    assert any("No version matches" in html for html in htmls(panel))
    panel.search = "metrics.roc > 0.5"
    lacking = "No version matches. No version has metrics.roc; did you mean: metrics.roc_auc"
    assert any(lacking in html for html in htmls(panel))


def test_a_wrong_filter_is_told_below_the_box_and_the_rows_stay(panel):
    panel.search = "metrics.roc_auc > 0.27"
    before = panel.listed
    panel.search = "metrics.roc_auc >"
    assert panel.listed == before
    assert panel.error.startswith("InvalidFilter: ")
    assert any('role="alert"' in html and "InvalidFilter" in html for html in htmls(panel))
    panel.search = ""
    assert panel.error == ""
    assert not any('role="alert"' in html for html in htmls(panel))


def test_orders_say_what_is_best(panel):
    sort = labelled(panel, "Sort")
    labels = dict(sort.options)
    assert labels["roc_auc: best first"] == "-metrics.roc_auc"
    assert labels["log_loss: best first"] == "metrics.log_loss"
    assert labels["odd one: highest first"] == "-metrics.odd one"
    told = [label for label, _ in sort.options]
    assert told[:4] == ["newest first", "oldest first", "roc_auc: best first", "roc_auc: worst first"]
    assert told.index("log_loss: best first") < told.index("log_loss: worst first")
    sort.value = "metrics.log_loss"
    assert panel.listed == refs(*range(1, 11))
    assert any("log_loss" in html and "nbr-cells" in html for html in htmls(panel))
    panel.sort = "-metrics.odd one"
    assert panel.listed == refs(*range(1, 11))
    with pytest.raises(NotFound):
        panel.sort = "metrics.gain"


def test_a_search_or_an_order_begins_with_the_first_page(panel):
    panel.offset = 20
    panel.sort = "version"
    assert panel.offset == 0
    panel.offset = 20
    panel.search = "fraud"
    assert panel.offset == 0


def test_the_line_lists_the_same(panel, thirty):
    panel.search = "metrics.roc_auc > 0.1"
    panel.sort = "-metrics.roc_auc"
    assert panel.line == '%versions churn --where "metrics.roc_auc > 0.1" --sort -metrics.roc_auc'
    panel.sort = "metrics.odd one"
    assert panel.line.endswith('--sort "metrics.odd one"')


def test_another_model_begins_anew(panel, thirty):
    thirty.register("tumour", {"w": np.zeros(1)})
    panel.chosen, panel.search, panel.sort = ["churn@3"], "crm", "version"
    panel.name = "tumour"
    assert (panel.listed, panel.chosen, panel.search, panel.sort) == (["tumour@1"], [], "", "-version")
    with pytest.raises(NotFound, match="chrun"):
        panel.name = "chrun"


def test_rows_show_aliases_status_and_the_metric(panel, thirty):
    thirty.approve("churn@2", "Approved", reason="reviewed")
    thirty.archive("churn@3")
    panel.refresh()
    panel.sort = "version"
    cells = [html for html in htmls(panel) if html.startswith('<div class="nbr-cells">')]
    assert re.search(r"nbr-chip.*champion", cells[1])
    assert re.search(r"nbr-badge.*approved", cells[2])
    assert re.search(r"nbr-badge.*archived", cells[3])
    assert "0.0100" in cells[1]
    assert "ada" in cells[1]


def test_every_control_has_a_name(panel):
    panel.chosen = ["churn@1", "churn@2"]
    panel.change("promote", "churn@2")
    controls = (ipywidgets.Button, ipywidgets.Checkbox, ipywidgets.Text, ipywidgets.Dropdown, ipywidgets.IntProgress)
    for widget in within(panel):
        if isinstance(widget, controls):
            assert widget.tooltip
            assert isinstance(widget, ipywidgets.IntProgress) or widget.description


def test_without_a_model_it_says_how_to_begin(registry):
    panel = registry.panel()
    assert (panel.name, panel.listed) == ("", [])
    assert any("%register NAME MODEL" in html for html in htmls(panel))
    assert "No models" in repr(panel) or "%register" in repr(panel)
    registry.register("first", {"w": np.zeros(1)})
    panel.refresh()
    assert panel.listed == ["first@1"]
    panel.close()


def test_no_such_model(registry):
    registry.register("churn", {"w": np.zeros(1)})
    with pytest.raises(NotFound, match="churn"):
        registry.panel("chrun")


def test_the_model_that_was_registered_last_is_the_first_to_be_seen(registry):
    for name in ("b", "c", "a", "b"):
        registry.register(name, {"w": np.zeros(1)})
    assert registry.panel().name == "b"


def test_fewer_versions_match_than_before(panel, thirty):
    panel.search = "tags.team = 'crm'"
    panel.chosen = []
    panel.search = "tags.team = 'fraud'"
    panel.offset = 10
    for number in range(1, 31):
        thirty.tag(f"churn@{number}", team="fraud" if number < 3 else "crm")
    panel.refresh()
    assert panel.listed == refs(2, 1)
