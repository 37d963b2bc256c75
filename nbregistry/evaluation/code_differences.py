"""In what the code of two versions differs, line by line."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

CONTEXT = 2
"""Equal lines that are shown before and after one that differs."""


@dataclass(frozen=True)
class CodeLine:
    """One line of a difference.

    Attributes
    ----------
    text : str
        Of a gap: how many equal lines are left out.
    kind : str
        ``""`` if both have it, ``"added"`` or ``"removed"`` against the baseline, ``"gap"``.
    """

    text: str
    kind: Literal["", "added", "removed", "gap"] = ""


@dataclass(frozen=True)
class CodeDifference:
    """The code of a version against that of the baseline.

    Attributes
    ----------
    ref, baseline_ref : str
    lines : tuple of CodeLine
        Empty where both were made by the same lines.
    """

    ref: str
    baseline_ref: str
    lines: tuple[CodeLine, ...]

    @property
    def added(self) -> int:
        """How many lines only this version has."""
        return sum(line.kind == "added" for line in self.lines)

    @property
    def removed(self) -> int:
        """How many lines only the baseline has."""
        return sum(line.kind == "removed" for line in self.lines)


def code_differences(scripts: Mapping[str, str], baseline: str) -> tuple[CodeDifference, ...]:
    r"""Compare the code of versions with the baseline's.

    Parameters
    ----------
    scripts : dict
        Reference to the lines that made it, of those versions where they are known.
    baseline : str

    Examples
    --------
    >>> (found,) = code_differences({"m@1": "import a\nC = 1\nfit(C)", "m@2": "import a\nC = 2\nfit(C)"}, "m@1")
    >>> [(line.kind, line.text) for line in found.lines]
    [('', 'import a'), ('removed', 'C = 1'), ('added', 'C = 2'), ('', 'fit(C)')]
    """
    if baseline not in scripts:
        return ()
    standard = scripts[baseline].splitlines()
    return tuple(
        CodeDifference(ref, baseline, tuple(_lines(standard, script.splitlines())))
        for ref, script in scripts.items()
        if ref != baseline
    )


def _lines(before: Sequence[str], after: Sequence[str]) -> Iterator[CodeLine]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    shown = 0
    for group in matcher.get_grouped_opcodes(CONTEXT):
        if all(kind == "equal" for kind, *_ in group):
            return
        skipped = group[0][1] - shown
        if skipped:
            yield _gap(skipped)
        for kind, start, stop, new_start, new_stop in group:
            if kind == "equal":
                yield from map(CodeLine, before[start:stop])
            else:
                yield from (CodeLine(text, "removed") for text in before[start:stop])
                yield from (CodeLine(text, "added") for text in after[new_start:new_stop])
        shown = group[-1][2]
    if shown and shown < len(before):
        yield _gap(len(before) - shown)


def _gap(count: int) -> CodeLine:
    return CodeLine(f"{count} equal line{'s' * (count != 1)}", "gap")
