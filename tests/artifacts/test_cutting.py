"""Cuts depend on the content alone, cover it, and fall into step again after a change."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbregistry.artifacts.cutting import BLOCK, GROUP, blocks, ends_group, pieces_of, pieces_of_file
from nbregistry.artifacts.local import LocalStore
from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.artifacts.pack_writing import PackWriter
from nbregistry.artifacts.sections import sections_of
from nbregistry.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

random = np.random.default_rng(0)


def opaque(content: bytes) -> list[bytes]:
    return [piece for piece, _ in pieces_of(memoryview(content))]


def of_file(content: bytes, name: str = "model.bin") -> list[bytes]:
    return [piece for piece, _ in pieces_of_file(io.BytesIO(content), name, len(content))]


def safetensors(tensors: dict[str, bytes]) -> bytes:
    header, at = {}, 0
    for name, data in tensors.items():
        header[name] = {"dtype": "U8", "shape": [len(data)], "data_offsets": [at, at + len(data)]}
        at += len(data)
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + b"".join(tensors.values())


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return file.getvalue()


@pytest.mark.parametrize("size", [0, 1, 1000, 131_071, 131_072, 1_000_000, (16 << 20) + 1])
def test_pieces_cover_the_content_in_order(size: int) -> None:
    content = random.bytes(size)
    for pieces in (opaque(content), of_file(content), list(map(bytes, blocks(memoryview(content))))):
        assert b"".join(pieces) == content
        assert all(0 < len(piece) <= BLOCK for piece in pieces)
    assert opaque(content) == of_file(content)


def test_an_array_is_cut_into_blocks() -> None:
    assert [len(block) for block in blocks(memoryview(bytes(2 * BLOCK + 5)))] == [BLOCK, BLOCK, 5]


@pytest.mark.parametrize("size", [500_000, 40 << 20])
def test_after_an_insertion_the_cuts_fall_into_step_again(size: int) -> None:
    content = random.bytes(size)
    changed = content[: size // 2] + b"inserted" + content[size // 2 :]
    before = set(opaque(content))
    new = [piece for piece in opaque(changed) if piece not in before]
    assert len(new) <= 3
    assert len(before) > 8


def test_groups_end_by_content_and_have_the_size_they_should() -> None:
    pieces = [random.bytes(20_000) for _ in range(3000)]
    ends = sum(map(ends_group, pieces))
    assert 0.8 < ends * GROUP / (3000 * 20_000) < 1.25
    assert list(map(ends_group, pieces)) == list(map(ends_group, pieces))


def test_groups_end_among_arrays_whose_numbers_have_equal_bytes() -> None:
    """Small numbers have zeros in the same bytes of each: a look at every eighth byte would tell nothing of them."""
    for kind in ("<i8", ">i8", "<f4"):
        pieces = [random.integers(1, 30_000, 20_480 // np.dtype(kind).itemsize).astype(kind) for _ in range(3000)]
        ends = sum(ends_group(piece.tobytes()) for piece in pieces)
        assert 0.8 < ends * GROUP / (3000 * 20_480) < 1.25


def test_small_files_put_in_the_middle_change_few_blobs(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    arrays = [random.bytes(20_000) for _ in range(1200)]

    def stored(arrays: list[bytes]) -> int:
        with PackWriter(store) as pack:
            for number, array in enumerate(arrays):
                pack.add_array(f"buffers/{number}", array)
            packed = pack.finish({})
        reader = PackReader(store, packed.digest)
        assert list(map(bytes, reader.read_many(reader.paths))) == arrays
        return packed.stored_bytes

    assert stored(arrays) > 24_000_000
    arrays.insert(200, random.bytes(20_000))
    assert stored(arrays) < 5 * GROUP
    assert stored(arrays) == 0


TENSORS = {"a": random.bytes(700_000), "b": random.bytes(300), "c": random.bytes(2 * BLOCK + 17), "empty": b""}


def deflated(members: dict[str, bytes]) -> bytes:
    return zipped(members, zipfile.ZIP_DEFLATED)


@pytest.mark.parametrize(
    ("name", "make"), [("model.safetensors", safetensors), ("model.npz", zipped), ("model.keras", deflated)]
)
def test_tensors_and_members_are_pieces_of_their_own(name: str, make: Callable[[dict[str, bytes]], bytes]) -> None:
    content = make(TENSORS)
    pieces = of_file(content, name)
    assert b"".join(pieces) == content
    if make is not deflated:
        assert TENSORS["a"] in pieces
        assert TENSORS["c"][:BLOCK] in pieces
    changed = of_file(make(TENSORS | {"b": random.bytes(301)}), name)
    assert sum(map(len, set(changed) - set(pieces))) < 2000


def damaged_headers() -> list[tuple[str, bytes]]:
    entry = {"data_offsets": [0, 10]}
    headers = [
        {"a": {"data_offsets": [0, 10**9]}},
        {"a": {"data_offsets": [10, 0]}},
        {"a": entry, "b": {"data_offsets": [5, 12]}},
        {"a": {"data_offsets": [-20, 5]}},
        {"a": {"data_offsets": ["0", "9"]}},
        {"a": {"data_offsets": [0.5, 9]}},
        {"a": 7},
        [1],
    ]
    texts = [json.dumps(header).encode() for header in headers]
    cases = [("x.safetensors", len(text).to_bytes(8, "little") + text + bytes(20)) for text in texts]
    whole = zipped({"a": b"content", "b": bytes(1000)})
    cases += [("x.safetensors", b""), ("x.safetensors", b"\xff" * 300), ("x.zip", whole[:-30]), ("x.zip", whole[:60])]
    cases += [("x.zip", whole.replace(b"PK\x01\x02", b"PK\x01\x03")), ("x.zip", whole + whole)]
    return cases


@pytest.mark.parametrize(("name", "content"), damaged_headers())
def test_a_file_that_contradicts_itself_is_taken_as_a_whole(name: str, content: bytes) -> None:
    assert b"".join(of_file(content, name)) == content


@given(st.binary(max_size=300), st.sampled_from(["x.safetensors", "x.zip"]), st.booleans())
def test_any_file_is_covered(content: bytes, name: str, marked: bool) -> None:
    content = b"PK\x03\x04" + content if marked else content
    sections = sections_of(io.BytesIO(content), name, len(content))
    assert b"".join(content[s.offset : s.offset + s.size] for s in sections) == content


@given(st.integers(0, 255), st.data())
def test_any_damaged_archive_is_covered(value: int, data: st.DataObject) -> None:
    content = bytearray(zipped({"a": b"content" * 9, "b": b"more"}))
    content[data.draw(st.integers(0, len(content) - 1))] = value
    assert b"".join(of_file(bytes(content), "x.zip")) == content


@pytest.mark.parametrize("size", [100, 200_000, 9 << 20])
@pytest.mark.parametrize("change", ["grown", "shrunk"])
def test_a_file_that_changes_while_it_is_read_is_refused(size: int, change: str) -> None:
    content = random.bytes(size + 10 if change == "grown" else size - 10)
    with pytest.raises(Refused, match="changed while it was read"):
        list(pieces_of_file(io.BytesIO(content), "model.bin", size))
