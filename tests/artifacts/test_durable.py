"""A file appears whole or not at all, and stays; a failure says what to do and leaves nothing behind."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nbregistry.artifacts import durable
from nbregistry.artifacts.durable import Staged, write_new
from nbregistry.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def left(tmp: Path) -> list[str]:
    return [name for name in names_in(tmp) if name != durable.LOCK] if tmp.exists() else []


def test_writes_once(tmp_path: Path) -> None:
    tmp = tmp_path / "tmp"
    assert write_new(tmp_path / "a" / "b", "x", b"one", tmp) is True
    assert write_new(tmp_path / "a" / "b", "x", b"two", tmp) is False
    assert (tmp_path / "a" / "b" / "x").read_bytes() == b"one"
    assert left(tmp) == []


def test_takes_pieces_and_nothing_else(tmp_path: Path) -> None:
    import array

    pieces = (piece for piece in [b"a", b"", memoryview(b"b"), bytearray(b"c"), array.array("i", [1])])
    assert write_new(tmp_path, "x", pieces, tmp_path / "tmp")
    assert (tmp_path / "x").read_bytes() == b"abc" + array.array("i", [1]).tobytes()
    with pytest.raises(TypeError, match="bytes-like"):
        write_new(tmp_path, "y", "text", tmp_path / "tmp")  # type: ignore[arg-type]
    assert names_in(tmp_path) == ["tmp", "x"]
    assert left(tmp_path / "tmp") == []


def test_a_write_that_is_cut_short_is_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: whole(fd, data[:3]))
    write_new(tmp_path, "x", b"0123456789", tmp_path / "tmp")
    assert (tmp_path / "x").read_bytes() == b"0123456789"


@posix
def test_a_secret_is_nobody_elses(tmp_path: Path) -> None:
    write_new(tmp_path, "key", b"secret", tmp_path, mode=0o600)
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0


@posix
def test_content_is_forced_to_disk_before_its_name_and_the_name_before_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "log").mkdir()
    (tmp_path / "tmp").mkdir()
    calls = []

    def recorded(name: str) -> Callable[..., object]:
        real: Callable[..., object] = getattr(os, name)

        def call(*args: object, **kwargs: object) -> object:
            what = ""
            if name == "fsync":
                forced = Path(f"/proc/self/fd/{args[0]}").readlink()
                what = "folder" if forced.is_dir() else forced.parent.name
            calls.append(f"{name} {what}".strip())
            return real(*args, **kwargs)

        return call

    if not Path("/proc/self/fd").exists():
        pytest.skip("needs /proc")
    for name in ("write", "fsync", "link", "unlink"):
        monkeypatch.setattr(os, name, recorded(name))
    write_new(tmp_path / "log", "x", b"one", tmp_path / "tmp")
    assert calls == ["write", "fsync tmp", "link", "fsync folder", "unlink"]
    calls.clear()
    write_new(tmp_path / "log", "x", b"one", tmp_path / "tmp")
    assert calls[-2:] == ["fsync folder", "unlink"]  # also for a name that another process gave


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EDQUOT, "quota"),
        (errno.EIO, "fault"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "read_only=True"),
        (errno.ENOTTY, "permissions"),
    ],
)
@pytest.mark.parametrize("call", ["open", "write", "fsync", "link", "rename"])
def test_a_failing_disk_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int, hint: str
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    tmp = tmp_path / "tmp"
    if call == "rename":
        without_links(monkeypatch)
        write_new(tmp_path, "first", b"", tmp)
    with monkeypatch.context() as broken:
        broken.setattr(os, call, fails)
        with pytest.raises(StorageError) as caught:
            write_new(tmp_path, "x", b"data", tmp)
    assert hint in caught.value.hint
    assert os.strerror(code) in caught.value.message
    assert not (tmp_path / "x").exists()
    assert left(tmp) == []
    assert write_new(tmp_path, "x", b"data", tmp)  # and it works again afterwards


def test_an_interrupt_leaves_nothing(tmp_path: Path) -> None:
    def interrupted() -> Iterator[bytes]:
        yield b"half"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_new(tmp_path, "x", interrupted(), tmp_path / "tmp")
    assert left(tmp_path / "tmp") == []
    assert not (tmp_path / "x").exists()


def test_staged_but_not_published_vanishes(tmp_path: Path) -> None:
    with Staged(tmp_path / "tmp") as staged:
        staged.write([b"a", b"bc"])
        assert staged.size == 3
    assert left(tmp_path / "tmp") == []


def without_links(monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", link)


def test_without_hard_links_nobody_is_overwritten_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_links(monkeypatch)
    test_writes_once(tmp_path)


@posix
def test_a_link_whose_answer_was_lost_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.link

    def link(source: str, final: str) -> None:
        real(source, final)
        raise FileExistsError(errno.EEXIST, "exists", final)

    monkeypatch.setattr(os, "link", link)
    assert write_new(tmp_path, "x", b"mine", tmp_path / "tmp") is True


def _race(folder: str, links: bool, number: int) -> list[int]:
    with pytest.MonkeyPatch.context() as patch:
        if not links:
            without_links(patch)
        return [n for n in range(40) if write_new(Path(folder), str(n), str(number).encode(), Path(folder) / "tmp")]


@pytest.mark.parametrize("links", [True, False])
def test_of_several_processes_one_wins_each_name(tmp_path: Path, links: bool) -> None:
    with get_context("spawn").Pool(4) as pool:
        won = pool.starmap(_race, [(str(tmp_path), links, number) for number in range(4)])
    assert sorted(n for names in won for n in names) == list(range(40))
    for number, names in enumerate(won):
        assert {(tmp_path / str(n)).read_text() for n in names} <= {str(number)}
    assert left(tmp_path / "tmp") == []


def test_without_hard_links_nobody_looks_while_another_renames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One has seen that the name is free, and not yet taken it: the other has to wait for that."""
    without_links(monkeypatch)
    seen, done, won, real = threading.Event(), threading.Event(), {}, os.rename

    def slow(source: str, final: str) -> None:
        if threading.current_thread().name == "first":
            seen.set()
            done.wait(1)  # it never comes, if the other waits as it must
        real(source, final)

    def write(name: str) -> None:
        won[name] = write_new(tmp_path, "x", name.encode(), tmp_path / "tmp")

    monkeypatch.setattr(os, "rename", slow)
    first = threading.Thread(target=write, args=("first",), name="first")
    first.start()
    assert seen.wait(60)
    write("second")
    done.set()
    first.join()
    assert won == {"first": True, "second": False}
    assert (tmp_path / "x").read_bytes() == b"first"


@posix
def test_a_limit_of_the_system_is_explained(tmp_path: Path) -> None:
    code = f"""
import resource, sys
sys.path[:] = {sys.path!r}
from pathlib import Path
from nbregistry.artifacts.durable import write_new
from nbregistry.errors import StorageError
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_new(Path({str(tmp_path)!r}), "x", bytes(2000), Path({str(tmp_path)!r}) / "tmp")
except StorageError as error:
    print(error)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "ulimit -f" in told
    assert left(tmp_path / "tmp") == []
    assert not (tmp_path / "x").exists()


def test_a_lock_that_could_not_be_given_back_is_free_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fcntl = pytest.importorskip("fcntl")
    real, failed = fcntl.flock, []

    def flock(fd: int, operation: int) -> None:
        if operation == fcntl.LOCK_UN and not failed:
            failed.append(fd)
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(fd, operation)

    monkeypatch.setattr(fcntl, "flock", flock)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)) as caught, durable.locked(tmp_path / "lock"):
        pass
    assert caught.tb  # which keeps the lock from being collected, as a notebook's last error does
    another = os.open(tmp_path / "lock", os.O_RDWR)
    real(another, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises if it is still held
    os.close(another)
