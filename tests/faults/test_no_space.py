"""A full disk, a full home, files that may not grow: it is told, nothing is lost, and afterwards all is well."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.faults.conftest import with_mounts
from tests.faults.programs import TRY, run

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.registry import Registry

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")

FILL = (
    TRY
    + """
from pathlib import Path
root = Path(sys.argv[1])
root.parent.mkdir(exist_ok=True)
for number in range(8):
    (root.parent / f"filler {number}").write_bytes(b"x" * 4096)
registry, numbers = nbregistry.open(root), np.random.default_rng(0)
acknowledged, refusal = [], ""
while not refusal:
    told = tried(lambda: registry.register("m", {"w": np.frombuffer(numbers.bytes(3000), np.uint8)}).ref)
    acknowledged.append(told) if told.startswith("m@") else None
    refusal = "" if told.startswith("m@") else told
full = {
    "tag": tried(lambda: registry.tag("m@1", full=True)),
    "promote": tried(lambda: registry.promote("m@1")),
    "backup": tried(lambda: registry.backup(root.parent / "copy")),
    "export": tried(lambda: registry.export("m@1", root.parent / "out.zip")),
    "export_log": tried(lambda: registry.export_log(root.parent / "log.jsonl")),
}
again = nbregistry.open(root)
result = {
    "acknowledged": acknowledged, "refusal": refusal, "full": full,
    "there": [version.ref for version in again.versions("m")],
    "loads": [int(again.load(ref)["w"].size) for ref in acknowledged],
    "whole": again.verify().problems,
    "parts": [path.name for path in (root / "tmp").iterdir()],
}
for number in range(8):
    (root.parent / f"filler {number}").unlink()
# Nobody needs to open it again.
result["afterwards"] = tried(lambda: registry.register("m", {"w": np.zeros(1)}).ref)
result["whole afterwards"] = nbregistry.open(root).verify().problems
print(json.dumps(result))
"""
)


@pytest.mark.parametrize("options", ["size=256k", "size=1m", "size=16m,nr_inodes=60"])
def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path, options: str) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    told = run(FILL, disk / "registry" / "r", before=with_mounts(f"mount -t tmpfs -o {options} tmpfs {disk}"))
    assert told["acknowledged"], "there was no room at all"
    assert told["refusal"].startswith("StorageError: cannot write")
    assert "the disk is full: free some space" in told["refusal"]
    assert all(words == "done" or words.startswith("StorageError") for words in told["full"].values()), told["full"]
    assert told["there"] == told["acknowledged"]
    assert told["loads"] == [3000] * len(told["acknowledged"])
    assert (told["whole"], told["whole afterwards"], told["parts"]) == ([], [], [])
    assert told["afterwards"] == f"m@{len(told['acknowledged']) + 1}"


FULL_HOME = (
    TRY
    + """
home = os.environ["NBREGISTRY_HOME"]
open(home + "/filler", "w").close()
try:
    with open(home + "/filler", "wb", buffering=0) as filler:
        while True:
            filler.write(b"x" * 512)
except OSError:
    pass
registry = nbregistry.open(sys.argv[1])
print(json.dumps({
    "list": tried(lambda: len(registry.versions("m"))),
    "load": tried(lambda: int(registry.load("m@1")["w"].size)),
    "register": tried(lambda: registry.register("m", {"w": np.ones(1)})),
    "trust": tried(lambda: registry.trust("ed25519:" + "0" * 64)),
    "still": tried(lambda: len(nbregistry.open(sys.argv[1]).versions("m"))),
}))
"""
)


def test_a_full_home_keeps_nobody_from_reading(registry: Registry, root: Path, tmp_path: Path) -> None:
    registry.register("m", {"w": np.zeros(1)})
    home = tmp_path / "home"
    home.mkdir()
    mounted = with_mounts(f"mount -t tmpfs -o size=16k tmpfs {home}")
    told = run(FULL_HOME, root, before=mounted, env=os.environ | {"NBREGISTRY_HOME": str(home)})
    assert (told["list"], told["load"], told["still"]) == (1, 1, 1)
    assert "signing key cannot be written" in told["register"]
    assert "cannot be written" in told["trust"]
    assert registry.latest("m") == 1


LIMITED = (
    TRY
    + """
import resource
registry = nbregistry.open(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
large, huge = (np.frombuffer(np.random.default_rng(0).bytes(size), np.uint8) for size in (200_000, 40 << 20))
result = {
    "large": tried(lambda: registry.register("m", {"w": large})),
    "streamed": tried(lambda: registry.register("m", {"w": huge})),
    "small": tried(lambda: registry.register("m", {"w": np.ones(1)}).ref),
}
for number in range(210):  # a checkpoint would be due, and is too large
    registry.tag("m@1", number=number)
result["whole"] = nbregistry.open(sys.argv[1]).verify().problems
result["left"] = [name for name in os.listdir(sys.argv[1] + "/tmp") + os.listdir(sys.argv[1] + "/cache")]
print(json.dumps(result))
"""
)


def test_files_that_may_not_grow_are_told_and_lose_nothing(registry: Registry, root: Path) -> None:
    registry.register("m", {"w": np.zeros(1)})
    told = run(LIMITED, root)
    for size in ("large", "streamed"):
        assert told[size].startswith("StorageError: cannot write"), told[size]
        assert "files of this size are not allowed here" in told[size]
    assert told["small"] == "m@2"
    assert (told["whole"], told["left"]) == ([], [])
    assert registry.get("m@1").tags == {"number": 209}
