"""The tutorial notebooks run from top to bottom, as `jupyter execute` would run them (nbval compares their outputs)."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs_in_a_real_kernel(path: Path, in_folder: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(in_folder)}}).execute()
    for cell in notebook.cells:
        failed = [output for output in cell.get("outputs", ()) if output.output_type == "error"]
        assert bool(failed) == ("raises-exception" in cell.metadata.get("tags", []))
        for error in failed:
            assert len(error.traceback) == 1  # one short block, no traceback
            assert "next:" in error.traceback[0]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_is_saved_with_its_outputs_and_nothing_of_a_machine(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert "/tmp/" not in path.read_text()
    assert str(Path.home()) not in path.read_text()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_processor_is_compared(path: Path) -> None:
    rules = configparser.ConfigParser(interpolation=None)
    rules.read(path.parent / "nbval.cfg")
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", ()):
            for content in output.get("data", {}).values():
                compared = str(content)
                for rule in rules.sections():
                    compared = re.sub(rules[rule]["regex"], rules[rule]["replace"], compared)
                assert "CPU" not in compared
