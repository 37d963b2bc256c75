"""What others leave in the folder, or put in place of what is ours: left alone, not followed, and told."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import nbregistry
from nbregistry.errors import Corrupt, RegistryError
from tests.faults.conftest import missing, spread
from tests.faults.stories import story, two_versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nbregistry.registry import Registry

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")

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
