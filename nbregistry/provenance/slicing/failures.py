"""Which statement ended a cell that failed: those before it ran, it and those after it did not."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbregistry.provenance.cells.cell import Cell

_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")


def failing_statement(body: Sequence[ast.stmt], cell: Cell) -> int:
    """Give the place of the statement that raised the cell's error, as far as its message tells.

    Where it does not tell, the last statement is taken: what follows in the session shows what was bound before it.
    """
    kind, _, message = cell.error.partition(":")
    if kind.strip() in _NOTHING_RAN:
        return 0
    quoted = [first or second for first, second in _QUOTED.findall(message)]
    raises = _RAISES.get(kind.strip())
    for at, statement in enumerate(body):
        if raises and not isinstance(statement, ast.FunctionDef | ast.ClassDef):
            words = quoted or [""]
            if any(raises(node, words) for node in ast.walk(statement)):
                return at
    return max(len(body) - 1, 0)


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
