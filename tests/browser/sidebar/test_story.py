"""The registry in JupyterLab's sidebar: what somebody does who would rather click than type."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.servers import variables
from tests.browser.sidebar.acting import IS_IDLE, Sidebar, register_elsewhere

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from nbregistry.registry import Registry
    from tests.browser.servers import Installed, Lab

SCREENSHOTS = os.environ.get("NBREGISTRY_SCREENSHOTS")


def keep(page: Page, name: str) -> None:
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png")


def run_cells(page: Page) -> None:
    page.wait_for_function(IS_IDLE)
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")


def test_both_extensions_are_enabled_where_there_is_no_node(installed: Installed, home: Path) -> None:
    environment = os.environ | variables(home) | installed.environment
    assert shutil.which("node", path=environment["PATH"]) is None

    def listed(*arguments: str) -> str:
        command = [installed.python, "-m", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        words = re.sub(r"\x1b\[\d+m", "", done.stdout + done.stderr).split()
        return " ".join(words)

    assert "nbregistry v0.1.0 enabled OK" in listed("jupyterlab.labextensions", "list")
    assert "nbregistry enabled" in listed("jupyter_server.extension.serverextension", "list")


def test_the_registry_of_the_notebook_is_shown_newest_first(sidebar: Sidebar) -> None:
    expect(sidebar.model("churn")).to_contain_text("versions, champion v")
    expect(sidebar.model("churn")).to_have_attribute("aria-expanded", "true")
    expect(sidebar.version(2)).to_be_attached() if sidebar.version(2).count() else None
    numbers = [int(text[1:]) for text in sidebar.versions() if text]
    assert numbers == sorted(numbers, reverse=True)
    keep(sidebar.page, "sidebar")


def test_search_as_you_type_in_words_and_in_the_filter_language(sidebar: Sidebar) -> None:
    sidebar.search.fill("rejected")
    expect(sidebar.tree.locator(".nbr-mod-version")).to_have_count(1)
    expect(sidebar.version(3)).to_contain_text("rejected")
    sidebar.search.fill("alias = 'challenger'")
    expect(sidebar.version(5)).to_contain_text("challenger")
    expect(sidebar.tree.locator(".nbr-mod-version")).to_have_count(1)
    sidebar.search.fill("metrics.roc_auc >")
    problem = sidebar.region.get_by_role("alert")
    expect(problem).to_contain_text("cannot be read")
    expect(problem).to_contain_text("^ column")
    expect(sidebar.version(5)).to_be_visible()  # what was found before stays
    expect(sidebar.search).to_have_attribute("aria-invalid", "true")
    sidebar.search.fill("metrics.roc > 0.5")
    expect(sidebar.region).to_contain_text("Nothing matches")
    expect(sidebar.region).to_contain_text("No version has metrics.roc")
    expect(sidebar.region).to_contain_text("Did you mean: metrics.roc_auc")
    sidebar.region.get_by_role("button", name="metrics.roc_auc").click()
    expect(sidebar.search).to_have_value("metrics.roc_auc > 0.5")
    expect(sidebar.model("churn")).to_be_visible()
    sidebar.search.fill("metrics.roc > 0.5")
    sidebar.region.get_by_role("button", name="Show everything").click()
    expect(sidebar.search).to_have_value("")
    expect(sidebar.model("churn")).to_be_visible()


def test_the_order_can_be_chosen(sidebar: Sidebar, registry: Registry) -> None:
    expect(sidebar.model("churn")).to_be_visible()
    sidebar.page.get_by_label("Order of versions").select_option("highest roc_auc")
    best = registry.versions("churn", order_by="-metrics.roc_auc", limit=1)[0]
    expect(sidebar.tree.locator(".nbr-mod-version").first).to_contain_text(f"v{best.version}")
    sidebar.page.get_by_label("Order of versions").select_option("lowest brier")  # which no line shows
    best = registry.versions("churn", order_by="metrics.brier", limit=1)[0]
    expect(sidebar.tree.locator(".nbr-mod-version").first).to_contain_text(f"v{best.version}")


def test_a_version_s_page_has_its_record_lineage_and_journal(sidebar: Sidebar) -> None:
    sidebar.run("nbregistry:open", ref="churn@2")
    page = sidebar.shown_page()
    expect(page.get_by_role("heading", level=1)).to_have_text("churn@2")
    expect(page.locator("[data-section=record]")).to_contain_text("LogisticRegression")
    expect(page.locator("[data-section=evaluations]")).to_contain_text("Confusion matrix")
    expect(page.locator("[data-section=lineage]")).to_contain_text("churn@2")
    expect(page.locator("[data-section=code]")).to_contain_text("None was recorded")
    expect(page.locator("[data-section=journal]")).to_contain_text("better")
    card = page.locator("[data-section=card]")
    expect(card).to_contain_text("Model card of churn@2")
    expect(card).to_contain_text("Nothing was put in their place")
    expect(card).to_contain_text("%nbr card churn@2 --output README.md")
    keep(sidebar.page, "version")
    expect(page.locator("[data-section=journal] h2")).not_to_be_in_viewport()
    page.get_by_role("navigation", name="Sections").get_by_role("button", name="Journal").click()
    expect(page.locator("[data-section=journal] h2")).to_be_in_viewport()
    expect(page.locator("[data-section=journal] h2")).to_be_focused()


def test_a_section_stays_in_sight_while_those_above_it_are_still_filled(sidebar: Sidebar) -> None:
    asked: list[Route] = []
    is_held = True

    def hold(route: Route) -> None:
        asked.append(route) if is_held else route.continue_()

    sidebar.page.route("**/api/section?*", hold)
    sidebar.run("nbregistry:open", ref="churn@2")
    page = sidebar.shown_page()
    page.get_by_role("navigation", name="Sections").get_by_role("button", name="Journal").click()
    heading = page.locator("[data-section=journal] h2")
    is_held = False
    for route in asked:
        route.continue_()
    for section, text in (("record", "LogisticRegression"), ("lineage", "churn@2"), ("card", "Model card of churn@2")):
        expect(page.locator(f"[data-section={section}]")).to_contain_text(text)
    expect(heading).to_be_in_viewport()
    # Whoever scrolls away is not taken back.
    page.hover()
    sidebar.page.mouse.wheel(0, -100_000)
    page.locator("[data-section=record] summary").first.evaluate("summary => summary.click()")
    expect(heading).not_to_be_in_viewport()


def test_a_version_that_is_not_there_leads_to_one_that_is(sidebar: Sidebar, registry: Registry) -> None:
    sidebar.run("nbregistry:open", ref="churn@4000")
    problem = sidebar.shown_page().get_by_role("alert")
    expect(problem).to_contain_text("has no version 4000")
    expect(problem.get_by_role("button", name="Try again")).to_have_count(0)
    problem.get_by_role("button", name="churn@").click()
    heading = sidebar.shown_page().get_by_role("heading", level=1)
    expect(heading).to_have_text(registry.get("churn@latest").ref)


def test_a_reference_in_a_page_opens_its_page(sidebar: Sidebar, registry: Registry) -> None:
    registry.register("grown", {"w": 1}, parents="churn@7")
    sidebar.run("nbregistry:open", ref="grown@1")
    link = sidebar.shown_page().locator("[data-section=lineage]").get_by_role("link", name="churn@7").first
    expect(link).to_have_attribute("tabindex", "0")
    link.focus()
    sidebar.page.keyboard.press("Enter")
    expect(sidebar.shown_page().get_by_role("heading", level=1)).to_have_text("churn@7")


def test_two_chosen_versions_are_compared(sidebar: Sidebar, registry: Registry) -> None:
    newest = registry.latest("churn")
    sidebar.choose(newest - 1)
    sidebar.choose(newest - 3)
    sidebar.region.get_by_role("button", name="Compare", exact=True).click()
    comparison = sidebar.shown_page().locator("[data-section=compare]")
    expect(comparison.locator("img")).to_have_count(1)
    expect(comparison).to_contain_text("roc_auc")
    expect(comparison).to_contain_text(f"churn@{newest - 3}")
    keep(sidebar.page, "compare")
    plots = sidebar.shown_page().locator("[data-section=plots]")
    plots.locator("summary").first.click()
    expect(plots).to_contain_text("Precision and recall")
    expect(plots.get_by_role("img")).not_to_have_count(0)
    keep(sidebar.page, "plots")
    slices = sidebar.shown_page().locator("[data-section=slices]")
    slices.locator("summary").first.click()
    expect(slices).to_contain_text("no column of them was kept")
    record = sidebar.shown_page().locator("[data-section=record]")
    expect(record.locator(".nbr")).to_have_count(0)  # not asked for yet
    record.locator("summary").first.click()
    expect(record.locator(".nbr")).to_have_count(2)


def test_a_promotion_is_looked_at_then_made_and_a_running_kernel_agrees(sidebar: Sidebar, registry: Registry) -> None:
    page = sidebar.page
    run_cells(page)
    output = page.locator(".jp-OutputArea-output", has_text="roc_auc").first
    expect(output).to_be_visible()
    sidebar.run("nbregistry:promote", ref="churn@9")
    form = page.get_by_role("region", name="Promote churn@9")
    confirm = form.get_by_role("button", name="Confirm")
    expect(confirm).to_be_disabled()
    form.get_by_label("Reason").fill("the best on the holdout")
    form.get_by_role("button", name="Dry run").click()
    expect(form).to_contain_text("Nothing was changed.")
    expect(form).to_contain_text('%promote churn@9 --reason "the best on the holdout"')
    keep(page, "promote")
    expect(confirm).to_be_enabled()
    assert registry.get("churn@champion").version != 9
    form.get_by_label("Reason").fill("the best")
    expect(confirm).to_be_disabled()  # what was looked at was something else
    form.get_by_role("button", name="Dry run").click()
    confirm.click()
    expect(form).to_contain_text("is now on churn@9")
    event = registry.log("churn")[-1]
    assert (event.verb, event.ref, event.reason) == ("promote", "churn@9", "the best")
    expect(sidebar.model("churn")).to_contain_text("champion v9")
    page.get_by_role("tab", name="nb.ipynb").click()
    run_cells(page)
    expect(page.locator(".nbr-lead", has_text="champion: churn@9").first).to_be_visible()


def test_a_rollback_says_where_it_goes_and_what_is_refused_says_why(sidebar: Sidebar, registry: Registry) -> None:
    page = sidebar.page
    registry.promote("churn@2")
    registry.promote("churn@6", reason="a try")
    sidebar.run("nbregistry:rollback", ref="churn@6")
    form = page.get_by_role("region", name="Roll back churn")
    form.get_by_label("To").fill("churn@600")
    form.get_by_role("button", name="Dry run").click()
    expect(form.get_by_role("alert")).to_contain_text("600")
    form.get_by_label("To").fill("")
    registry.tag("churn@6", seen=True)  # what others commit meanwhile takes nothing from the form
    expect(sidebar.shown_page().locator("[data-section=record]")).to_contain_text("seen")
    form.get_by_role("button", name="Dry run").click()
    expect(form).to_contain_text("This would put champion back on churn@2")
    form.get_by_role("button", name="Confirm").click()
    expect(form.get_by_role("button", name="Done")).to_be_visible()
    expect(form).to_contain_text("back on churn@2")
    assert registry.get("churn@champion").version == 2


def test_an_approval_needs_a_reason(sidebar: Sidebar, registry: Registry) -> None:
    sidebar.run("nbregistry:open", ref="churn@28")
    sidebar.shown_page().get_by_role("button", name="Approve…").click()
    form = sidebar.page.get_by_role("region", name="Approve churn@28")
    expect(form.get_by_role("button", name="Dry run")).to_be_disabled()
    form.get_by_label("Approval").select_option("Approved")
    form.get_by_label("Reason (needed)").fill("reviewed")
    form.get_by_role("button", name="Dry run").click()
    form.get_by_role("button", name="Confirm").click()
    expect(form.get_by_role("button", name="Done")).to_be_visible()
    expect(form).to_contain_text("PendingManualApproval → Approved")
    assert registry.get("churn@28").approval == "Approved"
    expect(sidebar.version(28)).to_contain_text("approved")


def test_what_another_kernel_registers_appears_by_itself_and_the_choice_stays(
    sidebar: Sidebar, registry: Registry, project: Path
) -> None:
    newest = registry.latest("churn")
    sidebar.choose(newest)
    register_elsewhere(sidebar.lab, project)
    expect(sidebar.version(newest + 1)).to_be_visible()
    expect(sidebar.version(newest)).to_have_attribute("aria-selected", "true")
    expect(sidebar.region.locator("[aria-live=polite]").last).to_have_text(
        f"1 new: {len(registry.versions())} versions now"
    )


def test_a_key_that_is_trusted_is_seen_to_be_by_itself(
    sidebar: Sidebar, registry: Registry, project: Path, tmp_path: Path
) -> None:
    register_elsewhere(sidebar.lab, project, "foreign", NBREGISTRY_HOME=str(tmp_path))
    sidebar.search.fill("foreign")
    expect(sidebar.version(1)).to_contain_text("key not trusted")
    sidebar.run("nbregistry:open", ref="foreign@1")
    head = sidebar.shown_page().locator(".nbr-Page-head")
    expect(head).to_contain_text("key not trusted")
    key = registry.get("foreign@1").signed_by
    registry.trust(key)  # which is no commit
    for shown in (sidebar.version(1), head):
        expect(shown).not_to_contain_text("key not trusted")
    registry.untrust(key)
    for shown in (sidebar.version(1), head):
        expect(shown).to_contain_text("key not trusted")


def test_a_load_line_is_put_into_the_notebook_and_runs(sidebar: Sidebar) -> None:
    page = sidebar.page
    run_cells(page)
    page.evaluate("window.jupyterapp.commands.execute('notebook:insert-cell-below')")
    sidebar.run("nbregistry:insert-load", ref="churn@5")
    cell = page.locator(".jp-Notebook .jp-mod-active .cm-content")
    expect(cell).to_have_text("%nbr load churn@5 --as model")
    page.keyboard.press("Control+Enter")
    page.wait_for_function(IS_IDLE)
    expect(page.locator(".jp-OutputArea-output", has_text="StandardScaler")).to_be_visible()


def test_a_line_for_another_registry_names_it(sidebar: Sidebar) -> None:
    page = sidebar.page
    page.get_by_label("Registry", exact=True).select_option("elsewhere")
    expect(sidebar.model("lonely")).to_be_visible()
    page.evaluate("window.jupyterapp.commands.execute('notebook:insert-cell-below')")
    sidebar.run("nbregistry:insert-load", ref="lonely@1")
    lines = page.locator(".jp-Notebook .jp-mod-active .cm-line")
    expect(lines).to_have_text(["%registry ../elsewhere/.nbregistry", "%nbr load lonely@1 --as model"])


def test_a_notebook_that_switched_its_registry_is_believed(sidebar: Sidebar) -> None:
    page = sidebar.page
    expect(sidebar.model("churn")).to_be_visible()
    page.evaluate("window.jupyterapp.commands.execute('notebook:insert-cell-below')")
    cell = "window.jupyterapp.shell.currentWidget.content.activeCell"
    page.evaluate(f"{cell}.model.sharedModel.setSource('%registry ../elsewhere/.nbregistry')")
    sidebar.run("nbregistry:open", ref="lonely@1")  # as a link in the output below does
    expect(sidebar.shown_page().get_by_role("heading", level=1)).to_have_text("lonely@1")
    page.get_by_role("tab", name="nb.ipynb").click()
    sidebar.run("nbregistry:insert-load", ref="churn@5")
    lines = page.locator(".jp-Notebook .jp-mod-active .cm-line")
    switch = ["%registry ../elsewhere/.nbregistry", "%registry .nbregistry", "%nbr load churn@5 --as model"]
    expect(lines).to_have_text(switch)
    sidebar.run("nbregistry:insert-load", ref="churn@6")
    expect(lines).to_have_text([*switch, "%nbr load churn@6 --as model"])


def test_a_form_on_an_alias_s_page_stays_about_its_version(sidebar: Sidebar, registry: Registry) -> None:
    holder = registry.get("churn@challenger").ref
    sidebar.run("nbregistry:open", ref="churn@challenger")
    sidebar.shown_page().get_by_role("button", name="Describe…").click()
    form = sidebar.page.get_by_role("region", name=f"Describe {holder}")
    form.get_by_label("Description").fill("half a sen")
    registry.promote("churn@9", "challenger")
    expect(sidebar.shown_page().get_by_role("heading", level=1)).to_have_text("churn@9")
    expect(form.get_by_label("Description")).to_have_value("half a sen")
    form.get_by_role("button", name="Dry run").click()
    form.get_by_role("button", name="Confirm").click()
    expect(form.get_by_role("button", name="Done")).to_be_focused()
    assert registry.get(holder).description == "half a sen"
    sidebar.page.keyboard.press("Enter")
    expect(sidebar.shown_page().get_by_role("button", name="Describe…")).to_be_focused()


def test_a_change_that_cannot_be_made_says_why(sidebar: Sidebar, registry: Registry) -> None:
    registry.register("alone", {"w": 1}, alias="champion")
    sidebar.run("nbregistry:rollback", ref="alone@1")
    form = sidebar.page.get_by_role("region", name="Roll back alone")
    form.get_by_role("button", name="Dry run").click()
    expect(form.get_by_role("alert")).to_contain_text("champion")
    expect(form.get_by_role("button", name="Dry run")).to_be_focused()
    expect(form.get_by_role("button", name="Confirm")).to_be_disabled()


def test_what_is_sorted_by_stays_on_offer(sidebar: Sidebar, registry: Registry) -> None:
    registry.register("speedy", {"w": 1}, metrics={"latency": 3})
    order = sidebar.page.get_by_label("Order of versions")
    order.select_option("highest roc_auc")
    sidebar.search.fill("speedy")
    expect(sidebar.version(1)).to_be_visible()
    expect(order).to_have_value("-metrics.roc_auc")


def test_a_reference_in_a_notebook_s_output_opens_its_page(sidebar: Sidebar) -> None:
    page = sidebar.page
    run_cells(page)
    page.locator(".jp-OutputArea-output .nbr-table .nbr-ref").first.click()
    expect(sidebar.shown_page().get_by_role("heading", level=1)).to_contain_text("churn@")


def test_a_reference_to_a_registry_that_cannot_be_shown_opens_no_like_named_model(sidebar: Sidebar) -> None:
    page = sidebar.page
    expect(sidebar.model("churn")).to_be_visible()
    page.evaluate("window.jupyterapp.commands.execute('notebook:insert-cell-below')")
    cell = "window.jupyterapp.shell.currentWidget.content.activeCell"
    page.evaluate(f"{cell}.model.sharedModel.setSource('%registry /somewhere/else/.nbregistry')")
    sidebar.run("nbregistry:open", ref="churn@5")  # as a link in the output below does
    told = "window.jupyterapp.commands.execute('apputils:display-notifications')"
    page.evaluate(told)
    expect(page.get_by_text("churn@5 is of the registry that this notebook uses")).to_be_visible()
    expect(page.locator(".nbr-Page")).to_have_count(0)


def test_an_export_is_proposed_beside_its_registry_in_a_field_that_shows_the_whole_path(sidebar: Sidebar) -> None:
    page = sidebar.page
    page.get_by_label("Registry", exact=True).select_option("elsewhere")
    sidebar.version(1).click()
    sidebar.shown_page().get_by_role("button", name="Export…").click()
    field = page.get_by_role("dialog").get_by_label("Write it")
    expect(field).to_be_focused()
    expect(field).to_have_value("elsewhere/lonely-1.nbregistry")
    inside = "field => field.clientWidth / field.closest('.jp-Dialog-body').clientWidth"
    assert field.evaluate(inside) > 0.95
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()


def test_an_export_is_written_where_it_was_said(sidebar: Sidebar, project: Path) -> None:
    page = sidebar.page
    sidebar.run("nbregistry:open", ref="fraud@1")
    sidebar.shown_page().get_by_role("button", name="Export…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("input")).to_have_value("project/fraud-1.nbregistry")
    with page.expect_response(lambda response: response.url.partition("?")[0].endswith("/export")) as answered:
        dialog.get_by_role("button", name="Export").click()
    assert answered.value.ok
    assert (project / "fraud-1.nbregistry").stat().st_size > 500


def test_pages_and_sidebar_are_there_again_after_a_reload(page: Page, installed_lab: Lab, own: None) -> None:
    sidebar = Sidebar(page, installed_lab).open("project/nb.ipynb")
    sidebar.run("nbregistry:open", ref="churn@7")
    expect(sidebar.shown_page().locator("[data-section=record]")).to_contain_text("churn@7")
    picker = page.get_by_label("Registry", exact=True)
    picker.select_option("elsewhere/.nbregistry")
    page.evaluate("window.jupyterapp.serviceManager.workspaces && new Promise(done => setTimeout(done, 1500))")
    page.goto(f"{installed_lab.url}/lab?token={installed_lab.token}")
    page.wait_for_function("window.jupyterapp")
    expect(page.get_by_role("tab", name="churn@7")).to_be_visible()
    expect(sidebar.region).to_be_visible()
    expect(picker).to_have_value("elsewhere/.nbregistry")
    expect(sidebar.model("lonely")).to_be_visible()
