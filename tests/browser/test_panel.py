"""The panel in a real browser: the notebook about it, driven by clicks and by the keyboard."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import ipywidgets
import pytest
from playwright.sync_api import expect

from tests.browser.axe import THEMES, violations
from tests.browser.conftest import PATIENCE
from tests.browser.servers import ROOT, Installed, serving, variables
from tests.browser.test_quickstart import IS_OPEN, keep

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from playwright.sync_api import Browser, Locator, Page

    from tests.browser.servers import Lab

NOTEBOOK = "03_panels.ipynb"
STORY = ROOT / "notebooks" / NOTEBOOK
# The front end's widgets stand beside the package, wherever that is; Jupyter itself looks beside the interpreter.
WIDGETS = Installed(environment={"JUPYTER_PATH": str(Path(ipywidgets.__file__).parents[4] / "share" / "jupyter")})
RUN_UP_TO_THE_PANEL = """async () => {
  const app = window.jupyterapp;
  const notebook = app.shell.currentWidget;
  await app.restored;
  await notebook.context.sessionContext.ready;
  await notebook.context.sessionContext.session.kernel.info;
  const cells = notebook.content.widgets;
  const panel = cells.findIndex(cell => cell.model.sharedModel.getSource().includes("%nbr panel"));
  notebook.content.activeCellIndex = panel + 1;
  await app.commands.execute("notebook:run-all-above");
}"""
RUN_THE_CELL = """async source => {
  const app = window.jupyterapp;
  const notebook = app.shell.currentWidget;
  const cells = notebook.content.widgets;
  notebook.content.activeCellIndex = cells.findIndex(cell => cell.model.sharedModel.getSource().startsWith(source));
  await app.commands.execute("notebook:run-cell");
}"""
ASK_THE_KERNEL = """async code => {
  const kernel = window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
  const future = kernel.requestExecute({code: "", user_expressions: {answer: code}, store_history: false});
  return (await future.done).content.user_expressions.answer.data["text/plain"];
}"""
REGISTER = """
import sys, numpy, nbregistry
nbregistry.open(sys.argv[1]).register("tumour", {"w": numpy.zeros(2)}, metrics={"roc_auc": 0.5})
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A JupyterLab with the front end of ipywidgets."""
    with _application(tmp_path_factory, "jupyterlab") as running:
        yield running


def _application(factory: pytest.TempPathFactory, application: str) -> AbstractContextManager[Lab]:
    home = factory.mktemp(application)
    (home / "notebooks").mkdir()
    shutil.copy(STORY, home / "notebooks")
    return serving(home, home / "notebooks", application=application, installed=WIDGETS)


@pytest.fixture
def panel(page: Page, lab: Lab) -> Locator:
    """The panel, after the cells above it ran."""
    page.goto(lab.notebook_url(NOTEBOOK))
    return opened(page)


def opened(page: Page) -> Locator:
    page.wait_for_function(IS_OPEN)
    page.evaluate(RUN_UP_TO_THE_PANEL)
    panel = page.locator(".nbr-panel")
    expect(panel.get_by_text("1–10 of 30")).to_be_visible()
    return panel


def tick(panel: Locator, ref: str) -> Locator:
    return panel.get_by_role("checkbox", name=ref, exact=True)


def test_a_click_and_a_key_do_what_the_magics_do(page: Page, panel: Locator) -> None:
    # Search: a wrong filter is told, the rows stay; a right one is obeyed.
    search = panel.get_by_label("Search")
    search.press_sequentially("metrics.roc_auc >")
    alert = panel.get_by_role("alert")
    expect(alert).to_contain_text("InvalidFilter")
    expect(panel.locator(".nbr-row .nbr-check").first).to_have_text("tumour@30")
    keep(panel, "panel-wrong-filter")
    search.press_sequentially(" 0.98 AND version < 20")
    expect(alert).to_have_count(0)
    expect(panel.locator(".nbr-row .nbr-check").first).to_have_text("tumour@19")
    search.fill("")
    expect(panel.get_by_text("1–10 of 30")).to_be_visible()

    # Sort and turn pages, by the keyboard.
    panel.get_by_label("Sort").select_option("oldest first")
    expect(panel.locator(".nbr-row .nbr-check").first).to_have_text("tumour@1")
    following = panel.get_by_role("button", name="Next")
    following.focus()
    page.keyboard.press("Enter")
    expect(panel.get_by_text("11–20 of 30")).to_be_visible()
    expect(following).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(panel.get_by_text("21–30 of 30")).to_be_visible()
    panel.get_by_role("button", name="First").click()

    # Choose two, one by the keyboard: a comparison.
    tick(panel, "tumour@1").click()
    shown = panel.locator(".nbr-section-of-panel").filter(visible=True)
    expect(shown).to_contain_text("tumour@1")
    panel.get_by_label("Sort").select_option("roc_auc: best first")
    best = panel.locator(".nbr-row .nbr-check").first
    expect(best).to_have_text("tumour@30")
    tick(panel, "tumour@30").focus()
    page.keyboard.press("Space")
    expect(panel.locator(".nbr-names")).to_have_text("Chosen: tumour@1, tumour@30")
    expect(panel.get_by_role("tab", name="Compare")).to_have_attribute("aria-selected", "true")
    expect(shown).to_contain_text("Compare tumour@1, tumour@30")
    expect(panel.locator(".nbr-details .nbr-line input")).to_have_value("%compare tumour@1 tumour@30")
    keep(panel, "panel")

    # The other tabs, by the keyboard.
    panel.get_by_role("tab", name="Compare").focus()
    for name, said in (
        ("Plots", "Precision and recall"),
        ("Slices", "no column of them was kept"),
        ("Record", "LogisticRegression"),
        ("Evaluations", "171"),
        ("Lineage", "this version"),
        ("Code", "made it: "),
        ("Journal", "register"),
        ("Card", "Model card of tumour@30"),
    ):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        expect(panel.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
        expect(shown).to_contain_text(said)

    # Promote: a dry run, a reason, and only then the change.
    panel.get_by_label("Change").select_option("tumour@30")
    panel.get_by_role("button", name="Promote…").click()
    confirm = panel.get_by_role("button", name="Confirm")
    expect(confirm).to_be_disabled()
    panel.get_by_role("button", name="Dry run").focus()
    page.keyboard.press("Enter")
    answer = panel.locator(".nbr-answer")
    expect(answer).to_contain_text("Nothing was changed")
    expect(confirm).to_be_enabled()
    panel.get_by_label("Alias").fill("live")
    expect(confirm).to_be_disabled()
    panel.get_by_label("Alias").fill("champion")
    panel.get_by_role("button", name="Dry run").click()
    expect(answer).to_contain_text("tumour@1 → tumour@30")
    panel.get_by_label("Reason").fill("best of thirty")
    expect(panel.locator(".nbr-form .nbr-line input")).to_have_value('%promote tumour@30 --reason "best of thirty"')
    keep(panel, "panel-dry-run")
    expect(confirm).to_be_enabled()
    confirm.click()
    expect(answer).to_contain_text("Promoted")
    expect(panel.locator(".nbr-row").first).to_contain_text("champion")
    expect(shown).to_contain_text("best of thirty")

    # The kernel agrees.
    page.evaluate(RUN_THE_CELL, "%versions tumour")
    output = (
        page.locator(".jp-CodeCell")
        .filter(has=page.locator(".cm-content", has_text="%versions tumour"))
        .locator(".jp-OutputArea-output")
    )
    expect(output).to_contain_text("champion: tumour@30")


def test_what_another_process_registers_appears_and_the_choice_stays(page: Page, lab: Lab, panel: Locator) -> None:
    tick(panel, "tumour@29").click()
    tick(panel, "tumour@28").click()
    folder = page.evaluate(ASK_THE_KERNEL, "str(registry.path)").strip("'")
    subprocess.run([sys.executable, "-c", REGISTER, folder], check=True, env=lab.environment)
    expect(tick(panel, "tumour@31")).to_be_visible()
    expect(panel.locator(".nbr-names")).to_have_text("Chosen: tumour@29, tumour@28")
    for ref, is_chosen in (("tumour@31", False), ("tumour@29", True), ("tumour@28", True)):
        expect(tick(panel, ref)).to_be_checked(checked=is_chosen)

    # A registry that vanishes is told, and what is seen stays; it comes back.
    there, elsewhere = Path(folder), Path(f"{folder}-elsewhere")
    there.rename(elsewhere)
    alert = panel.get_by_role("alert").first
    expect(alert).to_be_visible()
    expect(panel.locator(".nbr-row .nbr-check").first).to_have_text("tumour@31")
    keep(panel, "panel-vanished")
    elsewhere.rename(there)
    expect(panel.get_by_role("alert")).to_have_count(0)
    expect(panel.locator(".nbr-names")).to_have_text("Chosen: tumour@29, tumour@28")


@pytest.mark.parametrize("width", [1400, 700, 400])
def test_nothing_sticks_out_at_any_width(page: Page, panel: Locator, width: int) -> None:
    page.set_viewport_size({"width": 1600, "height": 1000})
    tick(panel, "tumour@30").click()
    promote = panel.get_by_role("button", name="Promote…")
    place = promote.bounding_box()
    tick(panel, "tumour@29").click()
    expect(panel.locator(".nbr-names")).to_have_text("Chosen: tumour@30, tumour@29")
    assert promote.bounding_box() == place  # it does not move away from under the mouse
    promote.click()
    panel.get_by_role("button", name="Dry run").click()
    expect(panel.locator(".nbr-answer")).to_contain_text("Nothing was changed")
    panel.evaluate("(panel, width) => { panel.style.width = `${width}px`; panel.style.maxWidth = 'none'; }", width)
    sticking_out = """panel => {
      const right = panel.getBoundingClientRect().right;
      return [...panel.querySelectorAll('*')]
        .filter(e => e.offsetParent && !e.closest('.nbr-scroll, .nbr-unseen'))
        .filter(e => e.getBoundingClientRect().right > right + 1)
        .map(e => e.className);
    }"""
    assert panel.evaluate(sticking_out) == []
    cut = "tabs => tabs.filter(tab => tab.scrollWidth > tab.clientWidth).map(tab => tab.textContent)"
    assert panel.locator("[role=tab] .lm-TabBar-tabLabel").evaluate_all(cut) == []
    keep(panel, f"panel-{width}")


DOING = "Plots of several versions with names " * 3
# It works until it is stopped, in a real job: a state that the test drew itself would be undone by the next real one.
WORK_UNTIL_STOPPED = f"""
import time
from nbregistry.progress import observer
from nbregistry.widgets.work import Job

def work():
    while True:
        observer.get()({DOING!r}, 1, 2)
        time.sleep(0.05)

panel._work.start(Job("endless", {DOING!r}, work, print, print))
"""
TABS = ".nbr-details [role=tab]"
TOPS = "tabs => tabs.map(tab => tab.getBoundingClientRect().top)"


@pytest.mark.parametrize("width", [1100, 820, 400])
def test_that_it_works_moves_nothing_from_under_the_mouse(page: Page, panel: Locator, width: int) -> None:
    panel.evaluate("(panel, width) => { panel.style.width = `${width}px`; panel.style.maxWidth = 'none'; }", width)
    for number in (30, 29, 28, 27):
        tick(panel, f"tumour@{number}").click()
    expect(panel.locator(".nbr-names")).to_have_text("Chosen: tumour@30, tumour@29, tumour@28, tumour@27")
    working = panel.locator(".nbr-selection > .nbr-working")
    stop = working.get_by_role("button", name="Stop")
    expect(panel.get_by_role("img").first).to_be_visible()
    expect(stop).to_be_hidden()
    before = panel.locator(TABS).evaluate_all(TOPS)
    page.evaluate(ASK_THE_KERNEL, f"exec({WORK_UNTIL_STOPPED!r})")
    expect(working).to_contain_text(DOING.strip())
    expect(working.locator(".nbr-bar")).to_be_visible()
    assert panel.locator(TABS).evaluate_all(TOPS) == before
    inside, around = stop.bounding_box(), panel.bounding_box()
    assert inside is not None
    assert around is not None
    assert inside["x"] + inside["width"] <= around["x"] + around["width"]
    stop.click()
    expect(stop).to_be_hidden()
    assert panel.locator(TABS).evaluate_all(TOPS) == before


def test_the_keyboard_is_seen_where_it_is(page: Page, panel: Locator) -> None:
    tick(panel, "tumour@30").click()
    for field in (panel.get_by_label("Search"), panel.get_by_label("Sort"), panel.locator(".nbr-line input").first):
        field.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        expect(field).to_be_focused()
        assert field.evaluate("field => getComputedStyle(field).outlineStyle") == "solid"


def test_in_notebook_7(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> None:
    page = chromium.new_page()
    page.set_default_timeout(PATIENCE)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    with _application(tmp_path_factory, "notebook") as notebook:
        page.goto(f"{notebook.url}/notebooks/{NOTEBOOK}?token={notebook.token}")
        panel = opened(page)
        tick(panel, "tumour@30").click()
        tick(panel, "tumour@29").click()
        expect(panel.locator(".nbr-section-of-panel").filter(visible=True)).to_contain_text("Compare tumour@30")
        panel.get_by_role("button", name="Tag…").click()
        panel.get_by_label("Tags").fill("stage=hot")
        panel.get_by_role("button", name="Dry run").click()
        panel.get_by_role("button", name="Confirm").click()
        expect(panel.locator(".nbr-answer")).to_contain_text("stage")
        keep(panel, "panel-notebook-7")
    page.close()
    # Notebook 7.6 raises this one by itself, whatever it opens, when it reads its settings.
    assert [error for error in errors if "reading 'schema'" not in error] == []


def test_in_voila(page: Page, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Voilà runs all of the notebook, the cells that drive the panel too, and shows what came of it."""
    home = tmp_path_factory.mktemp("voila")
    shutil.copy(STORY, home)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | variables(home) | WIDGETS.environment
    command = [sys.executable, "-m", "voila", NOTEBOOK, "--no-browser", "--Voila.ip=127.0.0.1", f"--port={port}"]
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=home, env=environment, stdout=log, stderr=log)
        try:
            until_it_listens(port, server)
            page.goto(f"http://127.0.0.1:{port}/")
            panel = page.locator(".nbr-panel")
            expect(panel.locator(".nbr-names")).to_have_text("Chosen: tumour@1, tumour@30")
            tick(panel, "tumour@29").click()
            expect(panel.locator(".nbr-names")).to_have_text("Chosen: tumour@1, tumour@30, tumour@29")
            panel.get_by_role("tab", name="Compare").click()
            shown = panel.locator(".nbr-section-of-panel").filter(visible=True)
            expect(shown).to_contain_text("Compare tumour@1, tumour@30, tumour@29")
            keep(panel, "panel-voila")
        finally:
            server.terminate()
            server.wait(30)


def until_it_listens(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.2)
    pytest.fail("Voilà did not start")


def test_no_theme_makes_it_violate_a_rule_of_accessibility(page: Page, panel: Locator) -> None:
    tick(panel, "tumour@30").check()
    tick(panel, "tumour@28").check()
    expect(panel.get_by_role("img")).to_be_visible()
    panel.get_by_role("button", name="Promote…").click()
    panel.get_by_role("button", name="Dry run").click()
    expect(panel).to_contain_text("Nothing was changed.")
    found = {}
    for theme in THEMES:
        page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
        page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=theme)
        found[theme] = violations(page, ".nbr-panel")
    assert found == {theme: [] for theme in THEMES}
