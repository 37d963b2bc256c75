"""What a cell's text says by itself, whatever ran before it: its statements, and the lines on which each stands."""

from __future__ import annotations

import ast
import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nbregistry.provenance.slicing.source import JOINED, CellMagic, cell_magic_of, lines_of, parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

REMEMBERED = 4096
"""Cells whose facts are kept; each takes some tens of kilobytes."""

RUNS_ITS_BODY = frozenset({"time", "capture", "prun", "register", "nbr"})
"""Cell magics that run their body in the notebook's namespace, and are not needed for what it makes."""

_OPENS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


@dataclass(eq=False)
class Unit:
    """The smallest piece that is kept or dropped: a statement with its lines, or the head of a block.

    Attributes
    ----------
    first, last : int
        Its lines in the cell's source; of a block, those of its head.
    opens : bool
        Whether the statements of its body are units of their own.
    jumps : bool
        Whether it may leave or skip a turn of the loop around it.
    """

    first: int
    last: int
    opens: bool = False
    jumps: bool = False


@dataclass(eq=False)
class Facts:
    """A cell's text, read.

    Attributes
    ----------
    source : str
    tree : ast.Module or None
        ``None`` where it is no Python.
    units : dict
        The unit of each statement that is one, by the statement's ``id``.
    magic : CellMagic or None
        The cell magic on its first line.
    runs_body : bool
        Whether `tree` is the body of the cell magic.
    code_lines : int
        Lines that are neither blank nor only a comment.
    """

    source: str
    tree: ast.Module | None
    magic: CellMagic | None = None
    runs_body: bool = True
    code_lines: int = 0
    units: dict[int, Unit] = field(default_factory=dict)

    @functools.cached_property
    def lines(self) -> list[str]:
        """Its lines as they were typed."""
        return lines_of(self.source)


@functools.lru_cache(maxsize=REMEMBERED)
def analyse(source: str) -> Facts:
    r"""Read a cell's text; what was read is remembered, so that another thread can do it ahead.

    Examples
    --------
    >>> facts = analyse("x = 1\nfor i in range(3):\n    x += i")
    >>> [(unit.first, unit.last, unit.opens) for unit in facts.units.values()]
    [(1, 1, False), (2, 2, True), (3, 3, False)]
    """
    magic = cell_magic_of(source)
    runs_body = magic is None or magic.name in RUNS_ITS_BODY
    if magic is None:
        tree, text = parse(source)
        typed = source
    else:
        # The lines of the magic stay, empty, so that numbers of lines are those of the cell.
        typed = "\n" * magic.at + magic.body
        tree, text = parse(typed)
    facts = Facts(source, tree, magic, runs_body)
    facts.code_lines = sum(1 for line in facts.lines if line.strip() and not line.lstrip().startswith("#"))
    if tree is not None and runs_body:
        lines = lines_of(text)
        _add_units(facts.units, tree.body, lines)
        _join_those_on_one_line(facts.units)
        for unit in facts.units.values():
            while unit.last < len(lines) and lines[unit.last] == JOINED:
                unit.last += 1
    return facts


def first_line(statement: ast.stmt) -> int:
    """Give the line on which a statement begins, with its decorators."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _add_units(units: dict[int, Unit], body: Sequence[ast.stmt], lines: list[str]) -> None:
    for statement in body:
        first, last = first_line(statement), statement.end_lineno or statement.lineno
        head = _end_of_head(statement, lines) if isinstance(statement, _OPENS) else None
        if head is None:
            units[id(statement)] = Unit(first, last, jumps=_may_jump(statement))
            continue
        units[id(statement)] = Unit(first, head, opens=True)
        _add_units(units, statement.body, lines)  # type: ignore[attr-defined]
        _add_units(units, getattr(statement, "orelse", []), lines)


def _end_of_head(statement: ast.stmt, lines: list[str]) -> int | None:
    """Give the last line of a block's head; ``None`` where the block has to be kept whole."""
    body: list[ast.stmt] = statement.body  # type: ignore[attr-defined]
    orelse: list[ast.stmt] = getattr(statement, "orelse", [])
    inside: list[ast.expr | None] = [
        getattr(statement, "test", None),
        getattr(statement, "iter", None),
        *(item.optional_vars or item.context_expr for item in getattr(statement, "items", [])),
    ]
    head = max([statement.lineno, *(node.end_lineno or 0 for node in inside if node is not None)])
    if first_line(body[0]) <= head:
        return None
    while head < first_line(body[0]) - 1 and not lines[head - 1].partition("#")[0].rstrip().endswith(":"):
        head += 1  # the closing bracket of what stands on several lines
    if orelse and not is_elif(statement, lines):
        at = line_of_else(body, orelse, lines)
        if at is None:
            return None
    return head


def is_elif(statement: ast.stmt, lines: Sequence[str]) -> bool:
    """Tell whether the other branch of an ``if`` is written ``elif``."""
    orelse = getattr(statement, "orelse", [])
    if not (isinstance(statement, ast.If) and len(orelse) == 1 and isinstance(orelse[0], ast.If)):
        return False
    return lines[orelse[0].lineno - 1].lstrip().startswith("elif")


def line_of_else(body: Sequence[ast.stmt], orelse: Sequence[ast.stmt], lines: Sequence[str]) -> int | None:
    """Give the line on which ``else:`` stands alone; ``None`` where it does not."""
    for number in range(first_line(orelse[0]) - 1, body[-1].end_lineno or 0, -1):
        if lines[number - 1].partition("#")[0].replace(" ", "").rstrip() in {"else:", "\telse:"}:
            return number
    return None


def _join_those_on_one_line(units: dict[int, Unit]) -> None:
    """Make one unit of the statements that share a line: they are kept or dropped together."""
    last: tuple[int, Unit] | None = None
    for key, unit in list(units.items()):
        if last is not None and unit.first <= last[1].last and not last[1].opens:
            last[1].last = max(last[1].last, unit.last)
            last[1].jumps |= unit.jumps
            units[key] = last[1]
        else:
            last = (key, unit)


def _may_jump(statement: ast.stmt) -> bool:
    return any(isinstance(node, ast.Break | ast.Continue) for node in _of_this_loop(statement))


def _of_this_loop(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    if isinstance(node, (*_LOOPS, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
        return
    for child in ast.iter_child_nodes(node):
        yield from _of_this_loop(child)
