"""Running the slice gives the target that running all of it gives: on random programs."""

from __future__ import annotations

import contextlib
import io
import random
import signal
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, note, reject, settings
from hypothesis import strategies as st

from nbregistry.provenance.cells.cell import Cell
from nbregistry.provenance.slicing import session, slice_cells
from tests.provenance.slicing.programs import TARGETS, program

if TYPE_CHECKING:
    from collections.abc import Iterator

THOROUGH = settings(
    max_examples=100, deadline=None, report_multiple_bugs=False, suppress_health_check=list(HealthCheck)
)


SECONDS = 2.0


class TooLongError(BaseException):
    """A random program's lists grew and grew."""


def give_up(*_: object) -> None:
    raise TooLongError


@contextlib.contextmanager
def bounded() -> Iterator[None]:
    """Leave out a program that does not end soon; where there is no such alarm, wait for it."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    except TooLongError:
        reject()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def run(sources: list[str]) -> tuple[dict[str, Any], list[Cell]]:
    """Run cells, and take down which moved the random state."""
    random.seed()
    namespace: dict[str, Any] = {}
    cells = []
    for number, source in enumerate(sources, 1):
        before = random.getstate()
        with bounded(), contextlib.redirect_stdout(io.StringIO()):
            exec(compile(source, "<program>", "exec"), namespace)
        cells.append(Cell(number, source, drew=("random",) if random.getstate() != before else ()))
    return namespace, cells


def value(namespace: dict[str, Any], target: str) -> str:
    return repr(eval(target, namespace))


@THOROUGH
@given(sources=program(), target=st.sampled_from(TARGETS))
def test_the_slice_makes_what_the_whole_makes(sources: list[str], target: str) -> None:
    whole, cells = run(sources)
    cut = slice_cells(cells, [target])
    note("\n\n".join(sources))
    note("---- slice for " + target)
    note(cut.script)
    again, _ = run([part.source for part in cut.parts])
    assert value(again, target) == value(whole, target)


@settings(THOROUGH, max_examples=40)
@given(sources=program(), targets=st.lists(st.sampled_from(TARGETS), min_size=1, max_size=3))
def test_what_was_walked_through_before_changes_no_slice(sources: list[str], targets: list[str]) -> None:
    cells = [Cell(number, source) for number, source in enumerate(sources, 1)]
    for upto in range(1, len(cells) + 1):
        gone_on = [slice_cells(cells[:upto], [target]) for target in targets]
    session.CURRENT.forget()
    assert gone_on == [slice_cells(cells, [target]) for target in targets]
