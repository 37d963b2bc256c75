"""Where a registry is, and whether this release can read it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from nbregistry.errors import Corrupt, NotFound, Refused, StorageError
from nbregistry.location import FORMAT_FILE, create, locate, read_format

if TYPE_CHECKING:
    from pathlib import Path


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
