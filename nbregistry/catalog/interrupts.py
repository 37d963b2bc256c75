"""Hold Ctrl-C back for the moment in which a file and the memory of it must change together."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Delay SIGINT until the block has ended; then it is raised as always.

    Only the main thread receives signals, so elsewhere there is nothing to hold. An interrupt that a debugger or a
    test raises by other means passes: the caller has to be right then, too.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[tuple[int, FrameType | None]] = []
    before = signal.getsignal(signal.SIGINT)
    if before is None:  # installed by C code of the host: it could not be put back
        yield
        return
    try:
        # In here, so that whatever is raised once ours is in place, the other one comes back.
        signal.signal(signal.SIGINT, lambda number, frame: held.append((number, frame)))
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if held and callable(before):
            before(*held[0])
