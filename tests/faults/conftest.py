"""What the fault tests ask of the machine, and how deep they go."""

from __future__ import annotations

import os
import shutil
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


def spread(cases: list[Case], count: int) -> list[Case]:
    """Give so many of the cases, spread evenly and with both ends, or all of them if the environment demands it."""
    if EVERY_CASE or len(cases) <= count:
        return cases
    return [cases[index * (len(cases) - 1) // (count - 1)] for index in range(count)]
