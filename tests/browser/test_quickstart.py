"""The quickstart in a real JupyterLab: what a newcomer does, and what they see."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import Lab

# Where to keep pictures of what was seen, e.g. for the README; nowhere by default.
SCREENSHOTS = os.environ.get("NBREGISTRY_SCREENSHOTS")

IS_OPEN = """() => {
  const context = window.jupyterapp?.shell?.currentWidget?.context;
  return Boolean(context?.isReady && context.path.endsWith('.ipynb') && context.sessionContext.session?.kernel);
}"""
RUN_ALL = """async () => {
  const app = window.jupyterapp;
  const panel = app.shell.currentWidget;
  await app.restored;
  await panel.context.sessionContext.ready;
  await panel.context.sessionContext.session.kernel.info;
  await app.commands.execute("notebook:clear-all-cell-outputs");
  await app.commands.execute("notebook:run-all-cells");
}"""


@pytest.fixture
def outputs(page: Page, lab: Lab) -> Locator:
    """The quickstart's outputs, after all of its cells ran in this page."""
    page.set_viewport_size({"width": 1280, "height": 7000})
    page.goto(lab.notebook_url("01_quickstart.ipynb"))
    page.wait_for_function(IS_OPEN)
    page.evaluate(RUN_ALL)
    return page.locator(".jp-OutputArea-output")


def output_of(page: Page, source: str) -> Locator:
    """Give the output of the cell that has this text."""
    return (
        page.locator(".jp-CodeCell")
        .filter(has=page.locator(".cm-content", has_text=source))
        .locator(".jp-OutputArea-output")
    )


def keep(shown: Locator | Page, name: str) -> None:
    if SCREENSHOTS:
        shown.screenshot(path=Path(SCREENSHOTS) / f"{name}.png")


def test_the_story_is_seen(page: Page, outputs: Locator) -> None:
    card = output_of(page, "%register tumour clf")
    expect(card).to_contain_text("tumour@1")
    expect(card).to_contain_text("champion")
    expect(card).to_contain_text("roc_auc")
    expect(card).to_contain_text("%versions tumour")

    table = output_of(page, "%versions tumour").first
    for version in ("tumour@1", "tumour@2", "tumour@3"):
        expect(table).to_contain_text(version)
    expect(table).to_contain_text("best")

    comparison = output_of(page, "%compare tumour@1 tumour@2 tumour@3")
    picture = comparison.get_by_role("img").first
    expect(picture).to_have_attribute("alt", re.compile("ROC"))
    assert picture.evaluate("image => image.complete && image.naturalWidth > 300")
    expect(comparison).to_contain_text("clf__C")

    expect(output_of(page, "%promote tumour@3")).to_contain_text("tumour@1 → tumour@3")
    rollback = output_of(page, '%rollback tumour --reason "calibration drift"')
    for text in ("tumour@3 → tumour@1", "bytes", "signature", "loads", "%promote tumour@3"):
        expect(rollback).to_contain_text(text)
    refused = page.locator(".jp-OutputArea-output").filter(has_text="no earlier holder")
    expect(refused).to_have_count(1)
    expect(refused).not_to_contain_text("Traceback")

    tree = output_of(page, "%lineage tumour@3")
    expect(tree).to_contain_text("this version")
    expect(tree).to_contain_text("tumour@2")
    expect(output_of(page, "loaded.predict_proba")).to_contain_text("True")
    expect(output_of(page, "%nbr log tumour")).to_contain_text("calibration drift")

    page.set_viewport_size({"width": 1280, "height": 1200})
    looked_at = page.locator(".jp-MarkdownCell").filter(has_text="Which version is in use")
    looked_at.evaluate("cell => cell.scrollIntoView({block: 'start'})")
    keep(page, "quickstart")


def test_no_output_reaches_the_network(page: Page, lab: Lab) -> None:
    """What the displays ask for comes from the server itself or from nowhere."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(lab.notebook_url("01_quickstart.ipynb"))
    page.wait_for_function(IS_OPEN)
    page.evaluate(RUN_ALL)
    assert asked
    assert not [url for url in asked if not url.startswith((lab.url, "data:", "blob:", lab.url.replace("http", "ws")))]
