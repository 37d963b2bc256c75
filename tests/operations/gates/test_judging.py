"""What passes, what fails, and what is said: by stored evaluations on rows that are known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

import nbregistry
from nbregistry.cli import to_json
from nbregistry.errors import InvalidRequirement, NotFound, Refused
from nbregistry.operations import transfer
from tests.operations.gates.models import Column, labelled

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.registry import Registry

FAIR, TWIN, GOOD, POOR = range(4)
ROWS = labelled()


@pytest.fixture
def gated(registry: Registry) -> Registry:
    """Versions 1 to 4 of `m`, measured on the same rows: fair (the champion), its twin, good and poor."""
    for place in (FAIR, TWIN, GOOD, POOR):
        alias = "champion" if place == FAIR else None
        registry.register("m", Column(place), on=ROWS, on_name="holdout", alias=alias)
    return registry


def found(registry: Registry, ref: str, requirement: str, alias: str = "champion") -> tuple[str, str]:
    (check,) = registry.check(ref, requirement, alias).checks
    return check.outcome, check.detail


def auc(registry: Registry, ref: str) -> float:
    return registry.get(ref).metrics["roc_auc"]


def test_a_threshold_goes_by_the_value_and_says_it(gated: Registry) -> None:
    value = auc(gated, "m@1")
    assert found(gated, "m@1", "roc_auc >= 0.7") == ("passed", f"{value:.4g} on 400 rows of holdout")
    assert found(gated, "m@1", f"roc_auc >= {value!r}")[0] == "passed"
    assert found(gated, "m@1", f"roc_auc > {value!r}")[0] == "failed"
    assert found(gated, "m@1", f"roc_auc <= {value!r}")[0] == "passed"
    outcome, detail = found(gated, "m@1", "roc_auc < 0.5")
    assert (outcome, detail) == ("failed", f"{value:.4g} on 400 rows of holdout")


def test_a_figure_is_never_rounded_onto_the_number_it_misses(gated: Registry) -> None:
    value = auc(gated, "m@1")
    outcome, detail = found(gated, "m@1", f"roc_auc >= {float(f'{value:.4g}') + 1e-9!r}")
    assert outcome == "failed" or value >= float(f"{value:.4g}")
    assert not detail.startswith(f"{float(f'{value:.4g}') + 1e-9!r} ")


def test_surely_goes_by_the_bound(gated: Registry) -> None:
    value = auc(gated, "m@1")
    assert found(gated, "m@1", f"roc_auc surely >= {value - 0.08}")[0] == "passed"
    outcome, detail = found(gated, "m@1", f"roc_auc surely >= {value - 0.005}")
    assert outcome == "failed"
    assert "surely at least 0." in detail
    assert "one-sided 95% bound" in detail
    assert found(gated, "m@1", f"roc_auc surely <= {value + 0.08}")[0] == "passed"
    assert "surely at most" in found(gated, "m@1", f"roc_auc surely <= {value + 0.005}")[1]


def test_better_is_by_verdict(gated: Registry) -> None:
    outcome, detail = found(gated, "m@3", "roc_auc better than champion")
    assert outcome == "passed"
    assert detail.startswith("it is better than m@1 by 0.")
    assert "DeLong" in detail
    outcome, detail = found(gated, "m@2", "roc_auc better than 1")
    assert outcome == "failed"
    assert "neither surely better nor surely worse" in detail
    assert "so many rows would have shown 0.0" in detail
    assert found(gated, "m@4", "roc_auc better than m@champion")[0] == "failed"


def test_not_worse_fails_only_with_certainty(gated: Registry) -> None:
    for ref in ("m@2", "m@3"):
        assert found(gated, ref, "roc_auc not worse than champion")[0] == "passed"
    outcome, detail = found(gated, "m@4", "roc_auc not worse than champion")
    row = next(row for row in gated.compare("m@1", "m@4", metrics="roc_auc").rows if row.ref == "m@4" and row.verdict)
    assert row.difference is not None
    assert outcome == "failed"
    assert f"it is worse than m@1 by {-row.difference:.4g}" in detail
    low, high = (f"{end:+.4g}".replace("-", "−") for end in (row.ci_low, row.ci_high))
    assert f"95% interval {low} to {high}, adjusted p < 0.001, " in detail
    assert row.p_adjusted is not None
    assert row.p_adjusted < 0.001
    assert "-" not in detail  # a hyphen is no minus sign


def test_less_is_better_of_a_loss(gated: Registry) -> None:
    assert found(gated, "m@3", "log_loss better than champion")[0] == "passed"
    assert found(gated, "m@4", "log_loss not worse than champion")[0] == "failed"
    assert found(gated, "m@4", "log_loss not worse than champion by 400%")[0] == "passed"
    assert found(gated, "m@3", "log_loss better than champion by 0.02")[0] == "passed"


def test_a_margin_moves_the_line_for_the_bound(gated: Registry) -> None:
    row = next(r for r in gated.compare("m@1", "m@3", metrics="roc_auc", alpha=0.1).rows if r.ref == "m@3")
    assert row.ci_low is not None
    assert found(gated, "m@3", f"roc_auc better than champion by {row.ci_low - 1e-6}")[0] == "passed"
    outcome, detail = found(gated, "m@3", f"roc_auc better than champion by {row.ci_low + 1e-6}")
    assert outcome == "failed"
    assert "one-sided 95% bound" in detail
    twin = next(r for r in gated.compare("m@1", "m@2", metrics="roc_auc", alpha=0.1).rows if r.ref == "m@2")
    assert twin.ci_low is not None
    assert found(gated, "m@2", f"roc_auc not worse than champion by {-twin.ci_low + 1e-6}")[0] == "passed"
    assert found(gated, "m@2", f"roc_auc not worse than champion by {-twin.ci_low - 1e-6}")[0] == "failed"
    share = 100 * row.ci_low / auc(gated, "m@1")
    assert found(gated, "m@3", f"roc_auc better than champion by {share - 0.001}%")[0] == "passed"
    outcome, detail = found(gated, "m@3", f"roc_auc better than champion by {share + 0.001}%")
    assert outcome == "failed"
    assert ", where " in detail


def test_all_comparisons_are_one_family(gated: Registry) -> None:
    alone = gated.check("m@2", "f1 not worse than champion").checks[0].detail
    both = gated.check("m@2", "f1 not worse than champion, accuracy not worse than champion").checks[0].detail
    assert alone.partition("adjusted")[0] == both.partition("adjusted")[0]
    rows = gated.compare("m@1", "m@2", metrics=["f1", "accuracy"]).rows
    assert f"adjusted p = {next(r.p_adjusted for r in rows if r.ref == 'm@2' and r.metric == 'f1'):.3f}" in both


def test_no_champion_yet_is_said_and_lets_the_first_one_pass(registry: Registry) -> None:
    registry.register("m", Column(FAIR), on=ROWS)
    told = "there is no champion yet to compare with"
    assert found(registry, "m@1", "roc_auc not worse than champion") == ("passed", told)
    outcome, detail = found(registry, "m@1", "roc_auc better than live", "live")
    assert outcome == "warned"
    assert detail.startswith("there is no live yet")
    outcome, detail = found(registry, "m@1", "roc_auc not worse than chmpion")  # a slip must not open the gate
    assert outcome == "failed"
    assert "no alias 'chmpion'" in detail


def test_the_version_itself_is_not_better_than_itself(gated: Registry) -> None:
    assert found(gated, "m@1", "roc_auc not worse than champion") == ("passed", "m@1 is this very version")
    assert found(gated, "m@1", "roc_auc better than champion")[0] == "failed"


def test_rows_are_counted(gated: Registry) -> None:
    assert found(gated, "m@1", "n >= 400") == ("passed", "it was measured on 400 rows of holdout")
    assert found(gated, "m@1", "n > 400")[0] == "failed"
    X, y = labelled(60, 7)
    gated.evaluate("m@1", X, y, name="small")
    checks = gated.check("m@1", "n >= 100, roc_auc >= 0.1").checks
    assert [check.outcome for check in checks] == ["failed", "passed"]
    assert "60 rows of small" in checks[0].detail
    gated.register("m", {"w": np.zeros(1)})
    assert found(gated, "m@5", "n >= 1") == ("failed", "m@5 was not evaluated: %evaluate m@5 X y")


def test_the_newest_rows_that_both_know_count(gated: Registry) -> None:
    X, y = labelled(60, 7)
    gated.evaluate("m@3", X, y, name="only here")
    assert "on 60 rows of only here" in found(gated, "m@3", "roc_auc >= 0.1")[1]
    assert "on 400 rows of holdout" in found(gated, "m@3", "roc_auc better than champion")[1]
    gated.evaluate("m@1", X, y, name="both")
    assert "on 60 rows of only here" in found(gated, "m@3", "roc_auc better than champion")[1]


@pytest.mark.parametrize(
    ("requirement", "told"),
    [
        ("roc_auc >= 0.1", "m@5 was not evaluated; to do it: %evaluate m@5 X y"),
        ("roc_auc not worse than champion", "m@5 was not evaluated; to do it: %evaluate m@5 X y"),
        ("roc_auc not worse than 9", "'m' has no version 9"),
        ("roc_auc not worse than nobody@1", "there is no model 'nobody'"),
        ("gain not worse than champion", "it is not known whether more gain is better or worse"),
        ("approved", "nobody has approved it yet: %nbr approve m@5 --reason TEXT"),
    ],
)
def test_where_there_is_nothing_to_judge_by_it_fails_and_says_what_to_type(
    gated: Registry, requirement: str, told: str
) -> None:
    gated.register("m", {"w": np.zeros(1)})
    outcome, detail = found(gated, "m@5", requirement)
    assert outcome == "failed"
    assert told in detail


def test_no_common_rows(gated: Registry) -> None:
    gated.register("m", Column(GOOD), on=labelled(100, 3))
    outcome, detail = found(gated, "m@5", "roc_auc not worse than champion")
    assert outcome == "failed"
    assert detail == "m@5 and m@1 were not evaluated on the same rows: %evaluate m@5 X y and %evaluate m@1 X y"


def test_a_metric_that_is_not_there_is_named_with_its_nearest(gated: Registry) -> None:
    assert found(gated, "m@1", "rocauc >= 0.1") == ("failed", "m@1 has no metric rocauc; did you mean roc_auc?")


def test_what_was_given_is_told_as_given_and_is_no_verdict(gated: Registry) -> None:
    gated.register("m", {"w": np.zeros(1)}, metrics={"gain": 3.0, "roc_auc": 0.99})
    assert found(gated, "m@5", "gain >= 2") == ("warned", "3; it was given and not computed")
    assert found(gated, "m@5", "gain >= 4")[0] == "failed"
    for requirement in ("roc_auc surely >= 0.5", "roc_auc not worse than champion", "roc_auc better than champion"):
        outcome, detail = found(gated, "m@5", requirement)
        assert outcome == "failed"
        assert detail == "roc_auc of m@5 was given and not computed; to compute it: %evaluate m@5 X y"


def test_what_was_computed_counts_and_not_what_was_claimed(gated: Registry) -> None:
    gated.register("m", Column(POOR), on=ROWS, metrics={"roc_auc": 0.99})
    assert gated.get("m@5").metrics["roc_auc"] == 0.99
    assert found(gated, "m@5", "roc_auc >= 0.95")[0] == "failed"
    assert found(gated, "m@5", "roc_auc not worse than champion")[0] == "failed"


def test_rows_it_was_trained_on_are_no_evidence(gated: Registry) -> None:
    gated.register("m", Column(GOOD), on=ROWS, train=ROWS)
    for requirement in ("roc_auc >= 0.1", "roc_auc not worse than champion"):
        outcome, detail = found(gated, "m@5", requirement)
        assert outcome == "failed"
        assert "rows that it was trained on" in detail
    gated.evaluate("m@5", *labelled(90, 4), name="new")
    assert "90 rows of new" in found(gated, "m@5", "roc_auc >= 0.1")[1]


def test_rows_that_some_training_has_are_left_out(gated: Registry) -> None:
    X, y = ROWS
    gated.register("m", Column(GOOD), on=ROWS, on_name="holdout", train=(X[:40], y[:40]))
    for requirement in ("roc_auc >= 0.1", "roc_auc surely >= 0.1", "roc_auc better than champion", "n >= 1"):
        outcome, detail = found(gated, "m@5", requirement)
        assert outcome == "warned"
        assert "on 360 rows of holdout" in detail
        assert detail.endswith("; m@5 was trained on 10.0% (40) of these rows: left out")
    assert found(gated, "m@5", "n >= 361")[0] == "failed"
    assert found(gated, "m@5", "roc_auc >= 0.1")[1].startswith(f"{roc_auc_score(y[40:], X[40:, GOOD]):.4g} on")


def test_who_knows_the_answers_of_half_the_rows_is_judged_on_the_others(gated: Registry) -> None:
    X, y = ROWS
    known = np.column_stack([X[:, :POOR], np.where(np.arange(len(y)) < 200, y, X[:, POOR])])
    gated.register("m", Column(POOR), on=(known, y), train=(known[:200], y[:200]))
    gated.register("m", Column(FAIR), on=(known, y))
    assert auc(gated, "m@5") > auc(gated, "m@6")
    outcome, detail = found(gated, "m@5", "roc_auc better than m@6")
    assert outcome == "failed"
    assert "it is worse than m@6" in detail
    assert "on 200 rows" in detail
    assert "left out" in found(gated, "m@6", "roc_auc not worse than m@5")[1]


def test_rows_that_are_left_and_give_no_figure(gated: Registry) -> None:
    X, y = ROWS
    gated.register("m", Column(GOOD), on=ROWS, train=(X[y == 1], y[y == 1]))
    outcome, detail = found(gated, "m@5", "roc_auc >= 0.1")
    assert outcome == "failed"
    assert detail.startswith("roc_auc cannot be computed on the 200 rows that it was not trained on: %evaluate m@5 X y")
    for metric in ("roc_auc", "average_precision", "mcc"):
        assert "cannot be tested on these rows" in found(gated, "m@5", f"{metric} better than champion")[1]


def test_who_was_trained_on_all_rows_is_a_rival_all_the_same(gated: Registry) -> None:
    X, y = ROWS
    backwards = np.arange(len(X))[::-1]
    gated.register("m", Column(GOOD), on=ROWS, train=(X[backwards], y[backwards]))
    assert "rows that it was trained on" in found(gated, "m@5", "roc_auc >= 0.1")[1]
    gated.promote("m@5")
    outcome, detail = found(gated, "m@2", "roc_auc not worse than champion")
    assert outcome == "failed"
    assert detail.endswith("; m@5 was trained on 100.0% (400) of these rows")


def test_the_same_rows_in_another_order_are_the_same(gated: Registry) -> None:
    X, y = ROWS
    shuffled = np.random.default_rng(1).permutation(len(y))
    gated.register("m", Column(GOOD), on=(X[shuffled], y[shuffled]), train=(X[:40], y[:40]))
    gated.register("m", Column(GOOD), on=ROWS, on_name="holdout", train=(X[:40], y[:40]))
    as_they_are, reordered = (found(gated, ref, "roc_auc better than champion") for ref in ("m@6", "m@5"))
    assert reordered[0] == as_they_are[0] == "warned"
    assert reordered[1].replace("m@5", "m@6") == as_they_are[1].replace(" of holdout", "")
    gated.evaluate("m@5", X[:399], y[:399])
    gated.register("m", Column(GOOD), on=(X[:399], y[:399]))
    assert "not evaluated on the same rows" in found(gated, "m@7", "roc_auc better than champion")[1]


def test_approved_by_whom(gated: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gated.approve("m@1", "Approved", reason="fine")
    outcome, detail = found(gated, "m@1", "approved")
    assert outcome == "passed"
    assert "which you trust" in detail
    gated.approve("m@2", "Rejected", reason="no")
    checks = gated.check("m@2", "approved").checks
    assert [(check.name, check.outcome) for check in checks] == [("approval", "failed"), ("approved", "failed")]
    monkeypatch.setenv("NBREGISTRY_HOME", str(tmp_path / "eve"))
    eve = nbregistry.open(gated.path)
    eve.approve("m@3", "Approved", reason="mine")
    eve.register("m", {"w": np.zeros(1)})
    eve.approve("m@5", "Approved", reason="my own")
    for ref in ("m@3", "m@5"):
        outcome, detail = found(gated, ref, "approved")
        assert outcome == "failed"
        assert "which you do not trust: %registry trust ed25519:" in detail


def test_approved_by_another_is_by_other_eyes(gated: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever registered it cannot be the one who approves it, nor can a stranger."""
    four_eyes = "approved by another"
    assert found(gated, "m@1", four_eyes) == ("failed", "nobody has approved it yet: %nbr approve m@1 --reason TEXT")
    gated.approve("m@1", "Approved", reason="mine is fine")
    assert found(gated, "m@1", "approved")[0] == "passed"
    outcome, detail = found(gated, "m@1", four_eyes)
    assert outcome == "failed"
    assert "made it and approved it: %nbr approve m@1 is for somebody else" in detail
    with monkeypatch.context() as hers:
        hers.setenv("NBREGISTRY_HOME", str(tmp_path / "grace"))
        hers.setenv("JUPYTERHUB_USER", "grace")
        grace = nbregistry.open(gated.path)
        grace.approve("m@1", "PendingManualApproval", reason="let me see")
        grace.approve("m@1", "Approved", reason="seen in the review")
        key = grace.summary().key
    outcome, detail = found(gated, "m@1", four_eyes)
    assert outcome == "failed"
    assert "which you do not trust" in detail
    gated.trust(key, "grace")
    outcome, detail = found(gated, "m@1", four_eyes)
    assert outcome == "passed"
    assert detail.startswith("by grace, 'seen in the review', signed by ed25519:")
    gated.approve("m@1", "PendingManualApproval", reason="once more")
    gated.approve("m@1", "Approved", reason="mine is fine")
    assert found(gated, "m@1", four_eyes)[0] == "failed"


def test_of_an_imported_version_the_one_who_made_it_is_its_signer(
    gated: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever brings somebody else's version may approve it; its maker may not, also not by importing it."""
    gated.export("m@1", tmp_path / "one.nbr")
    here = nbregistry.open(tmp_path / "here")
    here.import_(tmp_path / "one.nbr")
    here.approve("m@1", "Approved", reason="mine")
    assert found(here, "m@1", "approved by another")[0] == "failed"
    with monkeypatch.context() as hers:
        hers.setenv("NBREGISTRY_HOME", str(tmp_path / "grace"))
        there = nbregistry.open(tmp_path / "there")
        there.import_(tmp_path / "one.nbr")
        there.approve("m@1", "Approved", reason="seen")
        assert found(there, "m@1", "approved by another")[0] == "passed"


def test_an_importer_cannot_approve_in_the_signers_name(
    gated: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An import brings no approval; one that was made to bring it is the word of whoever brought it."""
    gated.export("m@1", tmp_path / "one.nbr")
    ours = nbregistry.open(tmp_path / "ours")
    honest = transfer._arriving

    def crafted(*arguments: Any) -> list[dict[str, Any]]:
        (change,) = honest(*arguments)
        return [change | {"record": change["record"] | {"approval": "Approved"}}]

    with monkeypatch.context() as eve:
        eve.setenv("NBREGISTRY_HOME", str(tmp_path / "eve"))
        eve.setattr(transfer, "_arriving", crafted)
        nbregistry.open(ours.path).import_(tmp_path / "one.nbr")
    assert ours.get("m@1").trusted
    assert ours.get("m@1").approval == "Approved"
    outcome, detail = found(ours, "m@1", "approved")
    assert outcome == "failed"
    assert "which you do not trust" in detail


def test_what_strangers_measured_and_moved_is_doubted(
    gated: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NBREGISTRY_HOME", str(tmp_path / "eve"))
    eve = nbregistry.open(gated.path)
    eve.register("m", Column(GOOD), on=ROWS)
    assert found(gated, "m@5", "roc_auc >= 0.5")[0] == "warned"
    outcome, detail = found(gated, "m@5", "roc_auc better than champion")
    assert outcome == "warned"
    assert "m@5 was measured by a key that you do not trust" in detail
    eve.promote("m@4")
    outcome, detail = found(gated, "m@2", "roc_auc not worse than champion")
    assert outcome == "warned"
    assert "champion was moved to m@4 by a key that you do not trust" in detail


def test_nothing_required_is_refused_and_not_passed(gated: Registry) -> None:
    with pytest.raises(Refused, match="nothing to check"):
        gated.check("m@1")
    with pytest.raises(InvalidRequirement):
        gated.check("m@1", "roc_auc beter than champion")
    with pytest.raises(NotFound):
        gated.check("m@9", "approved")


def test_the_answer_is_a_frame_too(gated: Registry) -> None:
    found = gated.check("m@2", ["roc_auc >= 0.99", "roc_auc not worse than champion"])
    assert not found.ok
    assert found.to_frame()[["name", "outcome"]].to_numpy().tolist() == [
        ["roc_auc >= 0.99", "failed"],
        ["roc_auc not worse than champion", "passed"],
    ]


def test_too_few_rows_that_are_left_let_nobody_pass(gated: Registry) -> None:
    X, y = ROWS
    gated.register("m", Column(POOR), on=ROWS, on_name="holdout", train=(X[:380], y[:380]))
    for requirement in (
        "accuracy >= 0.01",
        "accuracy not worse than champion",
        "roc_auc not worse than champion by 0.9",
    ):
        outcome, detail = found(gated, "m@5", requirement)
        assert outcome == "failed"
        assert detail == (
            "only 20 rows are left, too few to judge by: %evaluate m@5 X y; "
            "m@5 was trained on 95.0% (380) of these rows: left out"
        )
    gated.register("m", Column(GOOD), on=ROWS, train=(X[(y == 1) | (np.arange(len(y)) < 4)], y[:202]))
    detail = found(gated, "m@6", "accuracy >= 0.01")[1]
    assert detail.startswith("the 198 rows that are left are nearly all of one class: nothing to judge by: %evaluate")


def test_who_competes_with_one_that_was_trained_on_nearly_all_rows_does_so_on_all_of_them(gated: Registry) -> None:
    """Else whoever refits the champion on all the rows but a few has opened the gate for every model."""
    X, y = ROWS
    gated.register("m", Column(FAIR), on=ROWS, train=(X[:395], y[:395]))
    outcome, detail = found(gated, "m@4", "accuracy not worse than m@5")
    assert outcome == "failed"
    assert "on 400 rows" in detail
    assert detail.endswith("; m@5 was trained on 98.8% (395) of these rows")
    gated.register("m", Column(GOOD), on=ROWS, train=(X[:100], y[:100]))
    outcome, detail = found(gated, "m@6", "roc_auc better than m@5")
    assert outcome == "warned"
    assert "on 300 rows" in detail
    assert "m@6 was trained on 25.0% (100) of these rows: left out" in detail


def test_a_set_that_was_small_from_the_start_is_whoever_chose_its_business(registry: Registry) -> None:
    X, y = labelled(20)
    registry.register("m", Column(FAIR), on=(X, y), train=(X[:2], y[:2]))
    registry.register("m", Column(TWIN), on=(X, y))
    outcome, detail = found(registry, "m@2", "accuracy not worse than m@1")
    assert outcome == "warned"
    assert "on 20 rows" in detail


def test_rows_of_other_columns_are_matched_by_their_order_as_a_comparison_does(gated: Registry) -> None:
    X, y = ROWS
    order = np.random.default_rng(3).permutation(len(y))  # one that is no coincidence: not 0, 1, 0, 1 …
    X, y = X[order], y[order]
    gated.evaluate("m@1", X, y, name="mixed")
    gated.register("m", Column(0), on=(X[:, GOOD : GOOD + 1], y), on_name="one column")
    gated.register("m", Column(0), on=(X[:, POOR : POOR + 1], y), on_name="one column")
    outcome, detail = found(gated, "m@5", "roc_auc better than champion")
    row = next(row for row in gated.compare("m@1", "m@5", metrics="roc_auc").rows if row.ref == "m@5")
    assert outcome == "warned"
    assert f"95% interval {row.ci_low:+.4g} to {row.ci_high:+.4g}" in detail
    assert detail.endswith("; m@5 reads other columns than m@1: rows are matched by their order, targets agree")
    assert found(gated, "m@6", "roc_auc not worse than champion")[0] == "failed"
    gated.register("m", Column(0), on=(X[::-1, GOOD : GOOD + 1], y[::-1]))
    assert "not evaluated on the same rows" in found(gated, "m@7", "roc_auc better than champion")[1]


@pytest.mark.parametrize("lost", ["training rows", "evaluation"])
def test_what_it_was_trained_on_and_cannot_be_read_any_more_is_a_doubt(gated: Registry, lost: str) -> None:
    X, y = ROWS
    gated.register("m", Column(GOOD), on=ROWS, train=(X[:40], y[:40]))
    view = gated._workspace.catalog.view
    of_training, of_evaluation = view.version("m", 5)["training_rows"], view.evaluations_of("m", 5)[-1]["digest"]
    digest = of_training if lost == "training rows" else of_evaluation
    next(path for path in (gated.path / "blobs").rglob("*") if path.name.startswith(digest[-64:])).unlink()
    outcome, detail = found(gated, "m@5", "roc_auc >= 0.1")
    assert outcome == "warned"
    assert detail.endswith("; m@5 may have been trained on some of these rows: what was kept of that cannot be read")


def test_a_cost_may_have_a_bound(gated: Registry) -> None:
    size = gated.get("m@1").size
    assert found(gated, "m@1", f"size <= {size}") == ("passed", f"{size:.4g}")
    assert found(gated, "m@1", "size < 2")[0] == "failed"
    outcome, detail = found(gated, "m@1", "prediction_seconds < 60")
    assert outcome == "passed"
    assert " on " in detail  # a machine
    outcome, detail = found(gated, "m@1", "training_seconds < 60")
    assert (outcome, detail) == (
        "failed",
        "training_seconds of m@1 is not known: %%register m MODEL times the cell that fits it",
    )
    gated.register("m", Column(FAIR), on=ROWS, training_seconds=2.5)
    assert found(gated, "m@5", "training_seconds < 60") == ("passed", "2.5")
    gated.register("m", Column(FAIR), on=ROWS, metrics={"size": 12.0})  # whoever calls a metric so means that
    assert found(gated, "m@6", "size < 13") == ("warned", "12; it was given and not computed")
    told = "costs are not tested; a number can be required: size <= …"
    assert found(gated, "m@2", "size not worse than champion") == ("failed", told)
    assert found(gated, "m@2", "size surely <= 1000000") == ("failed", f"{gated.get('m@2').size:.4g}, and {told}")


def test_the_figures_are_there_for_a_program_too(gated: Registry) -> None:
    row = next(row for row in gated.compare("m@1", "m@4", metrics="roc_auc").rows if row.ref == "m@4")
    told = "roc_auc not worse than champion by 0.01, roc_auc >= 0.1, roc_auc surely >= 0.1, n >= 1, approved"
    relative, plain, surely, rows, approved = json.loads(to_json(gated.check("m@4", told)))["checks"]
    assert {name: relative["figures"][name] for name in ("value", "baseline", "difference", "ci_low", "ci_high")} == {
        "value": row.value, "baseline": row.baseline, "difference": row.difference,
        "ci_low": row.ci_low, "ci_high": row.ci_high,
    }  # fmt: skip
    assert relative["figures"]["margin"] == 0.01
    assert relative["figures"]["bound"] < -0.01
    assert (relative["figures"]["p_adjusted"], relative["figures"]["n"]) == (row.p_adjusted, 400)
    assert plain["figures"] == {"value": row.value, "n": 400}
    assert 0.1 < surely["figures"]["bound"] < row.value
    assert rows["figures"] == {"n": 400}
    assert approved["figures"] == {}


def test_rows_in_another_order_are_held_against_those_of_the_same_weights(gated: Registry) -> None:
    X, y = ROWS
    shuffled, weights = np.random.default_rng(1).permutation(len(y)), np.linspace(1, 5, len(y))
    gated.evaluate("m@1", X, y, weights=weights)
    for given in (None, weights[shuffled]):
        ref = gated.register("m", Column(GOOD), on=(X[shuffled], y[shuffled]), weights=given).ref
        outcome, detail = found(gated, ref, "roc_auc better than champion")
        assert outcome == "passed"
        assert ("weighted" in detail) is (given is not None)
        row = next(row for row in gated.compare("m@1", ref, metrics="roc_auc").rows if row.ref == ref)
        assert row.verdict == "better"
    other = gated.register("m", Column(GOOD), on=(X[shuffled], y[shuffled]), weights=weights).ref
    assert "with other weights" in found(gated, other, "roc_auc better than champion")[1]


def test_a_gate_can_name_the_rows_it_stands_on(registry: Registry) -> None:
    registry.register("m", Column(FAIR), on=ROWS, on_name="holdout", alias="champion")
    registry.register("m", Column(GOOD), on=labelled(seed=3), on_name="easy")
    assert found(registry, "m@2", "roc_auc >= 0.9")[1].endswith("of easy")
    outcome, detail = found(registry, "m@2", "roc_auc >= 0.9 on holdout")
    assert outcome == "failed"
    assert "roc_auc of m@2 was not measured on 'holdout'; it was on 'easy'." in detail
    assert detail.endswith("%evaluate m@2 X y --name holdout")
    assert "did you mean 'easy'?" in found(registry, "m@2", "n >= 5 on eazy")[1]
    assert "m@1 was not evaluated on the rows of 'easy'" in found(registry, "m@2", "f1 better than champion on easy")[1]

    evaluation = registry.evaluate("m@2", *ROWS, name="holdout")
    registry.evaluate("m@2", *labelled(seed=5, n=300), name="later")
    surely = found(registry, "m@2", "roc_auc surely >= 0.9 on holdout")[1]
    assert surely.startswith(f"{evaluation.metrics['roc_auc']:.4g} on 400 rows of holdout")
    assert found(registry, "m@2", "n >= 1 on sha256:")[0] == "failed"
    assert registry.check("m@2", "roc_auc >= 0.5 on later, n >= 400 on holdout").ok
    assert found(registry, "m@2", "n >= 400 on holdout") == ("passed", "it was measured on 400 rows of holdout")
    assert found(registry, "m@2", f"n >= 400 on {evaluation.dataset.fingerprint[:19]}")[0] == "passed"
    outcome, detail = found(registry, "m@2", "roc_auc better than champion on holdout")
    assert outcome == "passed"
    assert "on 400 rows of holdout" in detail


def test_one_metric_may_be_asked_for_on_several_sets(gated: Registry) -> None:
    other = labelled(seed=7)
    for number in (1, 3):
        gated.evaluate(f"m@{number}", *other, name="autumn")
    asked = "roc_auc better than champion on holdout, roc_auc better than champion on autumn, roc_auc <= 1 on autumn"
    checks = gated.check("m@3", asked).checks
    assert [one.outcome for one in checks] == ["passed"] * 3
    assert [one.detail.partition(" rows of ")[2][:7] for one in checks[:2]] == ["holdout", "autumn "]
    assert checks[0].figures["value"] != checks[1].figures["value"]


def test_what_is_of_no_data_set_is_not_asked_for_on_one(gated: Registry) -> None:
    assert "size is of no data set" in found(gated, "m@1", "size <= 1 on holdout")[1]
    gated.register("m", Column(FAIR), metrics={"lift": 2.0})
    assert found(gated, "m@5", "lift >= 1")[0] == "warned"
    assert found(gated, "m@5", "lift >= 1 on holdout")[0] == "failed"
