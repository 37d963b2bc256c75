"""axe-core on parts of a page."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

THEMES = ["JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast"]
_AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
_RUN = """async selectors => {
  const there = selectors.filter(selector => [...document.querySelectorAll(selector)].some(n => n.checkVisibility()));
  const result = await axe.run({include: there.map(selector => [selector])}, {resultTypes: ['violations']});
  return result.violations.map(violation => ({
    id: violation.id,
    help: violation.help,
    nodes: violation.nodes.map(node => [node.html.slice(0, 200), node.failureSummary])
  }));
}"""


def violations(page: Page, *selectors: str) -> list[Any]:
    """Give the rules that what is in sight of these parts violates."""
    page.evaluate(_AXE)
    found: list[Any] = page.evaluate(_RUN, list(selectors))
    return found
