"""Any other object is kept, and what cannot be kept is named; other packages bring flavors of their own."""

from __future__ import annotations

import threading
import types
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from nbregistry import flavors
from nbregistry.artifacts.local import LocalStore
from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.artifacts.pack_writing import PackWriter
from nbregistry.errors import NotFound, Refused
from nbregistry.flavors import by_name, choose


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path)


def round_trip(model: Any, store: LocalStore) -> tuple[str, Any]:
    flavor = choose(model)
    assert flavor.name == "python"
    pack = PackWriter(store)
    form = flavor.save(model, pack)
    assert flavor.formats[form] is True
    return form, flavor.load(PackReader(store, pack.finish({}).digest), form)


class Network:
    """A model of no framework."""

    def __init__(self, layers: list[Any], activation: Any = None) -> None:
        self.layers = layers
        self.activation = activation


def test_an_object_with_large_arrays(store: LocalStore) -> None:
    layers = [np.full((300, 300), float(n)) for n in range(3)]
    form, again = round_trip(Network(layers), store)
    assert form == "pickle5"
    assert type(again) is Network
    assert all(np.array_equal(one, other) for one, other in zip(layers, again.layers, strict=True))
    assert all(layer.flags.writeable for layer in again.layers)
    assert len(list(store.digests())) == 4


def test_functions_and_local_classes_go_by_value(store: LocalStore) -> None:
    class Local(Network):
        pass

    form, again = round_trip(Local([np.ones(20_000)], activation=lambda x: x * 2), store)
    assert form == "cloudpickle"
    assert again.activation(again.layers[0]).sum() == 40_000
    assert again.layers[0].flags.writeable


def test_a_read_only_array_stays_so(store: LocalStore) -> None:
    layer = np.ones(20_000)
    layer.flags.writeable = False
    assert not round_trip(Network([layer]), store)[1].layers[0].flags.writeable


@pytest.mark.parametrize("model", [None, 0, "text", b"bytes", [1, {"a": (2.5, None)}], {1, 2}, len, Network])
def test_plain_values(store: LocalStore, model: Any) -> None:
    assert round_trip(model, store)[1] == model


def test_what_cannot_be_kept_is_named(store: LocalStore) -> None:
    cases = [
        (Network([1, {"log": threading.Lock()}]), "model.layers[1]['log'] is a lock"),
        ((n for n in range(3)), "model is a generator"),
        ([Network([], activation=(n for n in range(3)))], "model[0].activation is a generator"),
    ]
    for model, said in cases:
        with pytest.raises(Refused) as caught:
            round_trip(model, store)
        assert said in caught.value.message
        assert caught.value.hint
    assert list(store.digests()) == []


def test_what_is_nested_too_deeply_is_refused(store: LocalStore) -> None:
    model: list[Any] = []
    for _ in range(100_000):
        model = [model]
    with pytest.raises(Refused, match="nested too deeply"):
        round_trip(model, store)
    while model:  # take it apart by hand: freeing it is recursive too
        model = model[0]


def test_a_missing_package_is_left_for_the_caller_to_name(store: LocalStore) -> None:
    pack = PackWriter(store)
    pack.add("model.pkl", b"cno_such_package\nModel\n.")
    with pytest.raises(ModuleNotFoundError) as caught:
        by_name("python").load(PackReader(store, pack.finish({}).digest), "pickle5")
    assert caught.value.name == "no_such_package"


class Shouting:
    """A flavor as another package would bring it."""

    name = "shouting"
    formats: ClassVar = {"text": False}

    def recognises(self, model: Any) -> bool:
        return type(model).__name__ == "Shout"

    def save(self, model: Any, pack: PackWriter) -> str:
        pack.add("shout.txt", model.text.encode())
        return "text"

    def load(self, pack: PackReader, format: str) -> Any:  # noqa: A002
        assert format == "text"
        return pack.read("shout.txt").decode()


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Any:
    module = types.ModuleType("shouts")
    module.Shouting = Shouting  # type: ignore[attr-defined]
    monkeypatch.setitem(__import__("sys").modules, "shouts", module)
    brought = EntryPoints(
        [
            EntryPoint("shouting", "shouts:Shouting", flavors.GROUP),
            EntryPoint("broken", "no_such_package:Flavor", flavors.GROUP),
        ]
    )
    monkeypatch.setattr(flavors, "_entry_points", lambda: brought)
    flavors._installed_flavors.cache_clear()
    flavors._loaded.cache_clear()
    yield
    flavors._installed_flavors.cache_clear()
    flavors._loaded.cache_clear()


def test_a_flavor_of_another_package_is_asked_before_pickle(store: LocalStore, installed: None) -> None:
    from sklearn.base import BaseEstimator

    for base in (object, BaseEstimator):  # an estimator, too, may have a better form of its own
        shout = type("Shout", (base,), {"text": "ahoy", "__module__": "shouts"})()
        with pytest.warns(UserWarning, match="'broken' cannot be used"):
            flavor = choose(shout)
        flavors._installed_flavors.cache_clear()
        assert flavor.name == "shouting"
        pack = PackWriter(store)
        form = flavor.save(shout, pack)
        assert by_name("shouting").load(PackReader(store, pack.finish({}).digest), form) == "ahoy"


def test_an_unknown_flavor_is_not_found(installed: None) -> None:
    with pytest.raises(NotFound) as caught:
        by_name("shooting")
    assert caught.value.nearest == ("shouting",)
    assert "nbregistry.flavors" in caught.value.hint
    with pytest.raises(ModuleNotFoundError):
        by_name("broken")


def test_kinds_find_their_flavors() -> None:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    assert choose(make_pipeline(LogisticRegression())).name == "sklearn"
    assert choose(np.ones(2)).name == "numpy"
    assert choose(Path()).name == "files"
    assert choose(object()).name == "python"
    assert {name: by_name(name).name for name in ("sklearn", "numpy", "files", "python")} == {
        name: name for name in ("sklearn", "numpy", "files", "python")
    }
