"""Bad input: each message is the one a user would hope for, and nothing is lost."""

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

import nbregistry
from nbregistry.errors import Conflict, InvalidFilter, InvalidName, NotFound, Refused, RegistryError, WrongType
from tests.models import pipeline, tumours

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.registry import Registry

_, X_test, _, y_test = tumours()


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


def test_a_bare_name_suggests_only_versions_that_exist(story: Registry) -> None:
    with pytest.raises(NotFound, match="there is no model 'ridge'") as caught:
        story.lineage("ridge")
    assert (caught.value.nearest, caught.value.hint) == ((), "%versions lists the models")
    with pytest.raises(NotFound, match="there is no model 'tumuor'") as caught:
        story.get("tumuor")
    assert caught.value.nearest == ("tumour",)
    with pytest.raises(NotFound, match="there is no model 'vs'"):
        story.compare("tumour@1", "vs", "tumour@2")
    with pytest.raises(InvalidName, match="names a model, not a version") as caught:
        story.get("tumour")
    assert caught.value.nearest == ("tumour@latest", "tumour@champion")
    story.register("embed", {"w": X_test})
    with pytest.raises(InvalidName) as caught:
        story.get("embed")
    assert caught.value.nearest == ("embed@latest",)


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
        ({"parents": "nobody"}, NotFound),
        ({"on": X_test}, Refused),
        ({"tags": ["a"]}, WrongType),
        ({"metrics": [1]}, WrongType),
        ({"metrics": 0.9}, WrongType),
        ({"params": "x"}, WrongType),
        ({"params": []}, WrongType),
        ({"parents": 3}, WrongType),
        ({"depends_on": [3]}, WrongType),
        ({"train": 3}, WrongType),
        ({"training_seconds": "fast"}, WrongType),
        ({"on_name": 3}, WrongType),
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


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda r: r.register("m", pipeline(), tags=["a"]), "tags takes a dict, not list"),
        (lambda r: r.register("m", pipeline(), metrics=[1]), "metrics takes a dict, not list"),
        (lambda r: r.register("m", pipeline(), params="x"), "params takes a dict, not str"),
        (lambda r: r.versions("tumour", limit="3"), "limit takes a whole number, not '3'"),
        (lambda r: r.versions("tumour", limit=2.5), "limit takes a whole number, not 2.5"),
        (lambda r: r.versions("tumour", limit=True), "limit takes a whole number, not True"),
        (lambda r: r.versions("tumour", where=5), "where takes text, not int"),
        (lambda r: r.versions("tumour", order_by=5), "order_by takes text or a list of texts, not 5"),
        (lambda r: r.versions("tumour", order_by=[5]), r"order_by takes text or a list of texts, not \[5\]"),
        (lambda r: r.models(where=["a"]), "where takes text, not list"),
        (lambda r: r.compare("tumour@1", "tumour@2", on=X_test), "on takes two things, X and y"),
        (lambda r: r.compare("tumour@1", "tumour@2", by=1), "by takes text or a list of texts, not 1"),
        (lambda r: r.compare("tumour@1", "tumour@2", metrics=1), "metrics takes text or a list of texts, not 1"),
        (lambda r: r.compare(["tumour@1", "tumour@2"]), "compare takes versions one by one, not list"),
        (lambda r: r.compare(r.versions("tumour")), "compare takes versions one by one, not Versions"),
        (lambda r: r.export("tumour@1", 5), "path takes a path, not int"),
        (lambda r: r.import_(None), "path takes a path, not NoneType"),
        (lambda r: r.backup(None), "path takes a path, not NoneType"),
        (lambda r: r.trust(5), "a key is text, not int"),
        (lambda r: r.untrust(None), "a key is text, not NoneType"),
        (lambda r: r.describe("tumour@1", 5), "a description is text, not int"),
        (lambda r: r.promote("tumour@2", reason=5), "a reason is text, not int"),
        (lambda r: r.approve("tumour@2", "Approved", reason=5), "reason takes text, not int"),
    ],
)
def test_an_argument_of_the_wrong_kind_is_named_in_one_block(story: Registry, call: object, told: str) -> None:
    before = len(story.log())
    with pytest.raises(WrongType, match=told) as caught:
        call(story)  # type: ignore[operator]
    assert isinstance(caught.value, TypeError)
    assert caught.value._render_traceback_() == [f"WrongType: {caught.value}"]
    assert len(story.log()) == before


def test_a_place_of_the_wrong_kind_is_named() -> None:
    with pytest.raises(WrongType, match="url takes a path, not int"):
        nbregistry.open(5)  # type: ignore[arg-type]


def test_latest_is_among_the_nearest_aliases(story: Registry) -> None:
    with pytest.raises(NotFound) as caught:
        story.get("tumour@lastest")
    assert caught.value.nearest == ("tumour@latest",)


def test_kinds_that_will_do_are_taken(story: Registry) -> None:
    import pandas as pd

    assert len(story.versions("tumour", limit=np.int64(2))) == 2
    assert story.register("m", {"w": 1}, metrics=pd.Series({"gain": 0.5})).metrics == {"gain": 0.5}
    assert [v.version for v in story.versions("tumour", order_by=("-version",))] == [3, 2, 1]
    with pytest.raises(Refused, match="shows nothing"):
        story.versions("tumour", limit=-1)


@pytest.mark.parametrize(
    ("refs", "told", "hint"),
    [
        ((), "needs two versions", "%compare NAME@champion NAME@latest"),
        (("tumour@2",), "this is one: tumour@2", "%compare tumour@champion tumour@2"),
        (("tumour@1",), "this is one: tumour@1", "%compare tumour@latest tumour@1"),
        (
            ("tumour@3", "tumour@latest"),
            "tumour@3 and tumour@latest are both tumour@3",
            "%compare tumour@champion tumour@3",
        ),
        (("tumour@2", "tumour@2"), "tumour@2 is named twice", "%compare tumour@champion tumour@2"),
        (("solo@1",), "this is one: solo@1", "%register solo MODEL"),
        (("duo two@2",), "this is one: duo two@2", '%compare "duo two@1" "duo two@2"'),
    ],
)
def test_one_version_is_not_compared_and_another_is_named(
    story: Registry, refs: tuple[str, ...], told: str, hint: str
) -> None:
    story.register("solo", {"w": 1})
    story.register("duo two", {"w": 1})
    story.register("duo two", {"w": 2})
    with pytest.raises(Refused, match=told) as caught:
        story.compare(*refs)
    assert caught.value.hint.startswith(hint)


def test_a_filter_that_no_model_matches_says_how_many_there_are(story: Registry) -> None:
    story.register("other", {"w": 1})
    nothing = story.models(where="metrics.roc_auc > 2")
    assert (len(nothing), nothing.registered) == (0, 2)
    assert "None of the 2 models has a version that matches metrics.roc_auc > 2." in repr(nothing)
    assert "Nothing here yet" in repr(nbregistry.open(story.path.parent / "fresh").models(where="version > 1"))


def test_look_alike_names_cannot_both_exist(story: Registry) -> None:
    for twin in ("Tumour", "tumour ", "tum\ufe0four"):
        with pytest.raises(Conflict, match="looks like 'tumour'"):
            story.register(twin, {"w": np.zeros(1)})
    for twin in ("Champion", "ｃhampion"):
        for change in (
            lambda alias=twin: story.promote("tumour@2", alias),
            lambda alias=twin: story.register("tumour", {"w": np.zeros(1)}, alias=alias),
        ):
            with pytest.raises(Conflict, match="looks like 'champion'"):
                change()
    assert len(story.log()) == 3


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


def test_small_things_that_are_told(story: Registry) -> None:
    with pytest.raises(Refused, match="no file or folder"):
        story.register("f", "modles/clf.onnx")
    with pytest.raises(Refused, match="lacks y"):
        story.register("m", pipeline(), on=(X_test, None))
    assert story.register("m", {"w": 1}, parents=["tumour@1", "tumour:1"]).parents == ("tumour@1",)
    assert {row.metric for row in story.compare("tumour@1", "tumour@2", metrics="f1").rows} == {"f1"}


def test_rows_that_are_none_are_refused_by_name(story: Registry) -> None:
    for X, y, told in (
        (X_test, None, "y is None"),
        (None, y_test, "X is None"),
        ("X_test", "y_test", "X is the text 'X_test', and no rows"),
        (X_test, "y_test", "y is the text 'y_test', and no rows"),
    ):
        with pytest.raises(Refused) as caught:
            story.evaluate("tumour@1", X, y)
        assert caught.value.message == told
    with pytest.raises(Refused, match="X is the text 'X_test', and no rows") as caught:
        story.register("tumour", pipeline(), train=("X_test", "y_test"))
    assert "without quotes" in caught.value.hint
    with pytest.raises(Refused, match="X is the text") as caught:
        story.compare("tumour@1", "tumour@2", on=("X_test", "y_test"))


def test_columns_in_another_order_are_told(story: Registry) -> None:
    with pytest.raises(Refused, match="X has the same columns in another order") as caught:
        story.evaluate("tumour@1", X_test[X_test.columns[::-1]], y_test)
    assert "X[model.feature_names_in_]" in caught.value.hint


def test_a_comparison_names_what_was_meant(story: Registry) -> None:
    story.promote("tumour@2", "candidate")
    for bare in ("3", "candidate"):
        with pytest.raises(NotFound, match=f"there is no model '{bare}'") as caught:
            story.compare("tumour@champion", bare)
        assert caught.value.nearest == (f"tumour@{bare}",)
        assert caught.value.hint == f"%compare tumour@champion tumour@{bare}"
    for asked, near in (("ROC_AUC", "roc_auc"), ("prediction_second", "prediction_seconds")):
        with pytest.raises(NotFound, match="none of these versions has a metric") as caught:
            story.compare("tumour@1", "tumour@2", metrics=asked)
        assert caught.value.nearest[0] == near
    with pytest.raises(Refused, match="there is no plot 'ROC'") as caught:
        story.compare("tumour@1", "tumour@2", plots="ROC")
    assert caught.value.nearest == ("roc",)
    with pytest.raises(Refused, match="rows is 'shared' or 'unpaired'") as caught:
        story.compare("tumour@1", "tumour@2", rows="shraed")
    assert caught.value.nearest == ("shared",)
    for alpha, kind in ((5, Refused), ("5%", WrongType)):
        with pytest.raises(kind) as caught:
            story.compare("tumour@1", "tumour@2", alpha=alpha)
        assert caught.value.nearest == ("0.05",)


def test_what_was_nearly_right_is_followed_by_a_command(story: Registry) -> None:
    with pytest.raises(NotFound) as caught:
        story.get("tumour@champoin")
    assert caught.value.hint == "%versions tumour"
    with pytest.raises(InvalidName) as caught:
        story.promote("tumour@2", "tumour@champion")
    assert caught.value.nearest == ("champion",)
    for alias in ("latest", "3"):
        with pytest.raises(InvalidName, match="names a version; a policy is for an alias") as caught:
            story.policy(f"tumour@{alias}", "approved")
        assert (caught.value.nearest, caught.value.hint) == (("tumour@champion",), "%nbr policy tumour@champion")
    with pytest.raises(Conflict, match="looks like") as caught:
        story.policy("tumour@Champion", "approved")
    assert caught.value.hint == "%nbr policy tumour@champion"
    with pytest.raises(Refused, match="no rows") as caught:
        story.evaluate("tumour@1", X_test[:0], y_test[:0])
    assert caught.value.hint
    with pytest.raises(
        Refused, match=r"^tumour@1: y holds labels the model does not know \('a'\), so it is not"
    ) as caught:
        story.evaluate("tumour@1", X_test, ["a"] * len(X_test))
    assert not caught.value.message.startswith("tumour@1 was not evaluated")


def test_what_versions_cannot_be_sorted_by_is_told_with_what_they_can(story: Registry) -> None:
    for given, near in (("rocauc", "metrics.roc_auc"), ("metrics.rocauc", "metrics.roc_auc"), ("vresion", "version")):
        with pytest.raises(InvalidFilter) as caught:
            story.versions("tumour", order_by=given)
        assert caught.value.nearest[0] == near
        assert caught.value.hint.startswith("sort by metrics.NAME, ")


def test_a_gate_on_a_cost_that_is_misspelt_names_it(story: Registry) -> None:
    (check,) = story.check("tumour@1", "predict_seconds < 1").checks
    assert check.detail == "tumour@1 has no metric predict_seconds; did you mean prediction_seconds?"
