"""Gates that are set once for an alias: read, set, cleared, asked at each promotion, and not loosened by strangers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

import nbregistry
from nbregistry.catalog.catalog import Plan
from nbregistry.catalog.changes import set_policy
from nbregistry.errors import Conflict, Corrupt, InvalidName, InvalidRequirement, NotFound, Refused
from nbregistry.operations import moving
from nbregistry.operations.registration import registering
from tests.operations.gates.models import Column, labelled

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from nbregistry.registry import Registry

ROWS = labelled()
GATE = "roc_auc not worse than champion"


@pytest.fixture
def gated(registry: Registry) -> Registry:
    """Version 1 is fair and the champion, version 2 is good, version 3 is poor."""
    for place, alias in ((0, "champion"), (2, None), (3, None)):
        registry.register("m", Column(place), on=ROWS, alias=alias)
    return registry


@pytest.fixture
def eve(gated: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """The same registry, opened by somebody whose key nobody here trusts."""
    with monkeypatch.context() as hers:
        hers.setenv("NBREGISTRY_HOME", str(tmp_path / "eve"))
        return nbregistry.open(gated.path)


def test_a_policy_is_set_read_and_cleared(gated: Registry) -> None:
    done = gated.policy("m@champion", ["roc_auc >= 0.90", f"{GATE}, approved"], reason="agreed in the review")
    assert done.require == ("roc_auc >= 0.9", GATE, "approved")
    assert gated.policy("m@champion").require == done.require
    assert nbregistry.open(gated.path).policy("models:/m@champion").require == done.require
    event = gated.log("m")[-1]
    assert (event.verb, event.ref, event.reason) == ("policy", "m@champion", "agreed in the review")
    assert event.detail == {"policy": "m@champion", "require": list(done.require), "before": []}
    cleared = gated.policy("m@champion", clear=True)
    assert cleared.require == ()
    assert gated.log("m")[-1].detail["before"] == list(done.require)
    assert gated.policies().items == ()


@pytest.mark.parametrize("of", ["m@champion", "champion"])
def test_where_there_is_no_policy_there_is_none_to_clear(gated: Registry, of: str) -> None:
    told = gated.log()
    for _ in range(2):
        cleared = gated.policy(of, clear=True, reason="spring cleaning")
        assert (cleared.require, cleared.edit) == ((), None)
    assert gated.log() == told
    gated.policy("champion", "approved")
    assert gated.policy("m@champion", clear=True).require == ("approved",)  # which is of every model


def test_each_promotion_to_the_alias_is_asked(gated: Registry) -> None:
    gated.policy("m@champion", GATE)
    with pytest.raises(Refused, match=f"{GATE}: failed, it is worse than m@1 by"):
        gated.promote("m@3")
    assert gated.get("m@champion").version == 1
    assert gated.promote("m@3", "candidate").applied
    assert [check.outcome for check in gated.promote("m@3", dry_run=True).checks if check.is_gate] == ["failed"]
    done = gated.promote("m@2", require="n >= 10")
    assert [check.name for check in done.checks if check.is_gate] == [GATE, "n >= 10"]
    assert gated.promote("m@3", force=True, reason="the good one leaks").applied
    assert list(gated.log("m")[-1].detail["forced"]) == [GATE]


def test_check_asks_what_the_promotion_will(gated: Registry) -> None:
    gated.policy("m@champion", GATE)
    assert not gated.check("m@3").ok
    assert gated.check("m@2").ok
    assert [check.name for check in gated.check("m@2", "n >= 10").checks] == [GATE, "n >= 10"]
    with pytest.raises(Refused, match="'live' of 'm' has no policy"):
        gated.check("m@2", alias="live")


def test_one_for_every_model_holds_where_a_model_has_none_of_its_own(gated: Registry) -> None:
    gated.policy("champion", "n >= 10")
    gated.register("other", Column(0))
    assert gated.log()[-2].ref == ""
    assert gated.policy("m@champion").require == ("n >= 10",)
    with pytest.raises(Refused, match="n >= 10: failed"):
        gated.promote("other@1")
    gated.policy("m@champion", "n >= 20")
    assert gated.policy("m@champion").require == ("n >= 20",)
    assert gated.policy("other@champion").require == ("n >= 10",)
    assert [(policy.of, policy.require) for policy in gated.policies()] == [
        ("champion", ("n >= 10",)),
        ("m@champion", ("n >= 20",)),
    ]
    gated.policy("m@champion", clear=True)
    assert gated.policy("m@champion").require == ("n >= 10",)
    assert list(gated.policies().to_frame()["of"]) == ["champion"]


def test_a_dry_run_shows_what_would_hold_and_changes_nothing(gated: Registry) -> None:
    gated.policy("champion", "n >= 10")
    seen = gated.head()
    planned = gated.policy("m@champion", "n >= 20", dry_run=True)
    assert planned.require == ("n >= 20",)
    assert '%nbr policy m@champion "n >= 20"  the same' in repr(planned)
    assert gated.policy("m@champion", clear=True, dry_run=True).require == ("n >= 10",)
    assert gated.head() == seen


@pytest.mark.parametrize(
    ("of", "error", "told"),
    [
        ("m", Refused, "'m' is a model"),
        ("m@3", InvalidName, "names a version"),
        ("m@latest", InvalidName, "names a version"),
        ("m@champion~1", InvalidName, "names a version"),
        ("nobody@champion", NotFound, "no model 'nobody'"),
        ("m@-x", InvalidName, "not a reference"),
        ("v3", InvalidName, "cannot be an alias"),
    ],
)
def test_what_it_is_for_is_an_alias(gated: Registry, of: str, error: type[Exception], told: str) -> None:
    seen = gated.head()
    with pytest.raises(error, match=told):
        gated.policy(of, "approved")
    assert gated.head() == seen


def test_what_cannot_be_read_or_says_nothing_is_refused(gated: Registry) -> None:
    seen = gated.head()
    with pytest.raises(InvalidRequirement):
        gated.policy("m@champion", "roc_auc beter than champion")
    with pytest.raises(Refused, match="nothing is required"):
        gated.policy("m@champion", [])
    with pytest.raises(Refused, match="not both"):
        gated.policy("m@champion", "approved", clear=True)
    assert gated.head() == seen


def test_a_register_does_not_go_round_it(gated: Registry) -> None:
    gated.policy("m@champion", GATE)
    seen = gated.head()
    with pytest.raises(Refused, match="what is only being registered was not judged") as caught:
        gated.register("m", Column(2), on=ROWS, alias="champion")
    assert "%promote m@latest champion" in caught.value.hint
    assert gated.head() == seen
    assert gated.register("m", Column(2), on=ROWS, alias="candidate").aliases == ("candidate",)


def test_a_register_is_refused_before_the_work_and_at_its_end(gated: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    colleague = nbregistry.open(gated.path)
    prepare, prepared = registering.prepare, []

    def slowly(*arguments: Any) -> Any:
        prepared.append(prepare(*arguments))
        colleague.policy("m@champion", GATE)
        return prepared[-1]

    monkeypatch.setattr(registering, "prepare", slowly)
    for _ in range(2):
        with pytest.raises(Refused, match="was not judged"):
            gated.register("m", Column(2), on=ROWS, alias="champion")
    assert len(prepared) == 1
    assert gated.latest("m") == 3


def test_an_alias_that_needs_an_approval_gets_it_on_every_way(gated: Registry, eve: Registry) -> None:
    """Promoted, registered onto, rolled back to: none puts a protected alias on what nobody else approved."""
    gated.policy("m@champion", "approved by another", reason="four eyes")
    assert "approved by another" in repr(gated.policy("m@champion"))
    gated.approve("m@2", "Approved", reason="my own")
    eve.approve("m@3", "Approved", reason="a stranger's")
    for move in (lambda: gated.promote("m@2"), lambda: gated.promote("m@3"), lambda: gated.rollback("m", to="m@2")):
        with pytest.raises(Refused, match="approved by another: failed"):
            move()
    with pytest.raises(Refused, match="was not judged"):
        gated.register("m", Column(2), on=ROWS, alias="champion")
    assert gated.get("m@champion").version == 1
    gated.trust(eve.summary().key)
    assert gated.promote("m@3").applied
    done = gated.promote("m@2", force=True, reason="an emergency")
    assert "approved by another" in gated.log("m")[-1].detail["forced"]
    assert done.applied


def test_an_earlier_holder_is_always_within_reach_and_the_card_says_so(gated: Registry) -> None:
    gated.promote("m@3")
    gated.promote("m@2")
    gated.policy("m@champion", "roc_auc >= 0.99, approved")
    done = gated.rollback("m", reason="an emergency")
    assert (done.to_ref, done.applied) == ("m@3", True)
    (check,) = [check for check in done.checks if check.name == "policy"]
    assert (check.outcome, check.detail) == ("warned", "not asked of an earlier holder: roc_auc >= 0.99, approved")
    assert "not asked of an earlier holder" in repr(done)


def test_a_rollback_to_what_never_held_it_is_a_promotion(gated: Registry) -> None:
    gated.promote("m@2")
    gated.policy("m@champion", "n >= 1000")
    with pytest.raises(Refused, match="n >= 1000: failed") as caught:
        gated.rollback("m", to="m@3")
    assert "%rollback m --to m@3 --alias champion --force --reason TEXT" in caught.value.hint
    assert [check.outcome for check in gated.rollback("m", to="m@3", dry_run=True).checks if check.is_gate] == [
        "failed"
    ]
    assert gated.rollback("m", to="m@3", force=True, reason="it must be").applied
    assert list(gated.log("m")[-1].detail["forced"]) == ["n >= 1000"]


def test_a_stranger_can_add_and_not_loosen(gated: Registry, eve: Registry) -> None:
    gated.policy("m@champion", GATE)
    eve.policy("m@champion", clear=True)
    assert gated.policy("m@champion").require == (GATE,)
    eve.policy("m@champion", "n >= 1")
    eve.policy("champion", "n >= 2")
    policy = gated.policy("m@champion")
    assert [(gate.requirement, gate.trusted) for gate in policy.gates] == [
        (GATE, True),
        ("n >= 1", False),
        ("n >= 2", False),
    ]
    assert "2 gates set by a key that is not trusted" in repr(policy)
    with pytest.raises(Refused, match=GATE):
        gated.promote("m@3")
    done = gated.promote("m@2")
    assert "; set by a key that you do not trust" in {check.name: check.detail for check in done.checks}["n >= 2"]
    assert not gated.log("m")[-2].trusted
    gated.policy("m@champion", GATE)  # whoever is trusted has the last word
    assert gated.policy("m@champion").require == (GATE, "n >= 2")


def test_of_two_strangers_neither_takes_back_the_others_words(
    gated: Registry, eve: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    eve.policy("m@champion", "n >= 7")
    monkeypatch.setenv("NBREGISTRY_HOME", str(tmp_path / "mallory"))
    nbregistry.open(gated.path).policy("m@champion", clear=True)
    assert gated.policy("m@champion").require == ("n >= 7",)
    eve.policy("m@champion", clear=True)
    assert gated.policy("m@champion").require == ()


def test_a_gate_of_a_newer_release_is_not_passed(gated: Registry) -> None:
    gated._workspace.commit("policy", lambda _: Plan("", [set_policy("m", "champion", ["fairness >> 3"])], {}))
    with pytest.raises(Refused, match="fairness >> 3: failed, this release does not know"):
        gated.promote("m@2")
    assert not gated.check("m@2").ok
    assert gated.promote("m@2", force=True, reason="it must be").applied


@pytest.mark.parametrize(
    "change",
    [
        set_policy("nobody", "champion", []),
        set_policy("m", "v3", []),
        set_policy("m", "champion", [3]),  # type: ignore[list-item]
        set_policy("..", "champion", []),
        {"kind": "policy", "name": "m", "alias": "champion"},
        {"kind": "policy", "name": None, "alias": "champion", "require": []},
    ],
)
def test_a_malformed_policy_is_refused_by_every_reader(gated: Registry, change: Any) -> None:
    with pytest.raises(Corrupt):
        gated._workspace.commit("policy", lambda _: Plan("", [change], {}))
    assert nbregistry.open(gated.path).policies().items == ()


def test_a_policy_set_while_the_version_is_checked_counts(gated: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    colleague = nbregistry.open(gated.path)
    judge = moving.judge

    def late(*arguments: Any) -> Any:
        found = judge(*arguments)
        colleague.policy("m@champion", "n >= 2000")
        return found

    monkeypatch.setattr(moving, "judge", late)
    with pytest.raises(Conflict, match="changed meanwhile: nothing was changed"):
        gated.promote("m@2")
    monkeypatch.setattr(moving, "judge", judge)
    with pytest.raises(Refused, match="n >= 2000: failed"):
        gated.promote("m@2")
    assert gated.get("m@champion").version == 1


def test_a_policy_survives_the_checkpoint_and_stays_here_when_a_version_leaves(gated: Registry, tmp_path: Path) -> None:
    gated.policy("m@champion", GATE)
    gated._workspace.catalog.save_checkpoint()
    again = nbregistry.open(gated.path)
    assert again._workspace.catalog.head.seq == gated.head()[0]  # from the checkpoint, without a look at the log
    assert again.policy("m@champion").require == (GATE,)
    assert gated.verify().ok
    gated.backup(tmp_path / "backup")
    assert nbregistry.open(tmp_path / "backup").policy("m@champion").require == (GATE,)
    gated.export("m@1", tmp_path / "m.nbr")
    other = nbregistry.open(tmp_path / "other")
    other.import_(tmp_path / "m.nbr")
    assert other.policies().items == ()  # what is required is for each registry to say


def test_an_alias_that_can_never_be_is_not_guarded_in_the_place_of_the_one_that_was_meant(gated: Registry) -> None:
    for of, near in (("m@Champion", "m@champion"), ("CHAMPION", "champion"), ("m@ｃhampion", "m@champion")):
        with pytest.raises(Conflict, match="looks like 'champion', which exists") as caught:
            gated.policy(of, "approved")
        assert caught.value.nearest == (near,)
    assert gated.policies().items == ()


def test_a_wrong_capital_does_not_lead_past_a_policy(gated: Registry) -> None:
    for of in ("m@Live", "Live"):
        gated.policy(of, "approved")  # there is none yet
        for move in (
            lambda: gated.register("m", Column(0), on=ROWS, alias="live"),
            lambda: gated.promote("m@2", "live"),
            lambda: gated.promote("m@2", "live", dry_run=True),
            lambda: gated.check("m@2", "accuracy > 0", alias="live"),
        ):
            with pytest.raises(Conflict, match="'live' looks like 'Live', which has a policy") as caught:
                move()
            assert (caught.value.nearest, f"%nbr policy {of} --clear" in str(caught.value.hint)) == (("Live",), True)
        for other in ("m@live", "ＬＩＶＥ", "n@live"):
            with pytest.raises((Conflict, NotFound), match=r"which has a policy|no model"):
                gated.policy(other, "approved")
        with pytest.raises(Refused, match="approved"):
            gated.promote("m@2", "Live")
        assert gated.policy(of, clear=True).require == ()
    gated.promote("m@2", "live")
    assert gated.get("m@live").version == 2


def test_the_alias_of_another_model_is_no_look_alike(gated: Registry) -> None:
    gated.register("n", Column(0), on=ROWS)
    gated.policy("n@Live", "approved")
    gated.promote("m@2", "live")
    assert gated.get("m@live").version == 2


def test_no_force_puts_an_alias_on_what_was_rejected_and_never_held_it(gated: Registry) -> None:
    """A rollback to such a version is a promotion, and no promotion passes over a rejection."""
    gated.approve("m@3", "Rejected", reason="it fails for a group")
    gated.archive("m@2")
    for ref, told in (("m@3", "m@3 is rejected"), ("m@2", "m@2 is archived")):
        assert "--force" not in repr(gated.rollback("m", to=ref, dry_run=True))
        with pytest.raises(Refused, match=told):
            gated.rollback("m", to=ref, force=True, reason="it must be")
    with pytest.raises(Refused, match="a forced rollback needs a reason"):
        gated.rollback("m", to="m@2", force=True, reason="  ")
    gated.restore("m@2")
    gated.promote("m@2")
    gated.approve("m@1", "Rejected", reason="too old")
    assert "--force" in repr(gated.rollback("m", to="m@1", dry_run=True))
    assert gated.rollback("m", to="m@1", force=True, reason="the only one that runs").applied


def test_what_was_probably_misspelt_is_told_and_a_new_name_is_not(gated: Registry) -> None:
    """Nothing stops it: a metric may come, and so may an alias. But such a gate is never passed, or never asked."""
    planned = gated.policy("m@champoin", "rocauc >= 0.9, f1 > 0.1, size < 9, mine > 1, approved", dry_run=True)
    assert planned.edit is not None
    assert planned.edit.remarks == (
        "no version of 'm' has the alias champoin yet; did you mean champion?",
        "no version of 'm' has a metric rocauc yet; did you mean roc_auc?",
        "no version of 'm' has a metric mine yet",
    )
    assert "! no version of 'm' has a metric rocauc yet; did you mean roc_auc?" in repr(planned)
    for of in ("m@champion", "m@champion-eu", "m@challenger", "live"):
        edit = gated.policy(of, "roc_auc >= 0.1", dry_run=True).edit
        assert edit is not None
        assert edit.remarks == ()
    general = gated.policy("champoin", "rocauc >= 0.9").edit
    assert general is not None
    assert [remark.partition(" has ")[0] for remark in general.remarks] == ["no version of any model"] * 2


def test_a_metric_is_known_where_a_version_of_the_model_itself_was_measured(registry: Registry) -> None:
    """Whether it is in the record or came by a later evaluation; what other models have is no hint."""
    amounts = np.linspace(0.0, 1.0, 40)
    registry.register("kept", LinearRegression().fit(amounts[:, None], amounts), metrics={"mine": 0.5})
    registry.evaluate("kept@1", amounts[:, None], amounts**2)

    def remarks(of: str) -> tuple[str, ...]:
        edit = registry.policy(of, "r2 >= 0.1", dry_run=True).edit
        assert edit is not None
        return edit.remarks

    assert remarks("kept@champion") == ()
    registry.register("bare", {"w": amounts})
    assert remarks("bare@champion") == ("no version of 'bare' has a metric r2 yet",)
    assert remarks("champion") == ()


def test_an_alias_that_is_nearly_the_guarded_one_is_told_before_and_after_it_is_put(gated: Registry) -> None:
    told = ("alias", "warned", "no version of 'm' has the alias champoin yet; did you mean champion?")
    gated.policy("m@champion", "roc_auc >= 0.9999")
    for checks in (
        gated.check("m@2", "roc_auc >= 0.1", "champoin").checks,
        gated.promote("m@2", "champoin", dry_run=True).checks,
        gated.promote("m@2", "champoin").checks,
    ):
        assert told in [(check.name, check.outcome, check.detail) for check in checks]
    assert all(check.name != "alias" for check in gated.promote("m@2", "candidate").checks)
