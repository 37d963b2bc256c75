"""What a tree leaves out, where it would stand: counted, named in words, and behind a fold where there are folds.

Versions are named as runs, ``churn@2 to churn@243``: so a line of text names hundreds. Behind a fold each has its own
line, up to a number for the whole display, as a page has to end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Line, Node, Span, joined, line
from nbregistry.display.views.parts import ref_of
from nbregistry.reference import name_and_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_RUNS = 6
_UNFOLDED = 60


class LeftOut:
    """The folds of one display.

    Parameters
    ----------
    label : callable
        Gives the words for a version.
    """

    def __init__(self, label: Callable[[str], Line]) -> None:
        self._label = label
        self._room = _UNFOLDED

    def node(self, refs: Iterable[str]) -> Node:
        """Stand for versions that are not drawn."""
        hidden = list(refs)
        named = hidden[: self._room]
        self._room -= len(named)
        more = len(hidden) - len(named)
        unfolded = [Node(self._label(ref)) for ref in named]
        if named and more:
            unfolded.append(Node(line(Span(f"and {more:,} that the line above and .nodes name", "muted"))))
        told = line(Span(f"… and {len(hidden):,} more: ", "muted"), runs_of(hidden))
        return Node(told, tuple(unfolded), folded=bool(unfolded))


def runs_of(refs: Iterable[str], marked: str = "") -> Line:
    """Name versions in few words: those that follow each other by the first and the last of them.

    Parameters
    ----------
    refs : iterable of str
    marked : str, optional
        One that is named first, as this version.

    Examples
    --------
    >>> "".join(span.text for span in runs_of(["a@1", "a@2", "a@3", "a@5", "b@1"], marked="b@1"))
    'b@1 (this version), a@1 to a@3, a@5'
    """
    every = sorted(set(refs), key=lambda ref: name_and_number(ref) or (ref, 0))
    runs: list[list[str]] = []
    for ref in every:
        if ref == marked:
            continue
        if runs and _follows(runs[-1][-1], ref):
            runs[-1].append(ref)
        else:
            runs.append([ref])
    told = [line(ref_of(marked), " (this version)")] if marked in every else []
    told += [_run(run) for run in runs[:_RUNS]]
    more = sum(map(len, runs[_RUNS:]))
    return line(joined(", ", told), f" and {more:,} others" if more else "")


def _follows(ref: str, after: str) -> bool:
    one, other = name_and_number(ref), name_and_number(after)
    return one is not None and other is not None and (one[0], one[1] + 1) == other


def _run(run: list[str]) -> Line:
    if len(run) == 1:
        return line(ref_of(run[0]))
    return line(ref_of(run[0]), ", " if len(run) == 2 else " to ", ref_of(run[-1]))
