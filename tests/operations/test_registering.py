"""Register: what is recorded, numbered and said."""

from __future__ import annotations

import itertools
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import nbregistry
from nbregistry.artifacts import durable
from nbregistry.artifacts.local import LocalStore
from nbregistry.errors import StorageError
from nbregistry.model import ModelVersion
from tests.models import forest, pipeline, tumours

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nbregistry.artifacts.store import Blob
    from nbregistry.registry import Registry

X_train, X_test, y_train, y_test = tumours()


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


def test_a_register_whose_incomplete_files_are_swept_ends_in_an_error_and_a_retry_makes_one_version(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a collection on a machine whose clock is ahead, at each of the files in turn."""
    ahead = LocalStore(root, now=lambda: time.time() + 1e7)
    model = {"w": np.random.default_rng(0).random(400_000)}
    real, calls, hints = durable.sync_file, 0, []

    def late(fd: int) -> None:
        nonlocal calls
        real(fd)
        calls += 1
        if calls == at:
            ahead.discard([])

    monkeypatch.setattr(durable, "sync_file", late)
    for at in itertools.count(1):
        registry, calls = nbregistry.open(root), 0
        name = f"m{at}"
        model["w"][:] += 1  # so that each of its blobs is written anew
        try:
            registry.register(name, model)
        except StorageError as error:
            hints.append(error.hint)
            assert name not in registry.model_names()
            registry.register(name, model)
        assert len(registry.versions(name)) == 1
        assert np.array_equal(nbregistry.open(root).load(f"{name}@1")["w"], model["w"])
        if calls < at:
            break
    assert len(hints) >= 2
    assert all("run it again" in hint for hint in hints)
    assert registry.verify().ok


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


def test_metrics_on_the_training_rows_are_told_apart(registry: Registry) -> None:
    said = "the rows it was trained on"
    same = registry.register("m", pipeline(), on=(X_test, y_test), train=(X_test, y_test))
    assert same.registration is not None
    assert [said in warning for warning in same.registration.warnings] == [True]
    assert same.evaluations[0].on_training_rows
    assert said in repr(same.evaluations[0])
    other = registry.register("m", pipeline(), on=(X_test, y_test), train=(X_train, y_train))
    assert other.registration is not None
    assert other.registration.warnings == ()
    assert said in repr(registry.evaluate("m@2", X_train, y_train))
    assert said not in repr(registry.evaluate("m@2", X_test, y_test, name="again"))
    assert [found.on_training_rows for found in registry.evaluations("m@2")] == [False, True, False]


@pytest.mark.parametrize("kept", [5, [1, 2], {"weight": 1.5}, {"a": {"b": "c" * 500}}])
def test_what_is_no_model_is_said_to_be_none(registry: Registry, kept: object) -> None:
    version = registry.register("m", kept, on=(X_test, y_test))
    assert version.registration is not None
    (warning,) = version.registration.warnings
    assert warning.startswith(f"what was kept is of the type {type(kept).__name__}, ")
    assert warning.endswith("it has no predict or transform and is not callable, so it can't be evaluated")
    assert len(warning) < 220
    assert warning in " ".join(repr(version).split())  # long lines are folded


@pytest.mark.parametrize("kept", [len, np.zeros(2), {"w": np.zeros(2)}, pipeline()])
def test_what_can_be_asked_or_has_a_form_of_its_own_is_kept_quietly(registry: Registry, kept: object) -> None:
    version = registry.register("m", kept)
    assert version.registration is not None
    assert version.registration.warnings == ()


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


class Carrier(dict[str, Any]):
    """A model that is pickled."""


@pytest.mark.parametrize("make", [dict, Carrier], ids=["arrays", "pickled"])
def test_what_is_registered_is_what_it_was_then(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, make: Callable[[dict[str, Any]], Any]
) -> None:
    """The caller goes on with the same memory the moment that register returns, however slow the disk is."""
    real = LocalStore.put

    def slow(self: LocalStore, content: bytes) -> Blob:
        time.sleep(0.02)
        return real(self, content)

    monkeypatch.setattr(LocalStore, "put", slow)
    arrays = {f"{size}": np.full(size, 1.0) for size in (3, 1000, 20_000, 50_000, 100_000, 2_500_000)}
    registry.register("m", make(arrays))
    for array in arrays.values():
        array[:] = 2
    found = registry.load("m@1")
    assert {name: set(array.tolist()) for name, array in dict(found).items()} == {name: {1.0} for name in arrays}
    assert registry.verify().ok
