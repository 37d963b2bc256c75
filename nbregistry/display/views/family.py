"""The family of a version as nested nodes, cut to what fits a page.

A lineage is a graph: a version may have several parents, a family thousands of members, and a line of descent
hundreds of steps. A page needs a tree of some dozens. Each member stands once, below its first parent that is
shown; the other parents are named beside it. What is left out is counted where it would stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Line, Node, Span, joined, line
from nbregistry.display.quantities import plural
from nbregistry.display.views.parts import ref_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nbregistry.lineage import Lineage

_ANCESTORS = 6
_SIBLINGS = 12
_DESCENDANTS = 20
_DEPTH = 8


class Family:
    """Ancestors, siblings and descendants of a version, chosen and nested.

    Attributes
    ----------
    shown, hidden : int
        How many members are shown and how many are left out.
    """

    def __init__(self, lineage: Lineage) -> None:
        self._lineage = lineage
        self._parents: dict[str, list[str]] = {}
        self._offspring: dict[str, list[str]] = {}
        for parent, child, kind in lineage.edges:
            if kind == "parent":
                self._parents.setdefault(child, []).append(parent)
                self._offspring.setdefault(parent, []).append(child)
        self._members = frozenset((lineage.ref, *lineage.ancestors, *lineage.siblings, *lineage.descendants))
        self._chosen = self._choose()
        self.shown = len(self._chosen)
        self.hidden = len(self._members) - self.shown

    def _choose(self) -> dict[str, None]:
        """Pick who is shown, in the order of the lineage: makers before what they made."""
        lineage = self._lineage
        ancestors = lineage.ancestors[:_ANCESTORS] + lineage.ancestors[_ANCESTORS:][-1:]
        place = {ref: index for index, ref in enumerate(lineage.nodes)}
        here = place.get(lineage.ref, 0)

        def nearness(ref: str) -> tuple[bool, int]:
            return ref not in lineage.aliases, abs(place.get(ref, 0) - here)

        siblings = sorted(lineage.siblings, key=nearness)[:_SIBLINGS]
        wanted = {lineage.ref, *ancestors, *siblings, *self._descendants()}
        return {ref: None for ref in lineage.nodes if ref in wanted}

    def _descendants(self) -> list[str]:
        """Take the nearest descendants, no deeper than a page is wide."""
        layer, found = [self._lineage.ref], dict[str, None]()
        for _ in range(_DEPTH):
            layer = [child for ref in layer for child in self._offspring.get(ref, ()) if child not in found]
            found.update(dict.fromkeys(layer))
        found.pop(self._lineage.ref, None)
        aliased = [ref for ref in found if ref in self._lineage.aliases]
        return list(dict.fromkeys([*aliased[:_DESCENDANTS], *found]))[:_DESCENDANTS]

    def trees(self, label: Callable[[str], Line]) -> Iterator[Node]:
        """Give the roots with everything below them.

        Parameters
        ----------
        label : callable
            Gives the words for a member.
        """
        below: dict[str, list[str]] = {}
        roots: list[str] = []
        between: dict[str, int] = {}
        for ref in self._chosen:
            holder, skipped = self._holder(ref)
            between[ref] = skipped
            if holder is None:
                roots.append(ref)
            else:
                below.setdefault(holder, []).append(ref)
        placed: set[str] = set()
        for ref in (*roots, *self._chosen):  # the second part finds something only where a damaged log has a circle
            if ref not in placed:
                yield self._node(ref, below, between, label, placed)

    def _holder(self, ref: str) -> tuple[str | None, int]:
        """Find the nearest shown ancestor along first parents, and how many are left out on the way."""
        seen = {ref}
        skipped = 0
        parents = self._parents.get(ref, [])
        while parents:
            # Below this version, if it is a parent: it is the one that was asked about.
            known = [parent for parent in parents if parent in self._chosen] or parents
            holder = self._lineage.ref if self._lineage.ref in known else known[0]
            if holder in seen:
                return None, 0
            if holder in self._chosen:
                return holder, skipped
            seen.add(holder)
            skipped += 1
            parents = self._parents.get(holder, [])
        return None, skipped

    def _node(
        self,
        ref: str,
        below: dict[str, list[str]],
        between: dict[str, int],
        label: Callable[[str], Line],
        placed: set[str],
    ) -> Node:
        placed.add(ref)
        words = label(ref)
        others = [parent for parent in self._parents.get(ref, ()) if ref not in below.get(parent, ())]
        if len(self._parents.get(ref, ())) > 1 and others:
            words = line(words, Span(" also from ", "muted"), joined(", ", [(ref_of(parent),) for parent in others]))
        if between.get(ref):
            words = line(Span(f"… {plural(between[ref], 'version')} between … ", "muted"), words)
        children = [
            self._node(child, below, between, label, placed) for child in below.get(ref, ()) if child not in placed
        ]
        left_out = sum(child in self._members and child not in self._chosen for child in self._offspring.get(ref, ()))
        if left_out:
            children.append(Node(line(Span(f"… and {left_out} more", "muted"))))
        return Node(words, tuple(children), marked=ref == self._lineage.ref)
