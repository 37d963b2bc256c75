"""The rows that a model takes, kept with it: which, how many, for how long, and that they come back as they were."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import nbregistry
from nbregistry.artifacts.pack import digests_of
from nbregistry.artifacts.pack_writing import PackWriter
from nbregistry.errors import Corrupt
from nbregistry.evaluation.replay import compare_predictions
from nbregistry.flavors import by_name
from nbregistry.operations.example import LARGEST, read_example
from nbregistry.operations.needed import artifacts_of
from tests.models import forest, pipeline, tumours

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.evaluation.replay import Example
    from nbregistry.registry import Registry

X_train, X_test, y_train, y_test = tumours()


def kept(registry: Registry, ref: str) -> Example | None:
    return read_example({"example": registry.get(ref).example}, registry._workspace.store)


def test_up_to_a_hundred_rows_of_what_it_was_trained_on_and_what_it_says_of_them(registry: Registry) -> None:
    version = registry.register("m", pipeline(), train=(X_train, y_train), on=(X_test, y_test))
    assert version.registration is not None
    assert version.registration.example_rows == 100
    example = kept(registry, "m@1")
    assert example is not None
    pd.testing.assert_frame_equal(example.rows, X_train.loc[example.rows.index])
    assert sorted(example.predictions) == ["predict", "predict_proba"]
    np.testing.assert_array_equal(example.predictions["predict"], pipeline().predict(example.rows))
    for model in (pipeline(), registry.load("m@1")):
        assert compare_predictions(model, example).outcome == "identical"
    assert compare_predictions(pipeline(C=0.01), example).outcome == "different"
    assert "kept 100 rows as an example (--no-example keeps none)" in repr(version)


def test_given_ones_come_first_then_training_then_the_evaluation(registry: Registry) -> None:
    data: dict[str, Any] = {"train": (X_train, y_train), "on": (X_test, y_test)}
    registry.register("m", forest(), input_example=X_test.iloc[:3], **data)
    registry.register("m", forest(), on=data["on"])
    registry.register("m", forest(), **data)
    registry.register("m", forest())
    examples = [kept(registry, f"m@{number}") for number in (1, 2, 3, 4)]
    indices = [set(one.rows.index) if one else set() for one in examples]
    assert indices[0] == set(X_test.index[:3])
    assert indices[1] < set(X_test.index)
    assert indices[2] < set(X_train.index)
    assert examples[3] is None


def test_who_refuses_keeps_none(registry: Registry) -> None:
    version = registry.register("m", pipeline(), train=(X_train, y_train), input_example=False)
    assert version.example is None
    assert version.signature.inputs
    assert "as an example" not in repr(version)
    assert not any(name.startswith("the example") for name, _ in artifacts_of(registry._workspace.view()))


def test_the_same_rows_and_model_are_kept_once(registry: Registry) -> None:
    first = registry.register("m", pipeline(), train=(X_train, y_train))
    again = registry.register("m", pipeline(), train=(X_train, y_train), tags={"again": 1})
    assert first.example == again.example
    assert again.registration is not None
    assert again.registration.stored_bytes == 0


def test_a_pipeline_on_a_table_of_many_dtypes_replays(registry: Registry) -> None:
    table = pd.DataFrame(
        {
            "plan": pd.Categorical(["basic", "plus", None, "basic"] * 60),
            "city": ["Ulm", "Rom", "Ulm", "Wien"] * 60,
            "age": pd.array([31, 52, 44, None] * 60, dtype="Int64"),
            "spent": np.linspace(0, 9, 240),
            "note": ["good", "bad bad", "good good", "so so"] * 60,
        }
    )
    model = make_pipeline(
        make_column_transformer(
            (OneHotEncoder(), ["plan", "city"]), (StandardScaler(), ["spent"]), (CountVectorizer(), "note")
        ),
        LogisticRegression(),
    ).fit(table, [0, 1, 1, 0] * 60)
    registry.register("m", model, train=(table, [0, 1, 1, 0] * 60))
    example = kept(registry, "m@1")
    assert example is not None
    assert example.rows.dtypes.equals(table.dtypes)
    assert compare_predictions(registry.load("m@1"), example).outcome == "identical"


def test_columns_that_only_stand_beside_the_evaluation_are_left_out(registry: Registry) -> None:
    wide = X_test.assign(region="north")
    registry.register("m", pipeline(), on=(wide, y_test), keep="region")
    example = kept(registry, "m@1")
    assert example is not None
    assert list(example.rows.columns) == list(X_test.columns)


def test_what_it_does_not_take_or_is_no_data_is_left_out_quietly(registry: Registry) -> None:
    for given in (X_train.iloc[:, :3], [object()], X_train.iloc[0], 7):
        version = registry.register("m", pipeline(), input_example=given)
        assert version.example is None
        assert version.registration is not None
        assert version.registration.warnings == ()
    assert registry.register("m", LogisticRegression(), train=(X_train, y_train)).example is None
    assert registry.register("m", {"weights": np.ones(3)}, input_example=X_train).example is None


def test_of_large_rows_fewer_are_kept(registry: Registry) -> None:
    X = np.random.default_rng(0).random((120, LARGEST // 8 // 10))
    registry.register("m", LinearRegression().fit(X[:, :2], X[:, 0]), input_example=X[:, :2])
    model = type("Sums", (), {"predict": lambda _, rows: rows.sum(axis=1)})()
    registry.register("m", model, input_example=X)
    example = kept(registry, "m@2")
    assert example is not None
    assert 8 <= len(example.rows) <= 10
    registry.register("m", model, input_example=np.ones((2, LARGEST)))
    assert kept(registry, "m@3") is None


def test_they_travel_and_stay_when_the_model_is_collected(registry: Registry, tmp_path: Path) -> None:
    registry.register("m", pipeline(), train=(X_train, y_train))
    registry.register("m", forest())
    registry.export("m@1", tmp_path / "m.nbr")
    other = nbregistry.open(tmp_path / "other")
    other.import_(tmp_path / "m.nbr")
    registry.backup(tmp_path / "copy")
    registry.archive("m@1")
    registry.gc(dry_run=False, archived=True)
    assert registry.get("m@1").collected_at
    for arrived in (registry, other, nbregistry.open(tmp_path / "copy")):
        arrived.gc(dry_run=False)
        assert arrived.verify().ok
        example = kept(arrived, "m@1")
        assert example is not None
        assert compare_predictions(pipeline(), example).outcome == "identical"


def test_a_lost_one_is_found_by_verify_and_is_as_if_none_was_kept(registry: Registry, root: Path) -> None:
    """A release that did not know of them may have collected them."""
    registry.register("m", pipeline(), train=(X_train, y_train))
    store = registry._workspace.store
    digest = registry.get("m@1").example
    assert digest
    store.discard(digests_of(store, digest))
    shutil.rmtree(root / "trash")
    assert kept(registry, "m@1") is None
    assert any("the example of m@1" in problem for problem in registry.verify().problems)


@pytest.mark.parametrize(
    "described",
    [b"", b"[]", b'{"table":"list","values":[1,2,3]}', b'{"table":"list","values":{"kind":7}}', b'{"table":"numpy"}'],
)
def test_a_crafted_one_is_damage(registry: Registry, described: bytes) -> None:
    registry.register("m", pipeline())
    store = registry._workspace.store
    with PackWriter(store) as pack:
        pack.add("example.json", described)
        by_name("numpy").save({"predictions.predict": np.zeros(2)}, pack)
        packed = pack.finish({"flavor": "numpy", "format": "npy"})
    with pytest.raises(Corrupt, match="the example"):
        read_example({"example": packed.digest}, store)
