"""A progress bar in a real JupyterLab: seen while the work goes on, and nothing of it in the saved notebook."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.test_quickstart import IS_OPEN, RUN_ALL, keep

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Lab

LONG_WORK = """\
import time
from nbregistry.progress import Progress, passed
print("before")
with Progress("verify the blobs", 200_000_000):
    for _ in range({steps}):
        passed(5_000_000)
        time.sleep(0.1)
print("after")
"""
START = RUN_ALL.replace('await app.commands.execute("notebook:run', 'app.commands.execute("notebook:run')
SAVE = """async () => {
  await window.jupyterapp.commands.execute("docmanager:save");
}"""


@pytest.fixture
def notebook(lab: Lab) -> str:
    """A notebook with one cell, which takes four seconds."""
    source = LONG_WORK.format(steps=40)
    cell = {"cell_type": "code", "execution_count": None, "id": "a", "metadata": {}, "outputs": [], "source": source}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    document = {"cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    (lab.folder / "progress.ipynb").write_text(json.dumps(document))
    return "progress.ipynb"


def test_the_bar_is_seen_and_leaves_nothing(page: Page, lab: Lab, notebook: str) -> None:
    page.goto(lab.notebook_url(notebook))
    page.wait_for_function(IS_OPEN)
    page.evaluate(START)
    outputs = page.locator(".jp-CodeCell .jp-OutputArea").first
    expect(outputs).to_contain_text("verify the blobs:")
    expect(outputs).to_contain_text("MB/s")
    keep(page, "progress-while")
    expect(outputs).to_contain_text("after")
    expect(outputs).not_to_contain_text("verify")
    keep(page, "progress-after")
    page.evaluate(SAVE)

    saved = json.loads((lab.folder / notebook).read_text())["cells"][0]["outputs"]
    shown = [output.get("text") or output.get("data") for output in saved]
    assert [part for part in shown if part] == [["before\n"], ["after\n"]]
    page.goto(lab.notebook_url(notebook))
    page.wait_for_function(IS_OPEN)
    outputs = page.locator(".jp-CodeCell .jp-OutputArea").first
    expect(outputs).to_contain_text("after")
    assert outputs.inner_text().split() == ["before", "after"]
    keep(page, "progress-opened-again")
