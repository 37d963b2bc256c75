"""What a call reads, changes and gives."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nbregistry.provenance.slicing import magics
from nbregistry.provenance.slicing.functions import (
    Given,
    base_method,
    call_function,
    call_method,
    find_method,
    functions_in,
    make_object,
)
from nbregistry.provenance.slicing.library import call_library
from nbregistry.provenance.slicing.methods import call_by_name
from nbregistry.provenance.slicing.randomness import may_draw
from nbregistry.provenance.slicing.things import ANY, NOTHING, Scope, Thing, Things
from nbregistry.provenance.slicing.walk import Walk, with_parts

if TYPE_CHECKING:
    from collections.abc import Iterable


def call(walk: Walk, scope: Scope, node: ast.Call) -> Things:
    """Evaluate a call."""
    from nbregistry.provenance.slicing.expressions import evaluate

    walk.now.calls = True
    magic = magics.run(walk, scope, node)
    if magic is not None:
        return magic
    if isinstance(node.func, ast.Attribute):
        if _is_super(node.func.value):
            return _call_super(walk, node, node.func.attr, _given(walk, scope, node))
        base = evaluate(walk, scope, node.func.value)
        given = _given(walk, scope, node)
        return call_attribute(walk, scope, node, base, node.func.attr, given)
    things = evaluate(walk, scope, node.func)
    return call_things(walk, scope, node, things, _given(walk, scope, node))


def _given(walk: Walk, scope: Scope, node: ast.Call) -> Given:
    from nbregistry.provenance.slicing.expressions import elements, evaluate

    given = Given()
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            given.rest |= elements(walk, evaluate(walk, scope, argument.value))
        elif given.rest:
            given.rest |= evaluate(walk, scope, argument)
        else:
            given.placed.append(evaluate(walk, scope, argument))
    for keyword in node.keywords:
        things = evaluate(walk, scope, keyword.value)
        if keyword.arg is None:
            given.rest |= NOTHING.union(*(thing.every_part() for thing in things))
        else:
            given.named[keyword.arg] = things
    return given


def call_attribute(walk: Walk, scope: Scope, node: ast.Call, base: Things, name: str, given: Given) -> Things:  # noqa: PLR0917
    """Call a method, or a member of a library."""
    results: set[Thing] = set()
    for thing in base:
        if thing.kind == "library":
            results |= call_library(walk, scope, walk.member(f"{thing.name}.{name}"), given, node)
            continue
        methods = find_method(thing, name)
        if methods:
            results |= call_method(walk, thing, methods, given)
            continue
        held = thing.parts.get(name, NOTHING) if thing.kind in {"object", "class"} else NOTHING
        if held:
            results |= call_things(walk, scope, node, held, given)
            continue
        _call_back(walk, thing, name, given)
        call_bound(walk, scope, node, given.everything())
        results |= call_by_name(walk, scope, thing, name, given, node)
    if not base:
        _hand_over(walk, given.everything())
        if name not in {"format", "join"}:
            results.add(walk.make("data", node))
    return frozenset(results)


def call_things(walk: Walk, scope: Scope, node: ast.Call, things: Things, given: Given) -> Things:
    """Call what a name or an expression stands for."""
    results: set[Thing] = set()
    for thing in things:
        if thing.kind == "library":
            results |= call_library(walk, scope, thing, given, node)
        elif thing.kind == "function":
            results |= call_function(walk, thing, given)
        elif thing.kind == "class":
            results |= make_object(walk, thing, given, node)
        elif thing.kind == "bound":
            results |= call_attribute(walk, scope, node, thing.parts["__self__"], thing.name, given)
        elif thing.kind == "object" and (methods := find_method(thing, "__call__") or find_method(thing, "forward")):
            results |= call_method(walk, thing, methods, given)
            results.add(thing)
        elif thing.kind in {"instance", "object", "unknown"}:
            results |= _call_instance(walk, thing, given)
    return frozenset(results)


def call_bound(walk: Walk, scope: Scope, node: ast.Call, things: Things) -> None:
    """Call the methods among what a library is given: it may call them."""
    rest = Given(rest=frozenset(one for one in things if one.kind not in {"bound", "function"}))
    for thing in things:
        if thing.kind == "bound":
            call_attribute(walk, scope, node, thing.parts["__self__"], thing.name, rest)


def _call_instance(walk: Walk, thing: Thing, given: Given) -> Things:
    """Call an object: one that holds functions calls them; one of which nothing is known may change."""
    held = functions_in(frozenset((thing,)))
    results: Things = NOTHING
    for function in held:
        extended = Given(
            [*(part for key, part in thing.parts.items() if isinstance(key, int)), *given.placed],
            given.named,
            given.rest,
        )
        results |= call_function(walk, function, extended)
    if thing.kind == "unknown" or not held:
        everything = with_parts(given.everything() | {thing})
        walk.change(one for one in everything if one.kind in {"unknown", "object", "instance", "rng", "list", "dict"})
        may_draw(walk, "torch", sure=False)
        results |= everything - frozenset(one for one in everything if one.kind == "library")
    return results


def _call_back(walk: Walk, thing: Thing, name: str, given: Given) -> None:
    """Run the notebook's functions that a library's object holds, or that it is given, for what else they do."""
    if name.startswith(("get", "set")):
        return
    functions = [*functions_in(given.everything())]
    if thing.kind == "instance":
        functions.extend(functions_in(frozenset((thing,))))
    anything = given.everything()
    for function in dict.fromkeys(functions):
        call_function(walk, function, Given(rest=frozenset(one for one in anything if one.kind != "function")))
    if name in {"fit", "fit_transform", "fit_predict", "partial_fit"}:
        _fit_own(walk, with_parts(frozenset((thing,))), given)


def _fit_own(walk: Walk, things: Iterable[Thing], given: Given) -> None:
    """Run the training of the notebook's own estimators that are trained through another object."""
    for thing in list(things):
        if thing.kind != "object":
            continue
        for name in ("fit", "transform", "predict"):
            methods = find_method(thing, name)
            if methods:
                call_method(walk, thing, methods, Given(list(given.placed), given.named, given.rest))


def _hand_over(walk: Walk, things: Things) -> None:
    walk.change(thing for thing in things if thing.kind in {"iterator", "rng"})


def _is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def _call_super(walk: Walk, node: ast.Call, name: str, given: Given) -> Things:
    """Call a method of the classes above: the notebook's by its text, a library's by its name."""
    selves, owner = walk.selves[-1] if walk.selves else (NOTHING, None)
    methods = base_method(owner, name)
    results: Things = NOTHING
    if methods:
        for method in methods:
            results |= call_function(walk, method, given, selves, owner)
        return results
    for thing in selves:
        if name == "__init__":
            walk.add_part(thing, ANY, given.everything())
        results |= call_by_name(walk, Scope(walk.globals), thing, name, given, node)
    return results


def register_call() -> None:
    """Make calls known to the evaluation of expressions."""
    from nbregistry.provenance.slicing import expressions

    expressions.EVALUATORS[ast.Call] = call
