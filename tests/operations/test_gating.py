"""A promotion through gates: refused with the figure, forced with a reason, and kept in the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import nbregistry
from nbregistry.display.views.journal import in_words
from nbregistry.errors import Conflict, InvalidRequirement, Refused
from nbregistry.magics.splitting import split, text
from nbregistry.operations import moving
from tests.operations.gates.models import Column, labelled

if TYPE_CHECKING:
    from nbregistry.registry import Registry

ROWS = labelled()
GATE = "roc_auc not worse than champion"


@pytest.fixture
def gated(registry: Registry) -> Registry:
    """Version 1 is fair and the champion, version 2 is good, version 3 is poor."""
    for place, alias in ((0, "champion"), (2, None), (3, None)):
        registry.register("m", Column(place), on=ROWS, alias=alias)
    return registry


def test_what_passes_is_promoted_and_the_journal_says_what_was_required(gated: Registry) -> None:
    done = gated.promote("m@2", require=[GATE, "roc_auc >= 0.5"])
    assert done.applied
    assert [check.name for check in done.checks if check.is_gate] == [GATE, "roc_auc >= 0.5"]
    event = gated.log("m")[-1]
    assert event.detail["required"] == [GATE, "roc_auc >= 0.5"]
    assert "forced" not in event.detail


def test_a_refusal_names_each_gate_with_its_figure_and_changes_nothing(gated: Registry) -> None:
    seen = gated.head()
    with pytest.raises(Refused) as caught:
        gated.promote("m@3", require=f"{GATE}, n >= 1000, roc_auc > 0.1")
    first, verdict, rows, _ = str(caught.value).splitlines()
    assert first == f"'champion' was not moved to m@3: 2 gates failed, {GATE}; n >= 1000"
    assert verdict.startswith(f"  {GATE}: failed, it is worse than m@1 by 0.")
    assert "adjusted p < 0.001" in verdict
    assert rows.startswith("  n >= 1000: failed, it was measured on 400 rows")
    with pytest.raises(Refused, match=f"not moved to m@3: {GATE}: failed, it is worse than m@1 by 0.") as caught:
        gated.promote("m@3", require=f"{GATE}, roc_auc > 0.1")
    assert "roc_auc > 0.1" not in str(caught.value)
    assert "--force --reason TEXT" in caught.value.hint
    assert gated.head() == seen


def test_a_dry_run_shows_how_it_would_go(gated: Registry) -> None:
    seen = gated.head()
    planned = gated.promote("m@3", require=GATE, dry_run=True)
    assert [check.outcome for check in planned.checks if check.is_gate] == ["failed"]
    assert not planned.applied
    assert f'%promote m@3 --require "{GATE}" --reason TEXT --force  although a check failed' in repr(planned)
    assert f'%promote m@2 --require "{GATE}"  the same' in repr(gated.promote("m@2", require=GATE, dry_run=True))
    assert gated.head() == seen


def test_force_needs_a_reason_and_is_kept_with_what_failed(gated: Registry) -> None:
    for reason in ("", "  "):
        with pytest.raises(Refused, match="a forced promotion needs a reason"):
            gated.promote("m@3", require=GATE, force=True, reason=reason)
    done = gated.promote("m@3", require=[GATE, "n >= 10"], force=True, reason="the old one leaks")
    assert "! forced" in repr(done)
    event = gated.log("m")[-1]
    assert (event.verb, event.reason) == ("promote", "the old one leaks")
    assert list(event.detail["forced"]) == [GATE]
    assert event.detail["forced"][GATE].startswith("it is worse than m@1 by 0.")
    assert "forced" in repr(gated.log("m"))
    told = "".join(span.text for span in in_words(event.detail))
    assert f"! forced past {GATE}: it is worse than m@1" in told
    quiet = gated.promote("m@2", require=GATE, force=True, reason="to be sure")
    assert "forced" not in gated.log("m")[-1].detail
    assert "forced" not in repr(quiet)


def test_the_way_on_requires_what_was_required_and_so_the_journal_keeps_it(gated: Registry) -> None:
    required = "roc_auc >= 0.9999 on 'a \"b'"
    gated.evaluate("m@3", *ROWS, name='a "b')
    with pytest.raises(Refused) as caught:
        gated.promote("m@3", require=required)
    asked = ' --require "roc_auc >= 0.9999 on \'a \\"b\'"'
    assert caught.value.hint.startswith(f"%promote m@3 champion{asked} --force --reason TEXT")
    with pytest.raises(Refused, match="needs a reason") as caught:
        gated.promote("m@3", require=required, force=True)
    assert caught.value.hint == f"%promote m@3 champion{asked} --force --reason TEXT"
    (option,) = split(asked).tokens[1:]
    gated.promote("m@3", require=text(option), force=True, reason="urgent")
    assert list(gated.log("m")[-1].detail["forced"]) == [required]


def test_force_is_not_the_first_that_is_offered_where_there_was_nothing_to_judge_by(gated: Registry) -> None:
    for required in ("rocauc >= 0.9", "roc_auc better than champoin", "roc_auc >= 0.1 on holdout"):
        with pytest.raises(Refused, match=r"did you mean|was not measured on") as caught:
            gated.promote("m@3", require=required)
        assert caught.value.hint == f'%nbr check m@3 champion --require "{required}", once that is mended'
        assert caught.value.otherwise[0].startswith("%promote m@3 champion --require")


def test_force_does_not_pass_what_is_no_gate(gated: Registry) -> None:
    gated.approve("m@2", "Rejected", reason="no")
    with pytest.raises(Refused, match="rejected"):
        gated.promote("m@2", force=True, reason="yes")


def test_where_it_is_already_nothing_is_asked(gated: Registry) -> None:
    """So that a promotion which was interrupted when it was done is found done when it is asked for again."""
    found = gated.promote("m@1", require="roc_auc >= 0.9999")
    assert not found.applied
    (gates,) = (check for check in found.checks if check.name == "gates")
    assert (gates.outcome, gates.detail) == ("skipped", "not asked, for nothing moves: roc_auc >= 0.9999")
    assert all(check.name != "gates" for check in gated.promote("m@1").checks)


def test_a_requirement_that_cannot_be_read_is_told_before_any_work(gated: Registry) -> None:
    with pytest.raises(InvalidRequirement):
        gated.promote("m@9", require="roc_auc beter than champion")


@pytest.mark.parametrize("meanwhile", ["approved", "moved"])
def test_what_the_gates_rest_on_may_not_change_while_they_are_judged(
    gated: Registry, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    gated.approve("m@2", "Approved", reason="fine")
    colleague = nbregistry.open(gated.path)
    judge = moving.judge

    def judged(*arguments: Any) -> Any:
        found = judge(*arguments)
        slow.undo()
        if meanwhile == "approved":
            colleague.approve("m@2", "PendingManualApproval", reason="wait")
        else:
            colleague.promote("m@3", "live")
        return found

    gated.promote("m@1", "live")
    with monkeypatch.context() as slow:
        slow.setattr(moving, "judge", judged)
        with pytest.raises(Conflict, match="changed meanwhile: nothing was changed"):
            gated.promote("m@2", require="approved, roc_auc not worse than live")
    assert gated.get("m@champion").version == 1
