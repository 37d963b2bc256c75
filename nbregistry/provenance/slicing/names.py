"""Names in a function's text that are not its own."""

from __future__ import annotations

import ast
import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@functools.lru_cache(maxsize=8192)
def free_names(code: ast.AST) -> frozenset[str]:
    r"""Give the names that a function, a class or a generator takes from around it.

    Examples
    --------
    >>> sorted(free_names(ast.parse("def f(a, b=c):\n    d = a + e\n    return d").body[0]))
    ['e']
    """
    if not isinstance(code, FunctionNode):
        return frozenset(node.id for node in ast.walk(code) if isinstance(node, ast.Name))
    body = code.body if isinstance(code.body, list) else [code.body]
    own = set(parameters(code)) | {name for name in names_bound(code) if name not in declared(code)}
    used: set[str] = set()
    for part in body:
        for node in ast.walk(part):
            if isinstance(node, ast.Name):
                used.add(node.id)
    return frozenset(used - own)


@functools.lru_cache(maxsize=8192)
def parameters(code: FunctionNode) -> tuple[str, ...]:
    """Give the names of all parameters, those by position first."""
    spec = code.args
    named = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs]
    return tuple(one.arg for one in [*named, *(extra for extra in (spec.vararg, spec.kwarg) if extra)])


@functools.lru_cache(maxsize=8192)
def declared(code: ast.AST) -> dict[str, str]:
    """Give the names that a function declares ``global`` or ``nonlocal``."""
    return {
        name: "global" if isinstance(node, ast.Global) else "nonlocal"
        for node in _own_nodes(code)
        if isinstance(node, ast.Global | ast.Nonlocal)
        for name in node.names
    }


@functools.lru_cache(maxsize=8192)
def names_bound(code: ast.AST) -> frozenset[str]:
    """Give the names that a function's own text binds."""
    bound: set[str] = set()
    for node in _own_nodes(code):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            bound.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.alias):
            bound.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, ast.ExceptHandler) and node.name:
            bound.add(node.name)
    return frozenset(bound)


@functools.lru_cache(maxsize=8192)
def is_generator(code: ast.AST) -> bool:
    """Tell whether calling a function runs nothing of it yet."""
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in _own_nodes(code))


def _own_nodes(code: ast.AST) -> Iterator[ast.AST]:
    """Walk through a function's text, without that of the functions inside."""
    waiting = list(ast.iter_child_nodes(code))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))
