"""The walk through a session, remembered: of a session that goes on only the new cells are walked through."""

from __future__ import annotations

import ast
import threading
from typing import TYPE_CHECKING

from nbregistry.provenance.slicing import calls, magics
from nbregistry.provenance.slicing.facts import Facts, Unit, analyse
from nbregistry.provenance.slicing.failures import failing_statement
from nbregistry.provenance.slicing.randomness import STATES, draw_somewhere, was_loaded
from nbregistry.provenance.slicing.statements import cut_block
from nbregistry.provenance.slicing.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nbregistry.provenance.cells.cell import Cell

calls.register_call()

_BLOCKS = (ast.For, ast.AsyncFor, ast.While, ast.If, ast.With, ast.AsyncWith, ast.Try)


class Session:
    """A walk, and the cells that it went through.

    A process has one notebook, so the last walk is the one that goes on; the lock is for a thread that walks ahead.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self.walk = Walk()
        self.seen: list[tuple[object, ...]] = []

    def go_on(self, cells: Sequence[Cell]) -> Walk:
        """Walk through the cells that are new; through all of them where this is another session."""
        keys = [_key(cell) for cell in cells]
        if keys[: len(self.seen)] != self.seen:
            self.forget()
        for at in range(len(self.seen), len(cells)):
            try:
                walk_cell(self.walk, at, cells[at], analyse(cells[at].source))
            except BaseException:
                self.forget()  # half a cell is no place to go on from
                raise
            self.seen.append(keys[at])
        return self.walk


CURRENT = Session()


def walk_ahead(cells: Sequence[Cell]) -> tuple[str, ...]:
    """Walk through cells that have run, so that the slice at a registration has only the last one left to do.

    Parameters
    ----------
    cells : sequence of Cell
        All that ran and have ended, in their order; a thread may do this after each.

    Returns
    -------
    tuple of str
        The files and URLs that they read.
    """
    with CURRENT.lock:
        walk = CURRENT.go_on(cells)
        return tuple(dict.fromkeys(text for node in walk.nodes for text in node.reads))


def _key(cell: Cell) -> tuple[object, ...]:
    return cell.number, cell.source, cell.error, cell.drew, cell.failed_line


def walk_cell(walk: Walk, at: int, cell: Cell, facts: Facts) -> None:
    """Walk through one cell."""
    walk.cell, walk.cell_at, walk.facts = cell, at, facts
    walk.unit_nodes, walk.drawers, walk.seeded_here = {}, {}, set()
    before = len(walk.nodes)
    if facts.magic is not None and not facts.runs_body:
        walk.enter(whole(facts))
        magics.cell_magic(walk, walk.globals, facts.magic.name, facts.magic.line, facts.magic.body)
    elif facts.tree is not None:
        body = facts.tree.body
        if facts.magic is not None and facts.magic.name == "capture":
            _bind_captured(walk, facts)
        if cell.error:
            _cut_failed(walk, body, cell)
        else:
            cut_block(walk, walk.globals, body)
    for state in _drew_somewhere(walk, cell):
        draw_somewhere(walk, state, list(range(before, len(walk.nodes))))


def _cut_failed(walk: Walk, body: Sequence[ast.stmt], cell: Cell) -> None:
    """Walk through what ran of a cell that ended in an error: a block that raised it may have run in part."""
    at, known = failing_statement(body, cell)
    before = len(walk.nodes)
    cut_block(walk, walk.globals, body[:at])
    if not known:
        for node in walk.nodes[before:]:
            node.doubt(f"cell {cell.number} ended in an error, and which of its statements raised it is not known")
    if at < len(body) and isinstance(body[at], _BLOCKS):
        before = len(walk.nodes)
        walk.certain = False
        cut_block(walk, walk.globals, body[at : at + 1])
        walk.certain = True
        kind = cell.error.partition(":")[0]
        for node in walk.nodes[before:]:
            node.doubt(
                f"cell {cell.number} was ended by {kind} within a block, of which run again more or less may run"
            )


def _drew_somewhere(walk: Walk, cell: Cell) -> Iterator[str]:
    """Give the states that a cell moved, and none of its statements is known to move."""
    drew = (state for state in STATES if state in (cell.drew or ()) and was_loaded(walk, state))
    return (state for state in drew if not walk.drawers.get(state))


def whole(facts: Facts) -> Unit:
    """Give the unit of a cell that is kept as a whole or not at all."""
    return facts.units.setdefault(0, Unit(1, max(len(facts.lines), 1)))


def _bind_captured(walk: Walk, facts: Facts) -> None:
    """Bind the name that ``%%capture`` leaves the output in; a cell whose output is used later is kept whole."""
    words = [word for word in facts.magic.line.split() if not word.startswith("-")] if facts.magic else []
    if words:
        walk.enter(whole(facts))
        walk.bind(walk.globals, words[0], frozenset((walk.make("data", facts),)))
