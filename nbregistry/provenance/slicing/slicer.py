"""Cutting a session to what made an object: the walk through its cells, then the way back from the target."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbregistry.provenance.slicing import calls, magics
from nbregistry.provenance.slicing.expressions import evaluate
from nbregistry.provenance.slicing.facts import Facts, Unit, analyse
from nbregistry.provenance.slicing.failures import failing_statement
from nbregistry.provenance.slicing.randomness import STATES, draw_somewhere
from nbregistry.provenance.slicing.render import part_of
from nbregistry.provenance.slicing.result import Slice
from nbregistry.provenance.slicing.source import parse
from nbregistry.provenance.slicing.statements import cut_block
from nbregistry.provenance.slicing.things import Things, reachable
from nbregistry.provenance.slicing.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nbregistry.provenance.cells.cell import Cell

calls.register_call()


def slice_cells(cells: Sequence[Cell], targets: Iterable[str]) -> Slice:
    r"""Cut the cells of a session to what the targets need.

    Parameters
    ----------
    cells : sequence of Cell
        In the order in which they ran; of a cell that is still running, what has run of it.
    targets : iterable of str
        Expressions, as they would be evaluated after the last cell.

    Returns
    -------
    Slice

    Examples
    --------
    >>> from nbregistry.provenance.cells.cell import Cell
    >>> cells = [Cell(1, "a = [1]\nb = 2\nprint(b)"), Cell(2, "a.append(3)\nprint(a)")]
    >>> print(slice_cells(cells, ["a"]).script)
    a = [1]
    <BLANKLINE>
    a.append(3)
    <BLANKLINE>
    """
    walk = Walk()
    read = [analyse(cell.source) for cell in cells]
    for at, (cell, facts) in enumerate(zip(cells, read, strict=True)):
        _walk_cell(walk, at, cell, facts)
    wanted = tuple(targets)
    target, things = _walk_targets(walk, wanted)
    return _slice(_Session(walk, cells, read), wanted, _needed(walk, target), things)


def _walk_cell(walk: Walk, at: int, cell: Cell, facts: Facts) -> None:
    walk.cell, walk.cell_at, walk.facts = cell, at, facts
    walk.unit_nodes, walk.drawers = {}, {}
    before = len(walk.nodes)
    if facts.magic is not None and not facts.runs_body:
        walk.enter(_whole(facts))
        magics.cell_magic(walk, walk.globals, facts.magic.name, facts.magic.line, facts.magic.body)
    elif facts.tree is not None:
        body = facts.tree.body
        if facts.magic is not None and facts.magic.name == "capture":
            _bind_captured(walk, facts)
        if cell.error:
            body = body[: failing_statement(body, cell)]
        cut_block(walk, walk.globals, body)
    if cell.drew:
        for state in STATES:
            if state in cell.drew and not walk.drawers.get(state):
                draw_somewhere(walk, state, list(range(before, len(walk.nodes))))


def _whole(facts: Facts) -> Unit:
    unit = facts.units.get(0)
    if unit is None:
        unit = facts.units[0] = Unit(1, max(len(facts.lines), 1))
    return unit


def _bind_captured(walk: Walk, facts: Facts) -> None:
    """Bind the name that ``%%capture`` leaves the output in; a cell whose output is used later is kept whole."""
    words = [word for word in facts.magic.line.split() if not word.startswith("-")] if facts.magic else []
    if words:
        walk.enter(_whole(facts))
        walk.bind(walk.globals, words[0], frozenset((walk.make("data", facts),)))


def _walk_targets(walk: Walk, targets: Sequence[str]) -> tuple[int, Things]:
    walk.cell, walk.cell_at, walk.facts, walk.unit_nodes = None, len(walk.nodes), None, {}
    node = walk.enter(None)
    things: Things = frozenset()
    for text in targets:
        tree, _ = parse(text)
        walk.keep_alive.append(tree or ast.Pass())
        for statement in tree.body if tree is not None else ():
            if isinstance(statement, ast.Expr):
                found = evaluate(walk, walk.globals, statement.value)
                walk.look(found)
                things |= found
    return node, things


def _needed(walk: Walk, target: int) -> set[int]:
    """Go back from the target to all that it needs."""
    kept = {target}
    waiting = [target]
    while waiting:
        for node in walk.nodes[waiting.pop()].needs:
            if node not in kept:
                kept.add(node)
                waiting.append(node)
    return kept


@dataclass
class _Session:
    """Cells that were walked through."""

    walk: Walk
    cells: Sequence[Cell]
    read: Sequence[Facts]


def _slice(session: _Session, targets: tuple[str, ...], kept: set[int], things: Things) -> Slice:
    walk, cells, read = session.walk, session.cells, session.read
    by_cell: dict[int, set[int]] = {}
    doubts: list[str] = []
    unseeded: list[str] = []
    reads: list[tuple[str, str]] = []
    for number in sorted(kept):
        node = walk.nodes[number]
        doubts += [sentence for sentence in node.doubts if sentence not in doubts]
        reads += [(node.binds[0] if node.binds else "", text) for text in dict.fromkeys(node.reads)]
        if node.unit is None:
            continue
        by_cell.setdefault(node.cell, set()).add(id(node.unit))
        for state in sorted(node.unseeded):
            sentence = f"cell {cells[node.cell].number} draws from {_WORDS[state]}, which no cell had seeded"
            if sentence not in unseeded:
                unseeded.append(sentence)
    parts = [part_of(cells[at], read[at], units) for at, units in sorted(by_cell.items())]
    return Slice(
        parts=tuple(part for part in parts if part.source),
        targets=targets,
        doubts=(*doubts, *unseeded),
        kept_lines=sum(_code_lines(part.source) for part in parts),
        all_lines=sum(facts.code_lines for facts in read),
        unseeded=tuple(unseeded),
        reads=tuple(dict.fromkeys(reads)),
        training=_training(walk, kept, things),
    )


_WORDS = {
    "numpy.random": "the random numbers of numpy",
    "random": "the random numbers of Python",
    "torch": "the random numbers of torch",
    "tensorflow": "the random numbers of tensorflow",
}


def _code_lines(text: str) -> int:
    return sum(1 for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))


def _training(walk: Walk, kept: set[int], things: Things) -> tuple[str, ...]:
    """Give the expressions that the target was last fitted with, by itself or within another."""
    inside = reachable(things)
    for only in (things, frozenset(inside)):
        for number in sorted(kept, reverse=True):
            for fitted, texts in reversed(walk.nodes[number].fits):
                if fitted & only and texts:
                    return texts
    return ()
