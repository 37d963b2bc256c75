"""For everybody: axe-core on each screen in each theme, the keyboard alone, large print, a narrow sidebar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.axe import THEMES, violations

if TYPE_CHECKING:
    from playwright.sync_api import Route

    from nbregistry.registry import Registry
    from tests.browser.sidebar.acting import Sidebar

# What is ours on the page; the rest is JupyterLab's.
OURS = (".nbr-Sidebar", ".nbr-Page")


@pytest.mark.parametrize("theme", THEMES)
def test_no_screen_violates_a_rule(sidebar: Sidebar, theme: str) -> None:
    page = sidebar.page
    sidebar.theme(theme)
    expect(sidebar.model("churn")).to_be_visible()
    screens: dict[str, list[Any]] = {"sidebar": violations(page, *OURS)}
    sidebar.choose(29)
    sidebar.choose(27)
    sidebar.search.fill("metrics.roc_auc >")
    expect(sidebar.region.get_by_role("alert")).to_be_visible()
    screens["a wrong filter, two chosen"] = violations(page, *OURS)
    sidebar.search.fill("nothing like this")
    expect(sidebar.region).to_contain_text("Nothing matches")
    screens["nothing found"] = violations(page, *OURS)
    sidebar.search.fill("")
    sidebar.run("nbregistry:open", ref="churn@2")
    shown = sidebar.shown_page()
    for section in ("record", "evaluations", "lineage", "journal"):
        expect(shown.locator(f"[data-section={section}] .nbr").first).to_be_attached()
    screens["version"] = violations(page, *OURS)
    sidebar.run("nbregistry:promote", ref="churn@2")
    form = page.get_by_role("region", name="Promote churn@2")
    form.get_by_role("button", name="Dry run").click()
    expect(form.locator(".nbr-Cards .nbr")).to_be_visible()
    screens["dry run"] = violations(page, *OURS)
    sidebar.run("nbregistry:compare", refs=["churn@5", "churn@6"])
    expect(sidebar.shown_page().locator("[data-section=compare] img")).to_be_visible()
    screens["compare"] = violations(page, *OURS)
    sidebar.run("nbregistry:open", ref="churn@4000")
    expect(sidebar.shown_page().get_by_role("alert")).to_be_visible()
    screens["a version that is not there"] = violations(page, *OURS)
    assert {screen: found for screen, found in screens.items() if found} == {}


def test_everything_by_keyboard_alone(sidebar: Sidebar, registry: Registry) -> None:
    page = sidebar.page
    newest = registry.latest("churn")
    expect(sidebar.model("churn")).to_be_visible()
    sidebar.search.focus()
    for _ in range(2):  # past the order, into the tree
        page.keyboard.press("Tab")
    expect(sidebar.tree).to_be_focused()

    def expect_active(text: str) -> None:
        line = sidebar.tree.locator("[role=treeitem].nbr-mod-active")
        expect(line).to_contain_text(text)
        expect(sidebar.tree).to_have_attribute("aria-activedescendant", str(line.get_attribute("id")))

    expect_active("churn")
    page.keyboard.press("ArrowLeft")
    expect(sidebar.model("churn")).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect_active(f"v{newest}")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(sidebar.region).to_contain_text("2 chosen")
    page.keyboard.press("End")
    expect(sidebar.model("churn")).not_to_be_in_viewport()
    page.keyboard.press("Home")
    page.keyboard.press("PageDown")
    page.keyboard.press("PageUp")
    expect_active("churn")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(sidebar.shown_page().locator("[data-section=compare] .nbr").first).to_be_visible()

    sidebar.tree.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    shown = sidebar.shown_page()
    expect(shown.get_by_role("heading", level=1)).to_have_text(f"churn@{newest}")
    # The page has the focus, so the next stop is its first button.
    page.keyboard.press("Tab")
    expect(shown.get_by_role("button", name="Promote…")).to_be_focused()
    page.keyboard.press("Enter")
    form = page.get_by_role("region", name=f"Promote churn@{newest}")
    expect(form.get_by_label("Alias")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("candidate")
    page.keyboard.press("Tab")
    page.keyboard.type("by hand, without a mouse")
    page.keyboard.press("Enter")
    expect(form).to_contain_text("Nothing was changed.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(form.get_by_role("button", name="Confirm")).to_be_focused()
    page.keyboard.press("Enter")
    expect(form).to_contain_text("is now on")
    assert registry.get("churn@candidate").version == newest
    assert registry.log("churn")[-1].reason == "by hand, without a mouse"


def test_a_key_that_is_pressed_before_its_row_has_come_counts(sidebar: Sidebar, registry: Registry) -> None:
    page = sidebar.page
    held: list[Route] = []
    is_held = True

    def hold(route: Route) -> None:
        held.append(route) if is_held else route.continue_()

    newest = registry.latest("churn")
    expect(sidebar.version(newest)).to_be_visible()
    sidebar.model("churn").click()
    expect(sidebar.model("churn")).to_have_attribute("aria-expanded", "false")
    page.route("**/api/versions?*churn*", hold)
    registry.tag("churn@1", seen="yes")  # what a closed model had is forgotten when something changes
    sidebar.run("nbregistry:refresh")
    sidebar.tree.focus()
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    active = sidebar.tree.locator("[role=treeitem].nbr-mod-active")
    expect(active).to_have_text("Loading")
    page.keyboard.press("Enter")  # which opens nothing: it is not known yet what stands there
    is_held = False
    for route in held:
        route.continue_()
    expect(active).to_contain_text(f"v{newest}")
    expect(page.locator(".nbr-Page")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(sidebar.shown_page().get_by_role("heading", level=1)).to_have_text(f"churn@{newest}")


def test_the_context_menu_opens_by_keyboard_and_is_about_the_active_line(sidebar: Sidebar) -> None:
    page = sidebar.page
    sidebar.version(20).click()
    sidebar.tree.focus()
    page.keyboard.press("Shift+F10")
    menu = page.get_by_role("menu")
    expect(menu.get_by_role("menuitem", name="Promote…")).to_be_visible()
    menu.get_by_role("menuitem", name="Choose to Compare").click()
    expect(sidebar.version(20)).to_have_attribute("aria-selected", "true")


def test_the_context_menu_offers_what_can_be_done(sidebar: Sidebar) -> None:
    sidebar.page.get_by_label("Order of versions").select_option("oldest first")
    offered = {}
    for number in (2, 3):  # the champion and another
        sidebar.version(number).click(button="right")
        menu = sidebar.page.get_by_role("menu")
        expect(menu).to_be_visible()
        offered[number] = set(map(str.strip, menu.get_by_role("menuitem").all_inner_texts()))
        sidebar.page.keyboard.press("Escape")
        expect(menu).to_be_hidden()
    assert offered[2] ^ offered[3] == {"Insert Rollback Line", "Compare with Champion", "Roll Back…"}
    assert offered[2] >= {"Insert Rollback Line", "Roll Back…", "Tag…", "Describe…", "Approve…", "Archive…"}
    assert "Restore…" not in offered[2]
    sidebar.version(4).click(button="right")  # an archived one
    expect(menu.get_by_role("menuitem", name="Archive…")).to_have_count(0)
    menu.get_by_role("menuitem", name="Restore…").click()
    expect(sidebar.page.get_by_role("region", name="Restore churn@4")).to_be_visible()


STICKING_OUT = """selector => [...document.querySelectorAll(selector)].flatMap(root => {
  const edge = root.getBoundingClientRect().right + 1;
  return [...root.querySelectorAll('*')]
    .filter(part => part.checkVisibility() && !part.closest('.nbr-Unseen, .nbr-scroll, .nbr-unseen, select'))
    .filter(part => part.getBoundingClientRect().right > edge)
    .map(part => part.outerHTML.slice(0, 150));
})"""


@pytest.mark.parametrize(("width", "zoom"), [(1280, 1), (1280, 2), (720, 1)])
def test_large_print_and_small_windows_cut_nothing_off(sidebar: Sidebar, width: int, zoom: int) -> None:
    page = sidebar.page
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate("zoom => { document.documentElement.style.fontSize = ''; document.body.style.zoom = zoom; }", zoom)
    expect(sidebar.model("churn")).to_be_visible()
    sidebar.choose(28)
    sidebar.choose(27)
    assert page.evaluate(STICKING_OUT, ".nbr-Sidebar") == []
    sidebar.run("nbregistry:promote", ref="churn@2")
    form = page.get_by_role("region", name="Promote churn@2")
    form.get_by_role("button", name="Dry run").click()
    expect(form.locator(".nbr-Cards .nbr")).to_be_attached()
    form.locator("summary").first.click()
    assert page.evaluate(STICKING_OUT, ".nbr-Page") == []
    checks = form.locator("details[open] .nbr-scroll").first
    assert checks.evaluate("box => box.scrollWidth <= box.clientWidth")


def test_at_its_usual_width_the_sidebar_cuts_no_words_off(sidebar: Sidebar) -> None:
    sidebar.search.fill("alias = 'challenger'")
    count = sidebar.region.locator(".nbr-Count")
    expect(count).to_have_text("1 of 2 models")
    cut = "part => part.scrollWidth > part.clientWidth"
    assert not count.evaluate(cut)
    lefts = [
        part.evaluate("part => part.getBoundingClientRect().left")
        for part in (sidebar.search, sidebar.page.get_by_label("Registry", exact=True))
    ]
    assert lefts[0] == lefts[1]
    sidebar.choose(5)
    sidebar.search.fill("nothing like this")
    expect(sidebar.region).to_contain_text("Nothing matches")
    bar, whole = sidebar.region.locator(".nbr-Chosen").bounding_box(), sidebar.region.bounding_box()
    assert bar is not None
    assert whole is not None
    assert abs(bar["y"] + bar["height"] - whole["y"] - whole["height"]) <= 1


def test_a_sidebar_of_360_pixels_shows_version_chip_and_metric(sidebar: Sidebar) -> None:
    page = sidebar.page
    page.evaluate("document.querySelector('#jp-left-stack').style.width = '360px'")
    line = sidebar.version(5)
    line.scroll_into_view_if_needed()
    for part in (".nbr-Item-version", ".nbr-Chip", ".nbr-Metric"):
        box, outer = line.locator(part).first.bounding_box(), line.bounding_box()
        assert box is not None
        assert outer is not None
        assert outer["x"] <= box["x"]
        assert box["x"] + box["width"] <= outer["x"] + outer["width"]
