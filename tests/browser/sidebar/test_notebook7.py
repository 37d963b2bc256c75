"""The same in Notebook 7, shortened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.servers import serving
from tests.browser.sidebar.acting import Sidebar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from nbregistry.registry import Registry
    from tests.browser.servers import Installed, Lab


@pytest.fixture(scope="module")
def notebook7(home: Path, project: Path, installed: Installed) -> Iterator[Lab]:
    with serving(home, project.parent, application="notebook", installed=installed) as running:
        yield running


@pytest.fixture
def faults_of_others() -> frozenset[str]:
    """What the shortcuts of Notebook 7.6.5 stumble over at each start."""
    return frozenset({"Cannot read properties of undefined (reading 'schema')"})


def test_the_sidebar_a_page_and_a_promotion(page: Page, notebook7: Lab, registry: Registry) -> None:
    sidebar = Sidebar(page, notebook7).open("project/nb.ipynb", app="notebooks")
    expect(sidebar.model("churn")).to_be_visible()
    sidebar.search.fill("challenger")
    expect(sidebar.tree.locator(".nbr-mod-version")).to_have_count(1)
    sidebar.version(5).click()
    shown = sidebar.shown_page()
    expect(shown.get_by_role("heading", level=1)).to_have_text("churn@5")
    expect(shown.locator("[data-section=record] .nbr")).to_be_visible()
    shown.get_by_role("button", name="Promote…").click()
    form = page.get_by_role("region", name="Promote churn@5")
    form.get_by_label("Reason").fill("from the notebook")
    form.get_by_role("button", name="Dry run").click()
    form.get_by_role("button", name="Confirm").click()
    expect(form).to_contain_text("is now on churn@5")
    assert registry.log("churn")[-1].reason == "from the notebook"
    sidebar.search.fill("")
    sidebar.choose(29)
    sidebar.choose(27)
    sidebar.region.get_by_role("button", name="Compare", exact=True).click()
    expect(shown.get_by_role("heading", level=1)).to_have_text("Compare churn@29, churn@27")
    icon = page.locator(".nbr-Tab:visible .lm-TabBar-tabIcon svg").last
    above, within = icon.bounding_box(), page.locator(".nbr-Tab:visible").last.bounding_box()
    assert above is not None
    assert within is not None
    assert abs(above["y"] + above["height"] / 2 - within["y"] - within["height"] / 2) <= 1.5
    sidebar.run("nbregistry:open", ref="churn@5")
    expect(shown.get_by_role("heading", level=1)).to_have_text("churn@5")
    sidebar.run("nbregistry:insert-load", ref="churn@5")
    expect(page.locator(".jp-Notebook .jp-mod-active .cm-content")).to_contain_text("%nbr load churn@5 --as model")
