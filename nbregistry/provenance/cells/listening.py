"""Which recorder listens in this process; none where no notebook loaded the extension."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbregistry.provenance.cells.recorder import Recorder

_listening: list[Recorder] = []


def listen(recorder: Recorder) -> None:
    """Make this the recorder that registrations ask."""
    _listening[:] = [recorder]


def stop(recorder: Recorder) -> None:
    """Ask it no more."""
    if recorder in _listening:
        _listening.remove(recorder)


def listening() -> Recorder | None:
    """Give the recorder of this process, if there is one."""
    return _listening[0] if _listening else None
