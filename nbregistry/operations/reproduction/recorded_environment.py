"""The packages that a version was made with, installed anew beside those that are here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbregistry.errors import Refused
from nbregistry.progress import Progress
from nbregistry.provenance.requirements import requirements_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PYTHON = re.compile(r"(\d+\.\d+)\.")
_OWN = "nbregistry"


class NotInstalled(Exception):
    """The packages of a record could not be installed; the message is the installer's own."""


def install_recorded(environment: Mapping[str, Any], folder: Path) -> str:
    """Make a virtual environment with the packages of a record.

    Parameters
    ----------
    environment : dict
        As recorded with a version.
    folder : Path
        Where; there is nothing yet.

    Returns
    -------
    str
        Its Python.

    Raises
    ------
    Refused
        If the Python that was recorded is not here, or no packages were.
    NotInstalled
        If the installer failed.
    """
    python = _python_of(environment)
    if not environment.get("packages"):
        raise Refused("no packages were recorded with this version", hint="%reproduce REF, with the packages here")
    wanted = folder.with_name("requirements.txt")
    wanted.write_text(requirements_of(_without_own(environment)), encoding="utf-8")
    inside = str(folder / ("Scripts" if os.name == "nt" else "bin") / "python")
    pip = [inside, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    steps = ([python, "-m", "venv", str(folder)], [*pip, "-r", str(wanted)], [*pip, "--no-deps", _own_source()])
    packages = len(environment["packages"])
    with Progress(f"install {packages:,} packages", len(steps), " steps") as progress:
        for step in progress.over(steps):
            _run(step)
    return inside


def _python_of(environment: Mapping[str, Any]) -> str:
    """Find a Python of the release that was recorded, but for its last number."""
    found = _PYTHON.match(str(environment.get("python", "")))
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    wanted = found[1] if found else here
    if wanted == here:
        return sys.executable
    python = shutil.which(f"python{wanted}")
    if python is None:
        raise Refused(
            f"it was made with Python {wanted}, and this machine has none",
            hint=f"install Python {wanted}; or %reproduce REF, with the packages here",
        )
    return python


def _without_own(environment: Mapping[str, Any]) -> dict[str, Any]:
    packages = {name: release for name, release in environment["packages"].items() if name != _OWN}
    return {**environment, "packages": packages}


def _own_source() -> str:
    """Give where pip finds this nbregistry: its folder, where it was installed from one, else its release."""
    import nbregistry

    root = Path(nbregistry.__file__).parents[1]
    return str(root) if (root / "pyproject.toml").exists() else f"{_OWN}=={nbregistry.__version__}"


def _run(command: Sequence[str]) -> None:
    """Run a step of the installation; an interrupt ends it."""
    environ = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PYTHONHOME")}
    process = subprocess.Popen(  # noqa: S603 - our own steps; names and releases in the list were checked
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environ
    )
    try:
        said, _ = process.communicate()
    except BaseException:
        process.kill()
        process.wait()
        raise
    if process.returncode:
        lines = [line for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
        errors = [line for line in lines if line.startswith("ERROR")]
        raise NotInstalled((errors or lines or [f"exit code {process.returncode}"])[0])
