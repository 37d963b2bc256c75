"""The journal: who did what, when and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nbregistry.catalog.schema import is_numbers
from nbregistry.display.blocks import Block, Card, Cell, Column, Line, Notes, Row, Span, Table, joined, line
from nbregistry.display.commands import command
from nbregistry.display.measures import by_importance, leading
from nbregistry.display.quantities import moment, number, plural, scalar
from nbregistry.display.views.parts import ref_of, signer
from nbregistry.display.visible import clip
from nbregistry.listings import Journal
from nbregistry.model import Event

_SHOWN = 50
_VALUES = 5
_VALUE_LENGTH = 60
_MOVE = frozenset({"alias", "from", "to"})


def card(shown: Journal | Event) -> Card:
    """Show events as a table, newest last."""
    journal = Journal((shown,), 1) if isinstance(shown, Event) else shown
    of = line(" of ", Span(journal.name, "user")) if journal.name else ()
    title = line("Journal", of, "  ", Span(plural(journal.total, "event"), "muted"))
    if not journal.items:
        return Card(title=title, lead=line("Nothing happened yet."))
    events = journal.items if journal.limit is not None else journal.items[-_SHOWN:]
    strangers = sum(not event.trusted for event in journal.items)
    blocks: list[Block] = []
    if strangers:
        told = line(f"{plural(strangers, 'event')} signed by a key that is not trusted here")
        blocks.append(Notes("", (told,), "warning"))
    blocks.append(events_table(events))
    if len(events) < journal.total:
        how = command("events = %nbr log", *([journal.name] if journal.name else []))
        others = f"; {how}, then events.to_frame()" if journal.limit is None else ", as --limit asked"
        told = line(Span(f"showing the last {len(events):,} of {journal.total:,}{others}", "muted"))
        blocks.append(Notes("", (told,)))
    aside = line("newest last") if len(events) > 1 else ()
    return Card(title=title, aside=aside, blocks=tuple(blocks), tone="warned" if strangers else "plain")


def events_table(events: Sequence[Event]) -> Table:
    """Put events in a table, one a row."""
    columns = tuple(Column(line(head)) for head in ("time (UTC)", "who", "verb", "version", "what", "why"))
    return Table(line("Events"), columns, tuple(_row(event) for event in events), told=True)


def _row(event: Event) -> Row:
    who: Line = () if event.trusted else signer(event.key, trusted=False)
    return Row((
        Cell((Span(moment(event.at), "time", f"commit {event.seq}, {event.at}"),)),
        Cell((Span(event.actor, "user"),), who),
        Cell(line(Span(event.verb, "strong"))),
        Cell(joined(", ", [(ref_of(ref),) for ref in event.ref.split(", ") if ref])),
        Cell(in_words(event.detail)),
        Cell((Span(event.reason, "user"),) if event.reason else ()),
    ))  # fmt: skip


def in_words(detail: Mapping[str, Any]) -> Line:
    """Say what a verb changed.

    Examples
    --------
    >>> "".join(span.text for span in in_words({"alias": "champion", "from": "churn@1", "to": "churn@3"}))
    'champion: churn@1 → churn@3'
    """
    if _is_of_evaluation(detail):
        return _evaluation(detail)
    parts: list[Line] = []
    if detail.get("alias"):
        before, after = detail.get("from"), detail.get("to")
        moved = [(ref_of(str(ref)) if ref else Span("nothing", "muted"),) for ref in (before, after)]
        parts.append(line(Span(str(detail["alias"]), "chip"), ": ", joined(" → ", moved if after else moved[:1])))
    if "policy" in detail and not detail.get("require"):
        parts.append(line("nothing is required any more"))
    for key, value in detail.items():
        if (detail.get("alias") and key in _MOVE) or value in (None, "", [], {}):
            continue
        if key == "digest":
            continue  # the record has it
        if key == "forced" and isinstance(value, Mapping):
            past = [f"{name}: {scalar(found)}" for name, found in value.items()]  # "roc_auc >= 0.9=0.8" reads badly
            parts.append(line(Span("! forced past", "alarm"), " ", _value(past)))
        elif key == "algorithm":
            parts.insert(0, (Span(clip(scalar(value), _VALUE_LENGTH), "user"),))
        else:
            parts.append(line(Span(key, "user"), ": ", _value(value)))
    return joined(", ", parts)


def _is_of_evaluation(detail: Mapping[str, Any]) -> bool:
    """Tell whether this is what evaluate says: a stranger's commit may say anything there."""
    return "evaluation" in detail and is_numbers(detail.get("metrics", {})) and type(detail.get("n", 0)) is int


def _evaluation(detail: Mapping[str, Any]) -> Line:
    """Say on what, and how good: the metric that matters most; the others are in the record."""
    label: Line = (Span(clip(str(detail["evaluation"]), _VALUE_LENGTH), "user"),) if detail["evaluation"] else ()
    metrics = detail.get("metrics") or {}
    main = leading(by_importance(metrics))
    found = line(Span(main, "user"), f" {number(metrics[main])}") if main else ()
    return joined(", ", [label, found, line(f"n: {detail['n']:,}") if detail.get("n") else ()])


def _value(value: Any) -> Line:
    if isinstance(value, Mapping):
        items = [f"{key}={scalar(inner)}" for key, inner in value.items()]
    elif isinstance(value, (list, tuple)):
        items = [scalar(inner) for inner in value]
    else:
        return (Span(clip(scalar(value), _VALUE_LENGTH), "user"),)
    told = joined(", ", [(Span(clip(item, _VALUE_LENGTH), "user"),) for item in items[:_VALUES]])
    return line(told, f" and {len(items) - _VALUES} more" if len(items) > _VALUES else "")
