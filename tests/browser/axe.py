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
  // Of what is cut off, axe cannot tell the contrast; and JupyterLab's body has no height and hides what overflows.
  document.body.style.height = '100vh';
  const parts = there.flatMap(selector => [...document.querySelectorAll(selector)]);
  for (let before, same = 0; same < 5; await new Promise(resolve => setTimeout(resolve, 100))) {
    parts.forEach(part => part.scrollIntoView({block: 'start'}));
    const now = JSON.stringify([...parts, document.querySelector('#main')].map(part => part.getBoundingClientRect()));
    same = now === before ? same + 1 : 0;
    before = now;
  }
  const result = await axe.run({include: there.map(selector => [selector])}, {});
  const contrast = outcome => result[outcome].filter(rule => rule.id === 'color-contrast').flatMap(rule => rule.nodes);
  // A sign that is no letter has no contrast to axe; of any other text it must be able to say.
  const untold = contrast('incomplete').filter(node => node.any[0].data.messageKey !== 'nonBmp');
  const told = contrast('passes').length + contrast('violations').length;
  if (told < 5) {
    throw new Error(`the contrast of ${told} texts only was told`);
  }
  return [...result.violations, {id: 'color-contrast', help: 'Contrast cannot be told', nodes: untold}]
    .filter(rule => rule.nodes.length > 0)
    .map(({id, help, nodes}) => ({id, help, nodes: nodes.map(node => [node.html.slice(0, 200), node.failureSummary])}));
}"""


def violations(page: Page, *selectors: str) -> list[Any]:
    """Give the rules that what is in sight of these parts violates."""
    assert page.viewport_size is not None
    page.set_viewport_size({**page.viewport_size, "height": 3000})
    page.evaluate(_AXE)
    found: list[Any] = page.evaluate(_RUN, list(selectors))
    return found
