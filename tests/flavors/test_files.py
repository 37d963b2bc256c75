"""Files and folders come back byte for byte, in a place of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nbregistry.artifacts.local import LocalStore
from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.artifacts.pack_writing import PackWriter
from nbregistry.errors import Corrupt, NotFound, Refused
from nbregistry.flavors import by_name, choose

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")
FILES = {
    "saved_model.pb": b"graph",
    "variables/variables.data-00000-of-00001": os.urandom(200_000),
    "variables/variables.index": b"",
    "assets/größe.txt": "größe".encode(),
}


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "registry")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "My model"
    for name, content in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    (root / "empty" / "inside").mkdir(parents=True)
    return root


def stored(model: Path | str, store: LocalStore) -> str:
    flavor = choose(model)
    assert flavor.name == "files"
    pack = PackWriter(store)
    assert flavor.save(model, pack) == "files"
    assert flavor.formats["files"] is False
    return pack.finish({}).digest


def loaded(digest: str, store: LocalStore) -> Path:
    path = by_name("files").load(PackReader(store, digest), "files")
    assert isinstance(path, Path)
    return path


def test_a_folder(store: LocalStore, folder: Path) -> None:
    again = loaded(stored(folder, store), store)
    assert again.name == "My model"
    assert again != folder
    assert {path.relative_to(again) for path in again.rglob("*")} == {
        path.relative_to(folder) for path in folder.rglob("*")
    }
    assert {name: (again / name).read_bytes() for name in FILES} == FILES


def test_a_file_by_path_or_by_name(store: LocalStore, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    for given in (folder / "saved_model.pb", str(folder / "saved_model.pb"), "saved_model.pb"):
        again = loaded(stored(given, store), store)
        assert (again.name, again.read_bytes()) == ("saved_model.pb", b"graph")
    assert loaded(stored(".", store), store).name == "My model"


def test_each_load_is_a_copy_of_its_own(store: LocalStore, folder: Path) -> None:
    digest = stored(folder, store)
    one, other = loaded(digest, store), loaded(digest, store)
    (one / "saved_model.pb").write_bytes(b"changed")
    assert (other / "saved_model.pb").read_bytes() == b"graph"


def test_copies_are_gone_when_python_ends(store: LocalStore, folder: Path, tmp_path: Path) -> None:
    code = f"""
import sys
sys.path[:] = {sys.path!r}
from pathlib import Path
from nbregistry.artifacts.local import LocalStore
from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.flavors import by_name
pack = PackReader(LocalStore(Path({str(tmp_path / "registry")!r})), {stored(folder, store)!r})
path = by_name("files").load(pack, "files")
assert path.exists()
print(path)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip()
    assert not Path(told.stdout.strip()).exists()


def test_text_that_names_no_file_is_text(store: LocalStore) -> None:
    assert choose("no such file").name == "python"
    assert choose("a\0b").name == "python"
    assert choose("").name == "python"
    assert choose("long " * 5000).name == "python"


def test_a_path_to_nothing_is_not_found(store: LocalStore, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no file or folder"):
        stored(tmp_path / "nothing", store)


@posix
def test_links_and_devices_inside_are_refused(store: LocalStore, folder: Path, tmp_path: Path) -> None:
    (folder / "link").symlink_to(tmp_path)
    with pytest.raises(Refused, match="is a link"):
        stored(folder, store)
    (folder / "link").unlink()
    os.mkfifo(folder / "pipe")
    with pytest.raises(Refused, match="no regular file"):
        stored(folder, store)
    (folder / "pipe").unlink()
    (tmp_path / "named").symlink_to(folder)
    assert loaded(stored(tmp_path / "named", store), store).name == "My model"  # the link that was given is meant


@posix
def test_a_name_that_other_systems_cannot_have_is_refused(store: LocalStore, folder: Path) -> None:
    (folder / "a:b").write_bytes(b"")
    with pytest.raises(Refused, match="a:b"):
        stored(folder, store)


@pytest.mark.parametrize(
    "about",
    [
        {"name": "../key", "folders": []},
        {"name": "x", "folders": ["../../key"]},
        {"name": "x", "folders": ["/key"]},
        {"name": 7, "folders": []},
        {"name": "x"},
        {"name": "y", "folders": []},
        {"name": "x/y", "folders": []},
        {"name": ["x"], "folders": []},
        {"name": "\ud800", "folders": []},
        {"name": "x", "folders": ["files/x"]},
        {"name": "x", "folders": ["files/X/y"]},
        {"name": "x", "folders": ["a/" * 3000 + "a"]},
        [],
        None,
    ],
    ids=lambda about: ascii(about)[:40],
)
def test_a_description_that_could_leave_is_refused(store: LocalStore, about: object) -> None:
    pack = PackWriter(store)
    pack.add("files/x", b"")
    pack.add("files.json", json.dumps(about).encode())
    with pytest.raises((Refused, Corrupt)):
        loaded(pack.finish({}).digest, store)


def test_a_description_that_is_nested_without_end_is_corrupt(store: LocalStore) -> None:
    pack = PackWriter(store)
    pack.add("files/x", b"")
    pack.add("files.json", b"[" * 100_000)
    with pytest.raises(Corrupt):
        loaded(pack.finish({}).digest, store)
