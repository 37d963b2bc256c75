"""What a version uses, or what uses it, as nested nodes, cut to what fits a page.

Dependencies are a graph in which everything may hang on everything: drawn as a tree, path by path, a dozen layers of a
dozen versions would fill a disk. So each version is drawn once, as near to the root as it gets; wherever else it is
needed it is named in one line that says where it stands.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from nbregistry.display.blocks import Node, Span, line
from nbregistry.display.views.parts import refs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from nbregistry.display.blocks import Line
    from nbregistry.display.views.left_out import LeftOut

_NODES = 30
_DEPTH = 6


class Dependencies:
    """Everything that one kind of arrow leads to, the nearest drawn.

    Parameters
    ----------
    root : str
    arrows : dict
        Reference to those it leads to.

    Attributes
    ----------
    shown : tuple of str
        Those that are drawn, the root first.
    """

    def __init__(self, root: str, arrows: Mapping[str, Sequence[str]]) -> None:
        self._root = root
        self._arrows = arrows
        self._drawn: dict[str, list[str]] = {root: []}
        self._hidden: dict[str, list[str]] = {}
        depths = {root: 0}
        holders = {root: root}  # where a version is drawn, or where it is counted as left out
        waiting = deque([root])
        while waiting:
            ref = waiting.popleft()
            for other in arrows.get(ref, ()):
                if other in depths:
                    continue
                depths[other] = depths[ref] + 1
                waiting.append(other)
                if ref in self._drawn and len(self._drawn) < _NODES and depths[other] <= _DEPTH:
                    self._drawn[ref].append(other)
                    self._drawn[other] = []
                    holders[other] = other
                else:
                    holders[other] = holders[ref]
                    self._hidden.setdefault(holders[ref], []).append(other)
        self.shown = tuple(self._drawn)

    def tree(self, label: Callable[[str], Line], left_out: LeftOut) -> Node:
        """Give the root with everything below it.

        Parameters
        ----------
        label : callable
            Gives the words for a version.
        left_out : LeftOut
            Draws the folds.
        """
        places = {ref: place for place, ref in enumerate(self._printed(self._root))}
        return self._node(self._root, label, left_out, places)

    def _printed(self, ref: str) -> Iterator[str]:
        yield ref
        for child in self._drawn[ref]:
            yield from self._printed(child)

    def _node(self, ref: str, label: Callable[[str], Line], left_out: LeftOut, places: Mapping[str, int]) -> Node:
        children = [self._node(child, label, left_out, places) for child in self._drawn[ref]]
        elsewhere = [other for other in self._arrows.get(ref, ()) if other in places and other not in self._drawn[ref]]
        for word, is_there in (("above", True), ("below", False)):
            named = [other for other in elsewhere if (places[other] <= places[ref]) is is_there]
            if named:
                children.append(Node(line(refs_of(named), Span(f", see {word}", "muted"))))
        if ref in self._hidden:
            children.append(left_out.node(self._hidden[ref]))
        return Node(label(ref), tuple(children), marked=ref == self._root)
