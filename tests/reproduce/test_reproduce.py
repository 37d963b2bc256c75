"""Slices of sessions in the manner of real notebooks make the model again, and leave out what it does not need."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from nbregistry.provenance.cells.cell import Cell
from nbregistry.provenance.slicing import slice_cells
from tests.reproduce.case import Case, all_cases
from tests.reproduce.kernel import Kernels

if TYPE_CHECKING:
    from collections.abc import Iterator

CASES = all_cases()
TOTALS: dict[str, tuple[int, int]] = {}


@pytest.fixture(scope="module")
def kernels() -> Iterator[Kernels]:
    kernels = Kernels()
    yield kernels
    kernels.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_slice_makes_the_model_again(case: Case, kernels: Kernels) -> None:
    whole = kernels.run(list(case.sources), {"target": case.target, "rows": case.rows})
    failed = {at for at, ran in enumerate(whole["ran"], 1) if ran["error"]}
    assert failed == case.fails, [ran["error"] for ran in whole["ran"]]
    assert "answers" in whole, whole.get("failed")
    cells = [
        Cell(at, source, error=ran["error"], drew=ran["drew"])
        for at, (source, ran) in enumerate(zip(case.sources, whole["ran"], strict=True), 1)
    ]
    cut = slice_cells(cells, [case.target])
    kept = {part.number: set(part.lines) for part in cut.parts}
    missing = [
        f"cell {at}: {case.sources[at - 1].splitlines()[line - 1]}"
        for at, lines in enumerate(case.needed, 1)
        for line in sorted(lines - kept.get(at, set()))
    ]
    assert not missing, cut.script
    unneeded = sum(map(len, case.unneeded))
    dropped = sum(len(lines - kept.get(at, set())) for at, lines in enumerate(case.unneeded, 1))
    TOTALS[case.name] = dropped, unneeded
    assert dropped >= case.drops * unneeded, cut.script
    assert bool(cut.unseeded) == case.unseeded, cut.doubts

    again = kernels.run([part.source for part in cut.parts], {"target": case.target, "rows": whole["rows"]})
    assert not any(ran["error"] for ran in again["ran"]), (cut.script, again["ran"])
    assert "answers" in again, again.get("failed")
    assert again["answers"].keys() == whole["answers"].keys()
    same = all(np.array_equal(again["answers"][name], answer) for name, answer in whole["answers"].items())
    assert same or case.unseeded, cut.script


def test_what_nothing_seeded_is_made_again_from_the_states_of_then(kernels: Kernels) -> None:
    sources = [
        "import random\nimport numpy as np",
        "from sklearn.cluster import KMeans\nfrom sklearn.datasets import make_blobs",
        "print(np.random.rand(3))\nprint(random.random())",
        "shown = np.random.rand(2)\nX, _ = make_blobs(60)\nprint(X.mean())",
        "print(random.random())\nk = random.randint(2, 4)",
        "print(X)\nmodel = KMeans(k, n_init=1).fit(X)",
    ]
    whole = kernels.run(sources, {"target": "model", "rows": "X"})
    ran = zip(sources, whole["ran"], strict=True)
    cells = [Cell(at, source, drew=how["drew"]) for at, (source, how) in enumerate(ran, 1)]
    cut = slice_cells(cells, ["model"], restored=True)
    assert cut.restores == ((4, "numpy.random"), (5, "random"), (6, "numpy.random"))
    assert not cut.unseeded
    assert [part.number for part in cut.parts] == [1, 2, 4, 5, 6]
    restore: dict[int, dict[str, object]] = {}
    for number, state in cut.restores:
        at = [part.number for part in cut.parts].index(number)
        restore.setdefault(at, {})[state] = whole["ran"][number - 1]["before"][state]
    ask = {"target": "model", "rows": whole["rows"], "restore": restore}
    again = kernels.run([part.source for part in cut.parts], ask)
    assert np.array_equal(again["answers"]["predict"], whole["answers"]["predict"])
    assert np.array_equal(again["answers"]["transform"], whole["answers"]["transform"])


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 30


def test_most_of_what_is_not_needed_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    if len(TOTALS) < len(CASES):
        pytest.skip("the cases did not all run in this process")
    dropped, unneeded = (sum(column) for column in zip(*TOTALS.values(), strict=True))
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(CASES)} sessions: {dropped} of {unneeded} unneeded lines left out ({dropped / unneeded:.0%})\n"
        )
    assert dropped >= 0.8 * unneeded
