"""Where the notebook, as it stands, no longer tells how the model was made: each in one sentence."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from nbregistry.provenance.cells.cell import Cell
    from nbregistry.provenance.cells.notebook_file import FileCell, NotebookFile


def staleness(
    cells: Sequence[Cell],
    needed: Collection[int],
    bound_by: Callable[[Cell], Collection[str]],
    used: Collection[str],
    file: NotebookFile | None = None,
) -> tuple[str, ...]:
    """Tell what whoever reads the notebook would be wrong about.

    Parameters
    ----------
    cells : sequence of Cell
        As they ran; the last is the one that registers.
    needed : collection of int
        Numbers of those that made the model.
    bound_by : callable
        Gives the names that a cell gives a value.
    used : collection of str
        Names that the needed cells bind and the model was made from.
    file : NotebookFile, optional

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> from nbregistry.provenance.cells.cell import Cell
    >>> ran = [Cell(1, "C = 1", "a"), Cell(2, "model = fit(C)", "b"), Cell(3, "C = 9", "a")]
    >>> staleness(ran, {1, 2}, lambda cell: {"C"} if "C =" in cell.source else {"model"}, {"C", "model"})
    ('cell [1] was edited and ran again as [3]: the model was made with its old text',)
    """
    made = [cell for cell in cells if cell.number in needed]
    edited = dict(_edited(cells, made))
    found = [f"cell [{old}] was edited and ran again as [{new}]: the model was made with its old text"
             for old, new in edited.items()]  # fmt: skip
    found += _overwritten(cells, made, set(edited.values()), bound_by, used)
    if file is not None:
        found += _out_of_order(made, file)
        found += _gone(made, edited, file)
    return tuple(found)


def _edited(cells: Sequence[Cell], made: Iterable[Cell]) -> Iterator[tuple[int, int]]:
    """Give the runs whose cell has run since with another text that is no part of the model."""
    numbers = {cell.number for cell in made}
    last = {cell.id: cell for cell in cells if cell.id}
    for cell in made:
        later = last.get(cell.id, cell)
        if later.number > cell.number and later.number not in numbers and later.source != cell.source:
            yield cell.number, later.number


def _overwritten(
    cells: Sequence[Cell],
    made: Sequence[Cell],
    told: Collection[int],
    bound_by: Callable[[Cell], Collection[str]],
    used: Collection[str],
) -> Iterator[str]:
    """Tell of names that have got another value since; the run that says so already is not told twice."""
    numbers = {cell.number for cell in made}
    since: dict[str, int] = {}
    begun: set[str] = set()
    for cell in cells:
        bound = set(bound_by(cell)) & set(used)
        if cell.number in numbers:
            begun |= bound
            for name in bound:
                since.pop(name, None)
        elif cell.number not in told:
            since |= dict.fromkeys(bound & begun, cell.number)
    for name, number in since.items():
        yield f"{name} was overwritten by cell [{number}] since the model used it"


def _out_of_order(made: Sequence[Cell], file: NotebookFile) -> Iterator[str]:
    places = [(cell, found) for cell in made if (found := _in_file(cell, file))]
    for (before, above), (after, below) in pairwise(places):
        if below.position < above.position:
            yield (
                f"cells ran out of order: [{before.number}], the {_nth(above.position)} of the notebook, "
                f"before [{after.number}], the {_nth(below.position)}"
            )


def _gone(made: Iterable[Cell], edited: Collection[int], file: NotebookFile) -> Iterator[str]:
    """Tell of cells that the file, saved after they ran, does not have, or has with another text."""
    for cell in made:
        if not cell.started_at or cell.started_at > file.saved_at:
            continue
        found = _in_file(cell, file)
        if found is None:
            yield f"cell [{cell.number}] is no longer in the notebook"
        elif found.source.strip() != cell.source.strip() and cell.number not in edited:
            yield f"cell [{cell.number}] was edited since, and did not run again"


def _in_file(cell: Cell, file: NotebookFile) -> FileCell | None:
    """Find a cell by its id, or where the front end tells none by its text."""
    if cell.id:
        return next((found for found in file.cells if found.id == cell.id), None)
    return next((found for found in file.cells if found.source.strip() == cell.source.strip()), None)


def _nth(position: int) -> str:
    """Write a place among others.

    Examples
    --------
    >>> _nth(1), _nth(12), _nth(23)
    ('1st', '12th', '23rd')
    """
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{position}{'th' if position // 10 % 10 == 1 else endings.get(position % 10, 'th')}"
