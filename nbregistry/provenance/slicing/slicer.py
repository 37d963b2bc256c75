"""Cutting a session to what made an object: the walk through its cells, then the way back from the target."""

from __future__ import annotations

import ast
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbregistry.provenance.slicing.expressions import evaluate
from nbregistry.provenance.slicing.facts import analyse
from nbregistry.provenance.slicing.render import part_of
from nbregistry.provenance.slicing.result import Slice
from nbregistry.provenance.slicing.session import CURRENT, walk_cell
from nbregistry.provenance.slicing.source import parse
from nbregistry.provenance.slicing.things import Things, reachable, with_originals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nbregistry.provenance.cells.cell import Cell
    from nbregistry.provenance.slicing.walk import Walk


def slice_cells(cells: Sequence[Cell], targets: Iterable[str], *, restored: bool = False) -> Slice:
    r"""Cut the cells of a session to what the targets need.

    Parameters
    ----------
    cells : sequence of Cell
        In the order in which they ran; of a cell that is still running, what has run of it.
    targets : iterable of str
        Expressions, as they would be evaluated after the last cell.
    restored : bool, default False
        Whether who runs the slice can set global random states to what they were at the beginning of a cell: then a
        draw that nothing seeded can be had again too.

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
    wanted = tuple(targets)
    with _walked_through(cells) as walk:
        target, things = _walk_targets(walk, wanted)
        return _slice(_Session(walk, cells, restored), wanted, _needed(walk, target, restored=restored), things)


def files_read(cells: Sequence[Cell], targets: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    r"""Give the files and URLs that each of some expressions was read from, as the code says them.

    Parameters
    ----------
        cells : sequence of Cell
            In the order in which they ran; of a cell that is still running, what has run of it.
        targets : sequence of str
            Expressions, as they would be evaluated after the last cell.

    Examples
    --------
    >>> from nbregistry.provenance.cells.cell import Cell
    >>> cells = [Cell(1, "import pandas as pd\nold = pd.read_csv('a.csv')\ndf = pd.read_csv('b.csv').dropna()")]
    >>> files_read(cells, ["df", "old + df"])
    (('b.csv',), ('a.csv', 'b.csv'))
    """
    with _walked_through(cells) as walk:
        return tuple(_read_by(walk, target) for target in targets)


@contextmanager
def _walked_through(cells: Sequence[Cell]) -> Iterator[Walk]:
    """Give a walk through cells, the last for a while: it may still run, and is walked through again when it has."""
    with CURRENT.lock:
        walk = CURRENT.go_on(cells[:-1])
        with walk.for_a_while():
            if cells:
                walk_cell(walk, len(cells) - 1, cells[-1], analyse(cells[-1].source))
            yield walk


def _read_by(walk: Walk, target: str) -> tuple[str, ...]:
    node, _ = _walk_targets(walk, (target,))
    kept = sorted(_needed(walk, node, restored=False))
    return tuple(dict.fromkeys(text for number in kept for text in walk.nodes[number].reads))


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


def _needed(walk: Walk, target: int, *, restored: bool) -> set[int]:
    """Go back from the target to all that it needs."""
    kept = {target}
    waiting = [target]
    while waiting:
        one = walk.nodes[waiting.pop()]
        for node in one.needs | one.needs_restored if restored else one.needs:
            if node not in kept:
                kept.add(node)
                waiting.append(node)
    return kept


@dataclass
class _Session:
    """Cells that were walked through."""

    walk: Walk
    cells: Sequence[Cell]
    restored: bool


def _slice(session: _Session, targets: tuple[str, ...], kept: set[int], things: Things) -> Slice:
    walk, cells = session.walk, session.cells
    read = [analyse(cell.source) for cell in cells]
    by_cell: dict[int, set[int]] = {}
    doubts: list[str] = []
    draws: list[tuple[int, str]] = []
    reads: list[tuple[str, str]] = []
    for number in sorted(kept):
        node = walk.nodes[number]
        doubts += [sentence for sentence in node.doubts if sentence not in doubts]
        reads += [(node.binds[0] if node.binds else "", text) for text in dict.fromkeys(node.reads)]
        if node.unit is None:
            continue
        by_cell.setdefault(node.cell, set()).add(id(node.unit))
        draws += [(cells[node.cell].number, state) for state in sorted(node.unseeded)]
    draws = list(dict.fromkeys(draws))
    sentences = [f"cell {number} draws from {_WORDS[state]}, which no cell had seeded" for number, state in draws]
    unseeded = () if session.restored else tuple(sentences)
    parts = [part_of(cells[at], read[at], units) for at, units in sorted(by_cell.items())]
    return Slice(
        parts=tuple(part for part in parts if part.source),
        targets=targets,
        doubts=(*doubts, *unseeded),
        kept_lines=sum(_code_lines(part.source) for part in parts),
        all_lines=sum(facts.code_lines for facts in read),
        unseeded=unseeded,
        restores=tuple(draws) if session.restored else (),
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
    for only in (things, with_originals(reachable(things))):
        for number in sorted(kept, reverse=True):
            for fitted, texts in reversed(walk.nodes[number].fits):
                if fitted & only and texts:
                    return texts
    return ()
