"""The family of a version as nested nodes, cut to what fits a page.

A lineage is a graph: a version may have several parents, a family thousands of members, and a line of descent
hundreds of steps. A page needs a tree of some dozens. Each member stands once, below its first parent that is
shown; the other parents are named beside it. What is left out is counted once, where it would stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Node, Span, line
from nbregistry.display.quantities import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping, Sequence

    from nbregistry.display.blocks import Line
    from nbregistry.display.views.left_out import LeftOut
    from nbregistry.lineage import Lineage

_ANCESTORS = 6
_SIBLINGS = 12
_DESCENDANTS = 20
_DEPTH = 8


class Family:
    """Ancestors, siblings and descendants of a version, chosen and nested.

    Parameters
    ----------
    lineage : Lineage

    Attributes
    ----------
    shown : tuple of str
        The members that are drawn, makers before what they made.
    """

    def __init__(self, lineage: Lineage) -> None:
        self._lineage = lineage
        self._parents: dict[str, list[str]] = {}
        self._offspring: dict[str, list[str]] = {}
        for parent, child, kind in lineage.edges:
            if kind == "parent":
                self._parents.setdefault(child, []).append(parent)
                self._offspring.setdefault(parent, []).append(child)
        self._chosen = self._choose()
        self._roots: list[str] = []
        self._below: dict[str, list[str]] = {}
        self._between: dict[str, int] = {}
        self._left_out: Mapping[str | None, list[str]] = {}
        self._nest()
        self.shown = tuple(self._chosen)

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
        layer = [self._lineage.ref]
        found = dict.fromkeys(layer)
        for _ in range(_DEPTH):
            layer = list(
                dict.fromkeys(child for ref in layer for child in self._offspring.get(ref, ()) if child not in found)
            )
            found.update(dict.fromkeys(layer))
        del found[self._lineage.ref]
        aliased = [ref for ref in found if ref in self._lineage.aliases]
        return list(dict.fromkeys([*aliased[:_DESCENDANTS], *found]))[:_DESCENDANTS]

    def _nest(self) -> None:
        """Decide below whom each member stands, and count who is left out."""
        counted: set[str] = set()
        for ref in self._chosen:
            holder, skipped = self._holder(ref)
            self._between[ref] = len(skipped)
            counted.update(skipped)
            if holder is None:
                self._roots.append(ref)
            else:
                self._below.setdefault(holder, []).append(ref)
        self._left_out = self._others(counted)

    def trees(self, label: Callable[[str, Sequence[str]], Line], left_out: LeftOut) -> Iterator[Node]:
        """Give the roots with everything below them.

        Parameters
        ----------
        label : callable
            Gives the words for a member and the parents below which it does not stand.
        left_out : LeftOut
            Draws the folds.
        """
        placed: set[str] = set()
        for ref in (*self._roots, *self._chosen):  # the second part finds some only where a damaged log has a circle
            if ref not in placed:
                yield self._node(ref, label, left_out, placed)
        if None in self._left_out:
            yield left_out.node(self._left_out[None])

    def _above(self, ref: str) -> str | None:
        """Give the parent below which a member stands: this version if it is one, else one that is shown."""
        parents = self._parents.get(ref, [])
        known = [parent for parent in parents if parent in self._chosen] or parents
        if self._lineage.ref in known:
            return self._lineage.ref
        return known[0] if known else None

    def _holder(self, ref: str) -> tuple[str | None, list[str]]:
        """Find the nearest shown ancestor of a member, and who is left out on the way."""
        skipped: list[str] = []
        seen = {ref}
        holder = self._above(ref)
        while holder is not None and holder not in self._chosen:
            if holder in seen:
                return None, []
            seen.add(holder)
            skipped.append(holder)
            holder = self._above(holder)
        return (None, []) if holder == ref else (holder, skipped)

    def _others(self, counted: Container[str]) -> dict[str | None, list[str]]:
        """Give the members that are neither shown nor between two that are, each once, where it would stand."""
        lineage = self._lineage
        members = dict.fromkeys((*lineage.ancestors, *lineage.siblings, *lineage.descendants))
        holders: dict[str, str | None] = {ref: ref for ref in self._chosen}
        for member in members:
            path: dict[str, None] = {}
            ref: str | None = member
            while ref is not None and ref not in holders and ref not in path:
                path[ref] = None
                ref = self._above(ref)
            holder = holders.get(ref) if ref is not None else None
            holders.update(dict.fromkeys(path, holder))
        found: dict[str | None, list[str]] = {}
        for ref in members:
            if ref not in self._chosen and ref not in counted:
                found.setdefault(holders[ref], []).append(ref)
        return found

    def _node(self, ref: str, label: Callable[[str, Sequence[str]], Line], left_out: LeftOut, placed: set[str]) -> Node:
        placed.add(ref)
        parents = self._parents.get(ref, ())
        others = [parent for parent in parents if ref not in self._below.get(parent, ())]
        words = label(ref, others if len(parents) > 1 else ())
        if self._between[ref]:
            words = line(Span(f"… {plural(self._between[ref], 'version')} between … ", "muted"), words)
        children = [
            self._node(child, label, left_out, placed) for child in self._below.get(ref, ()) if child not in placed
        ]
        if ref in self._left_out:
            children.append(left_out.node(self._left_out[ref]))
        return Node(words, tuple(children), marked=ref == self._lineage.ref)
