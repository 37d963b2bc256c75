"""The state of a walk through a session: what names stand for, and which statement needs which."""

from __future__ import annotations

import builtins
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbregistry.provenance.slicing.names import free_names
from nbregistry.provenance.slicing.things import ANY, NOTHING, Binding, Scope, Thing, Things, reachable

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable, Iterator

    from nbregistry.provenance.cells.cell import Cell
    from nbregistry.provenance.slicing.facts import Facts, Unit

BUILTINS = frozenset(dir(builtins)) | {
    "get_ipython",
    "display",
    "__name__",
    "__file__",
    "__doc__",
    "In",
    "Out",
    "exit",
    "quit",
}

ENVIRON = "<environ>"
"""The hidden state of the environment's variables."""


@dataclass(eq=False)
class Node:
    """One run of one unit.

    Attributes
    ----------
    cell : int
        Place of the cell among those that ran.
    unit : Unit or None
        ``None`` for the target.
    needs : set of int
        The nodes without which it would not run, or not do the same.
    binds : list of str
    reads : list of str
        Files, as literal text.
    fits : list of tuple
        Objects that it trained, and the expressions they were trained with.
    doubts : list of str
        Sentences that hold if it is kept.
    unseeded : set of str
        Random states that it draws from and nothing had seeded.
    needs_restored : set of int
        Nodes that it needs besides, where such a state is set to what it was at the beginning of the cell.
    calls : bool
        Whether it calls anything.
    followed : int
        Calls of the notebook's own functions that it was followed through.
    """

    cell: int
    unit: Unit | None
    needs: set[int] = field(default_factory=set)
    binds: list[str] = field(default_factory=list)
    reads: list[str] = field(default_factory=list)
    fits: list[tuple[Things, tuple[str, ...]]] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    unseeded: set[str] = field(default_factory=set)
    needs_restored: set[int] = field(default_factory=set)
    calls: bool = False
    followed: int = 0

    def doubt(self, sentence: str) -> None:
        """Keep a sentence, once."""
        if sentence not in self.doubts:
            self.doubts.append(sentence)


class _Before:
    """What a walk has changed since it began to walk for a while."""

    def __init__(self) -> None:
        self.things: dict[Thing, tuple[dict[Any, Things], Things, set[int], bool | None]] = {}
        self.made: list[tuple[Any, ...]] = []


class Walk:
    """A walk through the cells in the order in which they ran."""

    def __init__(self) -> None:
        self.globals = Scope()
        self.nodes: list[Node] = []
        self.node = -1
        self.now = Node(-1, None)
        self.control: list[int] = []
        self.loops: list[int] = []
        self.context: tuple[int, ...] = ()
        self.stack: list[Any] = []
        self.returned: list[Things] = []
        self.yielded: list[Things] = []
        self.selves: list[tuple[Things, Thing | None]] = []
        self.wild: list[int] = []
        self.version = 0
        self.cell: Cell | None = None
        self.cell_at = -1
        self.facts: Facts | None = None
        self.certain = True
        self.seeded_here: set[str] = set()
        self.drawers: dict[str, set[int]] = {}
        self.unit_nodes: dict[int, int] = {}
        self.keep_alive: list[ast.AST] = []
        self.imported: dict[str, int] = {}  # the cell that first imported it
        self._library: dict[str, Thing] = {}
        self._made: dict[tuple[Any, ...], Thing] = {}
        self._before: _Before | None = None

    @contextmanager
    def for_a_while(self) -> Iterator[None]:
        """Walk on, and come back to how it was before."""
        count, names, wild, version = len(self.nodes), dict(self.globals.names), list(self.wild), self.version
        before = self._before = _Before()
        try:
            yield
        finally:
            self._before = None
            for thing, (parts, stored, changed, seeded) in before.things.items():
                thing.parts, thing.stored, thing.changed, thing.seeded = parts, stored, changed, seeded
            for key in before.made:
                del self._made[key]
            del self.nodes[count:]
            self.globals.names, self.wild, self.version = names, wild, version
            self.control, self.loops, self.stack, self.selves = [], [], [], []
            self.context, self.unit_nodes, self.cell = (), {}, None

    def _remember(self, thing: Thing) -> None:
        before = self._before
        if before is not None and thing not in before.things:
            before.things[thing] = (dict(thing.parts), thing.stored, set(thing.changed), thing.seeded)

    # Nodes

    def enter(self, unit: Unit | None) -> int:
        """Go to a unit: what is read and changed from here on is its doing."""
        known = self.unit_nodes.get(id(unit))
        if known is None:
            known = len(self.nodes)
            self.nodes.append(Node(self.cell_at, unit))
            self.unit_nodes[id(unit)] = known
        self.node = known
        self.now = self.nodes[known]
        if self.control:
            self.now.needs.add(self.control[-1])
        return known

    def back_to(self, node: int) -> None:
        """Go back to a node that was entered before."""
        self.node = node
        self.now = self.nodes[node]

    # Things

    def member(self, name: str) -> Thing:
        """Give the member of a library that has this dotted name."""
        thing = self._library.get(name)
        if thing is None:
            thing = self._library[name] = Thing("library", name)
        return thing

    def make(self, kind: str, site: object, name: str = "", **more: Any) -> Thing:
        """Give the object that an expression makes, the same one each time this node evaluates it."""
        key = (self.node, id(site), self.context, kind)
        thing = self._made.get(key)
        if thing is None:
            thing = self._made[key] = Thing(kind, name, **more)
            if self._before is not None:
                self._before.made.append(key)
        return thing

    def add_part(self, thing: Thing, key: object, things: Things) -> None:
        """Note that an object holds others."""
        if not things:
            return
        old = thing.parts.get(key, NOTHING)
        if not things <= old:
            self._remember(thing)
            thing.parts[key] = (old | things) - {thing}
            self.version += 1

    def store(self, thing: Thing, things: Things) -> None:
        """Note that an object may look at others later."""
        new = things - thing.stored
        if new:
            self._remember(thing)
            thing.stored |= frozenset(one for one in new if one is not thing and one.kind != "library")
            self.version += 1

    def change(self, things: Iterable[Thing]) -> None:
        """Note that this node changes these."""
        for thing in things:
            if self.node not in thing.changed:
                self._remember(thing)
                thing.changed.add(self.node)
                self.version += 1
                if thing.lent_by:
                    self.change(thing.lent_by)

    # Reading

    def look(self, things: Things) -> None:
        """Note that this node needs things as they are now, with all that they hold."""
        if not things:
            return
        needs = self.now.needs
        seen = set(things)
        waiting = list(things)
        while waiting:
            thing = waiting.pop()
            kind = thing.kind
            if kind == "library":
                root = self._library.get(thing.name.partition(".")[0])
                if root is not None:
                    needs.update(root.changed)
                continue
            needs.update(thing.changed)
            found = [*thing.parts.values(), thing.stored] if thing.parts or thing.stored else []
            if kind in {"function", "class", "generator"}:
                found = [*found, *self._behind(thing, needs)]
            for things_there in found:
                for one in things_there:
                    if one not in seen:
                        seen.add(one)
                        waiting.append(one)

    def _behind(self, thing: Thing, needs: set[int]) -> list[Things]:
        """What a function's text names outside of it."""
        found = []
        for name in free_names(thing.code):
            binding = thing.scope.find(name)
            if binding is not None:
                needs.update(binding.nodes)
                found.append(binding.things)
            elif name not in BUILTINS:
                needs.update(self.wild)
            if self.wild and binding is not None:
                self._read_wild(binding)
        return found

    def read(self, scope: Scope, name: str, *, deep: bool = True) -> Things:
        """Give what a name stands for, and note that this node needs it."""
        binding = scope.find(name)
        if binding is None:
            self.now.needs.update(self.wild)
            if name in BUILTINS:
                return frozenset((self.member("builtins." + name),))
            if not self.wild and name not in self.now.binds:
                self.now.doubt(f"the name {name} is used in {self.where} and no cell binds it")
            return frozenset((self.make("unknown", name, name),))
        self.now.needs.update(binding.nodes)
        if self.wild:
            self._read_wild(binding)
        if deep:
            self.look(binding.things)
        return binding.things

    def _read_wild(self, binding: Binding) -> None:
        first = min(binding.nodes, default=-1)
        self.now.needs.update(node for node in self.wild if node > first)

    @property
    def where(self) -> str:
        """The cell that runs, for sentences."""
        return f"cell {self.cell.number}" if self.cell is not None else "the target"

    # Binding

    def bind(self, scope: Scope, name: str, things: Things, text: str | None = None) -> None:
        """Bind a name; of the notebook's own names this node is then the one that bound it."""
        home = scope.home_of(name)
        if home is not self.globals:
            home.names[name] = Binding(things, text=text)
            return
        binding = Binding(things, frozenset((self.node,)), text)
        if home is not scope or not self.certain:
            old = home.names.get(name)
            if old is not None:
                binding = Binding(old.things | things, old.nodes | binding.nodes)
        home.names[name] = binding
        if name not in self.now.binds:
            self.now.binds.append(name)

    # Hidden state: settings, random states, files, all kept as names that no program can have

    def read_hidden(self, name: str) -> Binding | None:
        """Note that this node needs a hidden state as it is."""
        binding = self.globals.names.get(name)
        if binding is not None:
            self.now.needs.update(binding.nodes)
        return binding

    def write_hidden(self, name: str, *, anew: bool = False) -> None:
        """Note that this node changes a hidden state, or sets it anew."""
        nodes = frozenset((self.node,))
        old = self.globals.names.get(name)
        if old is not None and not (anew and self.certain):
            nodes |= old.nodes
        self.globals.names[name] = Binding(NOTHING, nodes)

    def run_wild(self, sentence: str = "") -> None:
        """Note that this node may have bound any name."""
        if self.node not in self.wild:
            self.wild.append(self.node)
        if sentence:
            self.now.doubt(sentence)


def parts_at(thing: Thing, key: object) -> Things:
    """Give what an object holds under a key; all of it where the key is not known."""
    if key is ANY:
        return thing.every_part()
    return thing.parts.get(key, NOTHING) | thing.parts.get(ANY, NOTHING)


def with_parts(things: Things) -> Things:
    """Give things and all that they are composed of."""
    if not any(thing.parts for thing in things):
        return things
    return frozenset(reachable(things))
