"""A registry on a disk that is mounted read-only: everything is shown, and no change is offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.servers import serving
from tests.browser.sidebar.acting import Sidebar
from tests.faults.conftest import with_mounts

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.servers import Installed


def test_it_is_shown_and_not_changed(page: Page, home: Path, project: Path, installed: Installed, own: None) -> None:
    mounted = with_mounts(f"mount --bind {project} {project} && mount -o remount,ro,bind {project}")
    with serving(home, project.parent, installed=installed, before=mounted) as lab:
        sidebar = Sidebar(page, lab).open("project/nb.ipynb")
        expect(page.get_by_label("Registry", exact=True)).to_contain_text("project (read-only)")
        expect(sidebar.model("churn")).to_be_visible()
        expect(sidebar.region).to_contain_text("Read-only: nothing can be changed here")
        sidebar.run("nbregistry:open", ref="churn@5")
        expect(sidebar.shown_page().locator("[data-section=lineage]")).to_contain_text("churn@5")
        expect(sidebar.shown_page()).to_contain_text("Read-only: nothing can be changed here")
        expect(sidebar.shown_page().get_by_role("button", name="Insert load line")).to_be_visible()
        expect(sidebar.shown_page().get_by_role("button", name="Promote…")).to_have_count(0)
        sidebar.version(20).click(button="right")
        menu = page.get_by_role("menu")
        expect(menu.get_by_role("menuitem", name="Insert Load Line")).not_to_have_attribute("aria-disabled", "true")
        for change in ("Promote…", "Tag…", "Archive…"):
            expect(menu.get_by_role("menuitem", name=change)).to_have_attribute("aria-disabled", "true")
