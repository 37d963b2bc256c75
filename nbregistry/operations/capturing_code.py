"""What the notebook tells of a model that is being registered: the cells that ran, cut to those that made it."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING, Any

from nbregistry.operations.redacting import code_without_secrets
from nbregistry.provenance.cells.aiming import aim_at
from nbregistry.provenance.cells.files import read_file
from nbregistry.provenance.cells.listening import listening
from nbregistry.provenance.cells.names import names_bound_by
from nbregistry.provenance.cells.notebook_file import read_notebook_file
from nbregistry.provenance.cells.random_states import code_that_restores
from nbregistry.provenance.cells.recorded import RecordedCode
from nbregistry.provenance.cells.staleness import staleness
from nbregistry.provenance.diff import Diff, capture_diff
from nbregistry.provenance.local_modules import capture_local_modules
from nbregistry.provenance.slicing.result import Part, Slice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from nbregistry.model import ReadFile
    from nbregistry.provenance.cells.cell import Cell
    from nbregistry.provenance.cells.recorder import Recorder, Session
    from nbregistry.provenance.identity import Identity
    from nbregistry.provenance.local_modules import LocalModule

_PATIENCE = 4.0
"""Seconds: what git has not said by then is not recorded."""
LARGEST_SESSION = 512 << 10
"""Characters of cells that are kept; beyond that the oldest of those that were not needed go."""


class CellsCapture:
    """What is being found out about the code of a model, from when it is made; git and the disk answer meanwhile.

    Parameters
    ----------
    root : Path or None
        Of the git repository.
    """

    def __init__(self, root: Path | None) -> None:
        self._recorder = listening()
        self._diff = Diff()
        self._modules: tuple[LocalModule, ...] = ()
        self._asked = Thread(target=self._ask, args=(root,), name="nbregistry code", daemon=True)
        if self._recorder is not None:
            self._asked.start()

    def _ask(self, root: Path | None) -> None:
        self._modules = capture_local_modules()
        self._diff = capture_diff(root) if root else Diff()

    def result(
        self, model: Any, text: str, namespace: Mapping[str, Any] | None, identity: Identity
    ) -> RecordedCode | None:
        """Take down what made a model.

        Parameters
        ----------
        model : object
        text : str
            The expression it was given by; ``""`` where a method was called with it.
        namespace : dict or None
            The notebook's variables; those of whoever listens if left out.
        identity : Identity
            Of the notebook.

        Returns
        -------
        RecordedCode or None
            ``None`` where no notebook listens.
        """
        recorder = self._recorder
        if recorder is None:
            return None
        session = recorder.session()
        found = _cut(session, model, text, recorder.namespace if namespace is None else namespace)
        files = tuple(_files(found))
        self._asked.join(_PATIENCE)
        stale = (*_late(session), *_staleness(session.cells, found, identity.notebook), *self._unanswered())
        return code_without_secrets(
            RecordedCode(
                "",
                found,
                _within_bounds(session.cells, found),
                session.unseen,
                stale,
                (),
                files,
                self._modules,
                self._diff,
                identity.kernel_id,
                _restores(found, recorder),
            )
        )

    def _unanswered(self) -> Iterator[str]:
        if self._asked.is_alive():
            yield f"git had not answered after {_PATIENCE:g} s: what is not committed yet is not recorded"


def _restores(found: Slice, recorder: Recorder) -> dict[int, str]:
    """Write code that sets the random states which nothing had seeded to what they were before each cell."""
    wanted: dict[int, list[str]] = {}
    for number, state in found.restores:
        wanted.setdefault(number, []).append(state)
    codes = {
        number: code_that_restores({name: state for name, state in before.items() if name in wanted[number]})
        for number in wanted
        if (before := recorder.states_before(number))
    }
    return {number: code for number, code in codes.items() if code}


def begin_registration() -> None:
    """Tell whoever listens that a model is being registered: also of one that is refused, the place was reached."""
    recorder = listening()
    if recorder is not None:
        recorder.registers()


def _cut(session: Session, model: Any, text: str, namespace: Mapping[str, Any]) -> Slice:
    """Find the lines that made the model; of the cell that registers it those that ran before."""
    from nbregistry.provenance.slicing import slice_cells

    aim = aim_at(model, text, session, namespace)
    try:
        found = slice_cells(aim.cells, [aim.target] if aim.target else [], restored=True)
    except Exception as error:  # noqa: BLE001 - whatever it could not make sense of, the model is to be kept
        doubt = f"the code could not be followed ({type(error).__name__}: {error!s:.100})"
        found = _whole(aim.cells, aim.target, doubt)
    return aim.as_typed(found)


def _whole(cells: Sequence[Cell], target: str, doubt: str) -> Slice:
    """Keep all that ran, where it can't be told what of it is needed."""
    ran = [cell for cell in cells if cell.source.strip()]
    parts = tuple(
        Part(cell.number, cell.source, tuple(range(1, len(cell.source.splitlines()) + 1)), cell.id) for cell in ran
    )
    lines = sum(len(part.lines) for part in parts)
    return Slice(parts, (target,) if target else (), (f"{doubt}: all of it is kept",), lines, lines)


def _within_bounds(cells: Sequence[Cell], found: Slice) -> tuple[Cell, ...]:
    """Leave out the oldest of the cells that were not needed, where there are too many."""
    needed = {part.number for part in found.parts}
    room = LARGEST_SESSION - sum(len(cell.source) for cell in cells if cell.number in needed)
    kept: list[Cell] = []
    for cell in reversed(cells):
        if cell.number not in needed:
            room -= len(cell.source)
            if room < 0:
                continue
        kept.append(cell)
    return tuple(reversed(kept))


def _late(session: Session) -> Iterator[str]:
    if session.unseen:
        cells = f"{session.unseen:,} cell{'s' * (session.unseen != 1)}"
        yield f"nbregistry was loaded after {cells} had run: of those the text alone is known"


def _staleness(cells: Sequence[Cell], found: Slice, notebook: str) -> tuple[str, ...]:
    needed = {part.number for part in found.parts}
    used = {name for part in found.parts for name in names_bound_by(part.source)}
    file = read_notebook_file(notebook) if notebook else None
    return staleness(cells, needed, lambda cell: names_bound_by(cell.source), used, file)


def _files(found: Slice) -> Iterator[ReadFile]:
    for path in dict.fromkeys(text for _, text in found.reads):
        yield read_file(path)
