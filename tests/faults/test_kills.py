"""Killed at any system call, a registry opens, and what was acknowledged is there, whole."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.faults.conftest import EVERY_CASE, spread
from tests.faults.injection import Call, Fault, Servers, need_injection
from tests.faults.workloads import WORKLOADS

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="strace is Linux's")

# Only reads: it leaves nothing behind that could be half done.
CHANGING = sorted(WORKLOADS.keys() - {"reading"})


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    need_injection()
    with Servers() as started:
        yield started


def at(workload: str, calls: list[Call], count: int) -> list[Fault]:
    """Choose where to kill: a kill before a call that only looks leaves what a kill before the next change leaves."""
    most = WORKLOADS[workload].most
    wanted = calls if EVERY_CASE and not most else [call for call in calls if call.changes]
    chosen = spread(wanted, count)
    return [Fault(workload, call.name, call.number) for call in chosen[:: -(-len(chosen) // (most or len(chosen)))]]


@pytest.mark.parametrize("workload", CHANGING)
def test_a_kill_at_any_call_loses_nothing_acknowledged(servers: Servers, workload: str) -> None:
    faults = at(workload, servers.calls(workload), WORKLOADS[workload].cases)
    assert len(faults) >= 8
    assert servers.try_all(faults) == []


def test_a_new_process_finds_what_a_killed_one_left(servers: Servers) -> None:
    faults = [
        Fault(workload, call.name, call.number, in_new_process=True)
        for workload in ("register", "gc", "import")
        for call in [call for call in servers.calls(workload) if call.changes][4::20][:2]
    ]
    assert servers.try_all(faults) == []
