"""Backup: a copy that is a registry at every moment."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import nbregistry
from nbregistry.artifacts.durable import Staged
from nbregistry.artifacts.local import LocalStore
from nbregistry.errors import Corrupt, NotFound, Refused, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbregistry.registry import Registry


def test_a_backup_is_a_registry(story: Registry, tmp_path: Path) -> None:
    first = story.backup(tmp_path / "backup")
    assert first.bytes > 1000
    assert story.backup(tmp_path / "backup").bytes == 0
    story.tag("tumour@1", later="yes")
    assert story.backup(tmp_path / "backup").files == 1
    copy = nbregistry.open(tmp_path / "backup")
    assert copy.verify().ok
    assert copy.get("tumour@1").tags["later"] == "yes"
    with pytest.raises(Refused, match="own backup"):
        story.backup(story.path)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX")
@pytest.mark.parametrize("plant", ["a link", "a FIFO", "a folder", "a large file"])
def test_what_is_put_in_the_place_of_format_meanwhile_is_not_copied(
    story: Registry, root: Path, tmp_path: Path, plant: str
) -> None:
    (tmp_path / "secret").write_bytes((root / "FORMAT").read_bytes())
    (root / "FORMAT").unlink()
    plants: dict[str, Callable[[Path], object]] = {
        "a link": lambda path: path.symlink_to(tmp_path / "secret"),
        "a FIFO": os.mkfifo,
        "a folder": Path.mkdir,
        "a large file": lambda path: path.write_bytes(bytes(10_000)),
    }
    plants[plant](root / "FORMAT")
    with pytest.raises((Corrupt, StorageError)):
        story.backup(tmp_path / "backup")
    (root / "FORMAT").rmdir() if plant == "a folder" else (root / "FORMAT").unlink()
    with pytest.raises(StorageError, match="is gone"):
        story.backup(tmp_path / "backup")
    assert not (tmp_path / "backup").exists()


def blobs_of(root: Path) -> list[Path]:
    return sorted(path for path in (root / "blobs").rglob("*") if path.is_file())


def test_a_backup_holds_all_that_is_whole_and_tells_the_rest(registry: Registry, root: Path, tmp_path: Path) -> None:
    for number in range(4):
        registry.register("m", {"w": np.full(20_000, number), "v": np.full(3, number)})
    damaged = [registry.get("m@2").digest, registry.get("m@3").digest]
    roots = {path.name.removesuffix(".zst"): path for path in blobs_of(root)}
    roots[damaged[0].removeprefix("sha256:")].write_bytes(b"other")
    roots[damaged[1].removeprefix("sha256:")].unlink()
    copied = registry.backup(tmp_path / "backup")
    assert not copied.ok
    assert [problem.partition(":")[0] for problem in copied.problems] == ["m@2", "m@3"]
    copy = nbregistry.open(tmp_path / "backup")
    assert len(copy.versions("m")) == 4
    for whole in ("m@1", "m@4"):
        assert copy.load(whole)["w"].tolist() == registry.load(whole)["w"].tolist()
    with pytest.raises(NotFound):
        copy.load("m@2")
    # Registered again, both are whole, and so is the copy.
    registry.register("m", {"w": np.full(20_000, 1), "v": np.full(3, 1)})
    registry.register("m", {"w": np.full(20_000, 2), "v": np.full(3, 2)})
    assert registry.backup(tmp_path / "backup").ok
    assert copy.verify().ok


def test_a_damaged_part_of_an_artifact_is_told_too(registry: Registry, root: Path, tmp_path: Path) -> None:
    registry.register("m", {"w": np.random.default_rng(0).random(20_000)})
    digest = registry.get("m@1").digest.removeprefix("sha256:")
    part = next(path for path in blobs_of(root) if digest not in path.name)
    part.write_bytes(b"other")
    copied = registry.backup(tmp_path / "backup")
    assert len(copied.problems) == 1
    assert copied.problems[0].startswith("m@1: sha256:")
    assert nbregistry.open(tmp_path / "backup").get("m@1").digest.endswith(digest)


@pytest.mark.parametrize("damage", ["other bytes", "gone"])
def test_a_backup_of_a_damaged_log_keeps_every_whole_commit_and_blob(
    registry: Registry, root: Path, tmp_path: Path, damage: str
) -> None:
    for number in range(4):
        registry.register("m", {"w": np.full(2, number)})
    commit = root / "log" / "0000000002.json"
    whole = commit.read_bytes()
    commit.unlink()
    if damage == "other bytes":
        commit.write_bytes(whole.replace(b"ada", b"eve"))
    shutil.rmtree(root / "cache", ignore_errors=True)
    copied = nbregistry.open(root).backup(tmp_path / "backup")
    assert any("0000000002" in problem or "commit 2" in problem for problem in copied.problems)
    (tmp_path / "backup" / "log" / "0000000002.json").write_bytes(whole)
    copy = nbregistry.open(tmp_path / "backup")
    assert copy.verify().ok
    assert [copy.load(version.ref)["w"][0] for version in copy.versions("m")] == [0, 1, 2, 3]


def test_a_full_disk_ends_a_backup_and_is_no_damage(
    story: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageError("cannot write (No space left on device)")

    monkeypatch.setattr(LocalStore, "copy_into", full)
    with pytest.raises(StorageError, match="No space left"):
        story.backup(tmp_path / "backup")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX")
def test_a_backup_inside_the_registry_is_refused(story: Registry, root: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(root)
    (tmp_path / "deep").symlink_to(root / "blobs")
    before = sorted(root.rglob("*"))
    for inside in (root, root / "copy", root / "blobs" / "copy", tmp_path / "link", tmp_path / "link" / "a" / "b",
                   tmp_path / "deep" / "copy", root / ".." / root.name / "copy", root / "log" / ".."):  # fmt: skip
        with pytest.raises(Refused, match="own backup"):
            story.backup(inside)
    assert sorted(root.rglob("*")) == before
    assert story.backup(tmp_path / "beside").ok


def test_a_copy_with_a_history_of_its_own_is_refused(story: Registry, tmp_path: Path) -> None:
    story.backup(tmp_path / "backup")
    copy = nbregistry.open(tmp_path / "backup")
    copy.tag("tumour@1", there="yes")
    assert story.backup(tmp_path / "backup").bytes == 0  # it has all that is here
    story.tag("tumour@1", here="yes")
    with pytest.raises(Refused, match="its commit 4 is not the one of this registry"):
        story.backup(tmp_path / "backup")
    assert copy.verify().ok


def test_a_backup_that_was_interrupted_goes_on(
    registry: Registry, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each step that writes; what is there by then is a registry."""
    for number in range(3):
        registry.register("m", {"w": np.full(20_000, number)})
    written = 0

    def stopping_at(last: int) -> Callable[..., bool]:
        def publish(self: Staged, folder: Path, name: str) -> bool:
            nonlocal written
            written += 1
            if written > last:
                raise KeyboardInterrupt
            return whole(self, folder, name)

        return publish

    whole, last, copy = Staged.publish, 0, tmp_path / "backup"
    while True:
        written = 0
        with monkeypatch.context() as patch:
            patch.setattr(Staged, "publish", stopping_at(last))
            try:
                assert registry.backup(tmp_path / f"backup{last}").ok
                break
            except KeyboardInterrupt:
                pass
        copy = tmp_path / f"backup{last}"
        seen = nbregistry.open(copy).versions() if last else ()
        assert [nbregistry.open(copy).load(version.ref)["w"][0] for version in seen] == list(range(len(seen)))
        assert registry.backup(copy).ok
        assert nbregistry.open(copy).verify().ok
        assert len(nbregistry.open(copy).versions("m")) == 3
        last += 1
    assert last > 6


def test_an_unchanged_registry_is_not_read_again(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.register("m", {name: np.random.default_rng(0).random(20_000) for name in "abcde"})
    registry.backup(tmp_path / "backup")
    read: list[str] = []
    monkeypatch.setattr(LocalStore, "copy_into", lambda *_: pytest.fail("a blob was copied"))
    monkeypatch.setattr(LocalStore, "check", lambda *_: pytest.fail("a blob was read"))
    get = LocalStore.get
    monkeypatch.setattr(LocalStore, "get", lambda self, digest, size: (read.append(digest), get(self, digest, size))[1])
    again = registry.backup(tmp_path / "backup")
    assert (again.files, again.bytes) == (0, 0)
    assert read == [registry.get("m@1").digest]  # which names the others


def test_a_copy_is_opened_by_who_may_only_read(story: Registry, tmp_path: Path) -> None:
    story.backup(tmp_path / "backup")
    copy = nbregistry.open(tmp_path / "backup", read_only=True)
    assert [version.ref for version in copy.versions()] == [version.ref for version in story.versions()]
    assert copy.load("tumour@1") is not None
    assert copy.verify().ok


def test_bytes_that_change_on_the_way_are_not_copied(registry: Registry, root: Path, tmp_path: Path) -> None:
    """As they lie on the disk: compressed or not, each flipped bit is seen before the copy has a name."""
    registry.register("m", {"noise": np.random.default_rng(0).random(20_000), "zeros": np.zeros(20_000)})
    for number, path in enumerate(blobs_of(root)):
        content = path.read_bytes()
        for at in (0, len(content) // 2, len(content) - 1):
            path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
            target = tmp_path / f"backup{number}-{at}"
            assert not registry.backup(target).ok
            assert path.name not in [copied.name for copied in blobs_of(target)]
        path.write_bytes(content)
    assert registry.backup(tmp_path / "whole").ok
    assert {path.name: path.read_bytes() for path in blobs_of(tmp_path / "whole")} == {
        path.name: path.read_bytes() for path in blobs_of(root)
    }
