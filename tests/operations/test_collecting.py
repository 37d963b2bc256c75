"""Gc: what nothing refers to, and what archived versions no longer need."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import nbregistry
from nbregistry.artifacts.pack import digests_of
from nbregistry.catalog.catalog import Plan
from nbregistry.catalog.changes import keep_artifacts
from nbregistry.catalog.log import CommitLog
from nbregistry.cli import main
from nbregistry.errors import Conflict, Corrupt, NotFound, Refused
from nbregistry.outcomes import Loss, Protection
from tests.models import pipeline, tumours

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.catalog.commit import Envelope
    from nbregistry.registry import Registry


def test_gc_frees_what_nothing_refers_to(story: Registry) -> None:
    assert story.gc().blobs == 0
    orphan = story._workspace.store.put(b"orphan" * 100)
    dry = story.gc()
    assert (dry.blobs, dry.freed_bytes, dry.applied) == (1, orphan.stored_bytes, False)
    done = story.gc(dry_run=False)
    assert (done.blobs, done.freed_bytes, done.applied) == (1, orphan.stored_bytes, True)
    assert story.gc().blobs == 0
    assert story.verify().ok


def test_a_registration_holds_all_that_it_wrote_against_a_collection(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Model, training rows, example and predictions: whatever a collection takes before the commit is given back."""
    X_train, X_test, y_train, y_test = tumours()
    store, held = registry._workspace.store, set[str]()
    keep = store.keep
    monkeypatch.setattr(store, "keep", lambda digests: (held.update(digests), keep(digests))[1])
    version = registry.register("m", pipeline(), on=(X_test, y_test), train=(X_train, y_train))
    document = registry._workspace.catalog.view.version("m", 1)
    assert document is not None
    artifacts = [version.digest, document["training_rows"], document["example"]]
    artifacts += [one["digest"] for one in registry._workspace.catalog.view.evaluations_of("m", 1)]
    for digest in artifacts:
        assert set(digests_of(store, digest)) <= held


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
    monkeypatch.setattr("nbregistry.operations.collecting.needed_blobs", lambda *_, **__: next(needed))
    collection = story.gc(dry_run=False)
    assert (collection.blobs, collection.freed_bytes) == (0, 0)
    assert other.load("other@1")["w"].tolist() == list(range(7))


def test_what_a_collection_took_before_the_commit_is_back_when_register_returns(
    registry: Registry, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It saw blobs that nothing refers to yet."""
    registry.register("m", weights(1))
    real, taken = CommitLog.append, []

    def late(self: CommitLog, seq: int, envelope: Envelope) -> bool:
        monkeypatch.setattr(CommitLog, "append", real)
        taken.append(nbregistry.open(root).gc(dry_run=False).blobs)
        return real(self, seq, envelope)

    monkeypatch.setattr(CommitLog, "append", late)
    registered = registry.register("m", weights(2))
    assert taken[0] > 0
    store = registry._workspace.store
    assert all(store.stored_size(digest) is not None for digest in digests_of(store, registered.digest))


def test_a_gc_brings_back_what_a_killed_one_left_in_the_trash(registry: Registry) -> None:
    registry.register("m", {"w": np.random.default_rng(0).random(50_000)})  # large enough for a blob of its own
    store = registry._workspace.store
    digests = list(store.digests())
    assert len(digests) == 2
    store.discard(digests)
    registry.gc(dry_run=False)
    assert all(store.stored_size(digest) is not None for digest in digests)


def weights(seed: int) -> dict[str, Any]:
    """Large enough for blobs of their own, and no two alike."""
    return {"w": np.random.default_rng(seed).random(20_000)}


@pytest.fixture
def shelf(registry: Registry) -> Registry:
    """Six versions, of which the first four are archived: ``m@1`` is the parent of ``m@5``, the others are free."""
    registry.register("m", weights(1))
    registry.register("m", weights(2), alias="champion")
    registry.register("m", weights(3), alias="champion")
    registry.register("m", weights(4))
    registry.register("m", weights(5), parents="m@1", alias="champion")
    registry.register("m", {"w": weights(4)["w"], "more": weights(6)["w"]})  # shares an array with m@4
    for number in range(1, 5):
        registry.archive(f"m@{number}")
    return registry


def disk(root: Path, *folders: str) -> int:
    return sum(path.stat().st_size for folder in folders for path in (root / folder).rglob("*") if path.is_file())


def test_by_default_nobody_loses_anything(shelf: Registry) -> None:
    collection = shelf.gc()
    assert (collection.blobs, collection.losses, collection.protected) == (0, (), ())


def test_the_dry_run_tells_what_archived_versions_would_lose(shelf: Registry, root: Path) -> None:
    before = sorted(root.rglob("*"))
    dry = shelf.gc(archived=True)
    assert sorted(root.rglob("*")) == before
    assert dry.losses == (Loss("m@2", ("m@champion~2",)), Loss("m@3", ("m@champion~1",)), Loss("m@4"))
    assert dry.protected == (Protection("m@1", "m@5 was made from it"),)
    assert shelf.load("m@2")["w"].tolist() == weights(2)["w"].tolist()


def test_it_frees_to_the_byte_what_the_dry_run_told(shelf: Registry, root: Path) -> None:
    shelf._workspace.store.put(b"orphan" * 100)
    kept, dry = disk(root, "blobs"), shelf.gc(archived=True)
    done = shelf.gc(dry_run=False, archived=True)
    assert (done.freed_bytes, done.blobs, done.losses) == (dry.freed_bytes, dry.blobs, dry.losses)
    assert kept - disk(root, "blobs") == dry.freed_bytes == disk(root, "trash")
    assert done.trash[-1].bytes == dry.freed_bytes
    assert shelf.gc(archived=True).blobs == 0


def test_what_is_collected_keeps_its_record_and_says_so(shelf: Registry, root: Path) -> None:
    shelf.gc(dry_run=False, archived=True)
    version = shelf.get("m@3")
    assert (version.status, version.collected_by) == ("archived", shelf.log()[-1].actor)
    assert version.collected_at == shelf.log()[-1].at
    assert (shelf.log()[-1].verb, shelf.log()[-1].ref) == ("gc", "m@2, m@3, m@4")
    with pytest.raises(NotFound, match=rf"m@3 has no artifacts any more: .* {version.collected_at[:10]} by"):
        shelf.load("m@3")
    assert "no artifacts" in repr(shelf.versions("m"))
    assert "%nbr restore m@3" in repr(version)
    assert shelf.register("m", weights(9)).version == 7
    # It is no damage, here or wherever the log is read anew.
    shutil.rmtree(root / "trash")
    shutil.rmtree(root / "cache", ignore_errors=True)
    again = nbregistry.open(root)
    assert again.verify().ok
    assert again.get("m@3").collected_at == version.collected_at
    assert again.gc(dry_run=False).blobs == 0


def test_what_is_shared_with_the_living_stays(shelf: Registry, root: Path) -> None:
    shelf.gc(dry_run=False, archived=True)
    shutil.rmtree(root / "trash")
    assert shelf.load("m@6")["w"].tolist() == weights(4)["w"].tolist()
    assert shelf.load("m@1")["w"].tolist() == weights(1)["w"].tolist()
    assert shelf.verify().ok


def test_restore_brings_the_artifacts_back(shelf: Registry) -> None:
    shelf.gc(dry_run=False, archived=True)
    restored = shelf.restore("m@3")
    assert (restored.status, restored.collected_at) == ("active", "")
    assert shelf.load("m@3")["w"].tolist() == weights(3)["w"].tolist()
    assert shelf.gc(dry_run=False).blobs == 0
    assert shelf.load("m@3")["w"].tolist() == weights(3)["w"].tolist()
    assert shelf.verify().ok


def test_what_the_trash_no_longer_has_is_not_restored(shelf: Registry, root: Path) -> None:
    shelf.gc(dry_run=False, archived=True)
    shutil.rmtree(root / "trash")
    with pytest.raises(Refused, match=r"artifacts of m@3 were collected on .* no longer be had"):
        shelf.restore("m@3")
    assert shelf.get("m@3").status == "archived"
    shelf.register("m", weights(3))  # the same bytes are here again
    assert shelf.restore("m@3").collected_at == ""
    assert shelf.load("m@3")["w"].tolist() == weights(3)["w"].tolist()


def test_half_of_it_is_not_restored(shelf: Registry, root: Path) -> None:
    large = [path for path in (root / "blobs").rglob("*") if path.is_file() and path.stat().st_size > 100_000]
    shelf.gc(dry_run=False, archived=True)
    for path in large:
        for trashed in (root / "trash").rglob(path.name):
            trashed.unlink()
    with pytest.raises(Refused, match="no longer be had"):
        shelf.restore("m@3")


def test_no_alias_goes_to_a_version_without_artifacts(shelf: Registry) -> None:
    shelf.gc(dry_run=False, archived=True)
    with pytest.raises(NotFound, match="has no artifacts any more"):
        shelf.rollback("m", to="m@3", force=True, reason="but I want it")
    with pytest.raises(Refused, match="archived"):
        shelf.promote("m@3")
    assert shelf.get("m@champion").version == 5


def test_what_an_alias_points_to_stays(shelf: Registry) -> None:
    shelf.rollback("m", to="m@3", force=True, reason="in an emergency")
    assert shelf.get("m@3").status == "archived"
    assert Protection("m@3", "champion points to it") in shelf.gc(archived=True).protected
    shelf.gc(dry_run=False, archived=True)
    assert shelf.load("m@champion")["w"].tolist() == weights(3)["w"].tolist()


def test_whatever_stays_protects_all_it_came_from(registry: Registry) -> None:
    registry.register("base", weights(1))
    registry.register("embed", weights(2), parents="base@1")
    registry.register("m", weights(3), depends_on="embed@1")
    registry.archive("base@1")
    registry.archive("embed@1")
    assert registry.gc(archived=True).protected == (
        Protection("base@1", "embed@1 was made from it"),
        Protection("embed@1", "m@1 uses it"),
    )
    registry.archive("m@1")
    assert [loss.ref for loss in registry.gc(archived=True).losses] == ["base@1", "embed@1", "m@1"]


def test_what_somebody_needs_meanwhile_is_not_collected(shelf: Registry, root: Path) -> None:
    """Another kernel restores a version between the look and the commit."""
    other, catalog = nbregistry.open(root), shelf._workspace.catalog
    commit = catalog.commit

    def late(*args: Any, **kwargs: Any) -> Any:
        other.restore("m@3")
        return commit(*args, **kwargs)

    catalog.commit = late  # type: ignore[method-assign]
    with pytest.raises(Conflict, match="m@3 is needed meanwhile"):
        shelf.gc(dry_run=False, archived=True)
    assert other.load("m@2")["w"].tolist() == weights(2)["w"].tolist()


def test_a_version_in_use_cannot_be_dropped_by_any_commit(shelf: Registry) -> None:
    plan = Plan("m@5", [keep_artifacts("m", 5, kept=False)], {})
    with pytest.raises(Corrupt, match="drops the artifacts of 'm'@5, which is in use"):
        shelf._workspace.catalog.commit("gc", lambda _: plan)
    plan = Plan("m@3", [{"kind": "artifacts", "name": "m", "version": 3}], {})
    with pytest.raises(Corrupt, match="holds a artifacts change that is not right"):
        shelf._workspace.catalog.commit("gc", lambda _: plan)


def test_a_backup_follows(shelf: Registry, tmp_path: Path) -> None:
    shelf.backup(tmp_path / "before")
    shelf.gc(dry_run=False, archived=True)
    assert shelf.backup(tmp_path / "after").ok
    assert disk(tmp_path / "after", "blobs") == disk(shelf.path, "blobs")
    assert nbregistry.open(tmp_path / "after").verify().ok
    assert shelf.backup(tmp_path / "before").ok
    copy = nbregistry.open(tmp_path / "before")
    assert copy.get("m@3").collected_at
    assert copy.restore("m@3").collected_at == ""  # the older copy has the bytes still


def test_what_was_collected_is_not_exported(shelf: Registry, tmp_path: Path) -> None:
    shelf.gc(dry_run=False, archived=True)
    with pytest.raises(NotFound, match="m@3 has no artifacts any more"):
        shelf.export("m@3", tmp_path / "m.zip")
    assert not list(tmp_path.glob("m.zip*"))
    assert shelf.export("m@5", tmp_path / "m.zip").refs == ("m@1", "m@5")


def test_evaluations_of_a_collected_version_stay(story: Registry) -> None:
    story.archive("tumour@3")
    story.gc(dry_run=False, archived=True)
    assert story.get("tumour@3").collected_at
    assert len(story.evaluations("tumour@3")[0].to_frame())
    assert story.compare("tumour@2", "tumour@3").rows
    assert story.verify().ok


def test_a_reader_tells_and_changes_nothing(shelf: Registry, root: Path) -> None:
    reader = nbregistry.open(root, read_only=True)
    assert reader.gc(archived=True).losses
    with pytest.raises(Refused, match="read-only"):
        reader.gc(dry_run=False, archived=True)


def test_what_lies_in_the_trash_is_told(registry: Registry, root: Path) -> None:
    registry.register("m", weights(1))
    orphan = registry._workspace.store.put(b"orphan" * 100)
    done = registry.gc(dry_run=False)
    lying = done.trash[-1]
    assert (lying.blobs, lying.bytes) == (1, orphan.stored_bytes)
    assert registry.gc().trash == done.trash
    assert f"until {lying.until} at least" in repr(done)
    assert main(["gc", "--registry", str(root), "--json"]) == 0
