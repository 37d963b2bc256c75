"""Ctrl-C while a commit is being made: late, but never lost; and the notebook's own handler always comes back."""

from __future__ import annotations

import signal
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from nbregistry.catalog import interrupts
from nbregistry.catalog.interrupts import interrupts_held

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def handler() -> Iterator[object]:
    """The handler that was there before, put back whatever a test does."""
    before = signal.getsignal(signal.SIGINT)
    yield before
    signal.signal(signal.SIGINT, before)


def test_an_interrupt_inside_comes_afterwards(handler: object) -> None:
    seen = []
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - where it is raised is what is tested
        with interrupts_held():
            signal.raise_signal(signal.SIGINT)
            seen.append("the block went on")
        seen.append("and ended")
    assert seen == ["the block went on"]
    assert signal.getsignal(signal.SIGINT) is handler


def test_an_interrupt_right_after_the_swap_leaves_no_handler_of_ours(
    monkeypatch: pytest.MonkeyPatch, handler: object
) -> None:
    """As a debugger or another thread raises it: not by a signal, so that nothing holds it back."""

    def swap_and_raise(number: int, new: object) -> object:
        old = swap(number, new)  # type: ignore[arg-type]
        if new is not handler:
            raise KeyboardInterrupt
        return old

    swap = signal.signal
    monkeypatch.setattr(interrupts.signal, "signal", swap_and_raise)
    with pytest.raises(KeyboardInterrupt), interrupts_held():
        pytest.fail("the block was entered")
    monkeypatch.undo()
    assert signal.getsignal(signal.SIGINT) is handler


def test_interrupted_at_any_line_before_the_block(handler: object) -> None:
    at = 0
    while _enter_and_interrupt(at):
        assert signal.getsignal(signal.SIGINT) is handler
        at += 1
    assert at > 3


def _enter_and_interrupt(at: int) -> bool:
    """Raise at the given line of it, and tell whether there was such a line."""
    lines = 0

    def trace(frame, event, _argument):
        nonlocal lines
        if frame.f_code.co_name == "interrupts_held" and event == "line":
            lines += 1
            if lines == at + 1:
                raise KeyboardInterrupt
        return trace

    holding = interrupts_held()
    sys.settrace(trace)
    try:
        holding.__enter__()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(None)
    holding.__exit__(None, None, None)
    return False


def test_a_handler_that_python_cannot_put_back_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interrupts.signal, "getsignal", lambda number: None)
    monkeypatch.setattr(interrupts.signal, "signal", lambda *_: pytest.fail("it was replaced"))
    with interrupts_held():
        pass
    monkeypatch.undo()


def test_other_threads_hold_nothing(handler: object) -> None:
    found = []

    def work() -> None:
        with interrupts_held():
            found.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [handler]
