"""The benchmark runs and fills every row; what it measures is never asserted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROWS = ["register", "commit", "list", "filter", "get", "get-fresh", "load", "compare", "compare-large"]
ROWS += ["import", "cold", "race", "again", "notebook", "promote"]


def test_every_row_is_measured(tmp_path: Path) -> None:
    """A tiny run without peers has a figure for ours and for each floor in every row."""
    figures, options = tmp_path / "figures.json", "--versions 20 --scored 1000 --repeats 1 --processes 2 --each 3"
    command = [sys.executable, "-m", "tests.benchmarks", *options.split(), "--json", str(figures)]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert shown.returncode == 0, shown.stderr
    table = json.loads(figures.read_text(encoding="utf-8"))["rows"]
    assert list(dict.fromkeys(line["row"] for line in table)) == ROWS
    assert all(f"| {row} " in shown.stdout for row in ROWS)
    assert all(line["ours"] is not None for line in table)
    assert not [line for line in table if line["its"] is None and line["missing"] != "not asked for: --peers"]


def test_a_wrong_row_is_told() -> None:
    """A row that does not exist is refused by name, with those that do."""
    command = [sys.executable, "-m", "tests.benchmarks", "--rows", "comit"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert shown.returncode != 0
    assert "no such row: comit" in shown.stderr
    assert "get-fresh" in shown.stderr
