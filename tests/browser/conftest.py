"""A real JupyterLab in a real Chromium."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect, sync_playwright

from tests.browser.servers import ROOT, Installed, Lab, browser_path, install_wheel, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

INSTALL = "apt-get install chromium, or: playwright install chromium"
FLAGS = [
    "--no-sandbox",  # Chromium refuses to run as root with one
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

__all__ = ["Lab"]

# Milliseconds until something that should come is given up. Long, as other tests run on the same cores meanwhile.
PATIENCE = 120_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A JupyterLab of its own: no setting, no key and no registry of the machine's user is read."""
    home = tmp_path_factory.mktemp("lab")
    folder = home / "notebooks"
    folder.mkdir()
    for notebook in (ROOT / "notebooks").glob("*.ipynb"):
        shutil.copy(notebook, folder)
    with serving(home, folder) as running:
        yield running


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The built wheel in an environment of its own, without node."""
    return install_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser: the one of the system, or playwright's own; without any the tests skip, unless they are demanded."""
    # Module-scoped: a playwright that lives for the session breaks every later asyncio.run().
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
        except PlaywrightError as error:
            if os.environ.get("NBREGISTRY_REQUIRE_BROWSER"):
                raise
            pytest.skip(f"no browser ({INSTALL}): {error}")
        yield browser
        browser.close()


@pytest.fixture
def faults_of_others() -> frozenset[str]:
    """Errors that Jupyter's own scripts make, with nbregistry or without."""
    return frozenset()


@pytest.fixture
def page(chromium: Browser, faults_of_others: frozenset[str]) -> Iterator[Page]:
    """A page that fails the test on any error of its scripts."""
    context = chromium.new_context(viewport={"width": 1280, "height": 1000}, device_scale_factor=1)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert [error for error in errors if error not in faults_of_others] == []
