"""Where a registry is, and whether this release can read it."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

import nbregistry
from nbregistry.errors import Corrupt, NotFound, Refused, StorageError
from nbregistry.location import FORMAT_FILE, create, locate, read_format

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.registry import Registry


def test_the_argument_wins(in_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBREGISTRY_URL", str(in_folder / "other"))
    assert locate(in_folder / "mine") == in_folder / "mine"
    assert locate() == in_folder / "other"


def test_the_nearest_registry_upwards(in_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    create(in_folder / ".nbregistry")
    deep = in_folder / "a" / "b"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert locate() == in_folder / ".nbregistry"
    create(deep / ".nbregistry")
    assert locate() == deep / ".nbregistry"


def test_here_if_there_is_none(in_folder: Path) -> None:
    assert locate() == in_folder / ".nbregistry"
    assert not locate().exists()


def test_a_project_folder_means_the_registry_in_it(in_folder: Path) -> None:
    create(in_folder / "project" / ".nbregistry")
    assert locate(in_folder / "project") == in_folder / "project" / ".nbregistry"
    assert locate((in_folder / "project").as_uri()) == in_folder / "project" / ".nbregistry"


def test_a_url_of_another_kind_is_refused() -> None:
    with pytest.raises(Refused, match="opens folders"):
        locate("postgresql://host/db")


@pytest.mark.parametrize("url", ["x://[", "file://[", "a\0b", "file:///%00", "\udfff\ud800", "~nobody at all/x"])
def test_what_is_no_place_is_refused(url: str) -> None:
    with pytest.raises(Refused, match="no place for a registry"):
        locate(url)


def test_a_name_that_is_too_long_is_told(in_folder: Path) -> None:
    with pytest.raises(StorageError, match="cannot be read"):
        read_format(locate("a" * 5000))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps the current folder")
def test_a_current_folder_that_is_gone_is_told(in_folder: Path, tmp_path: Path) -> None:
    in_folder.rmdir()
    with pytest.raises(StorageError, match="current folder"):
        locate()
    assert locate(tmp_path) == tmp_path


def test_making_is_joining(tmp_path: Path) -> None:
    assert create(tmp_path / "registry") == create(tmp_path / "registry")


def test_a_folder_with_other_things_is_no_registry(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("")
    with pytest.raises(NotFound, match="is not a registry") as caught:
        read_format(tmp_path)
    assert ".nbregistry" in caught.value.hint


def test_a_file_is_no_registry(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotFound, match="is a file"):
        read_format(tmp_path / "file")


def test_a_newer_format_is_refused_politely(tmp_path: Path) -> None:
    newer = {"format": 7, "minimum_reader": 2, "id": "x"}
    (tmp_path / FORMAT_FILE).write_text(json.dumps(newer))
    with pytest.raises(Refused, match="newer release") as caught:
        read_format(tmp_path)
    assert "upgrade" in caught.value.hint


def test_a_newer_format_that_older_readers_understand_opens(tmp_path: Path) -> None:
    newer = {"format": 7, "minimum_reader": 1, "id": "x", "unknown": True}
    (tmp_path / FORMAT_FILE).write_text(json.dumps(newer))
    found = read_format(tmp_path)
    assert found is not None
    assert found.format == 7


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"format":"x","minimum_reader":1,"id":1}'])
def test_a_damaged_format_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FORMAT_FILE).write_bytes(content)
    with pytest.raises(Corrupt, match="damaged"):
        read_format(tmp_path)


def test_nothing_but_a_name_hangs_on_the_id(registry: Registry, root: Path, tmp_path: Path) -> None:
    """The id is covered by no digest, for whoever can write it could as well write another: so nothing rests on it."""
    for model in (1, 2):
        registry.register("m", {"w": np.full(3, model)})
    registry.export("m@2", tmp_path / "before.zip")
    shutil.copytree(root, tmp_path / "earlier")
    registry.tag("m@1", later="yes")
    other = nbregistry.open(tmp_path / "other")
    other.register("m", {"w": np.zeros(1)})
    other.backup(tmp_path / "backup of the other")

    def edited(folder: Path) -> Registry:
        about = json.loads((folder / FORMAT_FILE).read_text())
        (folder / FORMAT_FILE).write_text(json.dumps(about | {"id": read_format(tmp_path / "other").id}))
        return nbregistry.open(folder)

    renamed = edited(root)
    with pytest.raises(StorageError, match="another one is there now"):  # who has it open is told
        registry.tag("m@1", more="yes")
    assert renamed.verify().ok
    assert renamed.load("m@2")["w"].tolist() == [2, 2, 2]
    # What came from here is recognised, under whatever id it was exported.
    renamed.export("m@2", tmp_path / "after.zip")
    assert renamed.import_(tmp_path / "before.zip").already == ("m@2",)
    third = nbregistry.open(tmp_path / "third")
    third.import_(tmp_path / "before.zip")
    assert third.import_(tmp_path / "after.zip").already == ("m@1",)
    # A history is told from another by its first commit, and an earlier copy is told by what was seen.
    with pytest.raises(Refused, match="went its own way"):
        renamed.backup(tmp_path / "backup of the other")
    for file in (root / "log").iterdir():
        file.unlink()
    for file in (tmp_path / "earlier" / "log").iterdir():
        shutil.copy(file, root / "log")
    shutil.rmtree(root / "cache", ignore_errors=True)
    with pytest.raises(Corrupt, match="cut or rewritten"):
        edited(root).versions()
