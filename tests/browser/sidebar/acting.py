"""A registry with a story, and the sidebar that shows it, as a test sees and uses it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np

import nbregistry

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from nbregistry.registry import Registry
    from tests.browser.servers import Lab

READY = """async () => {
  await window.jupyterapp.started;
  await window.jupyterapp.restored;
}"""
IS_OPEN = "() => window.jupyterapp.shell.currentWidget?.context?.isReady"
IS_IDLE = """() => {
  const session = window.jupyterapp.shell.currentWidget?.context?.sessionContext;
  return session?.isReady && session.session?.kernel?.status === 'idle';
}"""


def make_registry(folder: Path, versions: int = 30) -> Registry:
    """Make a registry with two models: `churn` with its rises and falls, and `fraud` with one version."""
    from tests.models import pipeline, tumours

    X_train, X_test, y_train, y_test = tumours()
    registry = nbregistry.open(folder / ".nbregistry")
    for number in range(1, versions + 1):
        registry.register(
            "churn",
            pipeline(10.0 ** (number % 7 - 3)),
            on=(X_test, y_test),
            train=(X_train, y_train),
            tags={"team": "fraud" if number % 3 else "onco"},
            description=f"try {number}",
            alias="champion" if number == 1 else None,
        )
    registry.promote("churn@2", reason="better")
    registry.promote("churn@5", "challenger")
    registry.approve("churn@3", "Rejected", reason="trained on the test rows")
    registry.archive("churn@4")
    registry.register("fraud", {"w": np.zeros(3)}, metrics={"roc_auc": 0.75}, alias="champion")
    return registry


def register_elsewhere(lab: Lab, folder: Path, name: str = "churn", **variables: str) -> None:
    """Register a version from another process, as a kernel would, or as a colleague would who has other variables."""
    program = f"nbregistry.open('.nbregistry').register({name!r}, {{'w': 1}}, metrics={{'roc_auc': 0.5}})"
    subprocess.run(
        [sys.executable, "-c", f"import nbregistry; {program}"],
        cwd=folder,
        env=dict(lab.environment) | {"PATH": ""} | variables,
        check=True,
    )


class Sidebar:
    """The sidebar in a page."""

    def __init__(self, page: Page, lab: Lab) -> None:
        self.page = page
        self.lab = lab
        self.tree = page.get_by_role("tree", name="Models and versions")
        self.region = page.get_by_role("region", name="Model registry", exact=True)
        self.search = page.get_by_role("searchbox", name="Search, or filter")

    def open(self, path: str = "", app: str = "lab/tree") -> Sidebar:
        """Open a notebook, or the empty JupyterLab, and then the sidebar."""
        self.page.goto(f"{self.lab.url}/{app}/{path}?token={self.lab.token}&reset")
        self.page.wait_for_function("window.jupyterapp")
        self.page.evaluate(READY)
        if path:
            self.page.wait_for_function(IS_OPEN)
        self.run("nbregistry:show")
        self.region.wait_for()
        return self

    def run(self, command: str, **arguments: object) -> None:
        """Run a command of JupyterLab."""
        execute = "async ([id, args]) => { await window.jupyterapp.commands.execute(id, args); }"
        self.page.evaluate(execute, [command, arguments])

    def theme(self, name: str) -> None:
        """Change the theme, and wait until its stylesheet is there."""
        self.run("apputils:change-theme", theme=name)
        self.page.wait_for_function("name => document.body.dataset.jpThemeName === name", arg=name)

    def model(self, name: str) -> Locator:
        """The line of a model."""
        exactly = self.page.locator(f'.nbr-Item-name:text-is("{name}")')
        return self.tree.locator(".nbr-mod-model").filter(has=exactly).first

    def version(self, number: int) -> Locator:
        """The line of a version of the model that is open."""
        exactly = self.page.locator(f'.nbr-Item-version:text-is("v{number}")')
        return self.tree.locator(".nbr-mod-version").filter(has=exactly).first

    def versions(self) -> list[str]:
        """The versions that are drawn, from the top down."""
        return self.tree.evaluate(
            """tree => [...tree.querySelectorAll('.nbr-mod-version')]
              .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
              .map(line => line.querySelector('.nbr-Item-version')?.textContent)"""
        )

    def choose(self, number: int) -> None:
        """Tick the box before a version."""
        self.version(number).locator(".nbr-Box").click()

    def shown_page(self) -> Locator:
        """The page in the main area that is in front."""
        return self.page.locator(".nbr-Page:visible").first
