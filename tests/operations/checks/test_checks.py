"""Before an alias moves: environment, versions upstream, golden predictions, and who depends on what leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import nbregistry
from nbregistry.errors import Refused
from nbregistry.operations.checks.environment import compare_environments
from nbregistry.provenance.environment import capture_environment
from tests.models import forest, pipeline, tumours
from tests.operations.checks.models import CrashesOnLoad, CrashesOnPredict, Fickle, Nearly, Prints

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.outcomes import Move
    from nbregistry.registry import Registry

X_train, X_test, y_train, y_test = tumours()
ROWS = np.zeros((3, 1))
ORDER = ["bytes", "signature", "environment", "dependencies", "loads", "predictions"]


def found(move: Move, name: str) -> tuple[str, str]:
    """Give outcome and detail of a check."""
    return next((check.outcome, check.detail) for check in move.checks if check.name == name)


def looked_at(registry: Registry, ref: str, **options: Any) -> Move:
    """Look at a version in a dry run, which moves nothing."""
    return registry.promote(ref, "candidate", dry_run=True, **options)


def recorded_as(monkeypatch: pytest.MonkeyPatch, **changed: Any) -> None:
    """Have what is registered from now on be made in another environment."""
    made = capture_environment()
    made |= {key: value for key, value in changed.items() if key != "packages"}
    made["packages"] = {**made["packages"], **changed.get("packages", {})}
    monkeypatch.setattr("nbregistry.provenance.environment.capture_environment", lambda: made)


def test_the_checks_stand_in_their_order_and_gates_and_decisions_after_them(story: Registry) -> None:
    story.approve("tumour@2", "Rejected", reason="leaks")
    planned = story.promote("tumour@2", require="n >= 1", dry_run=True)
    assert [check.name for check in planned.checks] == [*ORDER, "n >= 1", "approval", "dependents"]
    back = story.rollback("tumour", to="2", dry_run=True)
    assert [check.name for check in back.checks] == [*ORDER, "approval", "dependents"]


def test_the_environment_it_was_made_in_is_this_one(story: Registry) -> None:
    outcome, detail = found(looked_at(story, "tumour@1"), "environment")
    assert outcome == "passed"
    assert detail == f"Python and all {len(capture_environment()['packages'])} packages as recorded"


def test_what_differs_is_told_majors_first(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        recorded_as(patched, python="3.1.4", packages={"no-such-package": "1.0", "numpy": "0.9.1"})
        registry.register("m", forest())
    outcome, detail = found(looked_at(registry, "m@1"), "environment")
    assert outcome == "warned"
    assert detail.split(", here ")[0] == "numpy 0.9.1"
    assert "no-such-package 1.0 is missing, Python 3.1.4, here 3." in detail
    assert looked_at(registry, "m@1").checks[0].outcome == "passed"
    assert registry.promote("m@1").applied, "a warning stops nothing"


def test_another_minor_release_is_told_and_passes(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    major = np.__version__.partition(".")[0]
    with monkeypatch.context() as patched:
        recorded_as(patched, packages={"numpy": f"{major}.999.0"})
        registry.register("m", forest())
    outcome, detail = found(looked_at(registry, "m@1"), "environment")
    assert outcome == "passed"
    assert f"packages as recorded; numpy {major}.999.0, here {np.__version__}" in detail


@pytest.mark.parametrize("name", ["../../etc", "", "a b", "x" * 300, "no\x1bsuch"])
def test_a_stranger_may_have_called_a_package_anything(name: str) -> None:
    compared = compare_environments({"packages": {name: "1"}}, "3.11.1", {})
    assert compared.breaking == (f"{name} 1 is missing",)


def test_it_loads_and_says_what_it_said(story: Registry) -> None:
    checks = looked_at(story, "tumour@1")
    assert found(checks, "loads") == ("passed", "LogisticRegression")
    assert found(checks, "predictions") == ("passed", "predict, predict_proba of 100 rows: identical")


def test_a_model_that_says_something_else_stops_a_move_unless_it_is_forced(registry: Registry) -> None:
    registry.register("m", forest(), alias="champion")
    registry.register("m", Fickle(), input_example=ROWS)
    outcome, detail = found(looked_at(registry, "m@2"), "predictions")
    assert (outcome, detail) == ("failed", "predict of 3 rows: 3 differ, by up to 1")
    with pytest.raises(Refused, match="predictions failed") as caught:
        registry.promote("m@2")
    assert "%promote m@2 champion --force --reason TEXT" in str(caught.value.hint)
    with pytest.raises(Refused, match="needs a reason"):
        registry.promote("m@2", force=True)
    assert registry.get("m@champion").version == 1
    done = registry.promote("m@2", force=True, reason="it counts its loads")
    assert done.applied
    assert "! forced" in repr(done)
    assert registry.log("m")[-1].detail["forced"] == {"predictions": detail}
    registry.promote("m@1")
    with pytest.raises(Refused, match="predictions failed"):
        registry.rollback("m", to="m@2")
    registry.rollback("m", to="m@2", force=True, reason="as before")
    assert registry.log("m")[-1].detail["forced"] == {"predictions": detail}


def test_rounding_passes_and_its_size_is_told(registry: Registry) -> None:
    registry.register("m", Nearly(1.0), input_example=ROWS)
    outcome, detail = found(looked_at(registry, "m@1"), "predictions")
    assert outcome == "passed"
    assert detail == "predict of 3 rows: within tolerance, the largest difference 1e-09"


def test_where_no_rows_were_kept_there_is_nothing_to_ask(registry: Registry) -> None:
    registry.register("m", pipeline())
    assert found(looked_at(registry, "m@1"), "predictions") == (
        "skipped",
        "no rows were kept as an example to ask it about",
    )


def test_what_loads_no_models_says_so_of_each_check_that_would(story: Registry, root: Path) -> None:
    careful = nbregistry.Registry(root, loads_models=False)
    for options in ({}, {"isolated": True}):
        outcomes = {check.name: check.outcome for check in looked_at(careful, "tumour@2", **options).checks}
        assert {name for name, outcome in outcomes.items() if outcome == "skipped"} == {
            "environment",
            "loads",
            "predictions",
        }
        assert outcomes["bytes"] == outcomes["dependencies"] == "passed"


def test_versions_upstream_have_to_be_there_and_in_order(registry: Registry) -> None:
    registry.register("embedding", forest())
    registry.register("base", forest())
    registry.register("m", pipeline(), depends_on="embedding@1", parents="base@1")
    assert found(looked_at(registry, "m@1"), "dependencies") == ("passed", "embedding@1, base@1: there and active")
    registry.approve("base@1", "Rejected", reason="leaks")
    registry.archive("embedding@1")
    assert found(looked_at(registry, "m@1"), "dependencies") == (
        "warned",
        "embedding@1 is archived, base@1 is rejected",
    )
    registry.register("alone", pipeline())
    assert found(looked_at(registry, "alone@1"), "dependencies") == ("passed", "it uses no other version")


def test_what_it_uses_must_have_its_bytes(registry: Registry, root: Path) -> None:
    registry.register("embedding", forest())
    registry.register("m", pipeline(), depends_on="embedding@1")
    digest = registry.get("embedding@1").digest.removeprefix("sha256:")
    (blob,) = (root / "blobs").rglob(f"{digest}*")
    blob.unlink()
    outcome, detail = found(looked_at(nbregistry.open(root), "m@1"), "dependencies")
    assert outcome == "failed"
    assert "embedding@1" in detail
    with pytest.raises(Refused, match="dependencies failed"):
        nbregistry.open(root).promote("m@1")


def test_who_depends_on_the_version_that_leaves_is_named(registry: Registry) -> None:
    for _ in range(2):
        registry.register("embedding", forest())
    registry.promote("embedding@1")
    assert found(registry.promote("embedding@2", dry_run=True), "dependents") == (
        "passed",
        "nothing depends on embedding@1",
    )
    registry.register("churn", pipeline(), depends_on="embedding@1")
    registry.register("fraud", pipeline(), depends_on="embedding@1", alias="champion")
    outcome, detail = found(registry.promote("embedding@2", dry_run=True), "dependents")
    assert (outcome, detail) == ("warned", "fraud@1 (champion), churn@1 depend on embedding@1")
    registry.promote("embedding@2")
    registry.register("third", pipeline(), depends_on="embedding@2")
    assert found(registry.rollback("embedding"), "dependents") == ("warned", "third@1 depends on embedding@2")
    assert found(registry.promote("churn@1"), "dependents") == ("passed", "no version leaves")


def test_in_a_process_of_its_own_the_same_is_found(story: Registry) -> None:
    checks = looked_at(story, "tumour@1", isolated=True).checks
    assert checks == looked_at(story, "tumour@1").checks
    assert [check.name for check in checks[:6]] == ORDER


def test_a_model_that_crashes_fails_the_check_and_nothing_else(registry: Registry) -> None:
    registry.register("m", CrashesOnLoad(), input_example=ROWS)
    registry.register("m", CrashesOnPredict(), input_example=ROWS)
    registry.register("m", Prints(), input_example=ROWS)
    first = looked_at(registry, "m@1", isolated=True)
    assert found(first, "loads") == ("failed", "the process that tried it was ended by SIGSEGV")
    assert found(first, "predictions")[0] == "skipped"
    second = looked_at(registry, "m@2", isolated=True)
    assert found(second, "loads") == ("passed", "CrashesOnPredict")
    assert found(second, "predictions")[0] == "failed"
    assert "ended with exit code 3" in found(second, "predictions")[1]
    third = looked_at(registry, "m@3", isolated=True)
    assert found(third, "predictions") == ("passed", "predict of 3 rows: identical")
    with pytest.raises(Refused, match="loads failed"):
        registry.promote("m@1", isolated=True)


def test_a_stranger_s_code_runs_in_no_process(
    registry: Registry, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.register("m", CrashesOnLoad(), input_example=ROWS)
    monkeypatch.setenv("NBREGISTRY_HOME", str(tmp_path / "stranger"))
    eve = nbregistry.open(root)
    checks = looked_at(eve, "m@1", isolated=True)
    assert found(checks, "loads") == ("warned", "not tried: loading it would run code of a key that you do not trust")
    assert found(checks, "predictions")[0] == "skipped"
