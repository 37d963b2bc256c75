"""What loading a version would run: what to be afraid of, first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import (
    Block,
    Card,
    Cell,
    Column,
    Commands,
    Facts,
    Line,
    Notes,
    Row,
    Span,
    Table,
    joined,
    line,
)
from nbregistry.display.commands import command
from nbregistry.display.quantities import byte_size, plural
from nbregistry.display.views.parts import folded, ref_of, signer
from nbregistry.display.visible import clip

if TYPE_CHECKING:
    from nbregistry.display.blocks import Tone
    from nbregistry.inspection import Import, ImportGroup, Inspection

_SHOWN = 40
_FILES_SHOWN = 12
_NAMES = 12
_IN_THE_LEAD = 3
_LONGEST = 120
_HEADS: dict[ImportGroup, str] = {
    "suspicious": "suspicious for what it can do",
    "unknown": "from packages that the record does not name",
    "recorded": "from packages that the record names",
    "standard library": "from Python's standard library",
}
_ADVICE = "This is advice, and no gate: what may be loaded is decided by who signed it."


def card(found: Inspection) -> Card:
    """Show an inspection."""
    blocks: list[Block] = []
    if found.problems:
        blocks.append(Notes("", tuple(line(Span(problem, "user")) for problem in found.problems[:_SHOWN]), "warning"))
    for group, head in _HEADS.items():
        imports = [one for one in found.imports if one.group == group]
        if imports:
            title = line(f"{plural(len(imports), 'import')} {head}")
            is_open = group in ("suspicious", "unknown") or (not found.executes_code and not found.loads)
            blocks.append(folded(title, _table(title, imports), is_open=is_open))
    blocks += _codes(found)
    blocks.append(Facts("Inspection", _facts(found)))
    blocks.append(folded(line(plural(len(found.files), "file")), _files(found)))
    blocks.append(Notes("", (line(_ADVICE),)))
    blocks.append(Commands("next", _next(found)))
    return Card(
        title=line("Inspected ", ref_of(found.ref)),
        aside=line(Span(found.flavor, "user"), ", ", Span(found.format, "user")),
        lead=_lead(found),
        blocks=tuple(blocks),
        tone=_tone(found),
    )


def _tone(found: Inspection) -> Tone:
    if found.suspicious and not found.trusted:
        return "bad"
    alarming = any(code.alarming for code in found.codes)
    return "warned" if found.suspicious or found.problems or alarming or not found.loads else "plain"


def _lead(found: Inspection) -> Line:
    """Say whether it is loaded, and what that would do."""
    outcome = line(Span("Loading goes ahead." if found.loads else "Loading is refused.", "strong"), " ")
    if not found.executes_code:
        typed = line(" It holds types that are built only for whoever trusts them.") if found.imports else ()
        return line(outcome, "Its format executes no code: it is data", "" if found.imports else " only", ".", typed)
    return line(
        outcome,
        f"Nothing was run: it would import {plural(len(found.imports), 'name')} (",
        _suspicious(found),
        f") and make {plural(sum(found.opcodes.values()), 'call')}.",
    )


def _suspicious(found: Inspection) -> Line:
    """Name the first of what is to be afraid of."""
    names = [one.path for one in found.suspicious]
    if not names:
        return line("none suspicious")
    named = joined(", ", [(Span(clip(name, _LONGEST), "user"),) for name in names[:_IN_THE_LEAD]])
    more = f" and {len(names) - _IN_THE_LEAD} more" if len(names) > _IN_THE_LEAD else ""
    return line(Span("suspicious: ", "strong"), named, more)


def _table(caption: Line, imports: list[Import]) -> Table:
    rows = [
        Row(
            (
                Cell((Span(clip(one.path, _LONGEST), "user"),), _given(one)),
                Cell(line(", ".join(one.called) or "not called")),
                Cell((Span(one.reason, "user"),)),
            )
        )
        for one in imports[:_SHOWN]
    ]
    if len(imports) > _SHOWN:
        more = line(f"… and {len(imports) - _SHOWN:,} more in .imports")
        rows.append(Row((Cell(more), Cell(), Cell()), "gap"))
    columns = (Column(line("name")), Column(line("called by")), Column(line("why"), prose=True))
    return Table(caption, columns, tuple(rows), told=True)


def _given(one: Import) -> Line:
    if one.group != "suspicious" or not one.given:
        return ()
    return line("with ", joined(", ", [line("“", Span(clip(text, _LONGEST), "user"), "”") for text in one.given]))


def _codes(found: Inspection) -> list[Block]:
    """Show the functions and classes that travel inside."""
    if not found.codes:
        return []
    title = line(f"{plural(len(found.codes), 'code object')} inside")
    rows = [
        Row(
            (
                Cell((Span(clip(code.name, _LONGEST), "user"),), (Span(clip(code.file, _LONGEST), "user"),)),
                Cell(joined(", ", [(Span(f"! {name}", "warned"),) for name in code.alarming[:_NAMES]])),
                Cell(joined(", ", [(Span(name, "user"),) for name in code.names[:_NAMES]])),
            )
        )
        for code in found.codes[:_SHOWN]
    ]
    if len(found.codes) > _SHOWN:
        rows.append(Row((Cell(line(f"… and {len(found.codes) - _SHOWN:,} more in .codes")), Cell(), Cell()), "gap"))
    columns = (Column(line("code")), Column(line("suspicious")), Column(line("uses"), prose=True))
    alarming = any(code.alarming for code in found.codes)
    return [folded(title, Table(title, columns, tuple(rows), told=True), is_open=alarming)]


def _facts(found: Inspection) -> tuple[tuple[str, Line], ...]:
    calls = ", ".join(f"{opcode} {count:,}" for opcode, count in sorted(found.opcodes.items()))
    facts = [
        ("signed by", signer(found.signed_by, trusted=found.trusted, whole=not found.trusted)),
        ("calls", line(calls)),
    ]
    return tuple((label, words) for label, words in facts if any(span.text for span in words))


def _files(found: Inspection) -> Table:
    rows = [
        Row((Cell((Span(clip(path, _LONGEST), "user"),)), Cell(line(byte_size(size)))))
        for path, size in found.files[:_FILES_SHOWN]
    ]
    if len(found.files) > _FILES_SHOWN:
        rows.append(Row((Cell(line(f"… and {len(found.files) - _FILES_SHOWN:,} more in .files")), Cell()), "gap"))
    columns = (Column(line("file")), Column(line("size"), numeric=True))
    return Table(line("Files"), columns, tuple(rows), told=True)


def _next(found: Inspection) -> tuple[tuple[str, str], ...]:
    shown = (command("%nbr show", found.ref), "who made it, of what")
    if found.loads:
        return ((command("%nbr load", found.ref, as_="model"), "the model itself"), shown)
    if found.trusted:
        return (shown,)
    return (shown, ("%registry", "whose key that is, and how to trust it"))
