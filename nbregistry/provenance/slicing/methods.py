"""What a method does that the notebook does not define: by its name, and by what it is called on."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nbregistry.provenance.slicing import files
from nbregistry.provenance.slicing.known.libraries import HOLDS_AND_FITS, KNOWN, PLAIN_DATA
from nbregistry.provenance.slicing.known.methods import (
    CHANGE,
    DATA_CHANGE,
    ELEMENTS,
    FITS,
    GIVES_SELF,
    GROWS,
    KEEPS_NOTHING,
    LEAVES,
    NEW,
)
from nbregistry.provenance.slicing.randomness import fit_draws, given_a_state, may_draw, method_draws
from nbregistry.provenance.slicing.things import ANY, NOTHING, Scope, Thing, Things, reachable
from nbregistry.provenance.slicing.walk import Walk, parts_at, with_parts

if TYPE_CHECKING:
    from nbregistry.provenance.slicing.functions import Given


def call_by_name(walk: Walk, scope: Scope, thing: Thing, name: str, given: Given, node: ast.Call) -> Things:  # noqa: PLR0917
    """Call a method of a library's object or of a container."""
    walk.change(one for one in given.everything() if one.kind in {"iterator", "rng"})
    files.method(walk, scope, thing, name, given, node)
    if thing.kind in {"list", "dict"}:
        return _call_container(walk, thing, name, given, node)
    if thing.kind == "rng":
        return _draw_from(walk, thing, name, given, node)
    if thing.kind in {"iterator", "generator", "file"}:
        walk.change((thing,))
        return with_parts(frozenset((thing,)))
    method_draws(walk, thing, name, node)
    if name in FITS:
        _train(walk, thing, given, node)
    if changes(thing, name, node):
        _change(walk, thing, name, given, node)
    walk.change(given.named.get("out", NOTHING))
    return _result(walk, thing, name, given, node)


def _draw_from(walk: Walk, thing: Thing, name: str, given: Given, node: ast.Call) -> Things:
    if not name.startswith("get"):
        walk.change((thing,))
    if name == "shuffle" and given.placed:
        walk.change(given.placed[0])
    return frozenset((walk.make("data", node),))


def _change(walk: Walk, thing: Thing, name: str, given: Given, node: ast.Call) -> None:
    everything = given.everything()
    walk.change(reached_by(thing))
    if name not in KEEPS_NOTHING:
        walk.store(thing, everything)
    if name == "set_params":
        _set_params(walk, thing, given, node)
    elif thing.kind == "unknown" or (thing.kind == "instance" and not is_known(thing)):
        walk.add_part(thing, ANY, frozenset(one for one in everything if one.kind not in {"library", "data"}))


def _result(walk: Walk, thing: Thing, name: str, given: Given, node: ast.Call) -> Things:
    if name in GIVES_SELF:
        return frozenset((thing,))
    if name in NEW and (thing.kind == "data" or is_known(thing)):
        new = walk.make("data", node)
        if name in {"fit_transform", "fit_predict"}:
            new.lent_by = frozenset((thing,))  # its embedding or its labels, where it keeps them
        if name in {"copy", "get_params", "assign"}:
            for part in thing.every_part():
                walk.add_part(new, ANY, frozenset((part,)))
        return frozenset((new,))
    result = with_parts(frozenset((thing,)))
    if thing.kind == "unknown" or not is_known(thing):
        result |= frozenset(one for one in given.everything() if one.kind not in {"library", "function"})
    return result


def is_known(thing: Thing) -> bool:
    """Tell whether a thing is of a library of which it is known what its methods do."""
    if thing.kind == "data":
        return True
    if thing.kind == "object":
        # What it does not define it has from its bases; those of scikit-learn are known.
        bases = [base for cls in reachable((thing,)) if cls.kind == "class" for base in cls.parts.get("__bases__", ())]
        return all(base.kind == "class" or base.name.partition(".")[0] in KNOWN for base in bases)
    return thing.kind == "instance" and thing.name.partition(".")[0] in KNOWN


def changes(thing: Thing, name: str, node: ast.Call) -> bool:
    """Tell whether a method may change what it is called on."""
    for keyword in node.keywords:
        if keyword.arg == "inplace" and not (isinstance(keyword.value, ast.Constant) and not keyword.value.value):
            return True
    if name == "plot" and thing.short_name.endswith("Display"):  # scikit-learn's: it sets ax_ and figure_
        return True
    root = thing.name.partition(".")[0]
    if thing.kind == "data" or root in PLAIN_DATA:
        return name in DATA_CHANGE or name.startswith("set_") or name.endswith("_")
    if root == "sklearn" or (thing.kind == "object" and is_known(thing)):
        return name in CHANGE or name.startswith(("fit", "partial_fit", "set_", "_set", "_fit"))
    if thing.kind == "instance" and root in {"lightgbm", "xgboost", "statsmodels"}:
        return name in CHANGE or name not in LEAVES
    return name in CHANGE or name not in LEAVES


def reached_by(thing: Thing) -> Things:
    """Give what a change of a thing changes: the thing, and what it works on without making a copy."""
    if not thing.parts:
        return frozenset((thing,))
    if thing.kind in {"unknown", "object"} or thing.short_name in HOLDS_AND_FITS or not is_known(thing):
        return frozenset(one for one in reachable((thing,)) if one.kind not in {"class", "function", "library"})
    inside = reachable((thing,))
    states = frozenset(one for one in inside if one.kind == "rng")
    own = frozenset(part for one in inside if one.short_name in HOLDS_AND_FITS for part in one.every_part())
    return (
        frozenset((thing,)) | states | (own if thing.short_name in HOLDS_AND_FITS else NOTHING) | given_a_state(thing)
    )


def _train(walk: Walk, thing: Thing, given: Given, node: ast.Call) -> None:
    fit_draws(walk, thing)
    if not walk.stack:  # what a function calls its data says nothing outside of it
        texts = [ast.unparse(argument) for argument in node.args[:2]]
        texts += [ast.unparse(keyword.value) for keyword in node.keywords if keyword.arg in {"X", "y"}]
        walk.now.fits.append((frozenset((thing,)), tuple(texts)))
    for one in reachable((thing,)):
        if one.parts.get("copies") is not None and given.placed:
            walk.change(given.placed[0])


def _set_params(walk: Walk, thing: Thing, given: Given, node: ast.Call) -> None:
    for keyword in node.keywords:
        if keyword.arg == "random_state" and isinstance(keyword.value, ast.Constant):
            # `changes` was noted already, so that how it was is remembered.
            thing.seeded = keyword.value.value is not None
    for key, things in given.named.items():
        walk.add_part(thing, key, things)
    walk.add_part(thing, ANY, given.rest)


def _call_container(walk: Walk, thing: Thing, name: str, given: Given, node: ast.Call) -> Things:
    """Call a method of a list, a set or a dict."""
    from nbregistry.provenance.slicing.expressions import key_of

    if name in {"items", "values"}:
        return _rows_of(walk, thing, name, node)
    if name in {"keys", "index", "count", "copy", "union", "intersection", "difference", "most_common"}:
        new = walk.make(thing.kind, node)
        for key, parts in thing.parts.items():
            walk.add_part(new, key, parts)
        return frozenset((new,))
    if name == "get":
        return parts_at(thing, key_of(node.args[0]) if node.args else ANY) | NOTHING.union(*given.placed[1:])
    walk.change((thing,))
    if name in GROWS:
        _grow(walk, thing, name, given)
    return thing.every_part() if name in {"pop", "popleft", "popitem", "setdefault", "__getitem__"} else NOTHING


def _rows_of(walk: Walk, thing: Thing, name: str, node: ast.Call) -> Things:
    view = walk.make("list", node)
    values = thing.every_part()
    if name == "items":
        row = walk.make("list", node.func)
        walk.add_part(row, 1, values)
        values = frozenset((row,))
    walk.add_part(view, ANY, values)
    return frozenset((view,))


def _grow(walk: Walk, thing: Thing, name: str, given: Given) -> None:
    from nbregistry.provenance.slicing.expressions import elements

    everything = given.everything()
    if name not in ELEMENTS:
        walk.add_part(thing, ANY, everything)
        return
    for one in everything:
        if one.kind == "dict":
            for key, parts in list(one.parts.items()):
                walk.add_part(thing, key, parts)
        else:
            walk.add_part(thing, ANY, elements(walk, frozenset((one,))))
    for key, things in given.named.items():
        walk.add_part(thing, key, things)


__all__ = ["call_by_name", "changes", "may_draw", "reached_by"]
