"""What statements do: inside of functions as the doing of one node, in cells each as a node of its own."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from nbregistry.provenance.slicing.expressions import elements, evaluate, key_of, literal
from nbregistry.provenance.slicing.functions import call_function
from nbregistry.provenance.slicing.imports import run_import, run_import_from
from nbregistry.provenance.slicing.names import declared
from nbregistry.provenance.slicing.things import ANY, NOTHING, Scope, Thing, Things, join
from nbregistry.provenance.slicing.walk import ENVIRON, Walk, with_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Runner = Callable[[Walk, Scope, Any], None]

MOST_TURNS = 6
"""Of a loop; what a name may stand for settles sooner but in programs that only a test would write."""


def run_block(walk: Walk, scope: Scope, body: Sequence[ast.stmt]) -> None:
    """Run statements as the doing of the node that the walk is at."""
    for statement in body:
        runner = _RUNNERS.get(type(statement))
        if runner is not None:
            runner(walk, scope, statement)


def assign(walk: Walk, scope: Scope, target: ast.expr, things: Things, text: str | None = None) -> None:
    """Bind a target, or change what it stands in."""
    if isinstance(target, ast.Name):
        walk.bind(scope, target.id, things, text)
    elif isinstance(target, ast.Starred):
        holder = walk.make("list", target)
        walk.add_part(holder, ANY, things)
        assign(walk, scope, target.value, frozenset((holder,)))
    elif isinstance(target, ast.Tuple | ast.List):
        _unpack(walk, scope, target, things)
    elif isinstance(target, ast.Attribute):
        _store(walk, evaluate(walk, scope, target.value), target.attr, things)
    elif isinstance(target, ast.Subscript):
        evaluate(walk, scope, target.slice)
        _store(walk, evaluate(walk, scope, target.value), key_of(target.slice), things)


def _unpack(walk: Walk, scope: Scope, target: ast.Tuple | ast.List, things: Things) -> None:
    pairwise = (
        all(thing.kind == "list" and ANY not in thing.parts for thing in things)
        and bool(things)
        and not any(isinstance(element, ast.Starred) for element in target.elts)
    )
    if pairwise:
        for at, element in enumerate(target.elts):
            assign(walk, scope, element, NOTHING.union(*(thing.parts.get(at, NOTHING) for thing in things)))
        return
    found = elements(walk, things)
    for element in target.elts:
        assign(walk, scope, element, found)


def _store(walk: Walk, base: Things, key: object, things: Things) -> None:
    for thing in base:
        if thing.kind == "library":
            if thing.name.startswith("os.environ"):
                walk.write_hidden(ENVIRON)
            elif not thing.name.startswith(("pandas.options.display", "matplotlib", "seaborn", "plotly", "builtins")):
                walk.change((walk.member(thing.name.partition(".")[0]),))
            continue
        walk.change((thing,))
        kept = things if thing.kind != "data" else frozenset(one for one in things if one.kind not in {"data", "rng"})
        walk.add_part(thing, key, kept)


def _assign(walk: Walk, scope: Scope, node: ast.Assign) -> None:
    things = evaluate(walk, scope, node.value)
    text = literal(scope, node.value)
    for target in node.targets:
        assign(walk, scope, target, things, text)


def _annotated(walk: Walk, scope: Scope, node: ast.AnnAssign) -> None:
    evaluate(walk, scope, node.annotation)
    if node.value is not None:
        assign(walk, scope, node.target, evaluate(walk, scope, node.value), literal(scope, node.value))


def _augmented(walk: Walk, scope: Scope, node: ast.AugAssign) -> None:
    given = evaluate(walk, scope, node.value)
    target = node.target
    if not isinstance(target, ast.Name):
        base = evaluate(walk, scope, target.value)
        if isinstance(target, ast.Subscript):
            evaluate(walk, scope, target.slice)
        _store(walk, base, ANY, given)
        return
    things = walk.read(scope, target.id)
    walk.change(thing for thing in things if thing.kind != "library")
    for thing in things:
        if thing.kind in {"list", "dict"}:
            walk.add_part(thing, ANY, elements(walk, given))
    walk.bind(scope, target.id, things or given)


def _expression(walk: Walk, scope: Scope, node: ast.Expr) -> None:
    evaluate(walk, scope, node.value)


def _return(walk: Walk, scope: Scope, node: ast.Return) -> None:
    things = evaluate(walk, scope, node.value)
    if walk.returned:
        walk.returned[-1] |= things


def _delete(walk: Walk, scope: Scope, node: ast.Delete) -> None:
    for target in node.targets:
        if isinstance(target, ast.Name):
            walk.read(scope, target.id, deep=False)
            walk.bind(scope, target.id, NOTHING)
        elif isinstance(target, ast.Attribute | ast.Subscript):
            base = evaluate(walk, scope, target.value)
            if isinstance(target, ast.Subscript):
                evaluate(walk, scope, target.slice)
            walk.change(thing for thing in base if thing.kind != "library")


def _function(walk: Walk, scope: Scope, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    thing = walk.make("function", node, node.name, code=node)
    thing.scope = scope
    spec = node.args
    placed = [*spec.posonlyargs, *spec.args]
    defaults = [*zip(placed[len(placed) - len(spec.defaults) :], spec.defaults, strict=True)]
    defaults += [
        (one, value) for one, value in zip(spec.kwonlyargs, spec.kw_defaults, strict=True) if value is not None
    ]
    for parameter, value in defaults:
        walk.add_part(thing, "default " + parameter.arg, evaluate(walk, scope, value))
    for annotation in [*(one.annotation for one in [*placed, *spec.kwonlyargs]), node.returns]:
        evaluate(walk, scope, annotation)
    things: Things = frozenset((thing,))
    for decorator in reversed(node.decorator_list):
        things = _decorated(walk, scope, decorator, things)
    walk.bind(scope, node.name, things)


def _decorated(walk: Walk, scope: Scope, decorator: ast.expr, things: Things) -> Things:
    """Give what a decorator makes of a function: by its text where the notebook has it, else the function."""
    from nbregistry.provenance.slicing.functions import Given

    found = evaluate(walk, scope, decorator)
    own = [one for one in found if one.kind == "function"]
    if not own:
        return things
    return NOTHING.union(*(call_function(walk, one, Given([things])) for one in own)) or things


def _class(walk: Walk, scope: Scope, node: ast.ClassDef) -> None:
    thing = walk.make("class", node, node.name, code=node)
    thing.scope = scope
    for base in [*node.bases, *(keyword.value for keyword in node.keywords)]:
        found = evaluate(walk, scope, base)
        thing.parts["__bases__"] = thing.parts.get("__bases__", NOTHING) | found
    for decorator in node.decorator_list:
        evaluate(walk, scope, decorator)
    inner = Scope(scope, declared(node))
    run_block(walk, inner, node.body)
    for name, binding in inner.names.items():
        walk.add_part(thing, name, binding.things)
    for binding in inner.names.values():  # a method does not see the names of its class
        for one in binding.things:
            if one.kind == "function" and one.scope is inner:
                one.scope = scope
    walk.bind(scope, node.name, frozenset((thing,)))


def _if(walk: Walk, scope: Scope, node: ast.If) -> None:
    evaluate(walk, scope, node.test)
    _branches(walk, scope, [node.body, node.orelse])


def _branches(walk: Walk, scope: Scope, bodies: Sequence[Sequence[ast.stmt]], run: Any = run_block) -> None:
    """Run ways of which one is taken, and join what names stand for."""
    before = scope.names
    joined = None
    for body in bodies:
        scope.names = dict(before)
        run(walk, scope, body)
        joined = scope.names if joined is None else join(joined, scope.names)
    scope.names = joined if joined is not None else before


def _loop(walk: Walk, scope: Scope, head: Callable[[], object], body: Sequence[ast.stmt], run: Any) -> None:
    """Run a loop until what names stand for no longer changes; it may also run no turn at all."""
    for _ in range(MOST_TURNS):
        before, version = scope.names, walk.version
        scope.names = dict(before)
        head()
        run(walk, scope, body)
        scope.names = join(before, scope.names)
        if walk.version == version and scope.names == before:
            break


def _for(walk: Walk, scope: Scope, node: ast.For | ast.AsyncFor) -> None:
    things = evaluate(walk, scope, node.iter)

    def head() -> None:
        assign(walk, scope, node.target, elements(walk, things))

    _loop(walk, scope, head, node.body, run_block)
    run_block(walk, scope, node.orelse)


def _while(walk: Walk, scope: Scope, node: ast.While) -> None:
    _loop(walk, scope, lambda: evaluate(walk, scope, node.test), node.body, run_block)
    evaluate(walk, scope, node.test)
    run_block(walk, scope, node.orelse)


def _with(walk: Walk, scope: Scope, node: ast.With | ast.AsyncWith) -> None:
    _with_head(walk, scope, node)
    run_block(walk, scope, node.body)


def _with_head(walk: Walk, scope: Scope, node: ast.With | ast.AsyncWith) -> None:
    from nbregistry.provenance.slicing.functions import Given, call_method, find_method

    for item in node.items:
        things = evaluate(walk, scope, item.context_expr)
        given = things
        for thing in things:
            methods = find_method(thing, "__enter__")
            if methods:
                given |= call_method(walk, thing, methods, Given())
            elif thing.kind == "generator":
                given |= elements(walk, frozenset((thing,)))
        if item.optional_vars is not None:
            assign(walk, scope, item.optional_vars, given)


def _try(walk: Walk, scope: Scope, node: ast.Try) -> None:
    before = scope.names
    scope.names = dict(before)
    run_block(walk, scope, node.body)
    run_block(walk, scope, node.orelse)
    after = scope.names
    for handler in node.handlers:
        # It may have stopped anywhere in the body.
        scope.names = join(before, after)
        evaluate(walk, scope, handler.type)
        if handler.name:
            walk.bind(scope, handler.name, NOTHING)
        run_block(walk, scope, handler.body)
        after = join(after, scope.names)
    scope.names = after
    run_block(walk, scope, node.finalbody)


def _match(walk: Walk, scope: Scope, node: ast.Match) -> None:
    things = with_parts(evaluate(walk, scope, node.subject))

    def run_case(walk: Walk, scope: Scope, case: Any) -> None:
        if case is None:
            return
        for pattern in ast.walk(case.pattern):
            for name in (getattr(pattern, "name", None), getattr(pattern, "rest", None)):
                if isinstance(name, str):
                    walk.bind(scope, name, things)
            if isinstance(pattern, ast.MatchValue):
                evaluate(walk, scope, pattern.value)
            elif isinstance(pattern, ast.MatchClass):
                evaluate(walk, scope, pattern.cls)
        evaluate(walk, scope, case.guard)
        run_block(walk, scope, case.body)

    _branches(walk, scope, [*node.cases, None], run_case)  # type: ignore[list-item]


def _raise(walk: Walk, scope: Scope, node: ast.Raise | ast.Assert) -> None:
    for child in ast.iter_child_nodes(node):
        evaluate(walk, scope, child)


_RUNNERS: dict[type, Runner] = {
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Expr: _expression,
    ast.Return: _return,
    ast.Delete: _delete,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.Match: _match,
    ast.Raise: _raise,
    ast.Assert: _raise,
    ast.Import: run_import,
    ast.ImportFrom: run_import_from,
}


def cut_block(walk: Walk, scope: Scope, body: Sequence[ast.stmt]) -> None:
    """Run statements of a cell, each as a node of its own."""
    facts = walk.facts
    if facts is None:
        return
    for statement in body:
        unit = facts.units[id(statement)]
        node = walk.enter(unit)
        if unit.jumps:
            for loop in walk.loops[-1:]:
                walk.nodes[loop].needs.add(node)
        if unit.opens:
            _cut_inside(walk, scope, statement, node)
        else:
            run_block(walk, scope, [statement])


def _cut_inside(walk: Walk, scope: Scope, statement: Any, node: int) -> None:
    """Run a block whose statements are nodes of their own; its head is the node that they hang on."""
    walk.control.append(node)
    try:
        if isinstance(statement, ast.If):
            evaluate(walk, scope, statement.test)
            _branches(walk, scope, [statement.body, statement.orelse], cut_block)
        elif isinstance(statement, ast.With | ast.AsyncWith):
            _with_head(walk, scope, statement)
            cut_block(walk, scope, statement.body)
        else:
            _cut_loop(walk, scope, statement, node)
    finally:
        walk.control.pop()


def _cut_loop(walk: Walk, scope: Scope, statement: Any, node: int) -> None:
    walk.loops.append(node)
    things = NOTHING if isinstance(statement, ast.While) else evaluate(walk, scope, statement.iter)

    def head() -> None:
        walk.back_to(node)
        if isinstance(statement, ast.While):
            evaluate(walk, scope, statement.test)
        else:
            assign(walk, scope, statement.target, elements(walk, things))

    _loop(walk, scope, head, statement.body, cut_block)
    if isinstance(statement, ast.While):
        head()
    walk.loops.pop()
    cut_block(walk, scope, statement.orelse)


__all__ = ["Thing", "assign", "cut_block", "run_block"]
