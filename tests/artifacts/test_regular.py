"""What stands where a file is expected: nothing else is followed, waited for or read without end."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from nbregistry.artifacts.regular import read_regular
from nbregistry.errors import Corrupt

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")


def link(path: Path) -> None:
    path.symlink_to("/dev/zero")


def broken_link(path: Path) -> None:
    path.symlink_to("nowhere")


def endless(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)


@pytest.mark.parametrize("plant", [link, broken_link, os.mkfifo, os.mkdir, endless])
def test_only_a_file_of_the_expected_size_is_read(tmp_path: Path, plant: object) -> None:
    plant(tmp_path / "planted")  # type: ignore[operator]
    with pytest.raises(Corrupt, match=r"no regular file|too large"):
        read_regular(tmp_path / "planted", 1000)


def test_a_file_is_read_whole_and_a_missing_one_is_missing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(bytes(1000))
    assert read_regular(tmp_path / "file", 1000) == bytes(1000)
    with pytest.raises(FileNotFoundError):
        read_regular(tmp_path / "other", 1000)
