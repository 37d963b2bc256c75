"""Blobs in a folder: the same bytes once, verified whenever they are read, never lost by a collection."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from nbregistry.artifacts import durable, local
from nbregistry.artifacts.local import LocalStore
from nbregistry.artifacts.store import LARGEST
from nbregistry.errors import Corrupt, NotFound, Refused, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator

random = np.random.default_rng(0)
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")
DAY = 86_400

CONTENTS = {
    "empty": b"",
    "small": b"three kilobytes" * 200,
    "noise": random.bytes(300_000),
    "zeros": bytes(300_000),
    "text": b"".join(b"%d, " % n for n in random.integers(0, 1000, 20_000)),
    "large noise": random.bytes(33 << 20),
    "large": np.arange(5_000_000).tobytes(),
}


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path)


@pytest.fixture(params=CONTENTS)
def content(request: pytest.FixtureRequest) -> bytes:
    return CONTENTS[request.param]


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def files(root: Path) -> list[Path]:
    return sorted(path for path in (root / "blobs").rglob("*") if not path.is_dir())


def digest_of(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def test_round_trip(store: LocalStore, tmp_path: Path, content: bytes) -> None:
    blob = store.put(content)
    assert (blob.digest, blob.size) == (digest_of(content), len(content))
    assert blob.stored_bytes == sum(path.stat().st_size for path in files(tmp_path)) == store.stored_size(blob.digest)
    got = store.get(blob.digest, blob.size)
    assert isinstance(got, bytearray)
    assert got == content
    assert store.check(blob.digest) is None
    place = bytearray(len(content))
    store.get_into(blob.digest, memoryview(place))
    assert place == content
    assert store.put(got) == type(blob)(blob.digest, blob.size, 0)
    assert len(files(tmp_path)) == 1
    assert names_in(tmp_path / "tmp") == []


def test_what_is_put_is_what_it_was_when_it_was_hashed(store: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread goes on training the model meanwhile."""
    weights, real = np.full(20_000, 7.0), local.digest_of

    def hashed(content: bytes) -> str:
        digest = real(content)
        weights[:] = 8
        return digest

    monkeypatch.setattr(local, "digest_of", hashed)
    blob = store.put(memoryview(weights).cast("B"))
    assert store.get(blob.digest, blob.size) == np.full(20_000, 7.0).tobytes()


def test_a_place_of_another_size_is_not_filled(store: LocalStore, content: bytes) -> None:
    blob = store.put(content)
    for size in {max(0, blob.size - 1), blob.size + 1} - {blob.size}:
        with pytest.raises(Corrupt):
            store.get_into(blob.digest, memoryview(bytearray(size)))


def test_what_a_blob_never_has_is_refused(store: LocalStore) -> None:
    with pytest.raises(Refused, match="too large"):
        store.put(bytes(LARGEST + 1))
    assert list(store.digests()) == []


def test_what_would_not_become_smaller_is_kept_as_it_is(store: LocalStore) -> None:
    deceiving = bytes(20_000) + random.bytes(2 << 20) + bytes(20_000)
    deceiving = deceiving[: len(deceiving) // 2] + bytes(30_000) + deceiving[len(deceiving) // 2 :]
    blob = store.put(deceiving)
    assert blob.stored_bytes <= blob.size
    assert store.get(blob.digest, blob.size) == deceiving


def test_compressed_where_it_pays_and_readable_by_anyone(store: LocalStore, tmp_path: Path) -> None:
    import zstandard

    noise, text, small = (store.put(CONTENTS[name]) for name in ("noise", "text", "small"))
    assert noise.stored_bytes == noise.size
    assert small.stored_bytes == small.size
    assert text.stored_bytes < text.size / 2
    path = next(path for path in files(tmp_path) if path.suffix == ".zst")
    with zstandard.ZstdDecompressor().stream_reader(path.open("rb"), read_across_frames=True) as plain:
        assert plain.read() == CONTENTS["text"]
    if tool := shutil.which("zstd"):
        told = subprocess.run([tool, "-dc", str(path)], capture_output=True, check=True)
        assert told.stdout == CONTENTS["text"]


@pytest.mark.parametrize("name", ["small", "noise", "zeros", "text"])
def test_every_flipped_bit_is_found(store: LocalStore, tmp_path: Path, name: str) -> None:
    blob = store.put(CONTENTS[name])
    (path,) = files(tmp_path)
    whole = path.read_bytes()
    edges = [*range(80), *range(len(whole) - 80, len(whole))]
    for offset in {offset % len(whole) for offset in [*edges, *random.integers(0, len(whole), 60).tolist()]}:
        broken = bytearray(whole)
        broken[offset] ^= 1 << int(random.integers(8))
        path.write_bytes(broken)
        problem = store.check(blob.digest)
        assert problem, offset
        assert blob.digest in problem
        with pytest.raises(Corrupt):
            store.get(blob.digest, blob.size)
        with pytest.raises(Corrupt):
            store.get_into(blob.digest, memoryview(bytearray(blob.size)))
    for broken in (b"", whole[:-1], whole + b"\0", whole[: len(whole) // 2]):
        path.write_bytes(broken)
        assert store.check(blob.digest)
        with pytest.raises(Corrupt):
            store.get(blob.digest, blob.size + 10)
    assert store.put(CONTENTS[name]).stored_bytes == len(whole)  # and the same bytes again repair it
    assert store.check(blob.digest) is None


@pytest.mark.parametrize("damage", ["flipped", "emptied", "longer", "link"])
def test_the_same_bytes_again_repair_what_was_damaged(
    store: LocalStore, tmp_path: Path, content: bytes, damage: str
) -> None:
    stored = store.put(content)
    (path,) = files(tmp_path)
    whole = bytearray(path.read_bytes())
    if damage == "link":
        path.rename(tmp_path / "elsewhere")
        path.symlink_to(tmp_path / "elsewhere")
    elif damage == "flipped" and whole:
        whole[len(whole) // 2] ^= 1
        path.write_bytes(whole)
    else:
        path.write_bytes(b"" if damage == "emptied" and whole else whole + b"x")
    assert store.put(content).stored_bytes == stored.stored_bytes
    assert store.check(stored.digest) is None
    assert store.put(content).stored_bytes == 0


def test_what_somebody_else_put_there_meanwhile_is_read_before_anything_rests_on_it(
    store: LocalStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = local.write_new

    def late(folder: Path, name: str, data: bytes, tmp: Path) -> bool:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"damaged")
        return real(folder, name, data, tmp)

    with monkeypatch.context() as patch:
        patch.setattr(local, "write_new", late)
        blob = store.put(b"content")
    assert blob.stored_bytes == 0
    assert store.check(blob.digest)
    assert store.put(b"content").stored_bytes == 7
    assert store.check(blob.digest) is None


def test_no_more_comes_out_than_the_record_says(store: LocalStore) -> None:
    for blob in (store.put(bytes(30 << 20)), store.put(CONTENTS["noise"])):
        with pytest.raises(Corrupt, match="more than the 1000 bytes"):
            store.get(blob.digest, 1000)


def test_a_missing_blob_is_said_to_be_missing(store: LocalStore) -> None:
    digest = digest_of(b"never stored")
    with pytest.raises(NotFound, match=digest):
        store.get(digest, 10)
    assert "missing" in (store.check(digest) or "")
    assert store.stored_size(digest) is None
    with pytest.raises(StorageError, match="gone"):
        store.keep([digest])


@pytest.mark.parametrize("digest", ["sha256:../../../etc/passwd", "md5:" + "0" * 64, "sha256:" + "AB" * 32, "", "x\n"])
def test_only_a_digest_names_a_blob(store: LocalStore, digest: str) -> None:
    for call in (store.stored_size, lambda digest: store.get(digest, 1), lambda digest: store.discard([digest])):
        with pytest.raises(Corrupt, match="no digest"):
            call(digest)


@posix
def test_what_is_no_file_is_neither_followed_nor_waited_for(store: LocalStore, tmp_path: Path) -> None:
    blob = store.put(b"content")
    (path,) = files(tmp_path)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Corrupt, match="link"):
        store.get(blob.digest, blob.size)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(Corrupt, match="no regular file"):
        store.get(blob.digest, blob.size)
    assert store.check(blob.digest)


def test_listing_passes_over_what_is_not_ours(store: LocalStore, tmp_path: Path) -> None:
    blobs = [store.put(CONTENTS[name]) for name in ("small", "text", "noise")]
    folder = files(tmp_path)[0].parent
    (folder / "notes (conflicted copy).txt").write_text("")
    (folder / ("0" * 64)).write_text("") if folder.name != "00" else None
    (folder.parent / "README").write_text("")
    if sys.platform != "win32":
        (folder.parent / "zz").symlink_to(folder)
    assert list(store.digests()) == sorted(blob.digest for blob in blobs)
    assert list(LocalStore(tmp_path / "nowhere").digests()) == []


def test_what_is_discarded_can_be_had_from_the_trash(store: LocalStore, tmp_path: Path) -> None:
    blobs = [store.put(CONTENTS[name]) for name in ("small", "text", "noise")]
    size = sum(store.stored_size(blob.digest) or 0 for blob in blobs)
    assert store.discard(blob.digest for blob in blobs) == size
    assert list(store.digests()) == []
    assert store.discard([blobs[0].digest]) == 0
    reader = LocalStore(tmp_path, read_only=True)
    assert reader.get(blobs[0].digest, blobs[0].size) == CONTENTS["small"]
    assert files(tmp_path) == []  # a reader moves nothing
    assert store.get(blobs[0].digest, blobs[0].size) == CONTENTS["small"]
    assert list(store.digests()) == [blobs[0].digest]
    store.keep(blob.digest for blob in blobs)
    assert list(store.digests()) == sorted(blob.digest for blob in blobs)
    store.discard([blobs[0].digest])
    assert store.put(CONTENTS["small"]).stored_bytes == blobs[0].size
    assert store.check(blobs[0].digest) is None


def test_trash_and_leftovers_go_when_they_are_old(tmp_path: Path) -> None:
    clock = [1_795_305_600.0]  # 2026-11-22
    store = LocalStore(tmp_path, now=lambda: clock[0])
    blob = store.put(b"content")
    store.discard([blob.digest])
    (tmp_path / "trash" / "notes").mkdir()
    leftover = tmp_path / "tmp" / "1-2.part"
    for path in (leftover, tmp_path / "tmp" / "rename.lock"):
        path.write_bytes(b"")
        os.utime(path, (clock[0], clock[0]))
    clock[0] += 7 * DAY
    store.discard([])
    assert names_in(tmp_path / "tmp") == ["rename.lock"]
    assert names_in(tmp_path / "trash" / "2026-11-22")
    clock[0] += DAY
    store.discard([])
    assert blob.digest[7:] in names_in(tmp_path / "trash" / "2026-11-22")  # one reading of a clock is not enough
    clock[0] += 8 * DAY
    store.discard([])
    assert names_in(tmp_path / "trash") == ["notes"]
    with pytest.raises(NotFound):
        store.get(blob.digest, blob.size)


@posix
@pytest.mark.parametrize("place", ["tmp", "trash", "blobs", "blobs/sha256"])
def test_nothing_is_cleared_away_through_a_link(tmp_path: Path, place: str) -> None:
    """Whoever may write into the folder could make a collection by somebody else reach their other files."""
    theirs = LocalStore(tmp_path / "theirs", now=lambda: 0)
    theirs.discard([theirs.put(b"in the trash").digest])
    theirs.put(b"in place")
    (tmp_path / "theirs" / "tmp" / "film.part").write_bytes(b"")
    os.utime(tmp_path / "theirs" / "tmp" / "film.part", (0, 0))
    before = sorted(path for path in (tmp_path / "theirs").rglob("*"))
    store = LocalStore(tmp_path / "ours", now=lambda: 100 * DAY)
    store.discard([store.put(b"idle").digest])
    shutil.rmtree(tmp_path / "ours" / place)
    (tmp_path / "ours" / place).symlink_to(tmp_path / "theirs" / place)
    for _ in range(2):
        with pytest.raises(Corrupt, match="links are not followed"):
            store.discard(store.digests())
    assert sorted(path for path in (tmp_path / "theirs").rglob("*")) == before


@posix
def test_what_is_no_file_is_no_leftover(store: LocalStore, tmp_path: Path) -> None:
    for name, plant in (("1-2.part", os.mkdir), ("1-3.part", os.mkfifo)):
        (tmp_path / "tmp").mkdir(exist_ok=True)
        plant(tmp_path / "tmp" / name)
        os.utime(tmp_path / "tmp" / name, (0, 0))
    assert store.discard([store.put(b"idle").digest]) == 4
    assert names_in(tmp_path / "tmp") == ["1-2.part", "1-3.part"]


def test_a_writer_whose_incomplete_file_is_swept_is_told_and_writes_again(
    store: LocalStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A collection on a machine whose clock is a year ahead takes it for a leftover."""
    ahead = LocalStore(tmp_path, now=lambda: time.time() + 365 * DAY)
    real = durable.sync_file

    def late(fd: int) -> None:
        real(fd)
        ahead.discard([])

    with monkeypatch.context() as patch:
        patch.setattr(durable, "sync_file", late)
        with pytest.raises(StorageError, match=r"cannot write to the registry \(No such file") as caught:
            store.put(b"content")
    assert "run it again" in caught.value.hint
    assert list(store.digests()) == names_in(tmp_path / "tmp") == []
    assert store.get(store.put(b"content").digest, 7) == b"content"


def test_a_fresh_leftover_stays(store: LocalStore, tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp" / "1-2.part").write_bytes(b"being written")
    store.discard([])
    assert names_in(tmp_path / "tmp") == ["1-2.part"]


def test_a_read_only_store_refuses_changes(store: LocalStore, tmp_path: Path) -> None:
    blob = store.put(b"content")
    reader = LocalStore(tmp_path, read_only=True)
    assert reader.get(blob.digest, blob.size) == b"content"
    for call in (lambda: reader.put(b"x"), lambda: reader.discard([blob.digest])):
        with pytest.raises(Refused, match="read-only"):
            call()


@contextmanager
def without_rights() -> Iterator[None]:
    """Be an ordinary user for a while: root may write anywhere."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@posix
def test_a_folder_without_permission_is_explained() -> None:
    with tempfile.TemporaryDirectory() as name:  # not under tmp_path, which only its owner may enter
        root = Path(name)
        blob, other = LocalStore(root).put(b"content"), LocalStore(root).put(b"other")
        LocalStore(root).discard([other.digest])
        inside = [root, *root.rglob("*")]
        for path in inside:
            path.chmod(0o555 if path.is_dir() else 0o444)
        with without_rights():
            store = LocalStore(root)
            assert store.get(blob.digest, blob.size) == b"content"
            assert store.get(other.digest, other.size) == b"other"  # read where it lies, in the trash
            with pytest.raises(StorageError, match="denied") as caught:
                store.put(b"more")
            with pytest.raises(StorageError, match="denied"):
                store.discard([blob.digest])
        assert "read_only=True" in caught.value.hint
        for path in inside:
            path.chmod(0o755)


@posix
def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    mount = shutil.which("mount")
    if not mount or os.geteuid() != 0:
        pytest.skip("only root can make a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run([mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("no right to mount")
    try:
        store = LocalStore(disk)
        kept = store.put(CONTENTS["noise"])
        for data in (random.bytes(2 << 20), random.bytes(40 << 20)):
            with pytest.raises(StorageError, match="No space") as caught:
                store.put(data)
            assert "disk is full" in caught.value.hint
            assert names_in(disk / "tmp") == []
        assert store.get(kept.digest, kept.size) == CONTENTS["noise"]
        assert store.put(b"still works").stored_bytes == 11
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def _put(root: str, number: int) -> list[tuple[str, int]]:
    store = LocalStore(Path(root))
    blobs = [store.put(CONTENTS[name]) for name in ("small", "noise", "zeros", "text")]
    blobs += [store.put(b"%d" % n) for n in range(50)]
    blobs.append(store.put(bytes(range(256)) * (140_000 + number // 4)))
    return [(blob.digest, blob.stored_bytes) for blob in blobs]


def test_several_processes_put_the_same_content_at_once(store: LocalStore, tmp_path: Path) -> None:
    with get_context("spawn").Pool(4) as pool:
        told = pool.starmap(_put, [(str(tmp_path), number) for number in range(4)], chunksize=1)
    assert len({tuple(digest for digest, _ in blobs) for blobs in told}) == 1
    assert len(files(tmp_path)) == 55
    assert sum(stored for blobs in told for _, stored in blobs) == sum(path.stat().st_size for path in files(tmp_path))
    assert [problem for digest in store.digests() if (problem := store.check(digest))] == []
    assert names_in(tmp_path / "tmp") == []


def test_importing_it_is_cheap() -> None:
    code = f"""
import sys
sys.path[:] = {sys.path!r}
import nbregistry.artifacts.local, nbregistry.artifacts.pack, nbregistry.flavors
print(*{{"numpy", "zstandard", "filelock", "sklearn", "cloudpickle", "pandas"}} & set(sys.modules))
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == []
