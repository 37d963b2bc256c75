"""What the fault tests ask of the machine, and how deep they go."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TypeVar

import pytest

Case = TypeVar("Case")

REQUIRED = bool(os.environ.get("NBREGISTRY_REQUIRE_FAULTS"))
"""Whether a missing tool fails the test instead of skipping it."""
EVERY_CASE = os.environ.get("NBREGISTRY_FAULTS") == "all"
"""Whether each case is tried, and not only some, spread evenly."""


def missing(what: str, remedy: str) -> None:
    """Skip the test, or fail it where the tool is demanded."""
    (pytest.fail if REQUIRED else pytest.skip)(f"{what}; {remedy}")


def need_tool(name: str) -> str:
    """Give the path of a system's tool."""
    path = shutil.which(name)
    if path is None:
        missing(f"there is no {name}", f"apt-get install {name}")
    return str(path)


def with_mounts(script: str) -> tuple[str, ...]:
    """Give the words before a command that is to run after a script, among mounts that nobody else sees."""
    unshare = need_tool("unshare")
    for flags in ("-m", "-rm"):
        tried = [unshare, flags, "sh", "-c", "mount -t tmpfs tmpfs /mnt && mount -o remount,ro,bind /mnt"]
        if subprocess.run(tried, capture_output=True, check=False).returncode == 0:
            return (unshare, flags, "sh", "-c", f'{script} && exec "$@"', "sh")
    missing("nothing can be mounted here", "run as root, or allow user namespaces")
    raise AssertionError


def spread(cases: list[Case], count: int) -> list[Case]:
    """Give so many of the cases, spread evenly and with both ends, or all of them if the environment demands it."""
    if EVERY_CASE or len(cases) <= count:
        return cases
    return [cases[index * (len(cases) - 1) // (count - 1)] for index in range(count)]
