"""Random states as they were when a cell began, and as a cell that sets them again."""

from __future__ import annotations

import random

import numpy as np
import pytest

from nbregistry.provenance.cells.random_states import code_that_restores, random_states
from nbregistry.provenance.cells.recorder import Recorder

DRAWS = {
    "random": lambda: [random.random(), random.gauss(0, 1)],
    "numpy.random": lambda: [*np.random.rand(2), np.random.randn()],  # noqa: NPY002
}


@pytest.mark.parametrize("name", DRAWS)
@pytest.mark.parametrize("earlier", [0, 1, 700])
def test_the_code_brings_back_the_draws(name: str, earlier: int) -> None:
    for _ in range(earlier):
        DRAWS[name]()
    DRAWS[name]()[-1:]
    states = random_states()
    drawn = DRAWS[name]()
    DRAWS[name]()
    exec(code_that_restores({name: states[name]}), {})
    assert DRAWS[name]() == drawn


def test_a_state_of_another_kind_is_not_written() -> None:
    assert not code_that_restores({"numpy.random": ("PCG64", b"", 0, 0, 0.0), "strange": 3})


def test_the_recorder_keeps_the_states_that_a_cell_moved() -> None:
    recorder = Recorder()
    recorder.begin("random.random()")
    drawn = DRAWS["random"]()
    assert set(recorder.states_before(1)) == {"random"}
    recorder.end()
    recorder.begin("1 + 1")
    recorder.end()
    assert not recorder.states_before(2)
    exec(code_that_restores(recorder.states_before(1)), {})
    assert DRAWS["random"]() == drawn
