"""Promote and roll back: aliases move, and say what was checked."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import nbregistry
from nbregistry.artifacts.local import LocalStore
from nbregistry.catalog.log import CommitLog
from nbregistry.errors import Conflict, NotFound, Refused
from nbregistry.operations import moving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nbregistry.catalog.commit import Envelope
    from nbregistry.outcomes import Move
    from nbregistry.registry import Registry


def test_promote_then_roll_back(story: Registry) -> None:
    promotion = story.promote("tumour@3", reason="better")
    assert (promotion.from_ref, promotion.to_ref, promotion.applied) == ("tumour@1", "tumour@3", True)
    names = ["bytes", "signature", "environment", "dependencies", "loads", "predictions", "dependents"]
    assert [(check.name, check.outcome) for check in promotion.checks] == [(name, "passed") for name in names]
    rollback = story.rollback("tumour", reason="calibration drift")
    assert (rollback.from_ref, rollback.to_ref, rollback.applied) == ("tumour@3", "tumour@1", True)
    assert story.get("tumour@champion").version == 1
    assert story.get("tumour@3").status == "rolled_back"
    assert story.get("tumour@3").aliases == ()
    event = story.log("tumour")[-1]
    assert (event.verb, event.reason, event.detail["from"], event.detail["to"]) == (
        "rollback",
        "calibration drift",
        "tumour@3",
        "tumour@1",
    )


def test_a_move_carries_both_records(story: Registry) -> None:
    def both(move: Move) -> list[tuple[str, str, tuple[str, ...]]]:
        return [(v.ref, v.status, v.aliases) for v in (move.before, move.after) if v]

    promotion = story.promote("tumour@3")
    assert both(promotion) == [("tumour@1", "active", ()), ("tumour@3", "active", ("champion",))]
    assert promotion.after is not None
    assert promotion.after.metrics == story.get("tumour@3").metrics
    planned = story.rollback("tumour", dry_run=True)
    assert both(planned) == [("tumour@3", "active", ("champion",)), ("tumour@1", "active", ())]
    done = story.rollback("tumour")
    assert both(done) == [("tumour@3", "rolled_back", ()), ("tumour@1", "active", ("champion",))]


def test_what_another_alias_holds_stays_active_and_the_card_says_so(story: Registry) -> None:
    story.promote("tumour@3")
    story.promote("tumour@3", "challenger")
    rollback = story.rollback("tumour")
    assert story.get("tumour@3").status == "active"
    assert "status of tumour@3: stays active, for it is [challenger] too" in repr(rollback)


def test_a_dry_run_moves_nothing(story: Registry) -> None:
    story.promote("tumour@2")
    seen = len(story.log())
    rollback = story.rollback("tumour", dry_run=True)
    assert (rollback.from_ref, rollback.to_ref, rollback.applied) == ("tumour@2", "tumour@1", False)
    assert len(story.log()) == seen
    assert story.get("tumour@champion").version == 2


def test_several_rollbacks_go_further_back_and_never_to_and_fro(story: Registry) -> None:
    story.promote("tumour@2")
    story.promote("tumour@3")
    assert story.rollback("tumour").to_ref == "tumour@2"
    assert story.rollback("tumour").to_ref == "tumour@1"
    with pytest.raises(Refused, match="no earlier holder"):
        story.rollback("tumour")
    story.promote("tumour@3")
    assert story.get("tumour@3").status == "active"
    assert story.rollback("tumour").to_ref == "tumour@1"


def test_a_rollback_never_goes_forward(story: Registry) -> None:
    """After a jump back with --to, what was jumped over is no earlier holder; one that never held it is no step."""
    for ref in ("tumour@2", "tumour@3"):
        story.promote(ref)
    story.rollback("tumour", to="tumour@1")
    with pytest.raises(Refused, match="no earlier holder"):
        story.rollback("tumour")
    story.promote("tumour@2")
    story.rollback("tumour", to="tumour@3")
    assert story.rollback("tumour").to_ref == "tumour@1"


def test_a_rollback_interrupted_when_it_was_done_goes_back_once(
    story: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    for ref in ("tumour@2", "tumour@3"):
        story.promote(ref)
    append = CommitLog.append

    def pressed(log: CommitLog, seq: int, envelope: Envelope) -> bool:
        written = append(log, seq, envelope)
        signal.raise_signal(signal.SIGINT)  # it is held until the commit is whole
        return written

    with monkeypatch.context() as patched:
        patched.setattr(CommitLog, "append", pressed)
        with pytest.raises(KeyboardInterrupt):
            story.rollback("tumour", reason="drift")
    again = story.rollback("tumour", reason="drift")
    assert (again.from_ref, again.to_ref, again.applied) == ("tumour@3", "tumour@2", True)
    assert [event.verb for event in story.log()].count("rollback") == 1
    assert story.rollback("tumour").to_ref == "tumour@1"  # asked for again, on purpose


def interrupted(monkeypatch: pytest.MonkeyPatch, verb: Callable[[], object]) -> None:
    """Do something, and have the answer cut off when it was done."""

    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(LocalStore, "keep", pressed)
        with pytest.raises(KeyboardInterrupt):
            verb()


def test_what_was_interrupted_and_undone_by_somebody_else_is_done_again(
    story: Registry, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    colleague = nbregistry.open(root)
    interrupted(monkeypatch, lambda: story.promote("tumour@2"))
    assert colleague.rollback("tumour").from_ref == "tumour@2"
    again = story.promote("tumour@2")
    assert (again.from_ref, again.to_ref, again.applied) == ("tumour@1", "tumour@2", True)
    assert colleague.get("tumour@champion").ref == "tumour@2"


def test_a_rollback_that_was_interrupted_is_not_called_done_if_the_alias_moved_since(
    story: Registry, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    colleague = nbregistry.open(root)
    story.promote("tumour@2")
    interrupted(monkeypatch, lambda: story.rollback("tumour"))
    colleague.promote("tumour@3")
    with pytest.raises(Conflict, match="was rolled back to tumour@1, and moved to tumour@3 since then"):
        story.rollback("tumour")
    assert colleague.get("tumour@champion").ref == "tumour@3"
    assert story.rollback("tumour").from_ref == "tumour@3"  # and now it is meant


@pytest.mark.parametrize("verb", ["promote", "rollback"])
@pytest.mark.parametrize(
    ("decide", "told"),
    [
        (lambda registry, ref: registry.archive(ref), "is archived"),
        (lambda registry, ref: registry.approve(ref, "Rejected", reason="leak"), "is rejected"),
    ],
    ids=["archived", "rejected"],
)
def test_what_is_decided_while_it_is_checked_counts(
    story: Registry, root: Path, monkeypatch: pytest.MonkeyPatch, verb: str, decide: Any, told: str
) -> None:
    story.promote("tumour@3")
    colleague = nbregistry.open(root)
    checked = moving.run_checks

    def slowly(*arguments: Any, **options: Any) -> Any:
        checks = checked(*arguments, **options)
        decide(colleague, "tumour@2")
        return checks

    monkeypatch.setattr(moving, "run_checks", slowly)
    with pytest.raises(Refused, match=told):
        story.promote("tumour@2") if verb == "promote" else story.rollback("tumour", to="2")
    assert colleague.get("tumour@champion").ref == "tumour@3"


def test_a_rollback_never_stays_where_it_is(story: Registry) -> None:
    """To and fro: what the alias is on already is no earlier holder, though it held the alias before."""
    for ref in ("tumour@2", "tumour@1", "tumour@2"):
        story.promote(ref)
    assert story.rollback("tumour").to_ref == "tumour@1"
    seen = len(story.log())
    with pytest.raises(Refused, match="no earlier holder to go back to: tumour@2 is rolled back"):
        story.rollback("tumour")
    assert len(story.log()) == seen
    assert story.get("tumour@champion").status == "active"


def test_what_was_decided_is_checked_too(story: Registry) -> None:
    story.promote("tumour@2")
    story.approve("tumour@1", "Rejected", reason="leaks")
    with pytest.raises(Refused, match="tumour@1 is rejected"):
        story.rollback("tumour")
    dry = story.rollback("tumour", to="tumour@1", dry_run=True)
    assert [check.name for check in dry.checks if check.outcome == "failed"] == ["approval"]
    assert "it would be refused" in repr(dry)
    forced = story.rollback("tumour", to="tumour@1", force=True, reason="the only one that runs")
    assert forced.applied
    assert "it is rejected" in repr(forced)


def test_the_way_back_is_one_that_works(story: Registry) -> None:
    story.approve("tumour@1", "Rejected", reason="leaks")
    told = repr(story.promote("tumour@2"))
    assert "%rollback tumour --to tumour@1" in told


def test_promoting_the_holder_changes_nothing(story: Registry) -> None:
    seen = len(story.log())
    promotion = story.promote("tumour@champion")
    assert (promotion.from_ref, promotion.to_ref, promotion.applied) == ("tumour@1", "tumour@1", False)
    assert len(story.log()) == seen
    assert "already: nothing was changed" in repr(promotion)


def test_no_earlier_holder_is_refused_clearly(story: Registry) -> None:
    with pytest.raises(Refused, match="no earlier holder") as caught:
        story.rollback("tumour")
    assert "--to" in caught.value.hint
    story.register("bare", {"w": np.zeros(1)})
    with pytest.raises(NotFound, match="no alias 'champion'"):
        story.rollback("bare")


def test_rollback_to_a_version(story: Registry) -> None:
    assert story.rollback("tumour", to="tumour@2").to_ref == "tumour@2"
    assert story.rollback("tumour", to="3").to_ref == "tumour@3"
    assert story.rollback("tumour", to="models:/tumour/2").to_ref == "tumour@2"
    with pytest.raises(Refused, match="already"):
        story.rollback("tumour", to="tumour@2")
    story.register("other", {"w": np.zeros(1)})
    with pytest.raises(Refused, match="not of 'tumour'"):
        story.rollback("tumour", to="other@1")


def test_a_damaged_target_stops_a_rollback_unless_forced(story: Registry, root: Path) -> None:
    story.promote("tumour@3")
    digest = story.get("tumour@1").digest.removeprefix("sha256:")
    (blob,) = (root / "blobs").rglob(f"{digest}*")
    blob.chmod(0o644)
    blob.write_bytes(b"\0" + blob.read_bytes()[1:])
    with pytest.raises(Refused, match="bytes failed"):
        story.rollback("tumour")
    with pytest.raises(Refused, match="needs a reason"):
        story.rollback("tumour", force=True)
    assert story.get("tumour@champion").version == 3
    forced = story.rollback("tumour", force=True, reason="anything is better")
    assert {check.name: check.outcome for check in forced.checks}["bytes"] == "failed"
    assert not story.verify().ok


def test_rejected_and_archived_versions_are_not_promoted(story: Registry) -> None:
    assert story.approve("tumour@2", "Rejected", reason="biased").approval == "Rejected"
    with pytest.raises(Refused, match="rejected"):
        story.promote("tumour@2")
    assert story.archive("tumour@3").status == "archived"
    with pytest.raises(Refused, match="archived"):
        story.promote("tumour@3")
    assert story.restore("tumour@3").status == "active"
    with pytest.raises(Refused, match="in use as champion"):
        story.archive("tumour@1")
    with pytest.raises(Refused, match="not an approval"):
        story.approve("tumour@2", "Fine", reason="")  # type: ignore[arg-type]


def test_a_rollback_passes_over_what_was_rejected(story: Registry) -> None:
    story.promote("tumour@2")
    story.promote("tumour@3")
    story.approve("tumour@2", "Rejected", reason="biased")
    with pytest.raises(Refused, match="rejected"):
        story.rollback("tumour", to="tumour@2")
    assert story.rollback("tumour").to_ref == "tumour@1"


def test_what_another_alias_holds_is_not_marked_rolled_back(story: Registry) -> None:
    story.promote("tumour@1", "challenger")
    story.promote("tumour@2", "challenger")
    story.promote("tumour@2")
    assert story.rollback("tumour", alias="challenger").to_ref == "tumour@1"
    assert story.get("tumour@2").status == "active"
