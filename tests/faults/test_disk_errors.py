"""A disk that refuses at any system call: a clear error, nothing lost, and the same object goes on."""

from __future__ import annotations

import errno
import os
import sys
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import nbregistry
from nbregistry.errors import StorageError
from tests.faults.conftest import EVERY_CASE, spread
from tests.faults.injection import Fault, Servers, need_injection
from tests.faults.workloads import WORKLOADS

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="strace is Linux's")

ERRORS = ("ENOSPC", "EIO", "EACCES", "EDQUOT")


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    need_injection()
    with Servers() as started:
        yield started


@pytest.mark.parametrize("workload", sorted(WORKLOADS))
def test_an_error_at_any_call_is_told_and_survived(servers: Servers, workload: str) -> None:
    # A seek asks no disk, and what zipfile makes of one that fails is nobody's fault.
    wanted = [call for call in servers.calls(workload) if call.name != "lseek"]
    calls, most = spread(wanted, WORKLOADS[workload].cases), WORKLOADS[workload].most
    chosen = calls[:: -(-len(calls) // (most or len(calls)))]
    # Every error where something changes; a call that only looks has one handler for all of them, so it takes turns.
    turns = cycle(ERRORS)
    faults = [
        Fault(workload, call.name, call.number, error)
        for call in chosen
        for error in (ERRORS if EVERY_CASE and call.changes and not most else (next(turns),))
    ]
    assert len(faults) >= 8
    assert servers.try_all(faults) == []


class ForgetfulDisk:
    """A disk that fails to keep something once, and from then on says that all is well, as a page cache does.

    Attributes
    ----------
    syncs : int
        How often it was asked to keep something.
    lost : dict
        The files whose names it did not keep, and which file that was.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, failing: int = 0) -> None:
        self.syncs, self.lost = 0, dict[Path, int]()
        self._failing, self._named = failing, dict[Path, int]()
        self._fsync, self._link, self._replace = os.fsync, os.link, os.replace
        for name in ("fsync", "link", "replace"):
            monkeypatch.setattr(os, name, getattr(self, name))

    def fsync(self, fd: int) -> None:
        self.syncs += 1
        kept = Path(f"/proc/self/fd/{fd}").readlink()
        names = {path: inode for path, inode in self._named.items() if path.parent == kept}
        if self.syncs == self._failing:
            self.lost = names
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        self._fsync(fd)
        self._named = {path: inode for path, inode in self._named.items() if path not in names}

    def link(self, source: str, final: str) -> None:
        self._link(source, final)
        self._named[Path(final)] = Path(final).stat().st_ino

    def replace(self, source: str, final: str) -> None:
        self._replace(source, final)
        self._named[Path(final)] = Path(final).stat().st_ino


def syncs_of(root: Path, registering: list[int], monkeypatch: pytest.MonkeyPatch, failing: int = 0) -> ForgetfulDisk:
    """Register some arrays, each again when it was refused, and see that what the disk lost was written again."""
    registry = nbregistry.open(root)
    with monkeypatch.context() as patched:
        disk = ForgetfulDisk(patched, failing)
        for number in registering:
            model = {"w": np.full(4, number), "layer": np.random.default_rng(number).random(12 << 10)}
            try:
                registry.register("m", model)
            except StorageError:
                registry.register("m", model)
            # Whoever is told that it is done finds it after a power cut.
            assert [path for path, inode in disk.lost.items() if path.stat().st_ino == inode] == []
    assert [version.version for version in registry.versions("m")] == [1, 2]
    assert registry.verify().ok
    return disk


def test_what_was_not_kept_is_written_again(tmp_path: Path, user: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = set()
    for failing in range(1, syncs_of(tmp_path / "whole", [0, 1], monkeypatch).syncs + 1):
        monkeypatch.setenv("NBREGISTRY_HOME", str(user / str(failing)))
        disk = syncs_of(tmp_path / str(failing), [0, 1], monkeypatch, failing)
        lost |= {path.name for path in disk.lost}
    assert {"signing-key", "FORMAT", "0000000001.json", "0000000002.json"} < lost
    assert any(len(name) >= 64 for name in lost), "no blob was lost"


def test_a_commit_rests_on_none_that_is_in_doubt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = nbregistry.open(tmp_path / "registry")
    registry.register("m", {"w": np.zeros(4)})
    with monkeypatch.context() as patched:
        disk = ForgetfulDisk(patched, failing=2)  # the commit's file, then the log's folder
        with pytest.raises(StorageError):
            registry.tag("m@1", stage="dev")
        assert [path.name for path in disk.lost] == ["0000000002.json"]
        registry.describe("m@1", "another change")
        assert [path for path, inode in disk.lost.items() if path.stat().st_ino == inode] == []
    assert [event.verb for event in registry.log()] == ["register", "tag", "describe"]
