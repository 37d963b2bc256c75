"""A cell that failed ran up to the statement that failed."""

from __future__ import annotations

import pytest

from nbregistry.provenance.cells.cell import Cell
from nbregistry.provenance.slicing import slice_cells


def kept(*cells: Cell) -> list[str]:
    return [line for line in slice_cells(cells, ["x"]).script.splitlines() if line]


@pytest.mark.parametrize(
    ("error", "line"),
    [
        ("NameError: name 'missing' is not defined", "x.append(missing)"),
        ("ModuleNotFoundError: No module named 'gone'", "import gone"),
        ("AttributeError: 'list' object has no attribute 'push'", "x.push(2)"),
        ("KeyError: 'left'", "x.append({}['left'])"),
        ("TypeError: f() got an unexpected keyword argument 'size'", "x.sort(size=3)"),
        ("AssertionError: no", "assert x is None"),
        ("ZeroDivisionError: division by zero", "x.append(1 / 0)"),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'a.txt'", "x.append(open('a.txt'))"),
    ],
)
def test_the_message_tells_where(error: str, line: str) -> None:
    cell = Cell(2, f"x.append(1)\n{line}\nx.append(2)", error=error)
    assert kept(Cell(1, "x = []"), cell) == ["x = []", "x.append(1)"]


def test_the_line_that_was_taken_down_tells_better() -> None:
    cell = Cell(2, "x.append(1)\nf(\n  x,\n)\nx.append(2)", error="ValueError: what", failed_line=3)
    assert kept(Cell(1, "x = []"), cell) == ["x = []", "x.append(1)"]


def test_where_nothing_tells_the_last_is_taken_and_that_is_said() -> None:
    cell = Cell(2, "x.append(1)\nx.append(2)", error="ValueError: what")
    found = slice_cells([Cell(1, "x = []"), cell], ["x"])
    assert found.script == "x = []\n\nx.append(1)\n"
    assert found.doubts == ("cell 2 ended in an error, and which of its statements raised it is not known",)


def test_a_text_that_was_no_python_bound_nothing() -> None:
    assert kept(Cell(1, "x = []"), Cell(2, "x = 2\nx = =", error="SyntaxError: invalid syntax")) == ["x = []"]


def test_a_loop_that_was_interrupted_is_kept_and_said() -> None:
    cell = Cell(2, "for i in range(9):\n    x.append(i)\nx = 0", error="KeyboardInterrupt: ", failed_line=2)
    found = slice_cells([Cell(1, "x = []"), cell], ["x"])
    assert found.script == "x = []\n\nfor i in range(9):\n    x.append(i)\n"
    assert (
        "cell 2 was ended by KeyboardInterrupt within a block, of which run again more or less may run" in found.doubts
    )
