"""Several writers of one model: no version is lost, none is there twice, and readers never notice anything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import nbregistry
from nbregistry.artifacts.layout import Layout
from nbregistry.artifacts.local import LocalStore
from nbregistry.artifacts.regular import read_regular
from nbregistry.catalog.log import CommitLog
from tests.faults.conftest import EVERY_CASE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbregistry.registry import Registry

ROOT = Path(__file__).parents[2]
posix = pytest.mark.skipif(not hasattr(os, "fork"), reason="its processes are forked")


def run(module: str, *arguments: object) -> str:
    threads = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}
    command: Sequence[str] = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **threads}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@posix
@pytest.mark.parametrize("condition", ["", "no-links", "no-locks"])
def test_eight_writers_lose_nothing_while_others_read_and_collect(root: Path, condition: str) -> None:
    each = (200 if EVERY_CASE else 25) if not condition else (50 if EVERY_CASE else 8)
    problems = run("tests.faults.racers", root, 8, each, *filter(None, [condition]))
    assert json.loads(problems) == []


def test_a_registry_that_is_made_this_moment_is_one(
    registry: Registry, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.register("m", {"w": np.zeros(1)})
    reads = iter([FileNotFoundError()])

    def too_early(path: Path, limit: int) -> bytes:
        for error in reads:
            raise error
        return read_regular(path, limit)

    monkeypatch.setattr("nbregistry.location.read_regular", too_early)
    assert nbregistry.open(root).model_names() == ["m"]


def test_commits_that_come_while_the_log_is_listed_are_no_gap(
    registry: Registry, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.register("m", {"w": np.zeros(1)})
    log, listdir = CommitLog(root), os.listdir

    def listing(folder: Path) -> list[str]:
        registry.tag("m@1", turn=1)
        registry.tag("m@1", turn=2)
        return listdir(folder)

    monkeypatch.setattr(os, "listdir", listing)
    assert log.gap_after(1) is None
    log.path(2).unlink()
    assert log.gap_after(1) == 3


def test_a_blob_that_moves_while_it_is_looked_for_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = LocalStore(tmp_path)
    blob = store.put(b"weights")
    find, elsewhere = Layout.find, [0]

    def looking(layout: Layout, hexed: str) -> str | None:
        elsewhere[0] -= 1
        return None if elsewhere[0] >= 0 else find(layout, hexed)

    monkeypatch.setattr(Layout, "find", looking)
    for action in (lambda: store.get(blob.digest, 7), lambda: store.keep([blob.digest])):
        elsewhere[0] = 3  # it was in the trash; when that was looked into, it was back
        action()


def test_the_rates_are_told(tmp_path: Path) -> None:
    told = run("tests.faults.rates", "--processes", 2, "--each", 3, "--folder", tmp_path)
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in told.splitlines()][2:]
    assert [name for name, *_ in rows] == ["nbregistry", "SQLite", "stock TinyDB"]
    assert [cells[1:5] for cells in rows[:2]] == [["6", "6", "6", "0"]] * 2
