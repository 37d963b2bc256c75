"""The notebook's own functions and classes: a call of one does what its text does, with the things it was given."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nbregistry.provenance.slicing.names import FunctionNode, declared, free_names, is_generator
from nbregistry.provenance.slicing.things import ANY, NOTHING, Scope, Thing, Things
from nbregistry.provenance.slicing.walk import Walk, parts_at, with_parts

if TYPE_CHECKING:
    from collections.abc import Sequence

DEEPEST = 12
"""Calls within calls that are followed; below, a function is taken to change all that it is given and names."""

MOST_CALLS = 400
"""Calls of the notebook's functions that one statement is followed through."""

CONTEXT = 2
"""Callers by which the objects that a function makes are told apart."""


@dataclass
class Given:
    """What a call gives: things by position and by name; `rest` where a star hides the place."""

    placed: list[Things] = field(default_factory=list)
    named: dict[str, Things] = field(default_factory=dict)
    rest: Things = NOTHING

    def everything(self) -> Things:
        """Give all of it."""
        if not self.placed and not self.named:
            return self.rest
        return self.rest.union(*self.placed, *self.named.values())


def find_method(thing: Thing, name: str) -> Things:
    """Give the functions of the notebook that an attribute of an object or class may be."""
    classes = [thing] if thing.kind == "class" else list(thing.parts.get("__class__", ()))
    seen: set[Thing] = set()
    while classes:
        one = classes.pop(0)
        if one in seen or one.kind != "class":
            continue
        seen.add(one)
        found = frozenset(part for part in one.parts.get(name, ()) if part.kind == "function")
        if found:
            return found
        classes.extend(one.parts.get("__bases__", ()))
    return NOTHING


def call_function(
    walk: Walk, function: Thing, given: Given, selves: Things = NOTHING, owner: Thing | None = None
) -> Things:
    """Run a function's text with what it is given; all that it does is the doing of the node that calls it."""
    code = function.code
    if isinstance(code, FunctionNode) and is_generator(code):
        thing = walk.make("generator", code, code=code)
        thing.scope = _scope_of_call(walk, function, given, selves)
        walk.add_part(thing, "__arguments__", given.everything())
        return frozenset((thing,))
    walk.now.followed += 1
    if code in walk.stack or len(walk.stack) >= DEEPEST or walk.now.followed > MOST_CALLS:
        return _change_all(walk, function, given)
    return _run(walk, code, _scope_of_call(walk, function, given, selves), selves, owner)


def _change_all(walk: Walk, function: Thing, given: Given) -> Things:
    """Do what a function might do at most: change what it is given, and what it names."""
    things = set(with_parts(given.everything()))
    for name in free_names(function.code):
        binding = function.scope.find(name)
        if binding is not None:
            things |= with_parts(binding.things)
    walk.change(thing for thing in things if thing.kind != "library")
    return frozenset(things)


def run_generator(walk: Walk, generator: Thing) -> Things:
    """Run the text of a generator: its next values are asked for."""
    if generator.code in walk.stack:
        return NOTHING
    walk.yielded.append(NOTHING)
    _run(walk, generator.code, generator.scope, NOTHING, None)
    return walk.yielded.pop()


def _run(walk: Walk, code: FunctionNode, scope: Scope, selves: Things, owner: Thing | None) -> Things:
    from nbregistry.provenance.slicing.expressions import evaluate
    from nbregistry.provenance.slicing.statements import run_block

    walk.stack.append(code)
    context, walk.context = walk.context, (*walk.context, id(code))[-CONTEXT:]
    walk.selves.append((selves, owner))
    try:
        if isinstance(code, ast.Lambda):
            return evaluate(walk, scope, code.body)
        walk.returned.append(NOTHING)
        run_block(walk, scope, code.body)
        return walk.returned.pop()
    finally:
        walk.stack.pop()
        walk.selves.pop()
        walk.context = context


def _scope_of_call(walk: Walk, function: Thing, given: Given, selves: Things) -> Scope:
    code: FunctionNode = function.code
    scope = Scope(function.scope, declared(code))
    spec = code.args
    names = [one.arg for one in [*spec.posonlyargs, *spec.args]]
    placed = [selves, *given.placed] if selves else list(given.placed)
    for name, things in zip(names, placed, strict=False):
        walk.bind(scope, name, things | (given.named.get(name, NOTHING)))
    extra = NOTHING.union(*placed[len(names) :]) | given.rest
    for name in [*names[len(placed) :], *(one.arg for one in spec.kwonlyargs)]:
        default = function.parts.get("default " + name, NOTHING)
        walk.bind(scope, name, given.named.get(name, default) | given.rest)
    if spec.vararg:
        walk.bind(scope, spec.vararg.arg, frozenset((_holder(walk, "list", spec.vararg, extra),)))
    if spec.kwarg:
        known = {*names, *(one.arg for one in spec.kwonlyargs)}
        others = NOTHING.union(*(things for name, things in given.named.items() if name not in known)) | given.rest
        walk.bind(scope, spec.kwarg.arg, frozenset((_holder(walk, "dict", spec.kwarg, others),)))
    return scope


def _holder(walk: Walk, kind: str, site: ast.AST, things: Things) -> Thing:
    thing = walk.make(kind, site)
    walk.add_part(thing, ANY, things)
    return thing


def make_object(walk: Walk, cls: Thing, given: Given, site: ast.AST) -> Things:
    """Make an object of a class of the notebook."""
    thing = walk.make("object", site, cls.name)
    thing.parts["__class__"] = frozenset((cls,))
    methods = find_method(cls, "__init__")
    selves = frozenset((thing,))
    if methods:
        for method in methods:
            call_function(walk, method, given, selves, cls)
        return selves
    for name, things in given.named.items():
        walk.add_part(thing, name, things)
    walk.add_part(thing, ANY, given.rest.union(*given.placed))
    return selves


def call_method(walk: Walk, thing: Thing, methods: Things, given: Given) -> Things:
    """Call a method that the notebook defines."""
    results = NOTHING
    for method in methods:
        decorators = {ast.unparse(one) for one in getattr(method.code, "decorator_list", ())}
        owner = next((cls for cls in classes_of(thing) if method in cls.every_part()), None)
        if "staticmethod" in decorators:
            selves = NOTHING
        elif "classmethod" in decorators:
            selves = thing.parts.get("__class__", frozenset((thing,)))
        elif thing.kind == "class":
            selves = NOTHING  # called on the class: the object is among the arguments
        else:
            selves = frozenset((thing,))
        results |= call_function(walk, method, given, selves, owner)
    return results


def classes_of(thing: Thing) -> Sequence[Thing]:
    """Give the notebook's classes that an object is of, the nearest first."""
    found: list[Thing] = []
    waiting = [thing] if thing.kind == "class" else list(thing.parts.get("__class__", ()))
    while waiting:
        one = waiting.pop(0)
        if one.kind == "class" and one not in found:
            found.append(one)
            waiting.extend(one.parts.get("__bases__", ()))
    return found


def functions_in(things: Things) -> list[Thing]:
    """Give the notebook's functions among things, and in what they are composed of but for data and its own objects."""
    found: list[Thing] = []
    seen = set(things)
    waiting = list(things)
    while waiting:
        thing = waiting.pop()
        if thing.kind == "function":
            found.append(thing)
        elif thing.kind in {"instance", "list", "dict"}:
            new = thing.every_part() - seen
            seen |= new
            waiting.extend(new)
    return found


def base_method(owner: Thing | None, name: str) -> Things:
    """Give what ``super().name`` is, where the notebook defines it."""
    for base in owner.parts.get("__bases__", ()) if owner is not None else ():
        found = find_method(base, name) if base.kind == "class" else NOTHING
        if found:
            return found
    return NOTHING


__all__ = [
    "Given",
    "base_method",
    "call_function",
    "call_method",
    "classes_of",
    "find_method",
    "functions_in",
    "make_object",
    "parts_at",
    "run_generator",
]
