"""A file system without hard links can do it all."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.faults.stories import story

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.registry import Registry

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")


def test_where_there_are_no_hard_links(
    registry: Registry, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)
    story(registry, tmp_path)
    name = (root / "log" / "0000000001.json").read_bytes()
    registry.register("s", {"w": np.zeros(1)})
    assert (root / "log" / "0000000001.json").read_bytes() == name  # nothing was written over
