"""What a library's function or class does when it is called."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nbregistry.provenance.slicing import files, randomness
from nbregistry.provenance.slicing.functions import Given, call_function, functions_in
from nbregistry.provenance.slicing.known.libraries import CONTAINERS, KNOWN, ONE_OF, RNGS, SHARES, SHOWS
from nbregistry.provenance.slicing.known.methods import CHANGES_ARGUMENT
from nbregistry.provenance.slicing.known.randomness import DRAWS_SO
from nbregistry.provenance.slicing.things import ANY, NOTHING, Scope, Thing, Things
from nbregistry.provenance.slicing.walk import ENVIRON, Walk, with_parts

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHOWN_SETTINGS = frozenset({"display", "print_changed_only"})
"""Settings of scikit-learn that only change how things are shown."""

_IN_STEP = frozenset({"zip", "enumerate", "product", "zip_longest"})
"""What gives rows, of one element of each argument."""

_MAKE_OBJECTS = frozenset({"functools.partial", "sklearn.pipeline.make_pipeline", "sklearn.pipeline.make_union"})

_QUIET = frozenset({"set_printoptions", "seterr", "errstate", "set_verbosity", "set_num_threads"})


def call_library(walk: Walk, scope: Scope, thing: Thing, given: Given, node: ast.Call) -> Things:
    """Call a member of a library."""
    name, short = thing.name, thing.short_name
    root = name.partition(".")[0]
    walk.look(frozenset((thing,)))
    if root == "builtins":
        special = _builtin(walk, scope, short, given, node)
        if special is not None:
            return special
    everything = given.everything()
    walk.change(one for one in everything if one.kind in {"iterator", "rng", "file"})
    _call_back(walk, scope, node, everything)
    randomness.function_draws(walk, name, short, given, node)
    opened = files.function(walk, scope, name, node, given)
    if opened is not None:
        return frozenset((opened,))
    _change_arguments(walk, name, short, given)
    _change_settings(walk, name, short, node)
    return _made(walk, thing, given, node)


def _made(walk: Walk, thing: Thing, given: Given, node: ast.Call) -> Things:
    """Give what a library's member makes of what it is given."""
    name = thing.name
    if name in RNGS:
        # Given a state, these pass it on; anything else is the seed of a new one.
        passed = frozenset(one for one in given.everything() if one.kind == "rng")
        return passed or frozenset((walk.make("rng", node, name),))
    kind = CONTAINERS.get(name)
    if kind == "copy":
        return frozenset(_copy(walk, one, node) for one in given.everything())
    if kind is not None:
        return frozenset((_container(walk, kind, thing.short_name, given, node),))
    if name.partition(".")[0] not in KNOWN:
        return _of_unknown_library(walk, thing, given, node)
    return _of_known_library(walk, thing, given, node)


def _container(walk: Walk, kind: str, short: str, given: Given, node: ast.Call) -> Thing:
    """Make a container of the elements of what is given."""
    from nbregistry.provenance.slicing.expressions import elements

    new = walk.make(kind, node)
    if short in _IN_STEP and not given.rest:
        row = walk.make("list", node.func)
        for at, things in enumerate(given.placed):
            walk.add_part(row, at + 1 if short == "enumerate" else at, elements(walk, things))
        walk.add_part(new, ANY, frozenset((row,)))
        return new
    everything = given.rest.union(*given.placed)
    if kind == "dict":
        for one in everything:
            for key, parts in list(one.parts.items()) if one.kind == "dict" else ():
                walk.add_part(new, key, parts)
        for row in elements(walk, everything):
            walk.add_part(new, ANY, row.every_part() if row.kind == "list" else frozenset((row,)))
    else:
        walk.add_part(new, ANY, elements(walk, everything))
    for key, things in given.named.items():
        walk.add_part(new, key, things)
    return new


def _of_known_library(walk: Walk, thing: Thing, given: Given, node: ast.Call) -> Things:
    """Call what gives something new, but for the functions that are listed as sharing with their arguments."""
    short, root = thing.short_name, thing.name.partition(".")[0]
    everything = given.everything()
    if short in SHARES:
        # A container's elements may be shared; the container itself is not what an array or a table is made of.
        apart = {"library"} if short in ONE_OF else {"library", "list", "dict", "iterator"}
        shared = frozenset(one for one in with_parts(everything) if one.kind not in apart)
        return shared if short in ONE_OF else shared | {walk.make("data", node)}
    if root == "builtins":
        return frozenset((walk.make("data", node),)) if everything else NOTHING
    if (
        short[:1].isupper()
        or thing.name in _MAKE_OBJECTS
        or (short.startswith("make_") and root == "sklearn" and everything)
    ):
        return frozenset((_instance(walk, thing, given, node),))
    if short in {"load", "loads"}:
        return frozenset((walk.make("unknown", node, "loaded"),))
    new = walk.make("data", node)
    if root in {"sklearn", "numpy", "pandas"}:
        plain = {"data", "library", "rng", "list", "dict", "iterator"}
        walk.add_part(new, ANY, frozenset(one for one in everything if one.kind not in plain))
    return frozenset((new,))


def _instance(walk: Walk, cls: Thing, given: Given, node: ast.Call) -> Thing:
    """Make an object of a library's class, composed of what its constructor was given."""
    new = walk.make("instance", node, cls.name)
    for at, things in enumerate(given.placed):
        walk.add_part(new, at, things)
    for key, things in given.named.items():
        walk.add_part(new, key, things)
    walk.add_part(new, ANY, given.rest)
    for keyword in node.keywords:
        if keyword.arg == "random_state":
            new.seeded = not (isinstance(keyword.value, ast.Constant) and keyword.value.value is None)
        if isinstance(keyword.value, ast.Constant) and (keyword.arg, keyword.value.value) in DRAWS_SO:
            new.parts["draws"] = NOTHING
        if (
            keyword.arg in {"copy", "copy_X", "copy_x"}
            and isinstance(keyword.value, ast.Constant)
            and not keyword.value.value
        ):
            new.parts["copies"] = NOTHING
    if new.seeded is None:
        new.seeded = False
    return new


def _of_unknown_library(walk: Walk, thing: Thing, given: Given, node: ast.Call) -> Things:
    """Call what nothing is known of: it may change what it is given, and give it back."""
    held = frozenset(one for one in with_parts(given.everything()) if one.kind not in {"library", "function", "class"})
    if thing.short_name[:1].isupper():
        return frozenset((_instance(walk, thing, given, node),))
    walk.change(held)
    randomness.may_draw(walk, "numpy.random", sure=False)
    randomness.may_draw(walk, "random", sure=False)
    root = thing.name.partition(".")[0]
    if (
        not node.args
        and not node.keywords
        and thing.short_name.startswith(("patch", "enable", "use", "set", "init", "setup"))
    ):
        walk.change((walk.member(root), walk.member("sklearn")))
    new = walk.make("unknown", node, thing.name)
    walk.add_part(new, ANY, held)
    return held | {new}


def _copy(walk: Walk, thing: Thing, node: ast.Call) -> Thing:
    if thing.kind in {"library", "function", "class"}:
        return thing
    new = walk.make(thing.kind, node, thing.name, code=thing.code)
    new.scope, new.seeded, new.original = thing.scope, thing.seeded, thing
    for key, parts in list(thing.parts.items()):
        walk.add_part(new, key, parts)
    return new


def _call_back(walk: Walk, scope: Scope, node: ast.Call, everything: Things) -> None:
    """Run the notebook's functions that a library is given: it may call them now."""
    from nbregistry.provenance.slicing.calls import call_bound

    call_bound(walk, scope, node, everything)
    for function in functions_in(everything):
        rest = frozenset(one for one in everything if one is not function)
        call_function(walk, function, Given(rest=rest))


def _change_arguments(walk: Walk, name: str, short: str, given: Given) -> None:
    for at in CHANGES_ARGUMENT.get(name, ()):
        if at < len(given.placed):
            walk.change(given.placed[at])
        else:
            walk.change(given.rest)
        if name.startswith("heapq.") or name == "builtins.setattr":
            for one in given.placed[0] if given.placed else ():
                walk.add_part(one, ANY, NOTHING.union(*given.placed[1:]))
    walk.change(given.named.get("out", NOTHING))
    if short.endswith("_") and not short.startswith("_"):
        walk.change(given.everything())


def _change_settings(walk: Walk, name: str, short: str, node: ast.Call) -> None:
    """Note a library's settings; those by which it prints or plots make no model."""
    root = name.partition(".")[0]
    if name == "tqdm.pandas" or name.endswith(".tqdm.pandas"):
        walk.change((walk.member("pandas"),))
    if name.startswith("sys.path."):
        walk.change((walk.member("sys"),))
    if (name.startswith("os.environ.") and short in {"setdefault", "update", "pop", "clear"}) or name in {
        "os.putenv",
        "os.unsetenv",
    }:
        walk.write_hidden(ENVIRON)
    if (
        root in SHOWS
        or short in _QUIET
        or not short.startswith(("set_", "enable_", "disable_", "use_", "patch", "reset_"))
    ):
        return
    first = node.args[0] if node.args else None
    if (
        isinstance(first, ast.Constant)
        and isinstance(first.value, str)
        and first.value.startswith(("display", "plotting"))
    ):
        return
    if root == "sklearn" and node.keywords and all(keyword.arg in _SHOWN_SETTINGS for keyword in node.keywords):
        return
    walk.change((walk.member(root),))


def _builtin(walk: Walk, scope: Scope, short: str, given: Given, node: ast.Call) -> Things | None:
    from nbregistry.provenance.slicing.expressions import attribute

    if short in {"exec", "eval", "globals", "locals", "compile", "__import__"}:
        return _run_unknown(walk, scope, short, node)
    if short == "getattr" and len(node.args) > 1:
        name = node.args[1]
        if isinstance(name, ast.Constant) and isinstance(name.value, str) and given.placed:
            return attribute(walk, given.placed[0], name.value) | NOTHING.union(*given.placed[2:])
        return with_parts(given.everything())
    if short in {
        "print",
        "len",
        "isinstance",
        "type",
        "hasattr",
        "repr",
        "str",
        "id",
        "callable",
        "format",
        "display",
        "dir",
        "help",
    }:
        walk.change(_used_up(given.everything()) if short == "print" else ())
        return NOTHING
    return None


def _used_up(things: Iterable[Thing]) -> list[Thing]:
    return [thing for thing in things if thing.kind == "iterator"]


def _run_unknown(walk: Walk, scope: Scope, short: str, node: ast.Call) -> Things:
    """Run code that is only known when it runs."""
    if (
        short in {"eval", "exec"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    ):
        return _run_text(walk, scope, node.args[0].value, node)
    for name, binding in list(walk.globals.names.items()):
        if not name.startswith("<"):
            walk.now.needs.update(binding.nodes)
            walk.look(binding.things)
    walk.run_wild(
        f"{walk.where} calls {short}: the statement is kept, and all that came before it and could matter to it"
    )
    return frozenset((walk.make("unknown", node, short),))


def _run_text(walk: Walk, scope: Scope, text: str, node: ast.Call) -> Things:
    from nbregistry.provenance.slicing.magics import run_text

    things = run_text(walk, scope, text)
    return things if things is not None else frozenset((walk.make("unknown", node, "eval"),))
