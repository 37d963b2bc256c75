"""A server on a disk that is mounted read-only: it shows and exports, and says that it takes no change."""

from __future__ import annotations

from tests.faults.conftest import with_mounts
from tests.faults.programs import run
from tests.faults.stories import two_versions

PROGRAM = """
import json, sys
from pathlib import Path
from tests.server.running import RunningServer

here = {"registry": ".nbregistry"}
with RunningServer(Path(sys.argv[1])) as server:
    promote = server.change("promote", "m@1", reason="why")
    print(json.dumps({
        "registries": server.get("/registries").json(),
        "head": server.get("/head", **here).json()["read_only"],
        "models": server.get("/models", **here).json()["total"],
        "section": server.get("/section", **here, id="compare", ref=["m@1", "m@2"]).status,
        "dry run": server.change("promote", "m@1", dry_run=True).status,
        "promote": [promote.status, promote.json()["kind"], promote.json()["message"]],
        "export": server.post("/export", here | {"ref": "m@1", "path": "out/m.nbr"}).json()["path"],
    }))
"""


def test_a_registry_on_a_disk_that_is_mounted_read_only(tmp_path):
    root = tmp_path / "served" / ".nbregistry"
    two_versions(root)
    (tmp_path / "served" / "out").mkdir()
    mounted = with_mounts(f"mount --bind {root} {root} && mount -o remount,ro,bind {root}")
    assert run(PROGRAM, root.parent, before=mounted) == {
        "registries": {
            "registries": [{"path": ".nbregistry", "name": "served", "read_only": True}],
            "nearest": ".nbregistry",
        },
        "head": True,
        "models": 1,
        "section": 200,
        "dry run": 200,
        "promote": [422, "Refused", "this server may not write to this registry"],
        "export": "out/m.nbr",
    }
