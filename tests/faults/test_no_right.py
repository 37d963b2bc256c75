"""Where somebody may not write, all that only reads works; where they may not read, it is told what is missing."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.faults.conftest import missing, with_mounts
from tests.faults.programs import TRY, run
from tests.faults.stories import two_versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbregistry.registry import Registry

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")

READ = """
def read(root, out, mode):
  registry = nbregistry.open(root, read_only=mode == "read-only")
  return {
    "list": tried(lambda: [version.ref for version in registry.versions("m")]),
    "models": tried(lambda: registry.model_names()),
    "filter": tried(lambda: [version.ref for version in registry.versions(where="metrics.auc > 0.85")]),
    "show": tried(lambda: len(repr(registry.get("m@champion"))) > 0),
    "load": tried(lambda: int(registry.load("m@champion", trust=True)["w"].size)),
    "compare": tried(lambda: registry.compare("m@1", "m@2").differences is not None),
    "lineage": tried(lambda: list(registry.lineage("m@2").parents)),
    "log": tried(lambda: len(registry.log())),
    "registry": tried(lambda: len(repr(registry)) > 0),
    "verify": tried(lambda: list(registry.verify().problems)),
    "export": tried(lambda: list(registry.export("m@2", out + "/m.zip").refs)),
    "backup": tried(lambda: registry.backup(out + "/copy").ok),
    "copy": tried(lambda: nbregistry.open(out + "/copy").latest("m")),
    "register": tried(lambda: registry.register("m", {"w": np.ones(1)}).ref),
    "tag": tried(lambda: registry.tag("m@1", a=1)),
    "gc": tried(lambda: registry.gc(dry_run=False)),
  }
"""
READ_IT = TRY + READ + "print(json.dumps(read(*sys.argv[1:4])))"


def with_something_idle(registry: Registry) -> Registry:
    registry._workspace.store.put(b"idle" * 2000)
    return registry


def check_reading(told: dict[str, Any]) -> None:
    reading = {key: told[key] for key in ("list", "models", "filter", "show", "load", "compare", "lineage", "log")}
    assert reading == {
        "list": ["m@1", "m@2"], "models": ["m"], "filter": ["m@2"], "show": True, "load": 1, "compare": True,
        "lineage": ["m@1"], "log": 2,
    }  # fmt: skip
    assert (told["registry"], told["verify"], told["backup"], told["copy"]) == (True, [], True, 2)
    assert told["export"] == ["m@1", "m@2"]
    for verb in ("register", "tag", "gc"):
        assert told[verb].startswith(("StorageError", "Refused")), told[verb]
        assert "read_only=True" in told[verb], told[verb]


@pytest.mark.parametrize("mode", ["as usual", "read-only"])
@pytest.mark.parametrize("cache", ["with a cache", "without one"])
def test_a_registry_on_a_disk_that_is_mounted_read_only(root: Path, tmp_path: Path, mode: str, cache: str) -> None:
    registry = with_something_idle(two_versions(root))
    if cache == "with a cache":
        registry._workspace.catalog.save_checkpoint()
    out = tmp_path / "out"
    out.mkdir()
    mounted = with_mounts(f"mount --bind {root} {root} && mount -o remount,ro,bind {root}")
    check_reading(run(READ_IT, root, out, mode, before=mounted))
    assert registry.latest("m") == 2


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that another user can look into."""
    folder = Path(tempfile.mkdtemp(prefix="nbregistry-public-"))
    folder.chmod(0o755)
    yield folder
    for path in folder.rglob("*"):
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(folder)


BECOME = """
def become_somebody_else(root):
    # What is imported later could not be read: a user's own installation is nobody else's.
    if os.geteuid():
        for folder, _, names in os.walk(root):
            for path in (folder, *(os.path.join(folder, name) for name in names)):
                os.chmod(path, os.stat(path).st_mode & ~0o222)
    else:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    os.environ.update(NBREGISTRY_HOME=sys.argv[4], HOME="/nonexistent")
"""


@pytest.mark.parametrize("mode", ["as usual", "read-only"])
@pytest.mark.parametrize("home", ["of its own", "missing"])
def test_a_user_who_may_not_write_lists_loads_compares_and_exports(public: Path, mode: str, home: str) -> None:
    with_something_idle(two_versions(public / "registry"))
    shutil.copytree(public / "registry", public / "rehearsal")
    out = public / "out"
    out.mkdir()
    (public / "aside").mkdir()
    out.chmod(0o777)
    place = {"of its own": out / "home", "missing": "/nonexistent/x"}[home]
    rehearsed = "read(sys.argv[5], sys.argv[6], 'as usual'); become_somebody_else(sys.argv[1]);"
    program = TRY + READ + BECOME + rehearsed + "print(json.dumps(read(*sys.argv[1:4])))"
    told = run(program, public / "registry", out, mode, place, public / "rehearsal", public / "aside")
    if home != "of its own" and mode == "as usual":
        for verb in ("register", "tag", "gc"):
            assert "your signing key" in told[verb], told[verb]
            told[verb] = "StorageError: read_only=True"
    check_reading(told)


def test_a_user_who_may_not_read_is_told_what_is_missing(public: Path) -> None:
    if os.geteuid():
        missing("there is no second user", "run as root")
    root = public / "registry"
    two_versions(root)
    listing = "lambda: len(nbregistry.open(sys.argv[1]).versions())"
    program = f"{TRY}{BECOME}({listing})(); become_somebody_else(sys.argv[1]); print(json.dumps(tried({listing})))"
    for place in ("log/0000000001.json", "FORMAT", "log", "."):
        before = (root / place).stat().st_mode
        (root / place).chmod(0)
        told = run(program, root, "", "", "/nonexistent/x")
        (root / place).chmod(before & 0o7777)
        assert str(told).startswith("StorageError"), (place, told)
        assert "Permission denied" in told, (place, told)
