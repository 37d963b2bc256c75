"""What was discarded stays for its term, whatever a clock says."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbregistry.artifacts import trash
from nbregistry.artifacts.local import LocalStore
from nbregistry.artifacts.trash import Trash
from nbregistry.outcomes import Discarded

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
NAME = "ab" * 32


class Folder:
    """A trash, and a clock that can be wrong by some days."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.now = NOON
        self.wrong = timedelta()
        self.trash = Trash(root / "trash", self._time)

    def _time(self) -> float:
        return (self.now + self.wrong).timestamp()

    def discard(self) -> None:
        blob = self.root / NAME
        blob.write_bytes(b"content")
        assert self.trash.take(str(blob)) == 7
        self.trash.sweep()

    def sweep_after(self, days: float) -> bool:
        """Tell whether it is still there after a collection so many days later."""
        self.now += timedelta(days=days)
        self.trash.sweep()
        return self.trash.find(NAME) is not None


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_it_goes_with_a_collection_a_week_after_one_that_found_its_week_over(folder: Folder) -> None:
    folder.discard()
    assert folder.trash.contents() == (Discarded("2026-11-22", "2026-11-29", 1, 7),)
    assert folder.sweep_after(7)
    assert folder.sweep_after(1)  # over: noted
    assert folder.sweep_after(7)
    assert not folder.sweep_after(1)
    assert folder.trash.contents() == ()
    assert not any((folder.root / "trash").iterdir())


def test_a_clock_that_jumps_ahead_and_comes_back_deletes_nothing(folder: Folder) -> None:
    folder.discard()
    folder.wrong = timedelta(days=3650)
    assert folder.sweep_after(1)
    assert folder.sweep_after(1)
    folder.wrong = timedelta()
    for _ in range(5):
        assert folder.sweep_after(1)


def test_what_was_discarded_by_a_clock_that_was_behind_stays_for_the_term(folder: Folder) -> None:
    folder.wrong = timedelta(days=-3650)
    folder.discard()
    folder.wrong = timedelta()
    for _ in range(7):
        assert folder.sweep_after(1)


@settings(max_examples=200, deadline=None)
@given(
    at=st.integers(0, 40),
    jump=st.integers(-5000, 5000),
    steps=st.lists(st.integers(0, 4), min_size=1, max_size=15),
)
def test_one_jump_of_the_clock_never_empties_it_early(
    tmp_path_factory: pytest.TempPathFactory, at: int, jump: int, steps: list[int]
) -> None:
    """Whenever it jumps, however far, for good: 7 days that really passed are the least."""
    folder = Folder(tmp_path_factory.mktemp("trash"))
    if at == 0:
        folder.wrong = timedelta(days=-jump)  # it was wrong before, and is right from now on
    folder.discard()
    folder.wrong = timedelta()
    for step in steps:
        if at and (folder.now - NOON).days >= at:
            folder.wrong = timedelta(days=jump)
        if not folder.sweep_after(step):
            assert folder.now - NOON >= timedelta(days=7)
            return


def test_what_is_discarded_again_into_a_day_that_was_over_starts_anew(folder: Folder) -> None:
    folder.discard()
    assert folder.sweep_after(8)
    folder.wrong = timedelta(days=-8)  # the clock is set back to that day
    folder.discard()
    folder.wrong = timedelta()
    assert folder.sweep_after(8)


def test_what_else_lies_there_is_left(folder: Folder) -> None:
    folder.discard()
    trash = folder.root / "trash"
    (trash / "2026-11-22" / "notes.txt").write_text("mine")
    for odd in ("2026-13-01", "20261122", "9999-12-31", "over-2026-11-30", "notes"):
        (trash / odd).mkdir()
        (trash / odd / NAME).write_bytes(b"")
    (trash / "2020-01-01").symlink_to(trash / "notes")
    folder.sweep_after(8)
    folder.sweep_after(8)
    assert folder.trash.find(NAME) is None
    assert [path.name for path in (trash / "2026-11-22").iterdir()] == ["notes.txt"]
    assert all(os.path.lexists(trash / odd / NAME) for odd in ("2026-13-01", "20261122", "9999-12-31", "notes"))


def test_what_is_brought_back_while_the_trash_is_listed_is_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = LocalStore(tmp_path)
    blobs = [store.put(b"%d" % number) for number in range(3)]
    store.discard(blob.digest for blob in blobs)
    real = trash.entries

    def late(folder: str | Path) -> list[os.DirEntry[str]]:
        found = real(folder)
        if Path(folder).name[:2] == "20":
            store.keep([blobs[0].digest])
        return found

    monkeypatch.setattr(trash, "entries", late)
    (told,) = Trash(tmp_path / "trash", time.time).contents()
    assert told.blobs == 2
