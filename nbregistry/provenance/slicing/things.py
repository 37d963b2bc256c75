"""What the names of a session may stand for: objects, told apart by the expression that made them.

Numbers, texts and ``None`` are nothing here, for nothing changes them; a name's binding says where they came from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

Things = frozenset["Thing"]
NOTHING: Things = frozenset()
NO_NODES: frozenset[int] = frozenset()


class _Any:
    """The key of the parts of which it is not known under which key they stand."""

    def __repr__(self) -> str:
        return "ANY"


ANY = _Any()


class Thing:
    """One object that may change.

    Attributes
    ----------
    kind : str
        ``"library"`` (a module or a member of one), ``"instance"`` (of a library's class), ``"object"`` (of a class of
        the notebook), ``"class"``, ``"function"``, ``"list"``, ``"dict"``, ``"iterator"``, ``"rng"``, ``"file"``,
        ``"data"`` (a library's result, which shares nothing with what it was made from), ``"unknown"``.
    name : str
        The dotted name in its library; of a file its path, where it is known.
    parts : dict
        What it is composed of: elements by their constant key or ``ANY``, attributes, arguments of its constructor.
    stored : set
        What its methods were given, and it may still look at.
    changed : set of int
        The nodes that changed it.
    lent_by : frozenset of Thing
        Whose inside it may be: a change of it changes them, but it does not change with them.
    code, scope : ast node, Scope
        Of a function, a class or a generator.
    original : Thing or None
        What it is a copy of.
    """

    __slots__ = ("changed", "code", "kind", "lent_by", "name", "original", "parts", "scope", "seeded", "stored")

    def __init__(self, kind: str, name: str = "", *, code: Any = None, scope: Any = None) -> None:
        self.kind = kind
        self.name = name
        self.parts: dict[Any, Things] = {}
        self.stored: Things = NOTHING
        self.changed: set[int] = set()
        self.lent_by: Things = NOTHING
        self.code: Any = code
        self.scope: Any = scope
        self.seeded: bool | None = None
        self.original: Thing | None = None

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name}>"

    @property
    def short_name(self) -> str:
        """The last part of its dotted name."""
        return self.name.rpartition(".")[2]

    def every_part(self) -> Things:
        """Give all that it is composed of, one level deep."""
        parts = self.parts
        if not parts:
            return NOTHING
        return frozenset().union(*parts.values())


def reachable(things: Iterable[Thing]) -> set[Thing]:
    """Give the things and all that they are composed of."""
    found = set(things)
    waiting = list(found)
    while waiting:
        for part in waiting.pop().every_part():
            if part not in found:
                found.add(part)
                waiting.append(part)
    return found


def with_originals(things: Iterable[Thing]) -> Things:
    """Give the things and what they are copies of."""
    found: set[Thing] = set()
    for thing in things:
        one: Thing | None = thing
        while one is not None and one not in found:
            found.add(one)
            one = one.original
    return frozenset(found)


class Binding(NamedTuple):
    """What a name stands for, and the nodes that bound it."""

    things: Things = NOTHING
    nodes: frozenset[int] = NO_NODES
    text: str | None = None
    """The text that it is, where it is a constant."""


class Scope:
    """The names of the notebook, or of one call of a function."""

    __slots__ = ("declared", "inside", "names", "parent")

    def __init__(self, parent: Scope | None = None, declared: dict[str, str] | None = None) -> None:
        self.names: dict[str, Binding] = {}
        self.parent = parent
        self.declared = declared or {}
        self.inside = False  # the scope of a comprehension, which a walrus looks through

    def find(self, name: str) -> Binding | None:
        """Look a name up from the inside out."""
        scope: Scope | None = self
        while scope is not None:
            binding = scope.names.get(name)
            if binding is not None:
                return binding
            scope = scope.parent
        return None

    def home_of(self, name: str) -> Scope:
        """Give the scope that an assignment to the name binds it in."""
        said = self.declared.get(name)
        if said is None or self.parent is None:
            return self
        scope = self.parent
        if said == "global":
            while scope.parent is not None:
                scope = scope.parent
            return scope
        while name not in scope.names and scope.parent is not None:
            scope = scope.parent
        return scope


def join(first: dict[str, Binding], second: dict[str, Binding]) -> dict[str, Binding]:
    """Give what names stand for where two ways meet."""
    if first is second or first == second:
        return first
    joined = dict(first)
    for name, binding in second.items():
        other = joined.get(name)
        if other is None:
            joined[name] = binding
        elif other != binding:
            joined[name] = Binding(
                other.things | binding.things,
                other.nodes | binding.nodes,
                other.text if other.text == binding.text else None,
            )
    return joined
