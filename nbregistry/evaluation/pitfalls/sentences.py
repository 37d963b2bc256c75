"""A pitfall in one plain sentence: what it is, how large, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


MOST = 3
"""So many figures are told; of many versions each has another."""


@dataclass(frozen=True)
class Pitfall:
    """One thing that could fool a reader.

    Attributes
    ----------
    problem : str
        What it is, the same for every version that has it.
    figure : str
        How large it is here.
    advice : str
        What to do.
    """

    problem: str
    figure: str
    advice: str


def told(found: Mapping[str, Sequence[Pitfall]]) -> tuple[str, ...]:
    """Say each thing once, naming the versions that have it unless all have it alike.

    Parameters
    ----------
    found : dict
        Reference of every version that was looked at to what was found.

    Returns
    -------
    tuple of str
        Sentences without the stop at their end.

    Examples
    --------
    >>> far, near = Pitfall("far off", "by 9", "turn round"), Pitfall("far off", "by 2", "turn round")
    >>> told({"m@1": [far]}), told({"m@1": [far], "m@2": [near], "m@3": []})
    (('far off: by 9; turn round',), ('far off: m@1 by 9, m@2 by 2; turn round',))
    """
    figures: dict[tuple[str, str], dict[str, list[str]]] = {}
    for ref, pitfalls in found.items():
        for pitfall in pitfalls:
            figures.setdefault((pitfall.problem, pitfall.advice), {}).setdefault(pitfall.figure, []).append(ref)
    return tuple(
        f"{problem}: {_figures(by_figure, everyone=len(found))}; {advice}"
        for (problem, advice), by_figure in figures.items()
    )


def _figures(by_figure: Mapping[str, Sequence[str]], everyone: int) -> str:
    if len(by_figure) == 1:
        ((figure, refs),) = by_figure.items()
        if len(refs) == everyone:
            return figure
    told = [f"{' and '.join(refs)} {figure}" for figure, refs in by_figure.items()]
    if len(told) > MOST:
        rest = sum(len(refs) for refs in list(by_figure.values())[MOST:])
        told = [*told[:MOST], f"and {rest} more version{'s' * (rest > 1)}"]
    return ", ".join(told)
