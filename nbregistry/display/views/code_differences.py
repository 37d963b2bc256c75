"""In what the code of versions differs: the lines that changed, and a few around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import Block, Notes, Section, Source, SourceLine, Span, line
from nbregistry.display.highlighting import highlighted
from nbregistry.display.quantities import plural
from nbregistry.display.views.parts import ref_of

if TYPE_CHECKING:
    from nbregistry.evaluation.code_differences import CodeDifference, CodeLine
    from nbregistry.evaluation.comparison import Comparison

_SHOWN = 200
_LISTED = 4
"""So many versions have a heading of their own; of more they stand under one."""
_OPEN = 20
"""Lines of a difference that are in sight at once; a longer one is folded."""


def code_differences(comparison: Comparison) -> list[Block]:
    """Show the difference of each version's code to the baseline's; of equal code one sentence."""
    blocks: list[Block] = []
    one = len(comparison.code) == 1  # of several the first would push all that follows out of sight
    for found in comparison.code:
        if found.lines:
            count = f"{plural(found.added, 'line')} added, {found.removed:,} removed"
            title = line("The code of ", ref_of(found.ref), f": {count}")
            blocks.append(Section(title, (_difference(found),), open=one and len(found.lines) <= _OPEN))
        else:
            # Nothing more is known: one cell may have made both, in two passes of a loop.
            same = line("The same lines made ", ref_of(found.baseline_ref), " and ", ref_of(found.ref), ".")
            blocks.append(Notes("", (same,)))
    other = sum(bool(found.lines) for found in comparison.code)
    return [Section(line(f"The code differs in {other} versions"), tuple(blocks))] if other > _LISTED else blocks


def _difference(found: CodeDifference) -> Source:
    lines = [_line(one) for one in found.lines[:_SHOWN]]
    if len(found.lines) > _SHOWN:
        lines.append(SourceLine(line(f"… {plural(len(found.lines) - _SHOWN, 'more line')}; .code has them"), "gap"))
    caption = line("against ", ref_of(found.baseline_ref))
    return Source(caption, tuple(lines), signed=True)


def _line(one: CodeLine) -> SourceLine:
    if one.kind == "gap":
        return SourceLine(line(f"… {one.text}"), "gap")
    words = highlighted(one.text)
    return SourceLine(words[0] if words else (Span("", "source"),), one.kind)
