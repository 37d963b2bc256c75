"""Verify, gc and backup: the whole folder."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

import nbregistry
from nbregistry.artifacts.local import LocalStore
from nbregistry.errors import Corrupt, NotFound, Refused, StorageError
from tests.models import pipeline

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nbregistry.registry import Registry


def test_verify_reads_everything(story: Registry, root: Path) -> None:
    verified = story.verify()
    assert verified.ok
    assert verified.commits == 3
    assert verified.blobs >= 6
    commit = root / "log" / "0000000002.json"
    commit.write_bytes(commit.read_bytes().replace(b"ada", b"eve"))
    verified = nbregistry.open(root).verify()
    assert not verified.ok
    assert any("0000000002" in problem for problem in verified.problems)


def test_verify_tells_a_checkpoint_that_lies(story: Registry, root: Path) -> None:
    catalog = story._workspace.catalog
    metrics = {"accuracy": 1.0}
    catalog.view.versions.change(2, {"metrics": metrics})
    catalog.save_checkpoint()  # signed by a trusted key
    misled = nbregistry.open(root)
    assert misled.get("tumour@2").metrics == metrics
    assert misled.verify().problems == ("the catalog does not say what the log says",)
    (root / "cache" / "catalog.json").unlink()
    assert nbregistry.open(root).verify().ok


def test_gc_frees_what_nothing_refers_to(story: Registry) -> None:
    assert story.gc().blobs == 0
    orphan = story._workspace.store.put(b"orphan" * 100)
    dry = story.gc()
    assert (dry.blobs, dry.freed_bytes, dry.applied) == (1, orphan.stored_bytes, False)
    done = story.gc(dry_run=False)
    assert (done.blobs, done.freed_bytes, done.applied) == (1, orphan.stored_bytes, True)
    assert story.gc().blobs == 0
    assert story.verify().ok


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

    monkeypatch.setattr(LocalStore, "put", full)
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


def test_storage_errors_are_ours(story: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.write", full)
    with pytest.raises(StorageError, match="No space left"):
        story.tag("tumour@1", a="b")
    monkeypatch.undo()
    assert story.tag("tumour@1", a="b").tags["a"] == "b"


def test_gc_gives_back_what_is_registered_meanwhile(
    story: Registry, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another kernel registers the very bytes that a collection has just called idle."""
    weights = {"w": np.arange(7.0)}
    other = nbregistry.open(root)
    other.register("other", weights)
    digest = other.get("other@1").digest
    # Pretend that the commit came after the list of idle blobs was made.
    monkeypatch.setattr(type(story._workspace.store), "digests", lambda _: iter([digest]))
    needed = iter([set(), {digest}])
    monkeypatch.setattr("nbregistry.operations.maintenance._needed", lambda *_: next(needed))
    collection = story.gc(dry_run=False)
    assert (collection.blobs, collection.freed_bytes) == (0, 0)
    assert other.load("other@1")["w"].tolist() == list(range(7))


def test_a_missing_commit_is_told_before_anything_rests_on_it(registry: Registry, root: Path) -> None:
    for number in range(6):
        registry.register("m", {"w": np.full(2, number)})
    (root / "log" / "0000000003.json").unlink()
    shutil.rmtree(root / "cache", ignore_errors=True)
    again = nbregistry.open(root)
    verified = again.verify()
    assert not verified.ok
    assert any("commit 3 is missing" in problem for problem in verified.problems)
    for change in (lambda: again.register("m", {"w": np.zeros(1)}), lambda: again.gc(dry_run=False)):
        with pytest.raises(Corrupt, match="commit 3 is missing"):
            change()


def test_a_cut_tail_is_told_by_who_saw_it(story: Registry, root: Path) -> None:
    (root / "log" / "0000000003.json").unlink()
    assert any("commit 3 was there" in problem for problem in story.verify().problems)


def test_a_registry_that_vanished_or_was_replaced_takes_nothing(registry: Registry, root: Path) -> None:
    registry.register("m", {"w": np.zeros(1)})
    format_file = (root / "FORMAT").read_bytes()
    (root / "FORMAT").unlink()
    with pytest.raises(Corrupt, match="lost its file FORMAT"):
        registry.register("m", {"w": np.ones(1)})
    (root / "FORMAT").write_bytes(format_file.replace(b'"id":"', b'"id":"0'))
    with pytest.raises(StorageError, match="another one is there now"):
        registry.register("m", {"w": np.ones(1)})


def test_a_gc_brings_back_what_a_killed_one_left_in_the_trash(registry: Registry) -> None:
    registry.register("m", {"w": np.random.default_rng(0).random(50_000)})  # large enough for a blob of its own
    store = registry._workspace.store
    digests = list(store.digests())
    assert len(digests) == 2
    store.discard(digests)
    registry.gc(dry_run=False)
    assert all(store.stored_size(digest) is not None for digest in digests)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX")
@pytest.mark.parametrize("plant", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
@pytest.mark.parametrize("place", ["log/0000000004.json", "FORMAT", "cache/catalog.json"])
def test_what_is_planted_in_the_folder_is_neither_followed_nor_waited_for(
    story: Registry, root: Path, place: str, plant: Callable[[Path], None]
) -> None:
    (root / place).parent.mkdir(exist_ok=True)
    (root / place).unlink(missing_ok=True)
    plant(root / place)
    if place.startswith("cache"):  # disposable: it is passed over
        assert len(nbregistry.open(root).versions("tumour")) == 3
        return
    with pytest.raises(Corrupt, match="no regular file"):
        nbregistry.open(root).versions("tumour")
    with pytest.raises(Corrupt, match="no regular file"):
        story.register("tumour", pipeline())
