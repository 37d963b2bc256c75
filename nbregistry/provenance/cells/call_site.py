"""Where in the notebook's own code a call was made that is running now."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import FrameType

OF_THE_CELL = "<module>"
"""What Python calls the code of a cell that stands in no function."""


@dataclass(frozen=True)
class CallSite:
    """A place in the text of a cell.

    Attributes
    ----------
    line, column : int
        Where the call ends, as `ast` counts: lines from 1, columns in bytes from 0.
    function : str
        What it stands in: :data:`OF_THE_CELL`, or the name of a function that some cell has defined.
    running_line : int
        At which line the running cell is; not of the place, which many lines may lead to.
    """

    line: int
    column: int
    function: str
    running_line: int = field(compare=False)


def call_site(namespace: Mapping[str, Any]) -> CallSite | None:
    r"""Find the notebook's call that led here.

    Parameters
    ----------
    namespace : dict
        The notebook's variables: code that has them as its globals is the notebook's.

    Returns
    -------
    CallSite or None
        ``None`` where no code of the notebook led here, as in a thread.

    Examples
    --------
    >>> variables = {"find": lambda: call_site(variables)}
    >>> exec("for _ in range(2):\n    found = find()", variables)
    >>> variables["found"]
    CallSite(line=2, column=18, function='<module>', running_line=2)
    """
    frames = [frame for frame in _frames() if frame.f_globals is namespace]
    running = next((frame for frame in reversed(frames) if frame.f_code.co_name == OF_THE_CELL), None)
    if running is None:
        return None
    nearest = frames[0]
    positions = list(nearest.f_code.co_positions())
    _, line, _, column = positions[nearest.f_lasti // 2]  # an instruction takes two bytes
    if line is None or column is None:
        return None
    return CallSite(line, column, nearest.f_code.co_name, running.f_lineno)


def _frames() -> Iterator[FrameType]:
    """Give what is running, the innermost first."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - what inspect.currentframe is, which reads no files
    while frame is not None:
        yield frame
        frame = frame.f_back
