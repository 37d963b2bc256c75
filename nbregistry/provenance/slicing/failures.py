"""Which statement ended a cell that failed: those before it ran, it and those after it did not."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from nbregistry.provenance.slicing.facts import first_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbregistry.provenance.cells.cell import Cell

_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")


def failing_statement(body: Sequence[ast.stmt], cell: Cell) -> tuple[int, bool]:
    """Give the place of the statement that raised the cell's error, and whether that is known.

    Where neither a line was taken down nor the message tells, the last statement is taken.
    """
    if cell.failed_line is not None:
        for at, statement in enumerate(body):
            if first_line(statement) <= cell.failed_line <= (statement.end_lineno or 0):
                return at, True
    kind, _, message = cell.error.partition(":")
    if kind.strip() in _NOTHING_RAN:
        return 0, True
    words = [first or second for first, second in _QUOTED.findall(message)] or [""]
    raises = _RAISES.get(kind.strip(), _never)
    for at, statement in enumerate(body):
        runs = not isinstance(statement, ast.FunctionDef | ast.ClassDef)
        if runs and any(raises(node, words) for node in ast.walk(statement)):
            return at, True
    return max(len(body) - 1, 0), len(body) < 2


def _never(node: ast.AST, words: Sequence[str]) -> bool:  # noqa: ARG001
    return False


def _imports(node: ast.AST, words: Sequence[str]) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom) and words[0].partition(".")[0] in ast.unparse(node)


def _divides(node: ast.AST, words: Sequence[str]) -> bool:  # noqa: ARG001
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.FloorDiv | ast.Mod)


_NOTHING_RAN = frozenset({"SyntaxError", "IndentationError", "TabError"})
_RAISES: dict[str, Callable[[ast.AST, Sequence[str]], bool]] = {
    "NameError": lambda node, words: (
        isinstance(node, ast.Name) and node.id == words[0] and isinstance(node.ctx, ast.Load)
    ),
    "ModuleNotFoundError": _imports,
    "ImportError": _imports,
    "AttributeError": lambda node, words: isinstance(node, ast.Attribute) and node.attr == words[-1],
    "KeyError": lambda node, words: isinstance(node, ast.Constant) and node.value == words[0],
    "TypeError": lambda node, words: isinstance(node, ast.keyword) and node.arg == words[-1],
    "AssertionError": lambda node, words: isinstance(node, ast.Assert),  # noqa: ARG005
    "FileNotFoundError": lambda node, words: isinstance(node, ast.Constant) and node.value == words[-1],
    "ZeroDivisionError": _divides,
}
"""For a kind of error, what in a statement tells that it raised it: the words that its message quotes, most often."""
