"""What of a cell had run when it came to register a model, and what there is to be made."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbregistry.provenance.slicing.facts import analyse, first_line
from nbregistry.provenance.slicing.source import JOINED, cell_magic_of, lines_of, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbregistry.provenance.cells.call_site import CallSite

_MAGICS = frozenset({"register", "nbr"})
_SIMPLE = (ast.Expr, ast.Assign, ast.AnnAssign)
_CELL = frozenset(("<module>",))
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Registration:
    """A call that registers a model, in the text of a cell.

    Attributes
    ----------
    statement : ast.stmt
        The cell's statement that it stands in, or is.
    call : ast.Call
    model : str
        The expression that it is given; ``""`` for a magic, and where it is not told.
    runs_once : bool
        Whether it is reached once at most each time that the cell runs.
    is_used : bool
        Whether something is done with what it gives.
    """

    statement: ast.stmt
    call: ast.Call
    model: str
    runs_once: bool
    is_used: bool


def registration_at(source: str, site: CallSite) -> Registration | None:
    r"""Find the call that registers at a place; ``None`` where there is none, as in the body of a cell magic.

    Examples
    --------
    >>> from nbregistry.provenance.cells.call_site import CallSite
    >>> found = registration_at("for m in a, b:\n    registry.register('churn', m)", CallSite(2, 33, "<module>", 2))
    >>> found.model, found.runs_once
    ('m', False)
    """
    facts = analyse(source)
    if facts.magic is not None or facts.tree is None:
        return None
    for statement in facts.tree.body:
        for call, within, runs_once in _calls(statement, _CELL, runs_once=isinstance(statement, _SIMPLE)):
            is_there = (call.end_lineno, call.end_col_offset) == (site.line, site.column)
            if is_there and _registers(call) and site.function in within:
                is_used = not any(isinstance(node, ast.Expr) and node.value is call for node in ast.walk(statement))
                return Registration(statement, call, _model_of(call), runs_once, is_used)
    return None


def _calls(
    node: ast.AST, within: frozenset[str], *, runs_once: bool
) -> Iterator[tuple[ast.Call, frozenset[str], bool]]:
    """Give each call in it with what the code it stands in may be called, and whether it is reached once at most."""
    if isinstance(node, ast.Call):
        yield node, within, runs_once
    if isinstance(node, _FUNCTIONS):
        within = frozenset((node.name,))
    elif isinstance(node, ast.Lambda | ast.GeneratorExp):
        within, runs_once = frozenset((_CODE_NAMES[type(node)],)), False
    elif type(node) in _CODE_NAMES:
        within, runs_once = (
            within | {_CODE_NAMES[type(node)]},
            False,
        )  # Python 3.12 makes it a part of what is around it
    for child in ast.iter_child_nodes(node):
        yield from _calls(child, within, runs_once=runs_once)


_CODE_NAMES: dict[type[ast.AST], str] = {
    ast.Lambda: "<lambda>",
    ast.ListComp: "<listcomp>",
    ast.SetComp: "<setcomp>",
    ast.DictComp: "<dictcomp>",
    ast.GeneratorExp: "<genexpr>",
}


def before(source: str, statement: ast.stmt) -> str:
    r"""Give what of a cell ran before one of its statements.

    Examples
    --------
    >>> before("a = 1\nb = 2; c = 3", ast.parse("a = 1\nb = 2; c = 3").body[2])
    'a = 1\nb = 2\n'
    """
    lines = lines_of(source)
    at = first_line(statement) - 1
    head = lines[at].encode()[: statement.col_offset].decode(errors="ignore")
    here = [head.rstrip("; \t")] if head.strip() else []
    return "".join(line + "\n" for line in [*lines[:at], *here])


def until(source: str, line: int) -> str:
    r"""Give a cell's text up to the statement that stands on a line, and with it.

    Examples
    --------
    >>> until("for i in x:\n    print(i)\ny = 1", 2)
    'for i in x:\n    print(i)\n'
    """
    tree = analyse(source).tree
    ends = [statement.end_lineno or 0 for statement in tree.body] if tree is not None else []
    end = next((end for end in ends if end >= line), None)
    return "".join(one + "\n" for one in lines_of(source)[:end])


def with_call_replaced(source: str, call: ast.Call, text: str) -> str | None:
    r"""Write something else in the place of a call, on as many lines; ``None`` where its place can't be told.

    Parameters
    ----------
    source : str
        With its magics.
    call : ast.Call
        Of `source`, as it was parsed. Where it stands for a magic, the whole line is replaced.
    text : str
        On one line, and ends with a bracket.

    Examples
    --------
    >>> source = "for m in ms:\n    v = r.register('a', m)\n    print(v)"
    >>> call = ast.parse(source).body[0].body[0].value
    >>> print(with_call_replaced(source, call, "made.append(m)"))
    for m in ms:
        v = made.append(m)
        print(v)
    """
    typed, parsed = lines_of(source), lines_of(parse(source)[1])
    indent = re.match(r"\s*", typed[call.lineno - 1])[0]  # type: ignore[index]  # it matches anything
    first, last = call.lineno - 1, (call.end_lineno or call.lineno) - 1
    if typed[first : last + 1] == parsed[first : last + 1]:
        head = typed[first].encode()[: call.col_offset].decode()
        tail = typed[last].encode()[call.end_col_offset :].decode()
    elif _is_magic(call):
        head, tail = indent, ""
        while last + 1 < len(parsed) and parsed[last + 1] == JOINED:
            last += 1
    else:
        return None
    written = text if first == last else text[:-1] + "\n" * (last - first) + indent + text[-1]
    return "\n".join([*typed[:first], head + written + tail, *typed[last + 1 :]])


def before_register(source: str, earlier: int = 0) -> str:
    r"""Give a cell's text up to the statement that registers, and without it, where only the text can tell which it is.

    Parameters
    ----------
    source : str
        The cell that is running.
    earlier : int, default 0
        Registrations that this run of the cell has made: where it holds several, the one after these is running.

    Returns
    -------
    str
        All of it where no statement registers. ``%%register`` has run the whole cell. A registration inside of a block
        keeps the block.

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
    found = [statement for statement in tree.body if any(_registers(node) for node in ast.walk(statement))]
    if not found:
        return source
    statement = found[min(earlier, len(found) - 1)]
    if not isinstance(statement, _SIMPLE):
        # Within a loop or a branch: what ran of it can't be told from the text.
        return until(source, statement.lineno)
    return before(source, statement)


def _registers(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    if node.func.attr == "register":
        return len(node.args) > 1 or any(keyword.arg == "model" for keyword in node.keywords)
    texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
    if not _is_magic(node) or not texts or texts[0] not in _MAGICS:
        return False
    return texts[0] == "register" or bool(re.match(r"\s*register\b", str(texts[1]) if len(texts) > 1 else ""))


def _is_magic(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "run_line_magic"


def _model_of(call: ast.Call) -> str:
    """Give the second argument of ``register(name, model)``."""
    if _is_magic(call):
        return ""
    given = [keyword.value for keyword in call.keywords if keyword.arg == "model"] + call.args[1:2]
    return ast.unparse(given[0]) if given and not isinstance(given[0], ast.Starred) else ""
