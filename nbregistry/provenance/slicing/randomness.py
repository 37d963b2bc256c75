"""Global random states: who draws from one needs all the draws before, back to where it was seeded."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nbregistry.provenance.slicing.known.libraries import KNOWN
from nbregistry.provenance.slicing.known.randomness import (
    DRAWS_WITHOUT_A_STATE,
    ESTIMATORS,
    FUNCTIONS,
    LIBRARIES,
    LOAD_NO_NUMPY,
    LOADED_BY,
    LOOKS,
    PASSES_ITS_STATE,
    SEEDS,
)
from nbregistry.provenance.slicing.things import NOTHING, Binding, Thing, Things, reachable

if TYPE_CHECKING:
    from nbregistry.provenance.slicing.functions import Given
    from nbregistry.provenance.slicing.walk import Walk

STATES = ("numpy.random", "random", "torch", "tensorflow")


def may_draw(walk: Walk, state: str, *, sure: bool) -> None:
    """Note that this node draws from a global state, or that it may.

    Where the states were measured, a node of a cell that moved none draws nothing, and in one that did each that may
    draw is taken to do it. Where nobody looked, only what is sure counts.
    """
    drew = walk.cell.drew if walk.cell is not None else None
    looked = drew is not None and was_loaded(walk, state)
    # A cell that seeds a state may leave it as it found it, and have drawn all the same.
    if state in walk.seeded_here or ((state in (drew or ())) if looked else sure):
        draw(walk, state)


def was_loaded(walk: Walk, state: str) -> bool:
    """Tell whether a state was there to be looked at when the cell began: one that was not counts as moved."""
    before = {root for root, at in walk.imported.items() if at < walk.cell_at}
    if state == "numpy.random":
        return not before <= LOAD_NO_NUMPY
    return state == "random" or bool(before & LOADED_BY.get(state, frozenset()))


def draw(walk: Walk, state: str) -> None:
    """Note a draw: it needs what was drawn before, and what is drawn later needs it."""
    walk.drawers.setdefault(state, set()).add(walk.node)
    hidden = f"<{state}>"
    seeded = walk.globals.names.get(hidden)
    if seeded is None:
        # Where the state at the beginning of the cell is known, what was drawn in it before is needed.
        walk.now.unseeded.add(state)
        walk.now.needs_restored |= walk.drawers[state] - {walk.node}
        return
    walk.now.needs.update(seeded.nodes)
    walk.globals.names[hidden] = Binding(
        NOTHING, seeded.nodes | {walk.node} if walk.control else frozenset((walk.node,))
    )


def seed(walk: Walk, state: str) -> None:
    """Note that a state is set anew."""
    walk.write_hidden(f"<{state}>", anew=True)
    walk.seeded_here.add(state)
    walk.drawers.setdefault(state, set()).add(walk.node)


def function_draws(walk: Walk, name: str, short: str, given: Given, node: ast.Call) -> None:
    """Note what a library's function draws or seeds."""
    if name in SEEDS:
        for state in SEEDS[name]:
            seed(walk, state)
        return
    root, _, rest = name.partition(".")
    if root == "sklearn":
        _scikit_learn_draws(walk, short, given, node)
    elif root not in KNOWN and root != "torch":
        for state in STATES:
            may_draw(walk, state, sure=False)
    elif root in LIBRARIES and not _has_state(node):
        state, sure, possible = _drawn_from(root, rest, short)
        if possible:
            may_draw(walk, state, sure=sure)


def _drawn_from(root: str, rest: str, short: str) -> tuple[str, bool, bool]:
    """Give the state that a library's function draws from, whether it surely does, and whether it may."""
    state = LIBRARIES[root]
    if root == "numpy":
        draws = rest.startswith("random.") and not LOOKS & set(rest.split("."))
        return state, draws, draws
    if root == "random":
        draws = bool(rest) and short not in LOOKS
        return state, draws, draws
    if root == "torch":
        return state, short.startswith("rand") or rest.startswith("nn."), True
    return state, short == "rvs", True


def _scikit_learn_draws(walk: Walk, short: str, given: Given, node: ast.Call) -> None:
    if short in FUNCTIONS:
        if not _has_state(node) and not _is_off(node, "shuffle"):
            may_draw(walk, "numpy.random", sure=True)
    elif not short[:1].isupper() and not short.startswith("make_"):
        for thing in reachable(given.everything()):
            if thing.kind != "data":
                fit_draws(walk, thing)
    elif "." in short or short == "from_estimator":
        may_draw(walk, "numpy.random", sure=False)


def fit_draws(walk: Walk, thing: Thing) -> None:
    """Note what training a thing draws."""
    for one in _trained_with(thing):
        if one.kind == "unknown" or (one.kind == "instance" and one.name.partition(".")[0] not in KNOWN):
            may_draw(walk, "numpy.random", sure=False)
            may_draw(walk, "torch", sure=False)
        elif one.kind == "object":
            may_draw(walk, "numpy.random", sure=False)
        elif one.kind == "instance" and not one.seeded and one.short_name in ESTIMATORS:
            may_draw(walk, "numpy.random", sure=one.short_name in DRAWS_WITHOUT_A_STATE or "draws" in one.parts)
        elif (
            one.kind == "instance"
            and one.name.partition(".")[0] in {"lightgbm", "xgboost", "imblearn"}
            and not one.seeded
        ):
            may_draw(walk, "numpy.random", sure=False)


def _trained_with(thing: Thing) -> set[Thing]:
    """Give a thing and what it is composed of; ensembles that have a state give their members theirs."""
    found = {thing}
    waiting = [thing]
    while waiting:
        one = waiting.pop()
        if one.seeded and one.short_name in PASSES_ITS_STATE:
            continue
        new = one.every_part() - found
        found |= new
        waiting.extend(new)
    return found


def method_draws(walk: Walk, thing: Thing, name: str, node: ast.Call) -> None:
    """Note what a method draws, that of training apart."""
    if name in {"sample", "rvs"} and not _has_state(node) and thing.kind in {"data", "instance"}:
        may_draw(walk, "numpy.random", sure=thing.kind == "data" or name == "rvs")
    elif name in {"split", "transform", "predict", "score", "sample_y", "iter"} and thing.kind != "data":
        for one in reachable((thing,)):
            if one.kind == "instance" and not one.seeded and one.short_name in ESTIMATORS:
                may_draw(walk, "numpy.random", sure=one.short_name.endswith("ShuffleSplit"))
    if thing.kind == "unknown" or thing.name.partition(".")[0] not in KNOWN | {""}:
        for state in STATES:
            may_draw(walk, state, sure=False)
    elif thing.kind == "data" and name in {"backward", "step"}:
        may_draw(walk, "torch", sure=False)


def given_a_state(thing: Thing) -> Things:
    """Give the things that a model was given as its ``random_state``: training draws from them."""
    found = NOTHING
    for one in reachable((thing,)):
        given = one.parts.get("random_state", NOTHING)
        if given:
            found |= frozenset(part for part in given if part.kind in {"rng", "unknown"})
    return found


def draw_somewhere(walk: Walk, state: str, nodes: list[int]) -> None:
    """Note that one of these nodes drew, where it can't be told which: all that call anything are taken to have."""
    for node in nodes:
        if walk.nodes[node].calls:
            walk.back_to(node)
            draw(walk, state)


def _has_state(node: ast.Call) -> bool:
    return any(
        keyword.arg in {"random_state", "seed", "rng", "generator"}
        and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is None)
        for keyword in node.keywords
    )


def _is_off(node: ast.Call, option: str) -> bool:
    return any(
        keyword.arg == option and isinstance(keyword.value, ast.Constant) and keyword.value.value is False
        for keyword in node.keywords
    )
