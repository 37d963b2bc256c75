"""Magics are kept as they were typed, and only where they make something."""

from __future__ import annotations

import pytest

from nbregistry.provenance.cells.cell import Cell
from nbregistry.provenance.slicing import slice_cells
from tests.provenance.slicing.cutting import cut, kept


@pytest.mark.parametrize(
    "line",
    [
        "%time x.append(2)",
        "x = %time [2]",
        "x = !ls",
        "%nbr load churn@1 --as x",
        "x = %nbr load churn@1",
        "%run make_x.py",
    ],
)
def test_a_line_that_makes_it_is_kept(line: str) -> None:
    assert line in kept(f"x = [1]\n{line}\n", "x")


@pytest.mark.parametrize(
    "line",
    [
        "%timeit y.append(1)", "%register churn x", "%versions churn", "v = %register churn x", "%nbr log", "x?", "?x",
        "!ls", "%%time\nprint(x)", "%%html\n<b>x</b>", "%%timeit\ny.append(1)", "%matplotlib inline", "%whos",
        "%%bash\nls",
    ],
)  # fmt: skip
def test_a_line_that_makes_nothing_of_it_is_left_out(line: str) -> None:
    assert kept(f"x = [1]\ny = []\n# %%\n{line}\n", "x") == ["x = [1]"]


def test_a_cell_that_is_timed_is_cut_like_any_other_without_its_magic() -> None:
    found = cut("y = 1\n# %%\n%%time\nx = [y]\nprint(x)\n", "x")
    assert [(part.source, part.lines) for part in found.parts] == [("y = 1", (1,)), ("x = [y]", (2,))]


def test_a_captured_output_that_is_used_keeps_its_cell() -> None:
    text = "%%capture out\nprint(1)\ny = 2\n# %%\nx = out.stdout\n"
    assert kept(text, "x") == ["%%capture out", "print(1)", "y = 2", "x = out.stdout"]


def test_timeit_binds_nothing_but_runs_its_code() -> None:
    found = cut("x = []\n%timeit -n 3 x.append(1)\n", "x")
    assert "%timeit -n 3 x.append(1)" in found.script
    assert "cell 1 runs %timeit, which repeats its code a number of times that is not known" in found.doubts


def test_lines_keep_their_numbers_around_magics_that_go_on() -> None:
    found = cut("y = 1\n!echo \\\n  a \\\n  b\n%time z = (y + \\\n  1)\nx = z\n", "x")
    assert [part.lines for part in found.parts] == [(1, 5, 6, 7)]


def test_what_nothing_is_known_of_is_kept_and_said() -> None:
    found = cut("x = [1]\n%strange x\ny = x\n", "y")
    assert "%strange x" in found.script
    assert found.doubts == ("cell 1 runs %strange, of which nothing is known here: the line is kept",)


@pytest.mark.parametrize(
    "line", ["exec(open('a.py').read())", "from numpy import *", "globals()['y'] = 2", "%run a.py"]
)
def test_what_may_bind_any_name_is_kept(line: str) -> None:
    assert line in kept(f"x = 1\n{line}\nz = x\n", "z")


def test_a_text_that_is_run_is_followed() -> None:
    assert kept("a = 1\nb = 2\nexec('y = a')\nx = y\n", "x") == ["a = 1", "exec('y = a')", "x = y"]


def test_prompts_and_indents_are_read_as_ipython_does() -> None:
    assert slice_cells([Cell(1, "    x = 1\n    print(x)\n")], ["x"]).script == "    x = 1\n"
    assert kept(">>> x = 1\n>>> print(x)\n", "x") == [">>> x = 1"]


def test_what_is_no_python_ran_nothing() -> None:
    assert kept("x = 1\n# %%\nx = = 2\n", "x") == ["x = 1"]


def test_a_one_line_automagic_is_a_magic() -> None:
    assert "cd data" in kept("import pandas as pd\n# %%\ncd data\n# %%\nx = pd.read_csv('a.csv')\n", "x")
