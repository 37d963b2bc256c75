"""An alias that moved, or would: from which version to which, what was checked, how to undo it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.display.blocks import (
    Block,
    Card,
    Cell,
    Column,
    Commands,
    Kind,
    Line,
    Notes,
    Row,
    Section,
    Span,
    Table,
    Tone,
    line,
)
from nbregistry.display.commands import command, word
from nbregistry.display.measures import MAIN_COUNT, metrics_of, tally
from nbregistry.display.views.parts import chips, folded, on_other_data, other_data, ref_of, tiles
from nbregistry.outcomes import Check, Move, Outcome, Promotion, Rollback
from nbregistry.reference import CHAMPION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbregistry.model import ModelVersion

_OUTCOMES: dict[Outcome, tuple[str, Kind]] = {
    "passed": ("✓ passed", "good"),
    "warned": ("! warned", "warned"),
    "failed": ("✗ failed", "bad"),
    "skipped": ("– skipped", "muted"),
}
_URGENCY: dict[Outcome, int] = {"failed": 0, "warned": 1}


def card(shown: Move | Check) -> Card:
    """Show a move, or one check of it."""
    if isinstance(shown, Check):
        return Card(title=line(Span(shown.name, "user"), " ", outcome(shown)), lead=(Span(shown.detail, "user"),))
    blocks: list[Block] = [_checks(shown)] if shown.checks else []
    if shown.from_ref == shown.to_ref:
        title = line(Span(shown.alias, "chip", "alias"), " ", ref_of(shown.to_ref))
        lead = line(Span(shown.alias, "strong"), " is on ", ref_of(shown.to_ref), " already: nothing was changed.")
        return Card(title=title, lead=lead, blocks=tuple(blocks), tone=_tone(shown))
    blocks = blocks if _has_failed(shown) else _measured(shown) + blocks
    changes = _changes(shown)
    if changes and not (_has_failed(shown) and not isinstance(shown, Rollback)):
        blocks.append(Notes(_would_change(shown), changes))
    following = _following(shown)
    if following:
        blocks.append(following)
    return Card(title=_title(shown), lead=_lead(shown), blocks=tuple(blocks), tone=_tone(shown))


def outcome(check: Check) -> Span:
    """Say how a check went, in sign and word."""
    words, kind = _OUTCOMES[check.outcome]
    return Span(words, kind)


def _has_failed(move: Move) -> bool:
    return any(check.outcome == "failed" for check in move.checks)


def _would_change(move: Move) -> str:
    if move.applied:
        return ""
    return "would change, if it is forced" if _has_failed(move) else "would change"


def _tone(move: Move) -> Tone:
    outcomes = {check.outcome for check in move.checks}
    if "failed" in outcomes:
        return "bad"
    if "warned" in outcomes:
        return "warned"
    return "good" if move.applied else "plain"


def _title(move: Move) -> Line:
    before = ref_of(move.from_ref) if move.from_ref else Span("nothing", "muted")
    dry = line(" ", Span("dry run", "badge")) if not move.applied else ()
    back = isinstance(move, Rollback)
    verb = ("Rolled back" if back else "Promoted") if move.applied else ("Rollback" if back else "Promotion")
    return line(f"{verb} ", Span(move.alias, "chip", "alias"), " ", before, " → ", ref_of(move.to_ref), dry)


def _lead(move: Move) -> Line:
    back = isinstance(move, Rollback)
    alias, target = Span(move.alias, "strong"), ref_of(move.to_ref)
    in_sum = tally(move.after.metrics, move.before.metrics) if move.before and move.after else ""
    rated = line(" It is ", in_sum, ".") if in_sum else ()
    if not move.applied:
        unchanged = Span("Nothing was changed.", "strong")
        to_put = line("put ", alias, " ", "back " if back else "", "on ", target)
        if _has_failed(move):
            failed = sum(check.outcome == "failed" for check in move.checks)
            told = "A check" if failed == 1 else f"{failed} checks"
            return line(unchanged, f" {told} failed: it would be refused to ", to_put, ".")
        return line(unchanged, " This would ", to_put, ".", rated)
    done = line(alias, " of ", Span(move.name, "user"), " is ", "back on " if back else "now on ", target, ".", rated)
    return line(done, " ", Span("! forced", "warned"), ", for a check failed.") if _has_failed(move) else done


def _measured(move: Move) -> list[Block]:
    """Show how good the version is that the alias moves to, against the one it leaves."""
    before, after = move.before, move.after
    if after is None or not after.metrics:
        return []
    rival = before if before and before.ref != after.ref else None
    blocks: list[Block] = [tiles(after, rival, metrics_of([after])[:MAIN_COUNT])]
    if rival and on_other_data(after, rival):
        blocks.append(Notes("", (other_data(rival),), "warning"))
    return blocks


def _checks(move: Move) -> Section:
    """List the checks; folded where all passed, for then one line says it."""
    caption = line("Checked before it moved: " if move.applied else "Checked: ", tally_of(move.checks))
    return folded(caption, checks_table(caption, move.checks), is_open=_tone(move) in ("warned", "bad"))


def checks_table(caption: Line, checks: Sequence[Check]) -> Table:
    """Put checks in a table, those that failed first."""
    rows = tuple(
        Row((Cell((Span(check.name, "user"),)), Cell((outcome(check),)), Cell((Span(check.detail, "user"),))))
        for check in sorted(checks, key=lambda check: _URGENCY.get(check.outcome, len(_URGENCY)))
    )
    return Table(caption, (Column(line("check")), Column(line("outcome")), Column(line("detail"), prose=True)), rows)


def tally_of(checks: Sequence[Check]) -> str:
    """Count how checks went."""
    counts = {kind: sum(check.outcome == kind for check in checks) for kind in _OUTCOMES}
    if counts["passed"] == len(checks):
        return f"all {len(checks)} passed" if len(checks) > 1 else "passed"
    return ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)


def _changes(move: Move) -> tuple[Line, ...]:
    """List what changes; once it is done, the title and the sentence below it have told of the alias."""
    changes: list[Line] = []
    if not move.applied:
        before: Line = (ref_of(move.from_ref),) if move.from_ref else line("nothing")
        changes.append(line("alias ", Span(move.alias, "chip"), ": ", before, " → ", ref_of(move.to_ref)))
    if move.before and move.alias in move.before.stray_aliases:
        holder = ref_of(move.before.ref)
        changes.append(line(holder, " holds it ", Span("! moved there by a key that is not trusted", "alarm")))
    if isinstance(move, Rollback) and move.before:
        changes.append(_left(move, move.before))
    if move.reason:
        changes.append(line("reason in the journal: ", Span(move.reason, "user")))
    return tuple(changes)


def _left(move: Move, before: ModelVersion) -> Line:
    """Say what becomes of the version that a rollback leaves: what holds another alias stays in use."""
    others = [alias for alias in before.aliases if alias != move.alias]
    status = line("status of ", ref_of(before.ref), ": ")
    if others:
        return line(status, "stays ", before.status.replace("_", " "), ", for it is", chips(others), " too")
    return line(status, "now " if move.applied else "then ", Span("rolled back", "badge"))


def _following(move: Move) -> Commands | None:
    """Say what undoes it, or what does it after a dry run; nothing does what is refused, unless it can be forced."""
    champion = move.alias == CHAMPION
    promoted = () if champion else (move.alias,)
    option = {} if champion else {"alias": move.alias}
    back = isinstance(move, Rollback)
    if not move.applied:
        failed = _has_failed(move)
        said = move.reason and word(move.reason)  # what a line cannot say has to be said by hand
        given = {"reason": move.reason if said else "TEXT"} if move.reason or failed else {}
        if any(check.outcome == "failed" and check.is_final for check in move.checks):
            return None
        if back:
            again = command("%rollback", move.name, to=move.to_ref, **option, **given)
        else:
            required = {"require": ", ".join(move.require)} if isinstance(move, Promotion) and move.require else {}
            again = command("%promote", move.to_ref, *promoted, **required, **given)
        if failed:
            return Commands("to do it", ((f"{again} --force", "although a check failed"),))
        return Commands("to do it", ((again, "the same, for good"),))
    # A rollback that names no version passes over what is not in order.
    left = move.before
    to = {"to": left.ref} if left and (left.status != "active" or left.approval == "Rejected") else {}
    if not move.from_ref:
        return Commands("next", ((command("%versions", move.name), f"{move.alias} had no holder before"),))
    undo = command("%promote", move.from_ref, *promoted) if back else command("%rollback", move.name, **to, **option)
    return Commands("to undo", ((undo, f"puts {move.alias} back on {move.from_ref}"),))
