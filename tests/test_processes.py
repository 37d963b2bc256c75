"""Several kernels on one folder, and one that is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.registry import Registry

WRITER = """
import sys
import numpy as np
import nbregistry
registry = nbregistry.open(sys.argv[1])
for number in range(int(sys.argv[2])):
    version = registry.register("m", {"w": np.full(4, number)}, params={"by": sys.argv[3], "number": number})
    print(version.version, flush=True)
"""


def writer(root: Path, count: int, name: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(root), str(count), name], stdout=subprocess.PIPE, text=True
    )


def test_four_processes_register_fifty_each(registry: Registry, root: Path) -> None:
    writers = [writer(root, 50, f"writer {number}") for number in range(4)]
    acknowledged = []
    for process in writers:
        acknowledged += [int(line) for line in process.communicate()[0].split()]
        assert process.returncode == 0
    assert sorted(acknowledged) == list(range(1, 201))
    versions = registry.versions("m")
    assert [version.version for version in versions] == list(range(1, 201))
    made = {(version.params["by"], version.params["number"]) for version in versions}
    assert len(made) == 200
    assert registry.verify().ok


@pytest.mark.parametrize("after", [1, 2, 5, 9])
def test_a_kill_in_the_middle_loses_nothing_acknowledged(registry: Registry, root: Path, after: int) -> None:
    process = writer(root, 1000, "victim")
    assert process.stdout is not None
    acknowledged = [int(process.stdout.readline()) for _ in range(after)]
    os.kill(process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    acknowledged += [int(line) for line in process.communicate()[0].split()]
    assert process.returncode != 0
    versions = registry.versions("m")
    # At most one more than was acknowledged: a commit that was on disk before anyone could be told.
    assert len(versions) - len(acknowledged) in {0, 1}
    assert [version.version for version in versions] == list(range(1, len(versions) + 1))
    assert registry.verify().ok
    for version in versions:
        assert registry.load(version.ref)["w"].tolist() == [version.params["number"]] * 4
    assert registry.register("m", {"w": 0}).version == len(versions) + 1
