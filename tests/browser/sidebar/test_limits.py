"""What the sidebar does where things are not as one would wish: read-only, gone, huge, hostile."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import nbformat
import pytest
from playwright.sync_api import expect

import nbregistry
from tests.browser.servers import serving
from tests.browser.sidebar.acting import Sidebar, register_elsewhere
from tests.faults.hostile import TEXTS

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from nbregistry.registry import Registry
    from tests.browser.servers import Installed

MANY = 800
# Names allow letters, digits and a few signs of any script; everything else takes any text.
NAMES = ["ünïcode ٣", "名前", "a b.c-d_e", "العربية"]
SKELETON = """node => {
  const bones = element => [element.localName, element.className,
    [...element.attributes].map(a => a.name).filter(name => name !== 'title').sort(),
    [...element.children].map(bones)];
  return JSON.stringify(bones(node));
}"""
ACTIVE = "script, iframe, object, embed, form, base, link, meta, audio, video, svg, math, a[href], [onload], [onerror]"


@pytest.fixture
def folder(project: Path, request: pytest.FixtureRequest) -> Path:
    """A folder of this test's own below the server's root."""
    made = project.parent / request.node.originalname
    made.mkdir()
    return made


def look_at(sidebar: Sidebar, folder: Path) -> None:
    """Pick the registry of a folder."""
    picker = sidebar.page.get_by_label("Registry", exact=True)
    sidebar.run("nbregistry:refresh")
    value = f"{folder.name}/.nbregistry"
    expect(picker.locator(f"option[value='{value}']")).to_be_attached()
    picker.select_option(value)


def test_a_registry_that_vanishes_says_so_and_recovers(sidebar: Sidebar, folder: Path) -> None:
    nbregistry.open(folder / ".nbregistry").register("m", {"w": 1})
    look_at(sidebar, folder)
    expect(sidebar.version(1)).to_be_visible()
    shutil.move(folder / ".nbregistry", folder / "away")
    problem = sidebar.region.get_by_role("alert")
    expect(problem).to_be_visible()
    expect(problem.get_by_role("button", name="Try again")).to_be_visible()
    expect(problem).to_contain_text("There is no registry")
    expect(problem).to_contain_text("Next: put its folder back")
    expect(sidebar.search).to_be_disabled()
    expect(sidebar.page.get_by_label("Order of versions")).to_be_disabled()
    expect(sidebar.region.locator(".nbr-Count")).to_be_empty()
    shutil.move(folder / "away", folder / ".nbregistry")
    expect(sidebar.version(1)).to_be_visible()


def test_where_there_is_no_registry_it_says_how_to_begin_and_the_first_one_appears(
    page: Page, installed: Installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NBREGISTRY_HOME", str(tmp_path / "keys"))
    root = tmp_path / "root"
    root.mkdir()
    with serving(tmp_path, root, installed=installed) as lab:
        sidebar = Sidebar(page, lab).open()
        expect(sidebar.region).to_contain_text("No models yet")
        expect(sidebar.region).to_contain_text("%register churn model")
        nbregistry.open(root / ".nbregistry").register("first", {"w": 1})
        expect(sidebar.model("first")).to_be_visible()


def test_the_first_registry_beside_a_notebook_is_followed_where_there_are_others(
    sidebar: Sidebar, folder: Path
) -> None:
    nbformat.write(nbformat.v4.new_notebook(), folder / "new.ipynb")
    sidebar.run("docmanager:open", path=f"{folder.name}/new.ipynb")
    picker = sidebar.page.get_by_label("Registry", exact=True)
    expect(picker.locator("option").first).to_contain_text("none beside the notebook")
    nbregistry.open(folder / ".nbregistry").register("newborn", {"w": 1})
    expect(sidebar.model("newborn")).to_be_visible()
    expect(picker).to_have_value("")


def test_of_many_versions_only_those_in_sight_are_asked_for_and_drawn(sidebar: Sidebar, folder: Path) -> None:
    page = sidebar.page
    registry = nbregistry.open(folder / ".nbregistry")
    for number in range(MANY):
        registry.register("m", {"w": 1}, metrics={"auc": number / MANY})
    asked: list[str] = []
    page.on("request", lambda request: "api/versions" in request.url and asked.append(request.url))
    look_at(sidebar, folder)
    expect(sidebar.version(MANY)).to_be_visible()
    sidebar.tree.focus()
    page.keyboard.press("End")
    expect(sidebar.version(1)).to_be_visible()
    assert sidebar.tree.locator(".nbr-Item").count() < 80
    assert len(set(asked)) <= 4  # of eight pages: the first, the last, and what lies beside them
    page.keyboard.press("Home")
    expect(sidebar.model("m")).to_be_in_viewport()
    sidebar.search.fill("metrics.auc > 0.99")
    expect(sidebar.tree.locator(".nbr-mod-version")).to_have_count(MANY // 100 - 1)


def test_long_names_and_many_aliases_say_what_matters(sidebar: Sidebar, folder: Path) -> None:
    page = sidebar.page
    registry = nbregistry.open(folder / ".nbregistry")
    name = "W" * 255
    registry.register(name, {"w": 1}, metrics={"rmse": 580_246.9}, alias="champion")
    registry.register(name, {"w": 2}, metrics={"rmse": 580_246.8})
    aliases = ["canary", "challenger", "prod-eu", "prod-us", "shadow"]
    for alias in aliases:
        registry.promote(f"{name}@1", alias)
    registry.register("unpromoted", {"w": 1}, metrics={"roc_auc": 0.72})
    look_at(sidebar, folder)
    model = sidebar.model(name)
    expect(model.locator(".nbr-Item-name")).to_have_attribute("title", name)
    expect(model.locator(".nbr-Item-metric")).to_have_text("rmse")
    expect(sidebar.model("unpromoted").locator(".nbr-Item-metric")).to_have_text("roc_auc")
    heights = model.evaluate("line => [line.clientHeight, ...[...line.children].map(part => part.scrollHeight)]")
    assert max(heights) <= 42

    marks = sidebar.version(1).locator(".nbr-Item-marks")
    seen = marks.locator(".nbr-Chip").filter(visible=True)
    expect(seen.first).to_have_text("champion")
    more = marks.locator(".nbr-More")
    expect(more).to_contain_text(f"+{len(aliases) + 1 - seen.count()}")
    expect(more).to_have_attribute("title", "\n".join(["champion", *aliases]))
    page.evaluate("document.querySelector('#jp-left-stack').style.width = '900px'")
    page.evaluate("window.dispatchEvent(new Event('resize'))")
    page.evaluate("document.querySelector('.nbr-Sidebar').style.width = '900px'")
    expect(more).to_have_count(0)
    expect(seen).to_have_count(len(aliases) + 1)
    page.evaluate("document.querySelector('.nbr-Sidebar').style.width = '240px'")
    expect(more).to_have_count(1)

    sidebar.run("nbregistry:tag", ref=f"{name}@1", registry=f"{folder.name}/.nbregistry")
    form = page.locator(".nbr-Change")
    expect(form.get_by_role("heading")).to_contain_text(name)
    assert form.evaluate("form => form.scrollWidth <= form.clientWidth")
    widths = [form.get_by_label(label).evaluate("field => field.clientWidth") for label in ("Tags", "Reason")]
    assert widths[0] == widths[1]
    label = page.locator(".nbr-Tab.lm-mod-current .lm-TabBar-tabLabel")
    expect(label).to_have_text("WWWWWWWW…@1")
    assert label.evaluate("label => label.scrollWidth <= label.clientWidth")


def test_hostile_text_is_shown_as_the_text_it_is(sidebar: Sidebar, folder: Path) -> None:
    page = sidebar.page
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    registry = nbregistry.open(folder / ".nbregistry")
    texts = [text for text in TEXTS if text.strip()]
    for text in [*texts, "harmless"]:
        registry.register("m", {"w": 1}, metrics={"auc": 0.5}, tags={text: text}, description=text)
    for name in NAMES:
        registry.register(name, {"w": 1}, metrics={"auc": 0.5}, alias="champion")
    look_at(sidebar, folder)
    expect(sidebar.model("名前")).to_be_visible()
    sidebar.model("m").click()
    lines = sidebar.tree.locator(".nbr-mod-version")
    expect(lines.nth(10)).to_be_visible()
    skeletons = {line.evaluate(SKELETON) for line in lines.all()[2:10]}
    assert len(skeletons) == 1
    assert sidebar.region.locator(ACTIVE.replace(", svg", "").replace(", form", "")).count() == 0
    for number in range(1, len(texts) + 2, 7):
        sidebar.run("nbregistry:open", ref=f"m@{number}", registry=f"{folder.name}/.nbregistry")
        shown = sidebar.shown_page()
        expect(shown.locator("[data-section=record] .nbr")).to_be_visible()
        assert shown.locator(".nbr-Cards").locator(ACTIVE).count() == 0
        page.locator(".lm-TabBar-tab.jp-mod-current .lm-TabBar-tabCloseIcon").first.click()
    for hostile in ("<img src=x onerror=alert(1)>", "m@1'\"><script>alert(1)</script>", "../../etc/passwd@1"):
        sidebar.run("nbregistry:open", ref=hostile if "@" in hostile else f"{hostile}@1")
        expect(sidebar.shown_page().get_by_role("alert")).to_be_visible()
        assert sidebar.shown_page().locator(ACTIVE).count() == 0
        page.locator(".lm-TabBar-tab.jp-mod-current .lm-TabBar-tabCloseIcon").first.click()
    sidebar.search.fill("<img src=x onerror=alert(1)>")
    expect(sidebar.region.get_by_role("alert")).to_contain_text("<img")
    assert asked == []
    assert json.dumps(page.evaluate("window.pwned ?? null")) == "null"


def test_a_registry_that_begins_while_it_is_looked_for_appears(sidebar: Sidebar, project: Path) -> None:
    register_elsewhere(sidebar.lab, project, name="brand new")
    expect(sidebar.model("brand new")).to_be_attached()


def test_a_page_is_about_its_own_registry_whichever_the_sidebar_shows(
    sidebar: Sidebar, project: Path, registry: Registry
) -> None:
    page = sidebar.page
    sidebar.run("nbregistry:open", ref="churn@7")
    look_at(sidebar, project.parent / "elsewhere")
    expect(sidebar.model("lonely")).to_be_visible()
    shown = sidebar.shown_page()
    expect(shown).to_contain_text("project/.nbregistry")
    registry.tag("churn@7", seen_from="elsewhere")
    expect(shown.locator("[data-section=record]")).to_contain_text("seen_from")
    with page.expect_request("**/api/compare?*") as asked:
        shown.get_by_role("button", name="Compare with").click()
    assert "registry=project" in asked.value.url
    with page.expect_request("**/api/version?*") as asked:
        sidebar.run("nbregistry:open", ref="churn@8")  # as a link in the notebook's output does
    assert "registry=project" in asked.value.url
    page.get_by_role("tab", name="nb.ipynb").click()
    page.evaluate("window.jupyterapp.commands.execute('notebook:insert-cell-below')")
    page.get_by_role("tab", name="churn@7", exact=True).click()
    sidebar.shown_page().get_by_role("button", name="Insert load line").click()
    expect(page.locator(".jp-Notebook .jp-mod-active .cm-line")).to_have_text(["%nbr load churn@7 --as model"])


def test_the_first_press_of_the_mouse_is_for_the_line_under_it(sidebar: Sidebar) -> None:
    page = sidebar.page
    expect(sidebar.version(29)).to_be_visible()  # there is something to scroll
    sidebar.tree.hover()
    page.mouse.wheel(0, 200)
    line = sidebar.version(20)
    expect(line).to_be_in_viewport()
    box = line.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 10, delay=80)
    expect(sidebar.shown_page().get_by_role("heading", level=1)).to_have_text("churn@20")
    assert sidebar.tree.evaluate("tree => tree.scrollTop") > 100


def test_lines_stay_under_the_mouse_when_others_come_above(sidebar: Sidebar, project: Path) -> None:
    expect(sidebar.version(29)).to_be_visible()  # there is something to scroll
    sidebar.tree.evaluate("tree => { tree.scrollTop = 210; }")
    line = sidebar.version(20)
    expect(line).to_be_in_viewport()
    before = line.bounding_box()
    with sidebar.page.expect_response("**/api/versions?*"):
        register_elsewhere(sidebar.lab, project)
    expect(sidebar.region.locator("[aria-live=polite]").last).to_contain_text("1 new")
    sidebar.page.wait_for_function("() => document.querySelector('.nbr-Tree').scrollTop > 210")
    assert line.bounding_box() == before


def test_what_could_run_is_taken_out_of_whatever_a_server_sends(sidebar: Sidebar) -> None:
    page = sidebar.page
    card = (
        '<div class="nbr"><b>kept</b><img src="x" onerror="window.ran = 1"><script>window.ran = 2</script>'
        '<a href="javascript:window.ran = 3">link</a><form action="/"><input></form></div>'
    )
    page.route(
        "**/api/section?*", lambda route: route.fulfill(json={"id": "record", "title": "Record", "cards": [card]})
    )
    sidebar.run("nbregistry:open", ref="churn@11")
    shown = sidebar.shown_page().locator("[data-section=record]")
    expect(shown.locator("b")).to_have_text("kept")
    assert shown.locator("script, [onerror], [href^=javascript]").count() == 0
    assert page.evaluate("window.ran ?? null") is None
