"""Small models and registries for the tests of faults, and all that can be written to one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

import nbregistry

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.registry import Registry

MODEL = {"w": np.zeros(1)}
ROWS = [[0.0], [1.0], [2.0], [3.0]]


def two_versions(root: Path) -> Registry:
    registry = nbregistry.open(root)
    registry.register("m", {"w": np.zeros(1)}, metrics={"auc": 0.8})
    registry.register("m", {"w": np.ones(1)}, metrics={"auc": 0.9}, parents="m@1", alias="champion")
    return registry


def story(registry: Registry, folder: Path) -> None:
    """Every verb that writes, once."""
    for number in range(3):
        registry.register("s", {"w": np.full(5000, number)}, metrics={"auc": number / 4}, alias="champion")
    registry.rollback("s", reason="drift")
    registry.tag("s@1", team="onco")
    registry.promote("s@3", "challenger")
    registry.export("s@3", folder / "s.zip")
    registry.backup(folder / "backup")
    other = nbregistry.open(folder / "other")
    other.import_(folder / "s.zip")
    registry.gc(dry_run=False)
    assert registry.get("s@champion").version == 2
    assert registry.load("s@champion")["w"][0] == 1
    assert nbregistry.open(folder / "backup").verify().problems == ()
    assert registry.verify().problems == other.verify().problems == ()
