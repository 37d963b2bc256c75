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
from nbregistry.errors import Conflict, InvalidFilter, InvalidName, NotFound, Refused, RegistryError
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
