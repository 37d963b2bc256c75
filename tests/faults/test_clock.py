"""A clock that is wrong changes no order, and takes nothing that is needed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

import nbregistry
from tests.faults.conftest import need_tool
from tests.faults.programs import TRY, run
from tests.faults.stories import two_versions

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")

REGISTER = (
    TRY
    + """
import time
registry = nbregistry.open(sys.argv[1])
version = registry.register("m", {"w": np.full(5000, int(sys.argv[2]))}, alias="champion")
again = nbregistry.open(sys.argv[1])
print(json.dumps([version.ref, version.created_at[:4], again.get("m@latest").ref, again.get("m@champion").ref,
                  again.get("m@champion~1").ref if int(sys.argv[2]) > 1 else "", again.verify().ok]))
"""
)


def test_versions_are_in_the_order_of_commits_whatever_the_clock_says(root: Path) -> None:
    faketime = need_tool("faketime")
    years = [2026, 1970, 2035, 1999, 2026]
    for number, year in enumerate(years, 1):
        told = run(REGISTER, root, number, before=(faketime, f"{year}-06-15 12:00:00"))
        before = f"m@{number - 1}" if number > 1 else ""
        assert told == [f"m@{number}", str(year), f"m@{number}", f"m@{number}", before, True]
    registry = nbregistry.open(root)
    assert [version.version for version in registry.versions("m")] == [1, 2, 3, 4, 5]
    assert [version.created_at[:4] for version in registry.versions("m")] == list(map(str, years))
    assert [event.ref for event in registry.log()] == [f"m@{number}" for number in range(1, 6)]
    assert [signer.last_at[:4] for signer in registry.summary().signers] == ["2026"]
    assert registry.rollback("m").to_ref == "m@4"
    # Also the cache's copy, and one made from the log alone, agree.
    registry._workspace.catalog.save_checkpoint()
    assert nbregistry.open(root).get("m@latest").ref == "m@5"


COLLECT = (
    TRY
    + """
collected = nbregistry.open(sys.argv[1]).gc(dry_run=False)
print(json.dumps(collected.blobs))
"""
)


@pytest.mark.parametrize("then", ["1970-01-02 12:00:00", "2099-01-01 12:00:00"])
def test_a_collection_at_a_wrong_hour_takes_nothing_that_is_needed(root: Path, then: str) -> None:
    faketime = need_tool("faketime")
    registry = two_versions(root)
    store = registry._workspace.store
    idle = store.put(np.random.default_rng(0).bytes(5000))  # as a register puts it, before its commit
    assert run(COLLECT, root, before=(faketime, then)) == 1
    assert store.stored_size(idle.digest) is None
    assert run(COLLECT, root) == 0  # the right hour again
    if then < "2":  # a day that seems long past, and was this minute: it is kept for a week all the same
        store.keep([idle.digest])
        assert len(store.get(idle.digest, 5000)) == 5000
    assert registry.verify().ok
    assert registry.load("m@champion")["w"] == 1
    assert registry.register("m", {"w": np.full(1, 2)}).ref == "m@3"
