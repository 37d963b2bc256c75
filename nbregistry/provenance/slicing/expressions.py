"""What an expression may give, and what evaluating it reads and changes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from nbregistry.provenance.slicing.functions import run_generator
from nbregistry.provenance.slicing.known.methods import CHANGE
from nbregistry.provenance.slicing.things import ANY, NOTHING, Scope, Thing, Things
from nbregistry.provenance.slicing.walk import ENVIRON, Walk, parts_at, with_parts

if TYPE_CHECKING:
    from collections.abc import Callable

    Evaluator = Callable[[Walk, Scope, Any], Things]

CONTAINERS = frozenset({"list", "dict", "iterator"})


def evaluate(walk: Walk, scope: Scope, node: ast.AST | None) -> Things:
    """Give the things that an expression may stand for; what it reads and changes is noted in the walk."""
    if node is None:
        return NOTHING
    evaluator = EVALUATORS.get(type(node))
    return evaluator(walk, scope, node) if evaluator else _each_child(walk, scope, node)


def _each_child(walk: Walk, scope: Scope, node: ast.AST) -> Things:
    for child in ast.iter_child_nodes(node):
        evaluate(walk, scope, child)
    return NOTHING


def _constant(walk: Walk, scope: Scope, node: ast.Constant) -> Things:  # noqa: ARG001
    return NOTHING


def _name(walk: Walk, scope: Scope, node: ast.Name) -> Things:
    return walk.read(scope, node.id)


def _attribute(walk: Walk, scope: Scope, node: ast.Attribute) -> Things:
    return attribute(walk, evaluate(walk, scope, node.value), node.attr)


def attribute(walk: Walk, things: Things, name: str) -> Things:
    """Give what an attribute of these things may be."""
    from nbregistry.provenance.slicing.functions import find_method

    found: set[Thing] = set()
    for thing in things:
        if thing.kind == "library":
            member = walk.member(f"{thing.name}.{name}")
            found.add(member)
            if member.name in {"os.environ", "os.getenv"}:
                walk.read_hidden(ENVIRON)
        elif thing.kind in {"object", "class"}:
            there = parts_at(thing, name)
            methods = find_method(thing, name)
            if methods and thing.kind == "object":
                found.add(_bound(walk, thing, name))
            found |= there | methods
            if methods or not there:
                found.add(thing)
        elif name in CHANGE:
            found.add(_bound(walk, thing, name))
        elif thing.kind not in {"list", "dict"}:
            found.add(thing)
            found |= thing.parts[name] if name in thing.parts else with_parts(frozenset((thing,)))
    result = frozenset(found)
    walk.look(result)
    return result


def _bound(walk: Walk, thing: Thing, name: str) -> Thing:
    """Give a method as a thing of its own, which may be called later, and by others."""
    bound = walk.make("bound", thing, name)
    walk.add_part(bound, "__self__", frozenset((thing,)))
    return bound


def _subscript(walk: Walk, scope: Scope, node: ast.Subscript) -> Things:
    key = key_of(node.slice)
    evaluate(walk, scope, node.slice)
    things = evaluate(walk, scope, node.value)
    if isinstance(node.slice, ast.Slice):
        return things
    return items(things, key)


def items(things: Things, key: object) -> Things:
    """Give what stands under a key of these things."""
    found: set[Thing] = set()
    for thing in things:
        if thing.kind in CONTAINERS:
            found |= parts_at(thing, key)
        elif thing.kind != "library":
            found |= with_parts(frozenset((thing,)))
        else:
            found.add(thing)
    return frozenset(found)


def key_of(node: ast.AST) -> object:
    """Give a constant key, else ``ANY``."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str | int):
        return node.value
    return ANY


def elements(walk: Walk, things: Things) -> Things:
    """Give what iterating over these things gives; those that are used up by it change."""
    found: set[Thing] = set()
    for thing in things:
        if thing.kind == "generator":
            found |= run_generator(walk, thing)
            walk.change((thing,))
        elif thing.kind in {"list", "iterator"}:
            found |= thing.every_part()
            if thing.kind == "iterator":
                walk.change((thing,))
        elif thing.kind in {"object", "unknown", "file"}:
            found |= with_parts(frozenset((thing,)))
            if thing.kind == "file":
                walk.change((thing,))
        elif thing.kind not in {"library", "dict", "function", "class"}:
            found.add(thing)
    return frozenset(found)


def _binary(walk: Walk, scope: Scope, node: ast.BinOp) -> Things:
    things = evaluate(walk, scope, node.left) | evaluate(walk, scope, node.right)
    if not things:
        return NOTHING
    holding = frozenset(thing for thing in things if thing.kind not in {"data", "library", "rng"})
    thing = walk.make("list" if any(one.kind == "list" for one in holding) else "data", node)
    for one in holding:
        walk.add_part(thing, ANY, one.every_part() if one.kind == "list" else frozenset((one,)))
    return frozenset((thing,))


def _either(walk: Walk, scope: Scope, node: ast.BoolOp) -> Things:
    return NOTHING.union(*(evaluate(walk, scope, value) for value in node.values))


def _choice(walk: Walk, scope: Scope, node: ast.IfExp) -> Things:
    evaluate(walk, scope, node.test)
    return evaluate(walk, scope, node.body) | evaluate(walk, scope, node.orelse)


def _lambda(walk: Walk, scope: Scope, node: ast.Lambda) -> Things:
    for default in [*node.args.defaults, *node.args.kw_defaults]:
        evaluate(walk, scope, default)
    thing = walk.make("function", node, code=node, scope=scope)
    thing.scope = scope
    walk.look(frozenset((thing,)))
    return frozenset((thing,))


def _display(walk: Walk, scope: Scope, node: ast.List | ast.Tuple | ast.Set) -> Things:
    thing = walk.make("list", node)
    plain = not any(isinstance(element, ast.Starred) for element in node.elts) and not isinstance(node, ast.Set)
    for at, element in enumerate(node.elts):
        if isinstance(element, ast.Starred):
            walk.add_part(thing, ANY, elements(walk, evaluate(walk, scope, element.value)))
        else:
            walk.add_part(thing, at if plain else ANY, evaluate(walk, scope, element))
    return frozenset((thing,))


def _dict(walk: Walk, scope: Scope, node: ast.Dict) -> Things:
    thing = walk.make("dict", node)
    for key, value in zip(node.keys, node.values, strict=True):
        things = evaluate(walk, scope, value)
        if key is None:
            for one in things:
                for name, parts in list(one.parts.items()):
                    walk.add_part(thing, name, parts)
            continue
        walk.add_part(thing, ANY, evaluate(walk, scope, key))
        walk.add_part(thing, key_of(key), things)
    return frozenset((thing,))


def _comprehension(
    walk: Walk, scope: Scope, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
) -> Things:
    from nbregistry.provenance.slicing.statements import assign

    inner = Scope(scope)
    inner.inside = True
    for generator in node.generators:
        assign(walk, inner, generator.target, elements(walk, evaluate(walk, inner, generator.iter)))
        for condition in generator.ifs:
            evaluate(walk, inner, condition)
    kind = {ast.DictComp: "dict", ast.GeneratorExp: "iterator"}.get(type(node), "list")
    thing = walk.make(kind, node)
    if isinstance(node, ast.DictComp):
        evaluate(walk, inner, node.key)
        walk.add_part(thing, ANY, evaluate(walk, inner, node.value))
    else:
        walk.add_part(thing, ANY, evaluate(walk, inner, node.elt))
    return frozenset((thing,))


def _walrus(walk: Walk, scope: Scope, node: ast.NamedExpr) -> Things:
    things = evaluate(walk, scope, node.value)
    home = scope
    while home.inside and home.parent is not None:
        home = home.parent
    walk.bind(home, node.target.id, things, literal(scope, node.value))
    return things


def _inner(walk: Walk, scope: Scope, node: ast.Await | ast.Starred) -> Things:
    return evaluate(walk, scope, node.value)


def _yield(walk: Walk, scope: Scope, node: ast.Yield | ast.YieldFrom) -> Things:
    things = evaluate(walk, scope, node.value)
    if isinstance(node, ast.YieldFrom):
        things = elements(walk, things)
    if walk.yielded:
        walk.yielded[-1] |= things
    return NOTHING


def literal(scope: Scope, node: ast.AST | None) -> str | None:
    """Give the text that an expression is, where that can be read off: a path, most often.

    Examples
    --------
    >>> literal(Scope(), ast.parse("Path('data') / 'a.csv'", mode="eval").body)
    'data/a.csv'
    """
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.Name):
        binding = scope.find(node.id)
        return binding.text if binding else None
    between, parts = _pieces(node)
    texts = [literal(scope, part) for part in parts]
    return between.join(text or "" for text in texts) if texts and None not in texts else None


def _pieces(node: ast.AST | None) -> tuple[str, list[ast.expr]]:
    """Give the expressions that a text is put together of, and what stands between them."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.Add):
        return "/" if isinstance(node.op, ast.Div) else "", [node.left, node.right]
    if isinstance(node, ast.JoinedStr):
        return "", [part.value if isinstance(part, ast.FormattedValue) else part for part in node.values]
    if isinstance(node, ast.Call) and not node.keywords and ast.unparse(node.func) in _JOIN_PATHS:
        return "/", node.args
    return "", []


_JOIN_PATHS = frozenset({"Path", "pathlib.Path", "os.path.join", "str", "os.fspath", "osp.join"})
EVALUATORS: dict[type, Evaluator] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.BinOp: _binary,
    ast.BoolOp: _either,
    ast.IfExp: _choice,
    ast.Lambda: _lambda,
    ast.List: _display,
    ast.Tuple: _display,
    ast.Set: _display,
    ast.Dict: _dict,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _comprehension,
    ast.NamedExpr: _walrus,
    ast.Await: _inner,
    ast.Starred: _inner,
    ast.Yield: _yield,
    ast.YieldFrom: _yield,
}
