"""Real Jupyter servers for a real browser: JupyterLab, Notebook 7, and an environment with the built wheel in it."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import venv
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[2]
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True},
    "notebook-extension/tracker": {"windowingMode": "none"},  # draw all cells, not only those in sight
}


@dataclass(frozen=True)
class Lab:
    """A running server."""

    url: str
    token: str
    folder: Path
    environment: Mapping[str, str]

    def notebook_url(self, name: str) -> str:
        """Address of a notebook, opened alone and with a fresh workspace."""
        return f"{self.url}/lab/tree/{name}?token={self.token}&reset"


@dataclass(frozen=True)
class Installed:
    """An environment that nbregistry was installed into.

    Attributes
    ----------
    python : str
    environment : dict
        What its programs need to know besides.
    """

    python: str = sys.executable
    environment: Mapping[str, str] = field(default_factory=dict)


def install_wheel(folder: Path) -> Installed:
    """Build the wheel and install it into an environment of its own, in which there is no node.

    What it depends on is borrowed from this environment; nbregistry itself is not.
    """
    outside = Path(sys.prefix)
    # No isolation, and no network: the assets are built, so there is nothing to ask for.
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    (wheel,) = folder.glob("*.whl")
    clean = folder / "clean"
    venv.create(clean, with_pip=False, symlinks=True)
    python = clean / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(install, check=True)
    for tool in ("sh", "mount"):  # for tests that mount something first
        (clean / "bin" / tool).symlink_to(shutil.which(tool) or tool)
    (packages,) = clean.glob("lib/python*/site-packages")
    # An editable install in the environment outside is a .pth file, and those are not followed from here.
    (packages / "borrowed.pth").write_text(str(Path(pytest.__file__).parents[1]))
    borrowed = folder / "jupyter" / "labextensions"
    borrowed.mkdir(parents=True)
    for extension in (outside / "share" / "jupyter" / "labextensions").iterdir():
        if extension.name != "nbregistry":
            (borrowed / extension.name).symlink_to(extension)
    path = f"{clean / 'bin'}:/nowhere"
    environment = {
        "JUPYTERLAB_DIR": str(outside / "share" / "jupyter" / "lab"),
        "JUPYTER_PATH": str(folder / "jupyter"),
        "PATH": path,
    }
    return Installed(str(python), environment)


def variables(home: Path) -> dict[str, str]:
    """Say where everything is kept that belongs to a user: nothing of the machine's is read."""
    places = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
        "NBREGISTRY_HOME": "keys",
    }
    return {name: str(home / place) for name, place in places.items()} | {"JUPYTERHUB_USER": "ada"}


@contextmanager
def serving(
    home: Path,
    folder: Path,
    *,
    application: str = "jupyterlab",
    installed: Installed | None = None,
    before: tuple[str, ...] = (),
) -> Iterator[Lab]:
    """Run a server as a user of its own.

    Parameters
    ----------
    home : Path
        Where the user's settings and keys are.
    folder : Path
        The server's root.
    application : str
        ``"jupyterlab"`` or ``"notebook"``.
    installed : Installed, optional
        Left out: this environment.
    before : tuple of str
        Words before the command, e.g. of a program that mounts something first.
    """
    installed = installed or Installed()
    for plugin, setting in SETTINGS.items():
        file = home / "settings" / "@jupyterlab" / f"{plugin}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(setting))
    environment = os.environ | variables(home) | installed.environment
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    app = {"jupyterlab": "LabApp", "notebook": "JupyterNotebookApp"}[application]
    command = [
        *before, installed.python, "-m", application, "--no-browser", "--allow-root",
        "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}",
        f"--ServerApp.root_dir={folder}", f"--{app}.expose_app_in_browser=True", "--LabApp.extension_manager=readonly",
    ]  # fmt: skip
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=folder)
        try:
            running = Lab(f"http://127.0.0.1:{port}", token, folder, environment)
            _wait_for(running, server, home / "server.log")
            yield running
        finally:
            server.terminate()
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                # A thread of Jupyter's own file manager may outlive its event loop, now and then:
                # https://github.com/jupyterlab/jupyterlab/issues/10442
                server.kill()
                server.wait()


def _wait_for(lab: Lab, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        with suppress(OSError), urllib.request.urlopen(f"{lab.url}/api/status?token={lab.token}", timeout=5):
            return
        time.sleep(0.2)
    pytest.fail(f"Jupyter did not start:\n{log.read_text()[-3000:]}")


def browser_path() -> str | None:
    """Find the browser of the system."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
