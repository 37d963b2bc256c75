"""Attributes as JSON: each comes back as exactly what it was, or is refused; what is written is strict."""

from __future__ import annotations

import json
import math
from collections import OrderedDict, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbregistry.artifacts.local import LocalStore
from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.artifacts.pack_writing import PackWriter
from nbregistry.flavors.state import NotPlain, StateReader, StateWriter
from tests.faults.looks import strict


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> LocalStore:
    return LocalStore(tmp_path_factory.mktemp("store"))


def again(store: LocalStore, value: Any) -> Any:
    pack = PackWriter(store)
    writer = StateWriter(pack)
    writer.write("state.json", {"value": writer.encode(value)})
    reader = StateReader(PackReader(store, pack.finish({}).digest))
    return reader.decode(reader.read("state.json")["value"])


VALUES = [
    None, True, False, 0, 1, 0.0, -0.0, 1.0, math.nan, math.inf, -math.inf, 5e-324, 1.7976931348623157e308, 0.1,
    2**53 + 1, -(2**4095), "", "nan", "\0\u2028", [], (), {}, [1, (True, [-0.0, math.nan])],
    {"a": -0.0, 1: "int", 1.5: "float", (1, -0.0): "tuple", None: None}, {True: 1}, {"float": "nan"},
    OrderedDict(b=1, a=math.inf), defaultdict(OrderedDict, {"valid": OrderedDict(auc=math.nan)}),
    np.float32(0.1), np.float64(-0.0), np.float32("nan"), np.float16("inf"), np.int8(-5), np.uint64(2**64 - 1),
    np.bool_(True), np.str_("x"),
]  # fmt: skip


def exactly(value: Any) -> str:
    """Tell all that can differ, of the types too: ``True`` from ``1``, ``-0.0`` from ``0.0``, numpy's from Python's."""
    if isinstance(value, dict):
        inside = [(exactly(key), exactly(item)) for key, item in value.items()]
    elif isinstance(value, (list, tuple)):
        inside = [exactly(item) for item in value]
    else:
        inside = [repr(value)]
    return f"{type(value).__name__} {getattr(value, 'dtype', '')} {inside}"


@pytest.mark.parametrize("value", VALUES, ids=ascii)
def test_it_comes_back_exactly(store: LocalStore, value: Any) -> None:
    assert exactly(again(store, value)) == exactly(value)


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text("ab") | st.integers(), inner),
    max_leaves=12,
)


@given(plain)
def test_whatever_is_nested_comes_back_exactly_from_strict_json(value: Any) -> None:
    written = json.dumps(StateWriter(None).encode(value), allow_nan=False)
    reader = StateReader(None)  # type: ignore[arg-type]
    assert exactly(reader.decode(strict(written))) == exactly(value)


def test_arrays_go_beside_with_every_bit(store: LocalStore) -> None:
    array = np.array([-0.0, 0.0, np.nan, -np.nan, np.inf, 5e-324])
    found = again(store, {"a": array, "b": [array.astype("f4"), array > 0]})
    assert found["a"].tobytes() == array.tobytes()
    assert (found["b"][0].dtype, found["b"][1].dtype) == (np.float32, np.bool_)


class Mine(float):
    """A number that knows more."""


ENDLESS: list[Any] = []
ENDLESS.append(ENDLESS)


@pytest.mark.parametrize(
    "value",
    [
        2**4097, 1j, b"x", {1, 2}, object(), Mine(1), Path("x"), len, ENDLESS, np.longdouble(1), np.complex64(1),
        np.datetime64("2026-01-01"), np.array([None]), np.array([(1, 2)], "i4,i4"), defaultdict(list), {"a": {1}},
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_what_there_is_no_word_for_is_not_written(value: Any) -> None:
    with pytest.raises(NotPlain):
        StateWriter(None).encode(value)
