"""Blobs put by several threads: all of them or an error, within a bound of memory, and no thread stays."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from nbregistry.artifacts import putting
from nbregistry.artifacts.local import LocalStore
from nbregistry.artifacts.pack_writing import PackWriter
from nbregistry.artifacts.putting import Putter
from nbregistry.errors import StorageError

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.artifacts.store import Blob


def ours() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("nbregistry")]


def test_all_are_put_once(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    with Putter(store) as putter:
        futures = [putter.put(b"%d" % (number % 50)) for number in range(200)]
        putter.finish()
        blobs = [future.result() for future in futures]
    assert len({blob.digest for blob in blobs}) == len(list(store.digests())) == 50
    assert putter.stored_bytes == sum(len(b"%d" % number) for number in range(50))
    assert ours() == []


def test_so_much_is_under_way_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(putting, "_IN_FLIGHT", 1000)
    under_way, most, real, lock = 0, 0, LocalStore.put, threading.Lock()

    def counted(self: LocalStore, content: bytes) -> Blob:
        nonlocal under_way, most
        with lock:
            under_way += len(content)
            most = max(most, under_way)
        blob = real(self, content)
        with lock:
            under_way -= len(content)
        return blob

    monkeypatch.setattr(LocalStore, "put", counted)
    with Putter(LocalStore(tmp_path)) as putter:
        for number in range(100):
            putter.put(bytes([number]) * 300)
        putter.finish()
    assert 300 < most <= 1000


def test_an_error_in_a_thread_is_told_and_ends_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = LocalStore.put, []

    def failing(self: LocalStore, content: bytes) -> Blob:
        calls.append(content)
        if len(calls) == 20:
            raise StorageError("the disk is full")
        return real(self, content)

    monkeypatch.setattr(LocalStore, "put", failing)

    def write() -> None:
        with PackWriter(LocalStore(tmp_path)) as pack:
            for number in range(500):
                pack.add_array(f"buffers/{number}", bytes([number % 251]) * 300_000)
            pack.finish({})

    with pytest.raises(StorageError, match="full"):
        write()
    assert len(calls) < 300
    assert ours() == []
    assert list((tmp_path / "tmp").iterdir()) == []


def test_an_interrupt_leaves_no_thread_behind(tmp_path: Path) -> None:
    def write() -> None:
        with PackWriter(LocalStore(tmp_path)) as pack:
            pack.add_array("buffers/0", bytes(9 << 20))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    assert ours() == []
