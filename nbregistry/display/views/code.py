"""The code that made a version: how little of the session it took, its lines, and where the notebook has moved on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from nbregistry.display.blocks import (
    Block,
    Card,
    Cell,
    Column,
    Commands,
    Line,
    Notes,
    Row,
    Section,
    Source,
    SourceLine,
    Span,
    Table,
    joined,
    line,
)
from nbregistry.display.commands import command
from nbregistry.display.highlighting import highlighted
from nbregistry.display.quantities import byte_size, duration, moment, plural, short_digest
from nbregistry.display.views.parts import folded, ref_of
from nbregistry.display.visible import clip

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nbregistry.provenance.cells.cell import Cell as RanCell
    from nbregistry.provenance.cells.recorded import RecordedCode
    from nbregistry.provenance.diff import Diff
    from nbregistry.provenance.slicing.result import Part

_CELLS = 200
_FIRST_LINE = 60
_SENTENCES = 12
_DIFF_LINES = 400


def card(code: RecordedCode) -> Card:
    """Show the code of a version."""
    if not code.cells:
        told = "None was recorded: it was not registered in a notebook that had loaded nbregistry."
        return Card(title=line("The code of ", ref_of(code.ref)), lead=line(told))
    ran = {cell.number: cell for cell in code.cells}
    blocks: list[Block] = []
    if code.staleness:
        blocks.append(_sentences(code.staleness, "warning"))
    blocks += [_part(part, ran.get(part.number)) for part in code.slice.parts]
    if code.restores:
        blocks.append(Notes("", (_restored(code),)))
    if code.redacted:
        blocks.append(_sentences(code.redacted))
    if code.slice.doubts:
        title = line(plural(len(code.slice.doubts), "thing"), " that could not be followed for certain")
        blocks.append(Section(title, (_sentences(code.slice.doubts),)))
    if code.files:
        blocks.append(folded(line(f"{plural(len(code.files), 'file')} that it reads"), _files(code)))
    blocks += [
        Section(
            line("The module ", Span(module.name, "user")), (_source(line(Span(module.path, "user")), module.source),)
        )
        for module in code.modules
    ]
    if code.diff.text or code.diff.files:
        changed = f"{plural(len(code.diff.files), 'file')} changed since the last commit"
        blocks.append(Section(line(changed), (_diff(code.diff),)))
    blocks.append(folded(line(f"All {plural(len(code.cells), 'cell')} that ran"), _session(code)))
    blocks.append(Commands("next", _next(code)))
    return Card(
        title=line("The code of ", ref_of(code.ref)),
        lead=line(f"{code.in_short}.", *_target(code)),
        blocks=tuple(blocks),
        tone="warned" if code.staleness else "plain",
    )


def _target(code: RecordedCode) -> tuple[str | Span, ...]:
    """Tell what the model is called when its lines have run."""
    if not code.slice.parts or not code.slice.targets:
        return ()
    return (" The model ends up in ", Span(clip(code.slice.targets[0], _FIRST_LINE), "code"), ".")


def _restored(code: RecordedCode) -> Line:
    cells = ", ".join(f"[{number}]" for number in code.restores)
    return line(f"{cells} drew random numbers that no cell had seeded: their state was kept, and is set before it runs")


def _sentences(found: Sequence[str], kind: Literal["note", "warning"] = "note") -> Notes:
    items = [line(Span(sentence, "user")) for sentence in found[:_SENTENCES]]
    if len(found) > _SENTENCES:
        items.append(line(f"and {len(found) - _SENTENCES:,} more"))
    return Notes("", tuple(items), kind)


def _part(part: Part, cell: RanCell | None) -> Source:
    """Show the lines of one cell, and where lines were left out."""
    told = [line(f"[{part.number}]")]
    if cell is not None and cell.seconds is not None:
        told.append(line(duration(cell.seconds)))
    if cell is not None and cell.error:
        told.append(line("stopped with ", Span(clip(cell.error, _FIRST_LINE), "user")))
    return Source(joined(" · ", told), tuple(_with_gaps(part)))


def _with_gaps(part: Part) -> Iterator[SourceLine]:
    words = highlighted(part.source)
    if len(words) != len(part.lines):  # a body was replaced: its lines have no numbers
        yield from map(SourceLine, words)
        return
    before = 0
    for number, shown in zip(part.lines, words, strict=True):
        if number > before + 1:
            yield SourceLine(line(f"… {plural(number - before - 1, 'line')} that it did not need"), "gap")
        yield SourceLine(shown)
        before = number


def _source(caption: Line, text: str) -> Source:
    return Source(caption, tuple(map(SourceLine, highlighted(text))))


def _diff(diff: Diff) -> Source:
    kinds = {"+": "added", "-": "removed"}
    found = diff.text.split("\n")
    shown = found[:_DIFF_LINES]
    lines = [
        SourceLine(line(Span(text, "source")), kinds.get(text[:1], ""))  # type: ignore[arg-type]
        for text in shown
    ]
    if len(found) > len(shown):
        lines.append(SourceLine(line(f"… {plural(len(found) - len(shown), 'more line')}; .diff has them"), "gap"))
    if diff.cut_bytes:
        lines.append(SourceLine(line(f"… {byte_size(diff.cut_bytes)} more were not kept"), "gap"))
    return Source(line("git diff"), tuple(lines))


def _files(code: RecordedCode) -> Table:
    rows = [
        Row(
            (
                Cell((Span(file.path, "user"),)),
                Cell(line(byte_size(file.size) if file.digest else "not kept track of")),
                Cell((Span(short_digest(file.digest), "code"),) if file.digest else ()),
            )
        )
        for file in code.files
    ]
    columns = (Column(line("file")), Column(line("size")), Column(line("digest")))
    return Table(line("Files that it reads"), columns, tuple(rows))


def _session(code: RecordedCode) -> Table:
    needed = {part.number for part in code.slice.parts}
    shown = code.cells[-_CELLS:]
    rows = [_row(cell, is_needed=cell.number in needed) for cell in shown]
    caption = line("Cells as they ran")
    if len(shown) < len(code.cells):
        caption = line(caption, f", the last {len(shown)} shown; .cells has all")
    if code.unseen:
        caption = line(caption, f"; of the first {code.unseen} the history knows the text alone")
    columns = (
        Column(line("cell")),
        Column(line("made it")),
        Column(line("began")),
        Column(line("took"), numeric=True),
        Column(line("begins with"), prose=True),
    )
    return Table(caption, columns, tuple(rows), told=True)


def _row(cell: RanCell, *, is_needed: bool) -> Row:
    first = next((text.strip() for text in cell.source.splitlines() if text.strip()), "")
    below = line(Span(f"! {clip(cell.error, _FIRST_LINE)}", "warned")) if cell.error else ()
    return Row(
        (
            Cell(line(f"[{cell.number}]")),
            Cell(line("yes") if is_needed else ()),
            Cell((Span(moment(cell.started_at), "time", cell.started_at),) if cell.started_at else ()),
            Cell(line(duration(cell.seconds)) if cell.seconds is not None else ()),
            Cell((Span(clip(first, _FIRST_LINE), "code"),), below),
        ),
        "marked" if is_needed else "",
    )


def _next(code: RecordedCode) -> tuple[tuple[str, str], ...]:
    return (
        (command("%reproduce", code.ref), "makes it again, in a fresh kernel"),
        (command("%nbr export", code.ref, notebook="made.ipynb"), "as a notebook that runs"),
    )
