"""Arrays are stored part by part: whatever their order in memory, the same elements come back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from nbregistry.artifacts.cutting import BLOCK
from nbregistry.artifacts.local import LocalStore
from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.artifacts.pack_writing import PackWriter
from nbregistry.flavors import array_parts, pickling
from nbregistry.flavors.array_parts import parts_of

if TYPE_CHECKING:
    from pathlib import Path

TABLE = np.arange(60_000).reshape(200, 300)
ARRAYS = {
    "rows": TABLE,
    "columns": TABLE.T,
    "a part of each row": TABLE[:, 1:],
    "every other": TABLE[::2, ::-3],
    "one value again and again": np.broadcast_to(np.float32(0.5), (40, 50)),
    "three dimensions": np.moveaxis(np.arange(24_000.0).reshape(20, 30, 40), 0, 1),
    "big-endian": TABLE.astype(">f4")[:, 5:],
    "text": np.array([["a", "bcd"], ["é", ""]] * 500)[:, 1],
    "bytes": np.array([b"a", b"bcd"] * 1000)[1::2],
    "times": np.arange(4_000).astype("M8[s]")[::2],
    "long doubles": np.arange(4_000, dtype=np.longdouble)[::2],
    "records": np.zeros(3_000, "i4,f8,u1")[::2],
}


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(array_parts, "BLOCK", 10_000)


def through_a_store(store: LocalStore, model: Any) -> tuple[Any, str]:
    with PackWriter(store) as pack:
        pickling.save(model, pack)
        digest = pack.finish({}).digest
    return pickling.load(PackReader(store, digest)), digest


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.usefixtures("small_blocks")
def test_any_array_comes_back_as_it_was(tmp_path: Path, name: str) -> None:
    array = ARRAYS[name]
    (back, again), _ = through_a_store(LocalStore(tmp_path), [array, array])
    assert back.dtype == array.dtype
    assert np.array_equal(back, array)
    assert back is again
    assert back.flags.writeable == array.flags.writeable
    expected = array.flags if array.flags.forc else array.copy("C").flags
    assert (back.flags.c_contiguous, back.flags.f_contiguous) == (expected.c_contiguous, expected.f_contiguous)


@pytest.mark.usefixtures("small_blocks")
def test_what_was_in_pieces_is_the_same_bytes_in_one_piece(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    back, digest = through_a_store(store, [TABLE[:, 1:]])
    assert back[0].flags.c_contiguous
    assert through_a_store(store, back)[1] == digest


def test_an_array_that_may_not_be_changed_comes_back_as_one(tmp_path: Path) -> None:
    array = TABLE[:, 1:]
    array.flags.writeable = False
    back, _ = through_a_store(LocalStore(tmp_path), [array])
    assert not back[0].flags.writeable


def test_memory_in_one_piece_is_not_copied() -> None:
    for array in (TABLE, TABLE.T, np.zeros(10)):
        (part,) = parts_of(array)
        assert np.shares_memory(np.frombuffer(part, np.uint8), array)


def test_no_part_is_larger_than_a_block() -> None:
    array = np.zeros((3, BLOCK // 8 + 5, 2), np.float32)
    for one in (array, array[:, :, 0], array.T):
        sizes = [len(part) for part in parts_of(one)]
        assert max(sizes) == BLOCK
        assert sum(sizes) == one.nbytes


def test_an_array_that_changes_after_it_was_stored_changes_nothing(tmp_path: Path) -> None:
    store, array = LocalStore(tmp_path), np.arange(50_000.0)
    with PackWriter(store) as pack:
        pickling.save([array, array[::2]], pack)
        digest = pack.finish({}).digest
    array[:] = -1
    back = pickling.load(PackReader(store, digest))
    assert np.array_equal(back[0], np.arange(50_000.0))
    assert np.array_equal(back[1], np.arange(0, 50_000.0, 2))
