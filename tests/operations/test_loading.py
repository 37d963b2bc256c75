"""Load: the model comes back as it was, here and elsewhere."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
from sklearn.preprocessing import FunctionTransformer

import nbregistry
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
