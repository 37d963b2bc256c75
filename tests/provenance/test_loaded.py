"""What was loaded is known again, and nothing else is."""

from __future__ import annotations

import copy
import gc
import math

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import Ridge

from nbregistry.provenance import loaded
from nbregistry.provenance.loaded import Origin, loads, origin_of, refs_loaded_as, remember

HERE = Origin("churn@3", "here")


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch):
    monkeypatch.setattr(loaded, "_known", {})
    monkeypatch.setattr(loaded, "_loads", loaded.deque(maxlen=1_000))


@pytest.mark.parametrize(
    "value",
    [Ridge(), np.zeros(3), {"w": np.zeros(3), "n": 1}, [np.ones(2)], (Ridge(),), lambda x: x],
    ids=lambda value: type(value).__name__,
)
def test_the_object_itself_is_known(value):
    remember(value, HERE)
    assert origin_of(value) == HERE
    assert origin_of(copy.copy(value)) is None or copy.copy(value) is value


def test_it_is_known_after_it_was_changed():
    model = Ridge()
    weights = {"w": np.zeros(3), "b": np.zeros(1)}
    for value in (model, weights):
        remember(value, HERE)
    model.set_params(alpha=2).fit([[0.0], [1.0]], [0, 1])
    weights["w"] = np.ones(3)
    assert origin_of(model) == origin_of(weights) == HERE
    weights["b"] = np.ones(1)
    assert origin_of(weights) is None


@pytest.mark.parametrize("copied", [copy.deepcopy, clone])
def test_a_copy_is_another_object(copied):
    model = Ridge()
    remember(model, HERE)
    assert origin_of(copied(model)) is None


@pytest.mark.parametrize("value", [3, "text", None, (1, 2), {"n": 1}, [], {}, b"bytes", math.sqrt, Ridge, np.sum])
def test_what_others_may_hold_as_well_is_let_be(value):
    remember(value, HERE)
    assert origin_of(value) is None


def test_an_address_that_is_used_again_is_another_object():
    class Model:
        pass

    addresses = set()
    for _ in range(200):
        model = Model()
        assert origin_of(model) is None
        addresses.add(id(model))
        remember(model, HERE)
        assert origin_of(model) == HERE
        del model
    assert len(addresses) < 200, "no address was used again: this run shows nothing"


def test_a_dict_at_the_address_of_another_is_not_taken_for_it():
    held = np.zeros(3)
    value = {"w": held}
    remember(value, HERE)
    value.clear()
    value["w"] = np.zeros(3)
    assert origin_of(value) is None


def test_nothing_is_kept_alive_and_nothing_is_left():
    values = [Ridge(), np.zeros(3), {"w": np.zeros(3), "v": np.zeros(2)}, [np.ones(2)]]
    for value in values:
        remember(value, HERE)
    assert len(loaded._known) == 4
    value = None
    values.clear()
    gc.collect()
    assert loaded._known == {}


def test_variables_by_the_registry_that_is_meant():
    mine, theirs, other = Ridge(), Ridge(), Ridge()
    remember(mine, HERE)
    remember(theirs, Origin("churn@1", "there"))
    namespace = {"a": mine, "b": theirs, "c": other, "again": mine, "n": 3, "d": {}}
    assert refs_loaded_as(namespace) == {"a": "churn@3", "b": "churn@1", "again": "churn@3"}
    assert refs_loaded_as(namespace, "here") == {"a": "churn@3", "again": "churn@3"}


def test_loads_are_told_in_order_each_once_though_the_objects_are_gone():
    for ref in ("churn@2", "churn@1", "churn@2"):
        remember(Ridge(), Origin(ref, "here"))
    remember(3, Origin("n@1", "there"))
    remember(Ridge(), Origin("churn@4", "here", how="registered"))
    assert [origin.ref for origin in loads()] == ["churn@2", "churn@1", "n@1"]
    assert [origin.ref for origin in loads("here")] == ["churn@2", "churn@1"]
