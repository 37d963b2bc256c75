"""What a session is to be cut for: the text of its cells until the registration, and an expression for the model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from nbregistry.provenance.cells.call_site import OF_THE_CELL
from nbregistry.provenance.cells.target import is_place, target_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbregistry.provenance.cells.call_site import CallSite
    from nbregistry.provenance.cells.cell import Cell
    from nbregistry.provenance.cells.recorder import Session
    from nbregistry.provenance.slicing.registration import Registration
    from nbregistry.provenance.slicing.result import Slice

_NAME = "registered"


@dataclass(frozen=True)
class Aim:
    """Cells to be cut, and what for.

    Attributes
    ----------
    cells : tuple of Cell
        The last as far as it has run.
    target : str
        ``""`` where no expression gives the model.
    added : int
        Lines that stand before the own ones of the last cell.
    """

    cells: tuple[Cell, ...]
    target: str
    added: int = 0

    def as_typed(self, found: Slice) -> Slice:
        """Count the lines of the last cell as they were typed."""
        if not self.added or not found.parts or found.parts[-1].number != self.cells[-1].number:
            return found
        last = found.parts[-1]
        lines = tuple(line - self.added for line in last.lines if line > self.added)
        return replace(found, parts=(*found.parts[:-1], replace(last, lines=lines)))


def aim_at(model: Any, text: str, session: Session, namespace: Mapping[str, Any]) -> Aim:
    """Find out what a session is to be cut for.

    A registration in a loop or a function is reached many times, with another model each time, and names what the
    notebook may not know. In its place a copy of the model is collected, and the target is the copy of this time.

    Parameters
    ----------
    model : object
        What is being registered.
    text : str
        The expression it was given by; ``""`` where a method was called with it.
    session : Session
    namespace : dict
        The notebook's variables.

    Returns
    -------
    Aim
    """
    from nbregistry.provenance.slicing.registration import before_register

    cells = session.cells
    running = cells[-1] if cells and cells[-1].seconds is None else None
    if running is None:
        return Aim(cells, text or target_of(model, "", namespace))
    site = session.registrations[-1] if session.registrations else None
    found = site and _find(cells, site)
    if site and found:
        at, registration = found
        given = registration.model or text
        earlier = session.registrations[:-1].count(site)
        if registration.runs_once and site.function == OF_THE_CELL:
            aim = _once(cells, registration, given)
        else:
            aim = _often(cells, (at, registration), site, given, earlier)
        if aim is not None:
            return aim
    cut = before_register(running.source, max(len(session.registrations) - 1, 0))
    return Aim(_with_last(cells, cut), text or target_of(model, running.source, namespace))


def _find(cells: Sequence[Cell], site: CallSite) -> tuple[int, Registration] | None:
    """Find the call in the cell that runs, or in the last that has defined the function it stands in."""
    from nbregistry.provenance.slicing.registration import registration_at

    last = len(cells) - 1
    for at in range(last, -1 if site.function != OF_THE_CELL else last - 1, -1):
        registration = registration_at(cells[at].source, site)
        if registration is not None:
            return at, registration
    return None


def _once(cells: tuple[Cell, ...], registration: Registration, given: str) -> Aim | None:
    from nbregistry.provenance.slicing.registration import before

    cut = before(cells[-1].source, registration.statement)
    if not given or is_place(given):
        return Aim(_with_last(cells, cut), given) if given else None
    name = _free_name(cells)
    return Aim(_with_last(cells, f"{cut}{name} = {given}\n"), name)


def _often(
    cells: tuple[Cell, ...], found: tuple[int, Registration], site: CallSite, given: str, earlier: int
) -> Aim | None:
    from nbregistry.provenance.slicing.registration import until, with_call_replaced

    if not given:
        return None
    at, registration = found
    name = _free_name(cells)
    head = f"from copy import deepcopy\n{name} = []  # a copy of each model, from where it was registered\n"
    text = f"{name}.append(deepcopy({given}))"
    if registration.is_used:  # whatever is asked of the version that it gave is answered
        head = f"from unittest.mock import MagicMock\n{head}"
        text = f"({text} or MagicMock())"
    collecting = with_call_replaced(cells[at].source, registration.call, text)
    if collecting is None:
        return None
    cells = (*cells[:at], replace(cells[at], source=collecting), *cells[at + 1 :])
    source = head + until(cells[-1].source, site.running_line)
    return Aim(_with_last(cells, source), f"{name}[{earlier}]", head.count("\n"))


def _with_last(cells: tuple[Cell, ...], source: str) -> tuple[Cell, ...]:
    return (*cells[:-1], replace(cells[-1], source=source))


def _free_name(cells: Sequence[Cell]) -> str:
    name = _NAME
    while any(name in cell.source for cell in cells):
        name += "_"
    return name
