"""What is known of files: those that code reads, and the notebook's own."""

from __future__ import annotations

import hashlib
import json
import os

import pytest

from nbregistry.model import ReadFile
from nbregistry.provenance.cells import files
from nbregistry.provenance.cells.cell import Cell
from nbregistry.provenance.cells.files import read_file
from nbregistry.provenance.cells.notebook_file import FileCell, read_notebook_file
from nbregistry.provenance.cells.reading_ahead import read_ahead


def sha256(content):
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_a_file_is_known_by_its_content(in_folder):
    (in_folder / "a.csv").write_bytes(b"1,2\n")
    assert read_file("a.csv") == ReadFile("a.csv", sha256(b"1,2\n"), 4)
    (in_folder / "a.csv").write_bytes(b"1,3\n")
    os.utime("a.csv", ns=(1, 1))
    assert read_file("a.csv").digest == sha256(b"1,3\n")


@pytest.mark.parametrize("path", ["missing.csv", "folder", "a\0b", "https://example.com/x.csv", "s3://bucket/x"])
def test_what_is_no_file_here_has_no_digest(in_folder, path):
    (in_folder / "folder").mkdir()
    assert read_file(path).path == path
    assert read_file(path).digest == ""


def test_a_large_file_is_not_read(in_folder, monkeypatch):
    (in_folder / "a.csv").write_bytes(b"1,2\n")
    monkeypatch.setattr(files, "LARGEST", 3)
    assert read_file("a.csv") == ReadFile("a.csv", "", 4)


def test_the_code_cells_of_a_notebook(tmp_path):
    cells = [
        {"cell_type": "markdown", "id": "m", "source": "# x"},
        {"cell_type": "code", "id": "c", "source": ["x = 1\n", "y = 2"]},
        {"cell_type": "code", "source": "z"},
    ]
    path = tmp_path / "nb.ipynb"
    path.write_text(json.dumps({"cells": cells, "nbformat": 4}))
    found = read_notebook_file(str(path))
    assert found.cells == (FileCell(2, "c", "x = 1\ny = 2"), FileCell(3, "", "z"))
    assert found.saved_at.startswith("20")


@pytest.mark.parametrize(
    "text", ["", "no json", "[]", '{"cells": 1}', '{"cells": [1]}', '{"cells": [{"cell_type": "code"}]}']
)
def test_what_is_no_notebook_says_nothing(tmp_path, text):
    path = tmp_path / "nb.ipynb"
    path.write_text(text)
    assert read_notebook_file(str(path)) is None
    assert read_notebook_file(str(tmp_path / "none.ipynb")) is None


def test_what_cells_read_is_read_ahead_and_once(in_folder, monkeypatch):
    (in_folder / "large.csv").write_bytes(b"a,b\n1,2\n")
    read = []
    real = hashlib.file_digest
    monkeypatch.setattr(hashlib, "file_digest", lambda file, kind: read.append(file.name) or real(file, kind))
    cells = [Cell(1, "import pandas as pd"), Cell(2, "df = pd.read_csv('large.csv')\nurl = pd.read_csv('https://a/b')")]
    read_ahead(cells[:1])
    assert read == []
    read_ahead(cells)
    assert read == [str(in_folder / "large.csv")]
    read_ahead([*cells, Cell(3, "df.head()")])
    assert read_file("large.csv").digest == sha256(b"a,b\n1,2\n")
    assert read == [str(in_folder / "large.csv")]
