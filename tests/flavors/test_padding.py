"""Gaps in records are zero before they are stored; what means something is not touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import joblib
import numpy as np
import pytest
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier

from nbregistry.artifacts.local import LocalStore
from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.artifacts.pack_writing import PackWriter
from nbregistry.flavors import pickling
from nbregistry.flavors.padding import without_padding

if TYPE_CHECKING:
    from pathlib import Path

GAPPED = np.dtype({"names": ["a", "b"], "formats": ["<i4", "u1"], "offsets": [0, 8], "itemsize": 16})
NESTED = np.dtype({"names": ["x", "y"], "formats": [GAPPED, (GAPPED, (2,))], "offsets": [0, 24], "itemsize": 64})


def filled(kind: np.dtype[Any], count: int) -> np.ndarray[Any, Any]:
    return np.frombuffer(np.random.default_rng(0).bytes(count * kind.itemsize), kind)


@pytest.mark.parametrize("kind", [GAPPED, NESTED], ids=["gapped", "nested"])
@pytest.mark.parametrize("order", ["plain", "table", "columns", "strided", "view"])
def test_gaps_become_zero_and_fields_stay(kind: np.dtype[Any], order: str) -> None:
    whole = filled(kind, 60)
    before = whole.tobytes()
    array = {
        "plain": whole,
        "table": whole.reshape(6, 10),
        "columns": whole.reshape(6, 10).T,
        "strided": whole[::3],
        "view": whole[["x"]] if kind is NESTED else whole[["a"]],
    }[order]
    cleaned = without_padding(array)
    assert cleaned.dtype == array.dtype
    assert cleaned.shape == array.shape
    assert repr(cleaned.tolist()) == repr(array.tolist())
    memory = cleaned.T if order == "columns" else cleaned
    rebuilt = np.zeros(memory.shape, memory.dtype)  # a new array has zeros in its gaps
    for name in memory.dtype.names or ():
        rebuilt[name] = memory[name]
    if kind is GAPPED:  # of a nested one the assignment copies the gaps as well
        assert memory.tobytes() == rebuilt.tobytes()
    assert cleaned.flags.f_contiguous == (order != "table")
    assert without_padding(cleaned) is cleaned
    assert whole.tobytes() == before


def test_what_has_no_gaps_is_not_copied() -> None:
    for array in (np.zeros(5), np.zeros(3, "i4,f8"), np.zeros(0, GAPPED), np.zeros(4, GAPPED), np.array([{}], object)):
        assert without_padding(array) is array


def test_equal_forests_are_equal_bytes(tmp_path: Path) -> None:
    X, y = make_classification(2000, random_state=0)
    joblib.dump(RandomForestClassifier(20, random_state=0).fit(X, y), tmp_path / "forest")
    store = LocalStore(tmp_path)

    def stored() -> tuple[str, int]:
        forest = joblib.load(tmp_path / "forest")
        with PackWriter(store) as pack:
            form = pickling.save(forest, pack)
            packed = pack.finish({})
        again = pickling.load(PackReader(store, packed.digest))
        assert form == pickling.PICKLE
        assert np.array_equal(again.predict_proba(X), forest.predict_proba(X))
        return packed.digest, packed.stored_bytes

    digest, _ = stored()
    assert [stored() for _ in range(3)] == [(digest, 0)] * 3
