"""An artifact is its files behind one root blob; small files travel together, and none leaves its folder."""

from __future__ import annotations

import json
import subprocess
import sys
import tracemalloc
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from nbregistry.artifacts.cutting import ALONE, GROUP
from nbregistry.artifacts.local import LocalStore
from nbregistry.artifacts.pack import digests_of
from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.artifacts.pack_writing import Packed, PackWriter
from nbregistry.artifacts.store import LARGEST
from nbregistry.errors import Corrupt, NotFound, Refused, StorageError

if TYPE_CHECKING:
    from pathlib import Path

random = np.random.default_rng(0)
SLIPS = [
    "",
    "/etc/passwd",
    "../key",
    "a/" * 3000 + "a",
    "a/" * 100 + "a",
    "a/../../key",
    "a/./b",
    "a//b",
    "a/",
    "..",
    ".",
    "a\\b",
    "..\\key",
    "C:/key",
    "C:key",
    "\\\\host\\share",
    "a:stream",
    "nul",
    "a/CON.txt",
    "com1.tar.gz",
    "LPT¹",
    "a\0b",
    "a\nb",
    "a\x1b[2J",
    ".. /key",
    "a./b",
    "key ",
    "\udc80",
    "x" * 300,
]


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def files(root: Path) -> list[Path]:
    return sorted(path for path in (root / "blobs").rglob("*") if path.is_file())


def packed(store: LocalStore, members: dict[str, bytes]) -> Packed:
    with PackWriter(store) as pack:
        for path, data in members.items():
            (pack.add_array if path.startswith("weights") else pack.add)(path, data)
        return pack.finish({"flavor": "test"})


MEMBERS = {
    "model.pkl": b"small",
    "empty": b"",
    "weights/0": random.bytes(ALONE),
    "weights/1": random.bytes(30_000),
    "weights/2": random.bytes(9 << 20),
    "opaque": random.bytes(700_000),
    "größe/模型.txt": "größe".encode(),
}


def test_round_trip(store: LocalStore, tmp_path: Path) -> None:
    told = packed(store, MEMBERS)
    reader = PackReader(store, told.digest)
    assert reader.header == {"flavor": "test"}
    assert reader.paths == tuple(MEMBERS)
    assert {path: bytes(reader.read(path)) for path in reader.paths} == MEMBERS
    assert dict(zip(reader.paths, map(bytes, reader.read_many(reader.paths)), strict=True)) == MEMBERS
    assert list(map(bytes, reader.read_many(["opaque", "empty", "opaque"]))) == [
        MEMBERS["opaque"],
        b"",
        MEMBERS["opaque"],
    ]
    assert {path: reader.size(path) for path in reader.paths} == {path: len(data) for path, data in MEMBERS.items()}
    assert told.size == sum(map(len, MEMBERS.values()))
    assert told.stored_bytes == sum(path.stat().st_size for path in files(tmp_path))
    assert told.digests == digests_of(store, told.digest)
    assert set(told.digests) == set(store.digests())
    content = reader.read("model.pkl")
    content[:] = b"other"  # what was read is the reader's own
    assert reader.read("model.pkl") == b"small"
    reader.copy_to(tmp_path / "copy")
    copied = {path.relative_to(tmp_path / "copy").as_posix(): path for path in (tmp_path / "copy").rglob("*")}
    assert {name: path.read_bytes() for name, path in copied.items() if path.is_file()} == MEMBERS


def test_files_are_added_as_memory_is(store: LocalStore, tmp_path: Path) -> None:
    members = {path: data for path, data in MEMBERS.items() if not path.startswith("weights")}
    told = packed(store, members)
    with PackWriter(store) as pack:
        for index, (path, data) in enumerate(members.items()):
            source = tmp_path / f"source{index}"
            source.write_bytes(data)
            pack.add_file(path, source)
        again = pack.finish({"flavor": "test"})
    assert (again.digest, again.digests, again.size, again.stored_bytes) == (told.digest, told.digests, told.size, 0)


def test_the_same_files_again_take_no_room(store: LocalStore, tmp_path: Path) -> None:
    packed(store, MEMBERS)
    before = files(tmp_path)
    assert packed(store, MEMBERS).stored_bytes == 0
    assert packed(store, MEMBERS | {"model.pkl": b"changed"}).stored_bytes < 40_000
    assert len(files(tmp_path)) == len(before) + 1


def test_the_root_is_laid_out_like_safetensors(store: LocalStore) -> None:
    told = packed(store, {"a": b"one", "b": b"three"})
    root = store.get(told.digest, 10_000)
    length = int.from_bytes(root[:8], "little")
    assert (8 + length) % 64 == 0
    assert json.loads(root[8 : 8 + length]) == {
        "format": 1,
        "header": {"flavor": "test"},
        "blobs": [],
        "members": [["a", [0, 0, 3]], ["b", [0, 3, 5]]],
    }
    assert root[8 + length :] == b"onethree"


def test_many_small_files_share_few_blobs(store: LocalStore, tmp_path: Path) -> None:
    members = {f"assets/{n}": random.bytes(50_000) for n in range(400)}
    told = packed(store, members)
    assert 20_000_000 / (2 * GROUP + 50_000) < len(told.digests) < 20_000_000 / GROUP * 2
    reader = PackReader(store, told.digest)
    assert all(reader.read(path) == data for path, data in members.items())
    reader.copy_to(tmp_path / "copy")
    assert all((tmp_path / "copy" / path).read_bytes() == data for path, data in members.items())


def test_too_many_files_are_refused(store: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbregistry.artifacts.pack.LARGEST", 500)
    with pytest.raises(Refused, match="100 files"):
        packed(store, {f"{n}": b"" for n in range(100)})


@pytest.mark.parametrize("path", SLIPS)
def test_a_path_that_could_leave_is_refused_when_written(store: LocalStore, tmp_path: Path, path: str) -> None:
    pack = PackWriter(store)
    with pytest.raises(Refused, match="cannot be a file of an artifact"):
        pack.add(path, b"")
    (tmp_path / "source").write_bytes(b"")
    with pytest.raises(Refused):
        pack.add_file(path, tmp_path / "source")


def forged(store: LocalStore, members: list[Any], blobs: list[Any] | None = None, payload: bytes = b"payload") -> str:
    document = {"format": 1, "header": {}, "blobs": blobs or [], "members": members}
    header = json.dumps(document).encode()
    return store.put(len(header).to_bytes(8, "little") + header + payload).digest


@pytest.mark.parametrize("path", SLIPS)
def test_a_path_that_could_leave_is_refused_when_read(store: LocalStore, path: str) -> None:
    with pytest.raises((Refused, Corrupt), match=r"cannot be a file of an artifact|has no header"):  # lone surrogates
        PackReader(store, forged(store, [["good", [0, 0, 7]], [path, [0, 0, 7]]]))


@pytest.mark.parametrize("pair", [("a", "a"), ("a", "A"), ("é", "e\u0301"), ("a", "a/b"), ("A/b", "a"), ("ß", "SS")])
def test_look_alikes_are_refused(store: LocalStore, pair: tuple[str, str]) -> None:
    pack = PackWriter(store)
    pack.add(pair[0], b"")
    with pytest.raises(Refused, match="twice"):
        pack.add(pair[1], b"")
    with pytest.raises((Refused, Corrupt)):
        PackReader(store, forged(store, [[path, [0, 0, 0]] for path in pair]))


@pytest.mark.parametrize(
    ("members", "blobs"),
    [
        ([["a", [0, 0, 8]]], []),
        ([["a", [0, 8, 0]]], []),
        ([["a", [0, -1, 2]]], []),
        ([["a", [0, 1, -1]]], []),
        ([["a", [1, 0, 1]]], []),
        ([["a", [-1, 0, 1]]], []),
        ([["a", [1, 0, 11]]], [["sha256:" + "0" * 64, 10]]),
        ([["a", [0, 0]]], []),
        ([["a", [0, 0, "x"]]], []),
        ([], [["sha256:../../x", 1]]),
        ([], [["sha256:" + "0" * 64]]),
        ("a", []),
        ([7], []),
        ([["a", [float("inf"), 0, 7]]], []),
        ([["a", [0, 0, float("-inf")]]], []),
        ([["a", [0, float("nan"), 7]]], []),
        ([["a", [0, 0, 2.5]]], []),
        ([["a", ["0", "0", "7"]]], []),
        ([["a", [0, 0, True]]], []),
        ([["a", [0, 0, 10**4000]]], []),
        ([[None, [0, 0, [7]]]], []),
        ([], [["sha256:" + "0" * 64, float("inf")]]),
        ([], [["sha256:" + "0" * 64, -1]]),
        ([], [["sha256:" + "0" * 64, LARGEST + 1]]),
        ([], [["sha256:" + "0" * 64, 1], ["sha256:" + "0" * 64, 2]]),
        ([], [[7, 7]]),
        ([["a", 0, 0, 7]], []),
        ([["a", [0, 0, 7], [0, 0, 8]]], []),
        ([["a", [0, 0, 7], []]], []),
    ],
)
def test_a_header_that_makes_no_sense_is_corrupt(store: LocalStore, members: list[Any], blobs: list[Any]) -> None:
    with pytest.raises(Corrupt):
        PackReader(store, forged(store, members, blobs))


@pytest.mark.parametrize("claimed", [11, 2000, LARGEST])
def test_a_blob_that_is_smaller_than_the_header_says_is_told(store: LocalStore, tmp_path: Path, claimed: int) -> None:
    blob = store.put(b"ten bytes.")
    pieces = {"whole": [1, 0, claimed], "a part": [1, 5, claimed - 5]}
    digest = forged(store, list(map(list, pieces.items())), [[blob.digest, claimed]])
    reader = PackReader(store, digest)
    for path in pieces:
        with pytest.raises(Corrupt, match=r"has 10 bytes|is damaged"):
            reader.read(path)
        with pytest.raises(Corrupt, match=r"has 10 bytes|is damaged"):
            reader.read_many([path, path])
    with pytest.raises(Corrupt, match="has 10 bytes"):
        reader.copy_to(tmp_path / "copy")


@pytest.mark.skipif(sys.platform != "linux", reason="bounds a process's memory")
def test_one_blob_many_times_is_more_than_there_is_memory_and_that_is_told(store: LocalStore, tmp_path: Path) -> None:
    zeros = store.put(bytes(LARGEST))
    digest = forged(store, [["a", *[[1, 0, LARGEST]] * 500]], [[zeros.digest, LARGEST]])
    code = f"""
import resource, sys
sys.path[:] = {sys.path!r}
from pathlib import Path
from nbregistry.artifacts.local import LocalStore
from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.errors import StorageError
resource.setrlimit(resource.RLIMIT_AS, (16 << 30, 16 << 30))
reader = PackReader(LocalStore(Path({str(tmp_path)!r})), {digest!r})
for read in (reader.read, lambda path: reader.read_many([path])):
    try:
        read("a")
    except StorageError as error:
        print(error.message)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.splitlines() == [f"there is no memory for a file of {500 * LARGEST} bytes"] * 2


def test_deep_paths_take_no_memory_of_their_own(store: LocalStore) -> None:
    digest = forged(store, [[f"{number}/" + f"{'a' * 40}/" * 97 + "a", [0, 0, 0]] for number in range(20)])
    tracemalloc.start()
    PackReader(store, digest)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30 << 20


@pytest.mark.parametrize("root", [b"", b"x", b"\xff" * 8, b"\4\0\0\0\0\0\0\0null", b"\2\0\0\0\0\0\0\0[]", b"\0" * 100])
def test_a_root_without_a_header_is_corrupt(store: LocalStore, root: bytes) -> None:
    with pytest.raises(Corrupt, match="no artifact"):
        PackReader(store, store.put(root).digest)


def test_a_later_format_is_refused_politely(store: LocalStore) -> None:
    header = json.dumps({"format": 2}).encode()
    digest = store.put(len(header).to_bytes(8, "little") + header).digest
    with pytest.raises(Refused, match="format 2") as caught:
        PackReader(store, digest)
    assert "upgrade" in caught.value.hint


def test_an_unknown_file_is_not_found(store: LocalStore) -> None:
    reader = PackReader(store, packed(store, {"a": b""}).digest)
    with pytest.raises(NotFound, match="no file 'b'"):
        reader.read("b")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX")
def test_a_copy_stays_in_its_folder_and_overwrites_nothing(store: LocalStore, tmp_path: Path) -> None:
    reader = PackReader(store, packed(store, {"weights/0": b"new"}).digest)
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    outside.mkdir()
    folder.mkdir()
    (folder / "weights").symlink_to(outside)
    with pytest.raises(Refused, match="outside"):
        reader.copy_to(folder)
    assert names_in(outside) == []
    (folder / "weights").unlink()
    (folder / "weights").mkdir()
    (folder / "weights" / "0").write_bytes(b"mine")
    with pytest.raises(StorageError, match="exists"):
        reader.copy_to(folder)
    assert (folder / "weights" / "0").read_bytes() == b"mine"


def test_a_flipped_bit_anywhere_is_found_before_use(store: LocalStore, tmp_path: Path) -> None:
    members = {path: data for path, data in MEMBERS.items() if len(data) < 1 << 20}
    told = packed(store, members)
    for path in files(tmp_path):
        whole = path.read_bytes()
        for offset in random.integers(0, len(whole), 20).tolist():
            broken = bytearray(whole)
            broken[offset] ^= 1 << int(random.integers(8))
            path.write_bytes(broken)
            assert any(store.check(digest) for digest in told.digests)
            with pytest.raises(Corrupt):
                [PackReader(store, told.digest).read(member) for member in members]
        path.write_bytes(whole)
    assert not any(store.check(digest) for digest in told.digests)
