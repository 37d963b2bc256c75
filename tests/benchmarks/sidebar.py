"""How fast the sidebar is at 10,000 versions, beside a registry with one: ``python -m tests.benchmarks.sidebar``.

First paint is from the choice of the registry to the frame after its first version is in the page; long tasks are what
the browser itself reports while all versions are scrolled past, down and up.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

import nbregistry
from tests.browser.conftest import FLAGS
from tests.browser.servers import browser_path, serving, variables

if TYPE_CHECKING:
    from playwright.sync_api import Page

MANY, ROUNDS = 10_000, 7
SIZES = {"one": 1, "many": MANY}
PAINT = """async value => {
  const picker = document.querySelector('select[aria-label=Registry]');
  const frame = () => new Promise(requestAnimationFrame);
  const isShown = () => [...document.querySelectorAll('.nbr-Item-version, .nbr-State-title')].some(
    node => node.dataset.before === undefined && node.checkVisibility());
  document.querySelectorAll('.nbr-Item-version, .nbr-State-title').forEach(node => { node.dataset.before = ''; });
  const begun = performance.now();
  picker.value = value;
  picker.dispatchEvent(new Event('change', {bubbles: true}));
  while (!isShown()) await frame();
  await frame();
  return performance.now() - begun;
}"""
SCROLL = """async () => {
  const tasks = [];
  const observer = new PerformanceObserver(list => tasks.push(...list.getEntries().map(entry => entry.duration)));
  observer.observe({entryTypes: ['longtask']});
  const tree = document.querySelector('.nbr-Tree');
  const frames = [];
  let last = performance.now();
  const frame = () => new Promise(requestAnimationFrame).then(now => { frames.push(now - last); last = now; });
  const steps = 300;
  for (let step = -steps; step <= steps; step++) {
    tree.scrollTop = (tree.scrollHeight - tree.clientHeight) * (1 - Math.abs(step) / steps);
    await frame();
  }
  observer.disconnect();
  return {tasks, frames, height: tree.scrollHeight};
}"""


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        os.environ |= variables(home)
        root = home / "root"
        for name, count in SIZES.items():
            place = root / name
            place.mkdir(parents=True)
            registry = nbregistry.open(place / ".nbregistry")
            for number in range(count):
                registry.register("m", {"w": 1}, metrics={"auc": number / MANY})
        with serving(home, root) as lab, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
            page = browser.new_page(viewport={"width": 1280, "height": 1000})
            page.goto(f"{lab.url}/lab?token={lab.token}&reset")
            page.wait_for_function("window.jupyterapp")
            page.evaluate("async () => { await jupyterapp.started; await jupyterapp.restored; }")
            page.evaluate("jupyterapp.commands.execute('nbregistry:show')")
            page.wait_for_selector(".nbr-Item-version")
            report(page)
            browser.close()


def report(page: Page) -> None:
    """Measure all of it in turns, and print it."""
    painted: dict[str, list[float]] = {name: [] for name in SIZES}
    for _ in range(ROUNDS):
        for name, times in painted.items():
            times.append(page.evaluate(PAINT, f"{name}/.nbregistry"))
    middle = {name: statistics.median(times) for name, times in painted.items()}
    found = page.evaluate(SCROLL)
    frames = sorted(found["frames"])
    write = sys.stdout.write
    write(f"first paint, median of {ROUNDS} (and slowest), ms:\n")
    for name, times in painted.items():
        write(f"  {SIZES[name]:>6,} versions  {middle[name]:.0f}  ({max(times):.0f})\n")
    write(f"  ratio {middle['many'] / middle['one']:.2f}\n")
    write(f"scrolling {MANY:,} versions ({found['height']:,} pixels) down and up in {len(frames)} frames:\n")
    write(f"  tasks over 50 ms: {len(found['tasks'])}, the longest {max(found['tasks'], default=0):.0f} ms\n")
    slow = frames[int(len(frames) * 0.99)]
    write(f"  a frame: median {statistics.median(frames):.1f} ms, 99 of 100 under {slow:.1f} ms\n")


if __name__ == "__main__":
    main()
