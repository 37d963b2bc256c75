"""What of a cell had run when it came to register a model."""

from __future__ import annotations

import ast
import re

from nbregistry.provenance.slicing.facts import first_line
from nbregistry.provenance.slicing.source import cell_magic_of, lines_of, parse

_MAGICS = frozenset({"register", "nbr"})


def before_register(source: str, earlier: int = 0) -> str:
    r"""Give a cell's text up to the statement that registers, and without it.

    Parameters
    ----------
    source : str
        The cell that is running.
    earlier : int, default 0
        Registrations that this run of the cell has finished: where it holds several, the one after these is running.

    Returns
    -------
    str
        All of it where no statement registers. ``%%register`` has run the whole cell. A registration inside of a block
        keeps the block up to the registration.

    Examples
    --------
    >>> before_register("model.fit(X, y)\n%register churn model\nprint(1)")
    'model.fit(X, y)\n'
    >>> before_register("a.fit(X)\n%register a a\nb.fit(X)\nregistry.register('b', b)", 1)
    'a.fit(X)\n%register a a\nb.fit(X)\n'
    """
    if cell_magic_of(source) is not None:
        return source
    tree, _ = parse(source)
    if tree is None:
        return source
    lines = [line + "\n" for line in lines_of(source)]
    found = [statement for statement in tree.body if any(_registers(node) for node in ast.walk(statement))]
    if not found:
        return source
    statement = found[min(earlier, len(found) - 1)]
    if not isinstance(statement, ast.Expr | ast.Assign | ast.AnnAssign):
        # Within a loop or a branch: what ran of it can't be told from the text.
        return "".join(lines[: statement.end_lineno or len(lines)])
    return "".join(lines[: first_line(statement) - 1])


def _registers(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    if node.func.attr == "register":
        return len(node.args) > 1 or any(keyword.arg == "model" for keyword in node.keywords)
    texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
    if node.func.attr != "run_line_magic" or not texts or texts[0] not in _MAGICS:
        return False
    return texts[0] == "register" or bool(re.match(r"\s*register\b", str(texts[1]) if len(texts) > 1 else ""))
