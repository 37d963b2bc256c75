"""Verify, gc and backup: the whole folder."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

import nbregistry
from nbregistry.errors import Corrupt, Refused, StorageError
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
