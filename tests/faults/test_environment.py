"""A machine that is full, forbids, lies about the time, has no network, or has other things lying in the folder.

Whatever it is, it is told in words, nothing that was acknowledged is lost, and the registry is usable afterwards.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import nbregistry
from nbregistry.errors import Corrupt, Refused, RegistryError
from tests.faults.conftest import missing, need_tool, spread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nbregistry.registry import Registry

REPOSITORY = Path(__file__).parents[2]
FIXTURES = Path(__file__).parent / "fixtures"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")


def run(program: str, *arguments: object, before: tuple[str, ...] = (), **options: Any) -> Any:
    """Run a program in a process of its own, and give what it says, which is JSON on its last line."""
    command = [*before, sys.executable, "-W", "ignore", "-c", program, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=REPOSITORY, check=False, **options)
    assert done.returncode == 0, done.stderr[-3000:] or done.stdout[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def with_mounts(script: str) -> tuple[str, ...]:
    """Give the words before a command that is to run after a script, among mounts that nobody else sees."""
    unshare = need_tool("unshare")
    for flags in ("-m", "-rm"):
        tried = [unshare, flags, "sh", "-c", "mount -t tmpfs tmpfs /mnt && mount -o remount,ro,bind /mnt"]
        if subprocess.run(tried, capture_output=True, check=False).returncode == 0:
            return (unshare, flags, "sh", "-c", f'{script} && exec "$@"', "sh")
    missing("nothing can be mounted here", "run as root, or allow user namespaces")
    raise AssertionError


TRY = """
import json, os, sys
import numpy as np
import nbregistry
from nbregistry.errors import RegistryError

def tried(action):
    try:
        result = action()
        return result if isinstance(result, (str, int, bool, list)) else "done"
    except RegistryError as error:
        return f"{type(error).__name__}: {error.message} | {error.hint}"
"""

# -- no space ---------------------------------------------------------------------------------------------------

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


# -- no right ---------------------------------------------------------------------------------------------------

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


def two_versions(root: Path) -> Registry:
    registry = nbregistry.open(root)
    registry.register("m", {"w": np.zeros(1)}, metrics={"auc": 0.8})
    registry.register("m", {"w": np.ones(1)}, metrics={"auc": 0.9}, parents="m@1", alias="champion")
    return registry


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


# -- a clock that is wrong --------------------------------------------------------------------------------------

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


# -- a file system that cannot do it all --------------------------------------------------------------------------


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


# -- what lies about in the folder -------------------------------------------------------------------------------

STRAY_NAMES = (
    ".DS_Store", "Thumbs.db", "desktop.ini", ".~lock.catalog.json#", "0000000003 (conflicted copy).json",
    "0000000003.sync-conflict-20261122-093000-ABCDEFG.json", "0000000002.json~", ".nfs000000000001", "a\nb\x1b[2J",
    "FORMAT (1)", "rename.lock (Ada's conflicted copy)",
)  # fmt: skip


class StillWaiting(Exception):
    pass


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Interrupt what does not come back, e.g. from opening a FIFO."""

    def late(*_: object) -> None:
        raise StillWaiting

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def folders_of(root: Path) -> list[Path]:
    return [root, *(path for path in sorted(root.rglob("*")) if path.is_dir())]


def test_what_others_leave_in_the_folder_is_left_alone_and_told(registry: Registry, root: Path, tmp_path: Path) -> None:
    two_versions(root)
    registry._workspace.store.discard([registry._workspace.store.put(b"idle" * 2000).digest])  # there is a trash, too
    registry._workspace.catalog.save_checkpoint()
    strays: list[Path] = []
    for folder in folders_of(root):
        strays += [folder / name for name in STRAY_NAMES]
        for path in strays[-len(STRAY_NAMES) :]:
            path.write_text("not ours")
        for name, plant in (("a fifo", os.mkfifo), ("a link", lambda path: path.symlink_to("/dev/zero"))):
            strays.append(folder / name)
            plant(strays[-1])
        strays.append(folder / "a folder")
        (strays[-1]).mkdir()
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / ("ab" * 32)).write_text("secret")
    (root / "blobs" / "sha256" / "zz").symlink_to(secret)
    strays.append(root / "blobs" / "sha256" / "zz")
    with within(60):
        story(nbregistry.open(root), tmp_path)
        found = nbregistry.open(root).verify()
    assert found.ok
    assert len(found.foreign) == len(set(found.foreign)) == len(strays)
    told = "\n".join(found.foreign)
    assert "log/0000000003 (conflicted copy).json (a file): no commit by its name; a sync service" in told
    assert "blobs/sha256/zz (a link)" in told
    assert "log/a fifo (a FIFO)" in told
    assert "not the registry's, and left alone" in repr(found)
    assert "\x1b" not in repr(found)
    assert all(os.path.lexists(path) for path in strays)
    assert not list((tmp_path / "backup").rglob("*conflict*"))


PLACES: dict[str, Callable[[Path], Path]] = {
    "the next commit": lambda root: root / "log" / "0000000003.json",
    "a commit": lambda root: root / "log" / "0000000001.json",
    "the log": lambda root: root / "log",
    "FORMAT": lambda root: root / "FORMAT",
    "the cache's file": lambda root: root / "cache" / "catalog.json",
    "the cache": lambda root: root / "cache",
    "a blob": lambda root: max((p for p in root.glob("blobs/sha256/*/*")), key=lambda path: path.stat().st_size),
    "a folder of blobs": lambda root: next(root.glob("blobs/sha256/*")),
    "all blobs": lambda root: root / "blobs",
    "tmp": lambda root: root / "tmp",
    "the trash": lambda root: root / "trash",
}


def bind(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket may not be long
    try:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(path.name)
    finally:
        os.chdir(here)


PLANTS: dict[str, Callable[[Path], None]] = {
    "a FIFO": os.mkfifo,
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
    "a link to nothing": lambda path: path.symlink_to("/nonexistent/x"),
    "a link to itself": lambda path: path.symlink_to(path),
    "a link to a folder": lambda path: path.symlink_to(tempfile.gettempdir()),
    "a socket": bind,
    "a device": lambda path: os.mknod(path, 0o600 | 0o020000, os.makedev(1, 5)),
}


@pytest.fixture(scope="module")
def planted_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("planted")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NBREGISTRY_HOME", str(folder / "home"))
        registry = nbregistry.open(folder / "registry")
        for number in range(2):
            registry.register("m", {"w": np.full(100_000, number)}, alias="champion")
        registry._workspace.store.discard([registry._workspace.store.put(b"idle" * 2000).digest])
        registry._workspace.catalog.save_checkpoint()
    return folder


@pytest.mark.parametrize(("place", "plant"), spread([(place, plant) for place in PLACES for plant in PLANTS], 40))
def test_what_is_planted_in_place_of_ours_is_not_followed_and_is_told(
    planted_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, plant: str
) -> None:
    monkeypatch.setenv("NBREGISTRY_HOME", str(planted_in / "home"))
    if plant == "a device" and os.geteuid():
        missing("a device cannot be made", "run as root")
    root = tmp_path / "registry"
    shutil.copytree(planted_in / "registry", root)
    path = PLACES[place](root)
    with suppress(FileNotFoundError):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    PLANTS[plant](path)
    verbs: dict[str, Callable[[], object]] = {
        "list": lambda: nbregistry.open(root).versions("m"),
        "load": lambda: nbregistry.open(root).load("m@champion"),
        "register": lambda: nbregistry.open(root).register("m", {"w": np.full(100_000, 9)}),
        "gc": lambda: nbregistry.open(root).gc(dry_run=False),
        "backup": lambda: nbregistry.open(root).backup(tmp_path / "backup"),
        "registry": lambda: repr(nbregistry.open(root)),
    }
    for verb in verbs.values():
        with within(20), suppress(RegistryError):
            verb()
    assert os.path.lexists(path)
    with within(20):
        try:
            opened = nbregistry.open(root)
        except RegistryError:
            opened = None
        found = opened.verify() if opened else None
    assert (found is None) == (place == "FORMAT")
    assert found is None or not found.ok, (place, plant)
    assert found is None or any(
        str(path.relative_to(root)) in problem or str(path) in problem for problem in found.problems
    )


@pytest.mark.parametrize("place", ["the next commit", "a commit", "FORMAT", "a blob"])
def test_what_a_link_leads_to_is_not_read_even_if_it_is_right(
    planted_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setenv("NBREGISTRY_HOME", str(planted_in / "home"))
    root = tmp_path / "registry"
    shutil.copytree(planted_in / "registry", root)
    path = PLACES[place](root)
    if place == "the next commit":
        shutil.copytree(root, tmp_path / "longer")
        nbregistry.open(tmp_path / "longer").tag("m@1", more=True)
        path.symlink_to(PLACES[place](tmp_path / "longer"))
    else:
        path.symlink_to(path.rename(tmp_path / "moved"))
        shutil.rmtree(root / "cache")
    with pytest.raises(Corrupt, match="links are not followed"):
        [nbregistry.open(root).load(ref) for ref in ("m@1", "m@2")]  # the largest blob is one of theirs
    if place != "FORMAT":
        assert any("links are not followed" in problem for problem in nbregistry.open(root).verify().problems)


# -- other releases ----------------------------------------------------------------------------------------------


def test_a_registry_of_a_newer_format_is_refused_politely(registry: Registry, root: Path) -> None:
    registry.register("m", {"w": np.zeros(1)})
    about = json.loads((root / "FORMAT").read_text())
    (root / "FORMAT").write_text(json.dumps(about | {"format": 7, "minimum_reader": 7, "and": "more"}))
    before = sorted(path.name for path in root.rglob("*"))
    with pytest.raises(Refused, match="newer release") as caught:
        nbregistry.open(root)
    assert "pip install --upgrade nbregistry" in caught.value.hint
    assert sorted(path.name for path in root.rglob("*")) == before
    (root / "FORMAT").write_text(json.dumps(about | {"format": 7, "and": "more"}))  # newer, and readable by older ones
    assert nbregistry.open(root).latest("m") == 1


@pytest.mark.parametrize("cache", ["with its cache", "without one"])
@pytest.mark.parametrize("made_by", sorted(path.name for path in FIXTURES.glob("format-*")))
def test_a_registry_of_an_older_release_opens(tmp_path: Path, made_by: str, cache: str) -> None:
    """Made once by that release, with a key that is nobody's any more, and never since."""
    root = tmp_path / "registry"
    shutil.copytree(FIXTURES / made_by, root)
    if cache == "without one":
        shutil.rmtree(root / "cache")
    registry = nbregistry.open(root)
    key = registry.get("net@1").signed_by
    assert [signer.key for signer in registry.summary().signers] == [key]
    assert registry.load("net@1")["bias"] == 0.5  # a format that executes nothing
    with pytest.raises(nbregistry.errors.Untrusted):
        registry.load("notes@1")
    registry.trust(key, "ada")
    registry = nbregistry.open(root)  # now its cache is believed, too
    assert registry.verify().problems == ()
    assert [version.ref for version in registry.versions("net", where="metrics.auc > 0.85")] == ["net@2"]
    champion = registry.get("net@champion")
    assert (champion.version, champion.parents, champion.created_by) == (2, ("net@1",), "ada")
    assert registry.get("net@1").description == "the first one"
    assert registry.get("notes@1").tags == {"team": "onco"}
    assert registry.load("notes@1") == ["a list", {"of": "plain things"}]
    np.testing.assert_array_equal(registry.load("net@2")["layer"], [[0, 1, 2], [3, 4, 5]])
    assert [event.verb for event in registry.log()] == ["register", "register", "register", "promote", "describe"]
    assert registry.register("net", {"bias": np.zeros(1)}, alias="champion").ref == "net@3"
    assert registry.rollback("net").to_ref == "net@2"
    assert registry.verify().ok


# -- no network --------------------------------------------------------------------------------------------------

STORY = """
import json, os, sys
from pathlib import Path
import nbregistry
from tests.models import forest, pipeline, tumours
folder = Path(sys.argv[1])
X_train, X_test, y_train, y_test = tumours()
registry = nbregistry.open(folder / "registry")
shown = [
    registry.register("tumour", pipeline(), on=(X_test, y_test), train=(X_train, y_train), alias="champion"),
    registry.register("tumour", forest(), on=(X_test, y_test), train=(X_train, y_train), parents="tumour@1"),
    registry.versions("tumour", where="metrics.roc_auc > 0.5"), registry.models(),
    registry.compare("tumour@1", "tumour@2"), registry.compare("tumour@1", "tumour@2", on=(X_test, y_test)),
    registry.evaluate("tumour@1", X_test, y_test, name="again"), registry.lineage("tumour@2"),
    registry.promote("tumour@2"), registry.rollback("tumour", reason="drift"), registry.log(), registry.get("tumour@1"),
    registry.export("tumour@2", folder / "t.zip"), nbregistry.open(folder / "other").import_(folder / "t.zip"),
    registry.verify(), registry.gc(dry_run=False), registry.backup(folder / "backup"), registry,
]
for noun in shown:
    assert repr(noun) and noun._repr_html_()
assert len(registry.load("tumour@champion").predict(X_test)) == len(y_test)
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "nbregistry")
with capture_output():
    assert shell.run_line_magic("registry", str(folder / "registry")) is not None
    assert len(shell.run_line_magic("versions", "tumour")) == 2
print(json.dumps(registry.verify().ok))
"""


def test_the_whole_story_works_without_a_network_and_calls_nobody(tmp_path: Path) -> None:
    strace, unshare = need_tool("strace"), need_tool("unshare")
    if subprocess.run([unshare, "-rn", "true"], capture_output=True, check=False).returncode:
        missing("there is no namespace without a network", "run as root, or allow user namespaces")
    calls = tmp_path / "calls"
    traced = (unshare, "-rn", strace, "-f", "-qq", "--seccomp-bpf", "-e", "trace=%network", "-o", str(calls))
    started = time.monotonic()
    assert run(STORY, tmp_path, before=traced, env=os.environ | {"IPYTHONDIR": str(tmp_path / "ipython")}) is True
    reaching = [
        call
        for call in calls.read_text().splitlines()
        if any(f" {name}(" in call for name in ("connect", "sendto", "sendmsg", "sendmmsg", "bind", "listen"))
        and "AF_UNIX" not in call
    ]
    assert reaching == [], f"after {time.monotonic() - started:.0f} s"


def test_the_trace_would_show_a_call(tmp_path: Path) -> None:
    strace = need_tool("strace")
    calls = tmp_path / "calls"
    program = "import socket; s = socket.socket(); s.connect_ex(('127.0.0.1', 9)); print('true')"
    run(program, before=(strace, "-f", "-qq", "--seccomp-bpf", "-e", "trace=%network", "-o", str(calls)))
    assert " connect(" in calls.read_text()
    assert "AF_INET" in calls.read_text()
