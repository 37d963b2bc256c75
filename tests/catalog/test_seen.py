"""What this user saw last: it only grows, whoever writes, and its absence stops nothing."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import nbregistry
from nbregistry.catalog.log import CommitLog
from nbregistry.catalog.seen import LastSeen, Receipt
from nbregistry.errors import Corrupt, StorageError

if TYPE_CHECKING:
    from nbregistry.registry import Registry

HISTORY = "ab" * 16


def receipt(seq: int, history: str = HISTORY) -> Receipt:
    return Receipt(history, seq, f"sha256:{seq:064x}")


def note_some(home: Path, root: Path, first: int, step: int) -> None:
    seen = LastSeen(home, root)
    for seq in range(first, 400, step):
        seen.note(receipt(seq))


def test_it_only_grows_whoever_writes(tmp_path: Path) -> None:
    home, root = tmp_path / "home", tmp_path / "registry"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=note_some, args=(home, root, first, 3)) for first in (1, 2, 3)]
    for writer in writers:
        writer.start()
    last = 0
    while any(writer.is_alive() for writer in writers):
        found = LastSeen(home, root).here()
        assert last == 0 or found, "a reader saw nothing where there was something"
        last, before = (found[0].seq if found else 0), last
        assert last >= before
        time.sleep(0.001)
    for writer in writers:
        writer.join()
    assert LastSeen(home, root).here() == [receipt(399)]
    assert len([path for path in home.rglob("*") if path.suffix != ".json" and path.is_file()]) == 1


def test_an_earlier_receipt_never_replaces_a_later_one(tmp_path: Path) -> None:
    LastSeen(tmp_path, tmp_path / "registry").note(receipt(9))
    slow = LastSeen(tmp_path, tmp_path / "registry")
    for seq in (3, 5):
        slow.note(receipt(seq))
        assert LastSeen(tmp_path, tmp_path / "registry").here() == [receipt(9)]


def test_each_history_and_each_place_has_its_own(tmp_path: Path) -> None:
    one, other = LastSeen(tmp_path, tmp_path / "one"), LastSeen(tmp_path, tmp_path / "other")
    one.note(receipt(5))
    one.note(receipt(3, "cd" * 16))
    other.note(receipt(4))
    assert sorted(found.seq for found in one.here()) == [3, 5]
    assert [found.seq for found in other.here()] == [4]
    assert list(other.elsewhere(HISTORY)) == [(str(tmp_path / "one"), receipt(5))]


def test_it_is_for_its_owner_only(tmp_path: Path) -> None:
    LastSeen(tmp_path / "home", tmp_path / "registry").note(receipt(1))
    assert (tmp_path / "home").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("home", ["file", "below a file", "unwritable"])
def test_nothing_fails_where_it_cannot_be_kept(
    registry: Registry, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    registry.register("m", {"w": np.zeros(1)})
    place = tmp_path / "home"
    if home == "unwritable":
        (place / "seen").mkdir(parents=True)
        (place / "seen").chmod(0o500)
        monkeypatch.setattr(Path, "touch", lambda *_: (_ for _ in ()).throw(PermissionError()))  # root may do anything
    else:
        place.write_text("not a folder")
        place = place / "below" if home == "below a file" else place
    monkeypatch.setenv("NBREGISTRY_HOME", str(place / "user" if home == "file" else place))
    again = nbregistry.open(root)
    if home == "unwritable":
        assert len(again.versions("m")) == 1
        assert list((place / "seen").iterdir()) == []
    else:
        seen = LastSeen(place, root)
        seen.note(receipt(1))
        assert seen.here() == []


def copy_of(root: Path, name: str) -> Path:
    return Path(shutil.copytree(root, root.with_name(name)))


def put_back(copy: Path, root: Path) -> None:
    shutil.rmtree(root)
    shutil.copytree(copy, root)


def test_another_place_may_lag_behind_and_says_so(registry: Registry, root: Path) -> None:
    registry.register("m", {"w": np.zeros(1)})
    copy = copy_of(root, "copy")
    assert "not in it" not in repr(nbregistry.open(copy))
    registry.register("m", {"w": np.ones(1)})
    lagging = nbregistry.open(copy)
    assert len(lagging.versions("m")) == 1
    assert lagging.summary().later_elsewhere == (str(root),)
    assert "not in it" in repr(lagging)
    registry.backup(copy)
    assert nbregistry.open(copy).summary().later_elsewhere == ()
    nbregistry.open(copy).register("m", {"w": np.full(1, 2)})  # from here on each goes its own way
    registry.register("m", {"w": np.full(1, 3)})
    assert nbregistry.open(copy).summary().later_elsewhere == (str(root),)
    assert registry.summary().later_elsewhere == (str(copy),)


def test_a_moved_folder_and_a_link_to_it_open(registry: Registry, root: Path, tmp_path: Path) -> None:
    registry.register("m", {"w": np.zeros(1)})
    link = tmp_path / "link"
    link.symlink_to(root)
    assert nbregistry.open(link).latest("m") == 1
    moved = Path(shutil.move(root, tmp_path / "moved"))
    assert nbregistry.open(moved).latest("m") == 1
    with pytest.raises(nbregistry.errors.StorageError, match="is gone"):
        registry.latest("m")


def test_a_new_registry_may_begin_where_one_was(registry: Registry, root: Path) -> None:
    for number in range(3):
        registry.register("m", {"w": np.full(1, number)})
    shutil.rmtree(root)
    fresh = nbregistry.open(root)
    assert fresh.model_names() == []
    fresh.register("other", {"w": np.zeros(1)})
    assert nbregistry.open(root).model_names() == ["other"]


def test_an_older_copy_is_refused_by_each_verb_until_it_is_accepted(registry: Registry, root: Path) -> None:
    registry.register("m", {"w": np.zeros(1)}, alias="champion")
    older = copy_of(root, "older")
    registry.register("m", {"w": np.ones(1)}, alias="champion")
    newer = copy_of(root, "newer")
    put_back(older, root)
    for opened in (nbregistry.open(root), nbregistry.open(root, read_only=True), registry):
        for verb in (
            opened.versions,
            lambda opened=opened: opened.load("m@champion"),
            lambda opened=opened: opened.get("m@1"),
            opened.log,
            opened.gc,
        ):
            with pytest.raises(Corrupt, match="commit 2 is missing from the log") as caught:
                verb()
            assert "%registry accept" in caught.value.hint
        assert not opened.verify().ok
        assert "commit 2 is missing" in repr(opened)
        assert "%registry accept" in repr(opened)
    with pytest.raises(Corrupt):
        nbregistry.open(root).register("m", {"w": np.ones(1)})
    accepted = nbregistry.open(root).accept()
    assert (accepted.seq, accepted.seen) == (1, 2)
    assert "Accepted" in repr(accepted)
    assert [version.ref for version in nbregistry.open(root).versions("m")] == ["m@1"]
    assert nbregistry.open(root).accept().refused == ""
    put_back(newer, root)  # the later one was not forgotten for good
    assert nbregistry.open(root).latest("m") == 2
    put_back(older, root)
    with pytest.raises(Corrupt, match="commit 2 is missing"):
        nbregistry.open(root).latest("m")


def test_a_live_object_accepts_too(registry: Registry, root: Path) -> None:
    registry.register("m", {"w": np.zeros(1)})
    older = copy_of(root, "older")
    registry.register("m", {"w": np.ones(1)})
    put_back(older, root)
    assert registry.accept().seq == 1
    assert registry.register("m", {"w": np.full(1, 2)}).ref == "m@2"
    assert registry.verify().ok


def test_what_is_damaged_besides_is_not_accepted(registry: Registry, root: Path) -> None:
    for number in range(4):
        registry.register("m", {"w": np.full(1, number)})
    (root / "log" / "0000000004.json").unlink()
    (root / "log" / "0000000002.json").unlink()
    with pytest.raises(Corrupt, match="commit 2 is missing from the log, and commit 3 is there"):
        nbregistry.open(root).accept()
    with pytest.raises(Corrupt, match="commit 4 is missing"):
        nbregistry.open(root).latest("m")


def test_a_reader_with_a_checkpoint_that_knows_more_accepts_by_removing_it(registry: Registry, root: Path) -> None:
    registry.register("m", {"w": np.zeros(1)})
    registry.register("m", {"w": np.ones(1)})
    registry._workspace.catalog.save_checkpoint()
    (root / "log" / "0000000002.json").unlink()
    with pytest.raises(Corrupt):
        nbregistry.open(root, read_only=True).accept()
    assert nbregistry.open(root).accept().seq == 1
    assert nbregistry.open(root).latest("m") == 1


def test_a_file_of_the_log_that_was_copied_is_the_same_commit(registry: Registry, root: Path) -> None:
    registry.register("m", {"w": np.zeros(1)})
    path = root / "log" / "0000000001.json"
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data)
    os.utime(path, (1, 1))
    assert registry.latest("m") == 1
    path.write_bytes(data.replace(b"register", b"REGISTER", 1))
    with pytest.raises(Corrupt):
        registry.latest("m")


def test_another_process_s_commit_is_forced_to_disk_before_it_is_kept_in_mind(
    registry: Registry, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.register("churn", {"w": np.zeros(1)})
    other = nbregistry.open(root)
    other.models()
    did: list[str] = []
    settle, note = CommitLog.settle, LastSeen.note
    monkeypatch.setattr(CommitLog, "settle", lambda self: (did.append("forced"), settle(self))[1])
    monkeypatch.setattr(LastSeen, "note", lambda self, receipt: (did.append("noted"), note(self, receipt))[1])
    registry.tag("churn@1", own=True)
    assert did == ["noted"]  # its own commit is on disk
    did.clear()
    other.models()
    assert did == ["forced", "noted"]

    def failing(_: CommitLog) -> None:
        raise StorageError("the disk reports a fault")

    monkeypatch.setattr(CommitLog, "settle", failing)
    registry.tag("churn@1", again=True)
    did.clear()
    assert other.get("churn@1").tags["again"] is True
    assert did == []
