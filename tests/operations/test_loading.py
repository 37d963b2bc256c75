"""Load: the model comes back as it was, here and elsewhere."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from sklearn.preprocessing import FunctionTransformer

import nbregistry
from nbregistry.catalog.view import View
from nbregistry.errors import Corrupt, NotFound, Refused
from nbregistry.flavors.numpy import NumpyFlavor
from nbregistry.provenance.loaded import origin_of, refs_loaded_as
from tests.models import forest, pipeline, tumours

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.registry import Registry

_, X_test, _, _ = tumours()


def test_a_loaded_model_predicts_the_same(story: Registry) -> None:
    loaded = story.load("tumour@champion")
    np.testing.assert_array_equal(loaded.predict_proba(X_test), pipeline().predict_proba(X_test))


def test_a_loaded_model_predicts_the_same_in_another_process(story: Registry, root: Path) -> None:
    program = f"import nbregistry; print(nbregistry.open({str(root)!r}).load('tumour@2').predict([[0.0] * 30])[0])"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stdout) == forest().predict(np.zeros((1, 30)))[0]


def test_a_loaded_model_is_known_again_and_the_one_that_was_registered_is_not(story: Registry, tmp_path: Path) -> None:
    namespace = {"clf": story.load("tumour@champion"), "other": forest()}
    story.register("mine", namespace["other"])
    assert refs_loaded_as(namespace) == {"clf": "tumour@1"}
    elsewhere = nbregistry.open(tmp_path / "elsewhere")
    elsewhere.register("tumour", namespace["other"])
    namespace["theirs"] = elsewhere.load("tumour@1")
    origin = origin_of(namespace["clf"])
    assert origin is not None
    assert origin.digest == story.get("tumour@1").digest
    assert refs_loaded_as(namespace, origin.registry) == {"clf": "tumour@1"}
    assert len(refs_loaded_as(namespace)) == 2


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


def missing_module(name: str) -> object:
    def load(*_: object) -> None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    return load


@pytest.mark.parametrize(
    ("module", "environment", "hint"),
    [
        ("torch", {"packages": {"torch": "2.9.1+cu130"}}, "%pip install torch==2.9.1+cu130"),
        ("torch.nn", {"packages": {"torch": "2.9.1; rm -rf ~"}}, "%pip install torch"),
        ("torch", {"packages": {"torch": "2.9\n!rm -rf ~"}}, "%pip install torch"),
        ("torch", {"packages": {"torch": "--index-url=http://here"}}, "%pip install torch"),
        ("torch", {"packages": {"torch": ["2.9"]}}, "%pip install torch"),
        ("torch", {"packages": "torch"}, "%pip install torch"),
        ("torch", ["packages"], "%pip install torch"),
        ("torch", None, "%pip install torch"),
        ("x;rm -rf ~", None, "ask who made the model what it needs"),
        ("-r/etc/passwd", None, "ask who made the model what it needs"),
        ("", None, "ask who made the model what it needs"),
    ],
)
def test_only_a_name_and_a_version_become_a_command(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, module: str, environment: object, hint: str
) -> None:
    registry.register("m", {"w": np.zeros(1)})
    monkeypatch.setattr(NumpyFlavor, "load", missing_module(module))
    monkeypatch.setattr(View, "shared_value", lambda *_: environment)
    with pytest.raises(Refused, match="m@1 needs the module") as caught:
        registry.load("m@1")
    assert caught.value.hint == hint


def test_what_is_damaged_is_told_by_the_name_of_the_version(registry: Registry, root: Path) -> None:
    registry.register("m", {"w": np.zeros(1)})
    blob = next(path for path in (root / "blobs").rglob("*") if path.is_file())
    blob.write_bytes(b"other")
    with pytest.raises(Corrupt, match=r"^m@1: sha256:"):
        registry.load("m@1")
    blob.unlink()
    with pytest.raises(NotFound, match=r"^m@1: sha256:"):
        registry.load("m@1")
