"""A registry on a disk that is mounted read-only: everything is shown, and a change is refused with words."""

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
        sidebar.run("nbregistry:open", ref="churn@5")
        expect(sidebar.shown_page().locator("[data-section=lineage]")).to_contain_text("churn@5")
        sidebar.shown_page().get_by_role("button", name="Promote…").click()
        form = page.get_by_role("region", name="Promote churn@5")
        form.get_by_role("button", name="Dry run").click()
        expect(form).to_contain_text("Nothing was changed.")
        form.get_by_role("button", name="Confirm").click()
        expect(form.get_by_role("alert")).to_contain_text("may not write")
