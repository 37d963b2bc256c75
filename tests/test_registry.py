"""The verbs, as methods, in the order of the story that the quickstart tells."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import FunctionTransformer

import nbregistry
from nbregistry.errors import (
    Conflict,
    Corrupt,
    InvalidFilter,
    InvalidName,
    NotFound,
    Refused,
    RegistryError,
    StorageError,
)
from nbregistry.model import ModelVersion
from tests.models import forest, pipeline, tumours

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.registry import Registry

X_train, X_test, y_train, y_test = tumours()


@pytest.fixture
def story(registry: Registry) -> Registry:
    """Three versions; the first is the champion and the parent of the others."""
    registry.register(
        "tumour", pipeline(), on=(X_test, y_test), train=(X_train, y_train), tags={"team": "onco"}, alias="champion"
    )
    registry.register("tumour", forest(), on=(X_test, y_test), train=(X_train, y_train), parents="tumour@1")
    registry.register(
        "tumour", pipeline(0.01), on=(X_test, y_test), train=(X_train, y_train), parents=["tumour@champion"]
    )
    return registry


# -- register and get --------------------------------------------------------------------------------------------


def test_every_field_of_the_contract_is_there(story: Registry) -> None:
    version = story.get("tumour@1")
    assert isinstance(version, ModelVersion)
    assert (version.name, version.version, version.ref) == ("tumour", 1, "tumour@1")
    assert version.aliases == ("champion",)
    assert version.tags == {"team": "onco"}
    assert version.metrics["roc_auc"] > 0.98
    assert version.signature.features == 30
    assert version.signature.feature_names[0] == "mean radius"
    assert version.flavor == "sklearn"
    assert version.algorithm == "LogisticRegression"
    assert version.size > 1000
    assert version.digest.startswith("sha256:")
    assert version.created_at.endswith("Z")
    assert version.created_by == "ada"
    assert version.parents == ()
    assert version.depends_on == ()
    assert [(data.role, data.rows, data.columns) for data in version.datasets] == [
        ("train", 398, 30),
        ("evaluation", 171, 30),
    ]
    assert version.environment["packages"]["scikit-learn"]
    assert version.environment["python"].startswith(f"{sys.version_info.major}.{sys.version_info.minor}")
    assert isinstance(version.code, dict)
    assert version.approval == "PendingManualApproval"
    assert version.status == "active"
    assert story.get("tumour@3").parents == ("tumour@1",)
    assert story.get("tumour@3").params == {"clf__C": 0.01}
    assert story.get("tumour@1").default_params["clf__C"] == 1.0


def test_given_metrics_win_and_are_marked(registry: Registry) -> None:
    version = registry.register("m", pipeline(), on=(X_test, y_test), metrics={"roc_auc": 0.5, "cost": 3})
    assert version.metrics["roc_auc"] == 0.5
    assert version.metrics_given == ("cost", "roc_auc")
    assert version.metrics["accuracy"] > 0.9


def test_what_registering_says(registry: Registry) -> None:
    first = registry.register("m", pipeline(), alias="champion")
    assert first.registration is not None
    assert first.registration.champion is None
    assert first.registration.stored_bytes > 0
    second = registry.register("m", pipeline())
    assert second.registration is not None
    assert second.registration.champion is not None
    assert second.registration.champion.ref == "m@1"
    assert second.registration.stored_bytes == 0  # the same bytes are stored once


def test_a_new_champion_knows_the_one_before(registry: Registry) -> None:
    registry.register("m", pipeline(), alias="champion")
    second = registry.register("m", forest(), alias="champion")
    assert second.registration is not None
    assert second.registration.champion is not None
    assert second.registration.champion.ref == "m@1"


def test_references(story: Registry) -> None:
    for form in ("tumour@1", "tumour@champion", "models:/tumour/1", "models:/tumour@champion", "tumour:1", "tumour:v1"):
        assert story.get(form).version == 1
    assert story.get("tumour@latest").version == 3
    story.promote("tumour@3")
    assert story.get("tumour@champion~1").version == 1


def test_versions_number_themselves_across_handles(root: Path, registry: Registry) -> None:
    other = nbregistry.open(root)
    versions = [
        (registry if number % 2 else other).register("m", {"w": np.arange(number)}).version for number in range(6)
    ]
    assert versions == [1, 2, 3, 4, 5, 6]
    assert [version.version for version in registry.versions("m")] == [1, 2, 3, 4, 5, 6]


# -- load --------------------------------------------------------------------------------------------------------


def test_a_loaded_model_predicts_the_same(story: Registry) -> None:
    loaded = story.load("tumour@champion")
    np.testing.assert_array_equal(loaded.predict_proba(X_test), pipeline().predict_proba(X_test))


def test_a_loaded_model_predicts_the_same_in_another_process(story: Registry, root: Path) -> None:
    program = f"import nbregistry; print(nbregistry.open({str(root)!r}).load('tumour@2').predict([[0.0] * 30])[0])"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stdout) == forest().predict(np.zeros((1, 30)))[0]


def test_the_folder_can_be_moved(story: Registry, root: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    shutil.move(root, moved)
    registry = nbregistry.open(moved)
    assert registry.verify().ok
    assert registry.load("tumour@1").predict(X_test).shape == (171,)


def test_a_lambda_inside_a_model(registry: Registry) -> None:
    registry.register("double", FunctionTransformer(lambda values: values * 2).fit(np.ones((1, 1))))
    assert registry.get("double@1").format == "cloudpickle"
    assert registry.load("double@1").transform(np.full((1, 1), 2.0)) == [[4.0]]


# -- versions, models, filters -----------------------------------------------------------------------------------


def test_filter_and_order(story: Registry) -> None:
    found = story.versions("tumour", where="metrics.roc_auc > 0.9", order_by="-metrics.roc_auc")
    values = [version.metrics["roc_auc"] for version in found]
    assert values == sorted(values, reverse=True)
    assert len(values) == 3
    assert [v.version for v in story.versions("tumour", where="alias = 'champion' OR params.clf__C < 0.1")] == [1, 3]
    assert [v.version for v in story.versions("tumour", where="NOT tags.team LIKE 'on%'", order_by=["-version"])] == [
        3,
        2,
    ]
    limited = story.versions("tumour", limit=2)
    assert (len(limited), limited.total) == (2, 3)


def test_order_as_mlflow_writes_it(story: Registry) -> None:
    falling = [version.version for version in story.versions("tumour", order_by="-metrics.roc_auc")]
    assert [version.version for version in story.versions("tumour", order_by="metrics.roc_auc DESC")] == falling
    assert [version.version for version in story.versions("tumour", order_by="version desc")] == [3, 2, 1]
    with pytest.raises(InvalidFilter, match="none of these versions has") as caught:
        story.versions("tumour", order_by="metrics.rocauc")
    assert caught.value.nearest[0] == "metrics.roc_auc"
    with pytest.raises(Refused, match="limit of 0"):
        story.versions("tumour", limit=0)


def test_the_version_before_comes_along(story: Registry) -> None:
    found = story.versions("tumour", order_by="-version", limit=1)
    assert [version.ref for version in found] == ["tumour@3"]
    before = found.before(found[0])
    assert before is not None
    assert before.ref == "tumour@2"


def test_nan_and_missing_come_last(registry: Registry) -> None:
    for metrics in ({"auc": float("nan")}, {"auc": 0.5}, {}, {"auc": 0.7}, {"auc": float("inf")}):
        registry.register("m", {"w": np.zeros(1)}, metrics=metrics)
    assert [version.version for version in registry.versions("m", order_by="-metrics.auc")] == [5, 4, 2, 1, 3]
    assert [version.version for version in registry.versions("m", order_by="metrics.auc")] == [2, 4, 5, 1, 3]


def test_frames(story: Registry) -> None:
    frame = story.versions("tumour").to_frame()
    assert list(frame.columns[:6]) == ["name", "version", "aliases", "status", "created_at", "created_by"]
    assert {"metrics.roc_auc", "params.clf__C", "tags.team"} <= set(frame.columns)
    assert list(story.models().to_frame()["versions"]) == [3]
    assert list(story.log("tumour").to_frame()["seq"]) == [1, 2, 3]


def test_models(story: Registry) -> None:
    story.register("other", {"w": np.zeros(2)}, tags={"team": "x"})
    assert [model.name for model in story.models()] == ["other", "tumour"]
    assert [model.name for model in story.models(where="tags.team = 'onco'")] == ["tumour"]
    assert story.models()[1].aliases == {"champion": 1}


# -- evaluate and compare ----------------------------------------------------------------------------------------


def test_compare_on_given_rows(story: Registry) -> None:
    comparison = story.compare("tumour@1", "tumour@2", "tumour@3", on=(X_test, y_test))
    assert comparison.baseline_ref == "tumour@1"
    frame = comparison.to_frame().set_index(["metric", "ref"])
    for version in (1, 2, 3):
        row = frame.loc["roc_auc", f"tumour@{version}"]
        assert row["value"] == pytest.approx(story.get(f"tumour@{version}").metrics["roc_auc"])
        assert row["difference"] == pytest.approx(row["value"] - row["baseline"])
    assert "clf__C" in {difference.name for difference in comparison.differences["params"]}
    assert set(comparison.curves) == {"tumour@1", "tumour@2", "tumour@3"}


def test_compare_stored_evaluations_needs_neither_data_nor_models(
    story: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = story.compare("tumour@1", "tumour@2", on=(X_test, y_test))
    monkeypatch.setattr("nbregistry.operations.loading.Loader.load", None)
    stored = story.compare("tumour@1", "tumour@2")
    assert stored.to_frame().equals(given.to_frame())
    assert stored.dataset is not None
    assert stored.dataset.rows == 171


def test_evaluations_accumulate(story: Registry) -> None:
    evaluation = story.evaluate("tumour@2", X_train, y_train, name="train again", on_name="X_train, y_train")
    assert evaluation.dataset.name == "X_train, y_train"
    assert (evaluation.ref, evaluation.name, evaluation.n) == ("tumour@2", "train again", 398)
    assert evaluation.metrics["accuracy"] == 1.0
    assert list(evaluation.to_frame().columns) == ["target", "prediction", "score"]
    found = story.evaluations("tumour@2")
    assert [evaluation.n for evaluation in found] == [171, 398]
    assert list(found.to_frame()["n"]) == [171, 398]
    assert "train again" in repr(found)
    assert "train again" in repr(story.get("tumour@2"))
    assert len(story.get("tumour@2").evaluations[1].to_frame()) == 398
    assert story.get("tumour@2").metrics["accuracy"] < 1.0  # what it was registered with stays


def test_a_version_without_metrics_shows_its_first_evaluation(registry: Registry) -> None:
    registry.register("m", pipeline())
    registry.evaluate("m@1", X_test, y_test)
    assert registry.get("m@1").metrics["accuracy"] > 0.9


def test_compare_by_a_column(story: Registry) -> None:
    rows = X_test.assign(half=np.where(X_test["mean radius"] > 13, "large", "small"))
    comparison = story.compare("tumour@1", "tumour@2", on=(rows, y_test), by="half")
    assert {(row.column, row.group, row.ref) for row in comparison.groups} == {
        ("half", group, ref) for group in ("large", "small") for ref in ("tumour@1", "tumour@2")
    }
    with pytest.raises(Refused, match="needs the rows"):
        story.compare("tumour@1", "tumour@2", by="half")
    with pytest.raises(Refused, match="no column 'radius'"):
        story.compare("tumour@1", "tumour@2", on=(rows, y_test), by="radius")


# -- promote and rollback ----------------------------------------------------------------------------------------


def test_promote_then_roll_back(story: Registry) -> None:
    promotion = story.promote("tumour@3", reason="better")
    assert (promotion.from_ref, promotion.to_ref, promotion.applied) == ("tumour@1", "tumour@3", True)
    assert {check.name: check.outcome for check in promotion.checks} == {
        "bytes": "passed",
        "signature": "passed",
        "loads": "passed",
    }
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


# -- lineage, journal, words -------------------------------------------------------------------------------------


def test_lineage(story: Registry) -> None:
    lineage = story.lineage("tumour@3")
    assert lineage.parents == ["tumour@1"]
    assert lineage.siblings == ["tumour@2"]
    assert lineage.aliases == {"tumour@1": ("champion",)}
    assert lineage.datasets["tumour@3"]
    assert ("tumour@1", "tumour@3", "parent") in lineage.edges


def test_tags_and_descriptions(story: Registry) -> None:
    assert story.tag("tumour@1", stage="shadow", team=None).tags == {"stage": "shadow"}
    assert story.describe("tumour@champion", "the one we know").description == "the one we know"
    assert [event.verb for event in story.log("tumour")][-2:] == ["tag", "describe"]


def test_the_journal_tells_one_model_from_another(story: Registry) -> None:
    story.register("other", {"w": np.zeros(1)})
    assert [event.ref for event in story.log("other")] == ["other@1"]
    assert len(story.log()) == 4
    assert all(event.actor == "ada" and event.trusted for event in story.log())


# -- bad input ---------------------------------------------------------------------------------------------------


def test_unknown_things_say_the_nearest(story: Registry) -> None:
    with pytest.raises(NotFound) as caught:
        story.get("tumuor@1")
    assert caught.value.nearest == ("tumour",)
    with pytest.raises(NotFound, match="versions 1 to 3") as caught:
        story.get("tumour@9")
    assert caught.value.nearest == ("tumour@3",)
    with pytest.raises(NotFound) as caught:
        story.get("tumour@champoin")
    assert caught.value.nearest == ("tumour@champion",)
    with pytest.raises(NotFound, match="had 1 holder so far"):
        story.get("tumour@champion~1")
    with pytest.raises(InvalidFilter):
        story.versions("tumour", where="metrics.roc_auc >> 0.9")
    with pytest.raises(InvalidFilter, match="no field"):
        story.versions("tumour", order_by="metric.roc_auc")


def test_an_empty_registry_says_how_to_begin(registry: Registry, root: Path) -> None:
    assert len(registry.models()) == len(registry.versions()) == len(registry.log()) == 0
    with pytest.raises(NotFound, match="empty") as caught:
        registry.get("churn@1")
    assert "%register" in caught.value.hint
    assert not root.exists()
    with pytest.raises(NotFound, match="no registry"):
        nbregistry.open(root, read_only=True)


def test_an_unfitted_model_is_registered_with_a_warning(registry: Registry) -> None:
    version = registry.register("m", LogisticRegression(), on=(X_test, y_test))
    assert version.metrics == {}
    assert version.registration is not None
    assert any("not fitted" in warning for warning in version.registration.warnings)


@pytest.mark.parametrize(("model", "told"), [(None, "is None"), (LogisticRegression, "is a class")])
def test_what_is_no_model_is_refused(registry: Registry, model: object, told: str) -> None:
    with pytest.raises(Refused, match=told):
        registry.register("m", model)


def test_an_unfitted_model_is_told_also_without_data(registry: Registry) -> None:
    version = registry.register("m", LogisticRegression())
    assert version.registration is not None
    assert any("not fitted" in warning for warning in version.registration.warnings)


def test_swapped_data_are_refused(registry: Registry) -> None:
    with pytest.raises(Refused, match="look swapped"):
        registry.register("m", pipeline(), on=(y_test, X_test))


def test_a_version_where_a_model_is_named(story: Registry) -> None:
    with pytest.raises(InvalidName, match="names a version") as caught:
        story.versions("tumour@2")
    assert caught.value.nearest == ("tumour",)


def test_nan_metrics_are_exact_and_told(registry: Registry, root: Path) -> None:
    version = registry.register(
        "m", {"w": np.zeros(1)}, metrics={"auc": float("nan"), "loss": float("inf"), "n": 10**30}
    )
    assert version.registration is not None
    assert len(version.registration.warnings) == 2
    again = nbregistry.open(root).get("m@1").metrics
    assert np.isnan(again["auc"])
    assert again["loss"] == float("inf")
    assert again["n"] == 10**30


def test_data_of_different_length_are_refused(registry: Registry, root: Path) -> None:
    with pytest.raises(Refused, match=r"171.*170"):
        registry.register("m", pipeline(), on=(X_test, y_test[:-1]))
    assert len(registry.models()) == 0


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"name": "a/b"}, InvalidName),
        ({"alias": "3"}, InvalidName),
        ({"tags": {"": "x"}}, InvalidName),
        ({"tags": {"k": ["list"]}}, Refused),
        ({"metrics": {"auc": "high"}}, Refused),
        ({"metrics": {"auc": True}}, Refused),
        ({"description": 3}, Refused),
        ({"description": "\ud800"}, Refused),
        ({"parents": ["nobody@1"]}, NotFound),
        ({"parents": "nobody"}, InvalidName),
        ({"on": X_test}, Refused),
    ],
)
def test_wrong_arguments_change_nothing(
    registry: Registry, root: Path, given: dict[str, object], kind: type[RegistryError]
) -> None:
    arguments = {"name": "m", "model": pipeline(), **given}
    with pytest.raises(kind) as caught:
        registry.register(**arguments)  # type: ignore[arg-type]
    assert str(caught.value)
    assert not (root / "log").exists()


def test_look_alike_names_cannot_both_exist(story: Registry) -> None:
    with pytest.raises(Conflict, match="looks like 'tumour'"):
        story.register("Tumour", {"w": np.zeros(1)})


def test_a_read_only_registry_reads_and_refuses(story: Registry, root: Path) -> None:
    reader = nbregistry.open(root, read_only=True)
    assert reader.load("tumour@1").predict(X_test).shape == (171,)
    assert len(reader.compare("tumour@1", "tumour@2").rows) > 0
    for change in (
        lambda: reader.register("m", pipeline()),
        lambda: reader.promote("tumour@2"),
        lambda: reader.tag("tumour@1", a="b"),
        lambda: reader.rollback("tumour"),
        lambda: reader.gc(dry_run=False),
        lambda: reader.evaluate("tumour@1", X_test, y_test),
    ):
        with pytest.raises(Refused, match="read-only"):
            change()


@pytest.mark.skipif(
    os.name == "nt" or shutil.which("setpriv") is None or os.geteuid() != 0,
    reason="needs root and setpriv to become another user",
)
def test_a_folder_without_write_permission(story: Registry, root: Path, user: Path) -> None:
    """Another user of the machine, to whom the folder is read-only, reads; and is refused politely when writing."""
    for path in (root, *root.rglob("*"), user, *user.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    for above in [*root.parents, *user.parents]:
        if above.stat().st_uid == 0 and str(above).startswith("/tmp/"):
            above.chmod(above.stat().st_mode | stat.S_IXOTH | stat.S_IROTH)
    program = f"""
import nbregistry
registry = nbregistry.open({str(root)!r})
assert len(registry.versions("tumour")) == 3
try:
    registry.tag("tumour@1", a="b")
except nbregistry.errors.StorageError as error:
    print(error)
"""
    done = subprocess.run(
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", sys.executable, "-c", program],
        capture_output=True, text=True, check=False, env=os.environ | {"NBREGISTRY_HOME": str(user)},
    )  # fmt: skip
    assert "Permission denied" in done.stdout, done.stderr
    assert "read_only=True" in done.stdout


def test_errors_print_one_block_and_no_traceback(story: Registry) -> None:
    with pytest.raises(NotFound) as caught:
        story.get("tumuor@1")
    assert caught.value._render_traceback_() == [f"NotFound: {caught.value}"]
    assert str(caught.value).splitlines() == [
        "there is no model 'tumuor'",
        "  did you mean: tumour",
        "  next: %versions lists the models",
    ]


# -- the whole folder --------------------------------------------------------------------------------------------


def test_verify_reads_everything(story: Registry, root: Path) -> None:
    verified = story.verify()
    assert verified.ok
    assert verified.commits == 3
    assert verified.blobs >= 6
    commit = root / "log" / "0000000002.json"
    commit.write_bytes(commit.read_bytes().replace(b"ada", b"eve"))
    verified = nbregistry.open(root).verify()
    assert not verified.ok
    assert any("0000000002" in problem for problem in verified.problems)


def test_gc_frees_what_nothing_refers_to(story: Registry) -> None:
    assert story.gc().blobs == 0
    orphan = story._workspace.store.put(b"orphan" * 100)
    dry = story.gc()
    assert (dry.blobs, dry.freed_bytes, dry.applied) == (1, orphan.stored_bytes, False)
    done = story.gc(dry_run=False)
    assert (done.blobs, done.freed_bytes, done.applied) == (1, orphan.stored_bytes, True)
    assert story.gc().blobs == 0
    assert story.verify().ok


def test_a_backup_is_a_registry(story: Registry, tmp_path: Path) -> None:
    first = story.backup(tmp_path / "backup")
    assert first.bytes > 1000
    assert story.backup(tmp_path / "backup").bytes == 0
    story.tag("tumour@1", later="yes")
    assert story.backup(tmp_path / "backup").files == 1
    copy = nbregistry.open(tmp_path / "backup")
    assert copy.verify().ok
    assert copy.get("tumour@1").tags["later"] == "yes"
    with pytest.raises(Refused, match="own backup"):
        story.backup(story.path)


def test_storage_errors_are_ours(story: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.write", full)
    with pytest.raises(StorageError, match="No space left"):
        story.tag("tumour@1", a="b")
    monkeypatch.undo()
    assert story.tag("tumour@1", a="b").tags["a"] == "b"


def test_gc_gives_back_what_is_registered_meanwhile(
    story: Registry, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another kernel registers the very bytes that a collection has just called idle."""
    weights = {"w": np.arange(7.0)}
    other = nbregistry.open(root)
    other.register("other", weights)
    digest = other.get("other@1").digest
    # Pretend that the commit came after the list of idle blobs was made.
    monkeypatch.setattr(type(story._workspace.store), "digests", lambda _: iter([digest]))
    needed = iter([set(), {digest}])
    monkeypatch.setattr("nbregistry.operations.maintenance._needed", lambda *_: next(needed))
    collection = story.gc(dry_run=False)
    assert (collection.blobs, collection.freed_bytes) == (0, 0)
    assert other.load("other@1")["w"].tolist() == list(range(7))


def test_a_missing_commit_is_told_before_anything_rests_on_it(registry: Registry, root: Path) -> None:
    for number in range(6):
        registry.register("m", {"w": np.full(2, number)})
    (root / "log" / "0000000003.json").unlink()
    shutil.rmtree(root / "cache", ignore_errors=True)
    again = nbregistry.open(root)
    verified = again.verify()
    assert not verified.ok
    assert any("commit 3 is missing" in problem for problem in verified.problems)
    for change in (lambda: again.register("m", {"w": np.zeros(1)}), lambda: again.gc(dry_run=False)):
        with pytest.raises(Corrupt, match="commit 3 is missing"):
            change()


def test_a_cut_tail_is_told_by_who_saw_it(story: Registry, root: Path) -> None:
    (root / "log" / "0000000003.json").unlink()
    assert any("commit 3 was there" in problem for problem in story.verify().problems)


def test_a_registry_that_vanished_or_was_replaced_takes_nothing(registry: Registry, root: Path) -> None:
    registry.register("m", {"w": np.zeros(1)})
    format_file = (root / "FORMAT").read_bytes()
    (root / "FORMAT").unlink()
    with pytest.raises(Corrupt, match="lost its file FORMAT"):
        registry.register("m", {"w": np.ones(1)})
    (root / "FORMAT").write_bytes(format_file.replace(b'"id":"', b'"id":"0'))
    with pytest.raises(StorageError, match="another one is there now"):
        registry.register("m", {"w": np.ones(1)})


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


def test_small_things_that_are_told(story: Registry) -> None:
    with pytest.raises(Refused, match="no file or folder"):
        story.register("f", "modles/clf.onnx")
    with pytest.raises(Refused, match="lacks y"):
        story.register("m", pipeline(), on=(X_test, None))
    assert story.register("m", {"w": 1}, parents=["tumour@1", "tumour:1"]).parents == ("tumour@1",)
    assert {row.metric for row in story.compare("tumour@1", "tumour@2", metrics="f1").rows} == {"f1"}


def test_a_gc_brings_back_what_a_killed_one_left_in_the_trash(registry: Registry) -> None:
    registry.register("m", {"w": np.random.default_rng(0).random(50_000)})  # large enough for a blob of its own
    store = registry._workspace.store
    digests = list(store.digests())
    assert len(digests) == 2
    store.discard(digests)
    registry.gc(dry_run=False)
    assert all(store.stored_size(digest) is not None for digest in digests)


def test_a_register_interrupted_after_its_commit_is_not_done_twice(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    registry.register("m", {"w": np.zeros(1)})
    with monkeypatch.context() as patched:
        patched.setattr("nbregistry.operations.records.Records.version", interrupted)
        with pytest.raises(KeyboardInterrupt):
            registry.register("m", {"w": np.ones(1)})
    assert registry.register("m", {"w": np.ones(1)}).version == 2  # the retry
    assert registry.register("m", {"w": np.ones(1)}).version == 3  # asked for again, on purpose
