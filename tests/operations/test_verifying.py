"""Verify: all of it is read, and what is planted is not."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

import nbregistry
from nbregistry.catalog.commit import Envelope
from nbregistry.cli import main
from nbregistry.errors import Corrupt, StorageError
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


def test_verify_counts_what_it_read(registry: Registry) -> None:
    registry.register("m", {"w": np.random.default_rng(0).random(20_000), "b": np.zeros(3)})
    registry.register("m", {"w": np.random.default_rng(0).random(20_000), "b": np.ones(3)})
    store = registry._workspace.store
    verified = registry.verify()
    assert (verified.commits, verified.signatures) == (2, 2)
    assert verified.blobs == len(list(store.digests()))
    assert verified.bytes == sum(store.stored_size(digest) or 0 for digest in store.digests())


def test_a_signature_that_is_wrong_is_not_counted(story: Registry, root: Path) -> None:
    commit = root / "log" / "0000000003.json"
    envelope = Envelope.open(commit.read_bytes(), "it")
    commit.write_bytes(Envelope.seal(envelope.payload, "ed25519:" + "0" * 128).to_bytes())
    shutil.rmtree(root / "cache", ignore_errors=True)
    verified = nbregistry.open(root).verify()
    assert (verified.ok, verified.commits, verified.signatures) == (False, 3, 2)
    assert any("not signed by the key it names" in problem for problem in verified.problems)


def flip(path: Path) -> None:
    """Change the last bit of a file."""
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def test_every_damaged_blob_is_told_with_what_needs_it(registry: Registry, root: Path) -> None:
    for number in range(8):
        registry.register("m", {"w": np.random.default_rng(number).random(20_000)})
    damaged = [path for path in (root / "blobs").rglob("*") if path.is_file()]
    for path in damaged:
        flip(path)
    problems = registry.verify().problems
    # Of a version whose root is damaged, nobody knows what else it needs.
    assert [problem.partition(":")[0] for problem in problems] == [f"m@{number}" for number in range(1, 9)]


def test_a_damaged_part_is_told_once_with_the_first_version_that_needs_it(registry: Registry, root: Path) -> None:
    weights = np.random.default_rng(0).random(200_000)  # large enough for a blob of its own
    for number in range(2):
        registry.register("m", {"w": weights, "b": np.full(2, number)})
    part = max((path for path in (root / "blobs").rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)
    flip(part)
    (problem,) = registry.verify().problems
    assert problem.startswith("m@1: sha256:")
    assert "is damaged" in problem


def test_the_exit_code_of_a_damaged_registry_is_not_zero(story: Registry, root: Path) -> None:
    assert main(["verify", "--registry", str(root)]) == 0
    next(path for path in (root / "blobs").rglob("*") if path.is_file()).write_bytes(b"other")
    assert main(["verify", "--registry", str(root)]) == 1


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
    assert any("commit 3 is missing from the log" in problem for problem in story.verify().problems)


def test_storage_errors_are_ours(story: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.write", full)
    with pytest.raises(StorageError, match="No space left"):
        story.tag("tumour@1", a="b")
    monkeypatch.undo()
    assert story.tag("tumour@1", a="b").tags["a"] == "b"


def test_a_registry_that_vanished_or_was_replaced_takes_nothing(registry: Registry, root: Path) -> None:
    registry.register("m", {"w": np.zeros(1)})
    format_file = (root / "FORMAT").read_bytes()
    (root / "FORMAT").unlink()
    with pytest.raises(Corrupt, match="lost its file FORMAT"):
        registry.register("m", {"w": np.ones(1)})
    (root / "FORMAT").write_bytes(format_file.replace(b'"id":"', b'"id":"0'))
    with pytest.raises(StorageError, match="another one is there now"):
        registry.register("m", {"w": np.ones(1)})


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
