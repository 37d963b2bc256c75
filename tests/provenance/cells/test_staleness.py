"""What whoever reads the notebook would be wrong about."""

from __future__ import annotations

from nbregistry.provenance.cells.cell import Cell
from nbregistry.provenance.cells.names import names_bound_by
from nbregistry.provenance.cells.notebook_file import FileCell, NotebookFile
from nbregistry.provenance.cells.staleness import staleness

EARLY, LATE = "2026-11-30T08:00:00+00:00", "2026-11-30T09:00:00+00:00"


def ran(*sources, ids=None):
    ids = ids or [""] * len(sources)
    return [
        Cell(number, source, cell_id, EARLY)
        for number, (source, cell_id) in enumerate(zip(sources, ids, strict=True), 1)
    ]


def told(cells, needed, file=None):
    used = {name for cell in cells if cell.number in needed for name in names_bound_by(cell.source)}
    return staleness(cells, needed, lambda cell: names_bound_by(cell.source), used, file)


def test_a_clean_session_says_nothing():
    cells = ran("X = 1", "model = X + 1", "print(model)", ids="abc")
    file = NotebookFile(tuple(FileCell(n, c.id, c.source) for n, c in enumerate(cells, 1)), LATE)
    assert told(cells, {1, 2}, file) == ()


def test_a_cell_that_was_edited_and_ran_again():
    cells = ran("C = 1", "model = C", "C = 2", ids="aba")
    assert told(cells, {1, 2}) == ("cell [1] was edited and ran again as [3]: the model was made with its old text",)


def test_the_same_text_again_is_no_edit():
    assert told(ran("C = 1", "model = C", "C = 1", ids="aba"), {1, 2}) == (
        "C was overwritten by cell [3] since the model used it",
    )


def test_both_texts_of_a_cell_may_be_needed():
    assert told(ran("x = [1]", "model = x + [2]", "x = model", ids="aba"), {1, 2, 3}) == ()


def test_a_name_that_was_overwritten_since():
    cells = ran("X = 1", "model = X", "X = 3", "print(X)")
    assert told(cells, {1, 2}) == ("X was overwritten by cell [3] since the model used it",)


def test_a_name_that_was_bound_before_it_was_needed_was_not_overwritten():
    assert told(ran("X = 0", "X = 1", "model = X"), {2, 3}) == ()


def test_cells_that_ran_out_of_order():
    cells = ran("b = 2", "a = 1", "model = a + b", ids="bac")
    file = NotebookFile((FileCell(1, "a", "a = 1"), FileCell(3, "b", "b = 2"), FileCell(4, "c", "model = a + b")), LATE)
    assert told(cells, {1, 2, 3}, file) == (
        "cells ran out of order: [1], the 3rd of the notebook, before [2], the 1st",
    )


def test_without_ids_a_cell_is_known_by_its_text():
    cells = ran("b = 2", "a = 1\n", "model = a + b")
    file = NotebookFile((FileCell(1, "x", "a = 1"), FileCell(2, "y", "b = 2"), FileCell(3, "z", "model = a + b")), LATE)
    assert told(cells, {1, 2, 3}, file) == (
        "cells ran out of order: [1], the 2nd of the notebook, before [2], the 1st",
    )


def test_a_cell_that_is_gone_or_reads_otherwise():
    cells = ran("a = 1", "b = 2", "model = a + b", ids="abc")
    file = NotebookFile((FileCell(1, "b", "b = 20"), FileCell(2, "c", "model = a + b")), LATE)
    assert told(cells, {1, 2, 3}, file) == (
        "cell [1] is no longer in the notebook",
        "cell [2] was edited since, and did not run again",
    )


def test_a_file_that_was_saved_before_a_cell_ran_says_nothing_of_it():
    cells = ran("a = 1", "model = a", ids="ab")
    assert told(cells, {1, 2}, NotebookFile((), "2026-11-30T07:59:59+00:00")) == ()


def test_what_the_model_was_given_anew_was_not_overwritten_since():
    assert told(ran("X = 1", "X = 2", "print(X)\nX = 3\nmodel = X"), {1, 3}) == ()


def test_a_cell_that_ran_again_with_another_text_is_told_once():
    cells = ran("C = 1", "model = C", "C = 2", ids="aba")
    file = NotebookFile((FileCell(1, "a", "C = 2"), FileCell(2, "b", "model = C")), LATE)
    assert told(cells, {1, 2}, file) == (
        "cell [1] was edited and ran again as [3]: the model was made with its old text",
    )
