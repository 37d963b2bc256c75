"""Arrays come back exactly, and nothing in their files can run."""

from __future__ import annotations

import io
import struct
import tracemalloc
import warnings
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbregistry.artifacts.local import LocalStore
from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.artifacts.pack_writing import PackWriter
from nbregistry.errors import Corrupt
from nbregistry.flavors import by_name, choose
from nbregistry.flavors.numpy import _array

if TYPE_CHECKING:
    from pathlib import Path

random = np.random.default_rng(0)
TABLE = np.zeros(5, [("id", "<i4"), ("at", "<M8[s]"), ("xy", "<f8", (2,)), ("name", "<U5")])
ARRAYS = {
    "floats": random.random((50, 4)),
    "large": random.random((300, 400)).astype(np.float32),
    "columns": np.asfortranarray(random.random((300, 400))),
    "every other": random.random((300, 400))[::2, ::-3],
    "a number": np.array(3.5),
    "empty": np.empty((0, 7), np.int16),
    "flags": np.array([True, False]),
    "texts": np.array(["a", "größe"]),
    "bytes": np.array([b"a", b"bc"]),
    "times": np.array(["2026-11-22", "NaT"], "M8[ns]"),
    "complex": np.array([1 + 2j, np.nan]),
    "other end": np.array([1, 2], ">i4"),
    "odd floats": np.array([np.nan, np.inf, -0.0, 5e-324]),
    "table": TABLE,
    "aligned": np.zeros(3, np.dtype([("a", "u1"), ("b", "f8")], align=True)),
    "long": np.array([1.25], np.longdouble),
}


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path)


def round_trip(model: Any, store: LocalStore) -> Any:
    flavor = choose(model)
    assert flavor.name == "numpy"
    pack = PackWriter(store)
    form = flavor.save(model, pack)
    assert flavor.formats[form] is False
    return flavor.load(PackReader(store, pack.finish({}).digest), form)


def assert_same(one: Any, other: Any) -> None:
    assert type(other) is np.ndarray
    assert (one.dtype, one.shape) == (other.dtype, other.shape)
    assert one.tobytes() == other.tobytes()
    assert other.flags.writeable
    assert other.flags.aligned


@pytest.mark.parametrize("array", ARRAYS.values(), ids=ARRAYS)
def test_an_array(store: LocalStore, array: Any) -> None:
    again = round_trip(array, store)
    assert_same(array, again)
    assert again.flags.f_contiguous == (array.flags.f_contiguous or array.ndim < 2 or array.size == 0)


def test_a_dict_in_order_whatever_the_names(store: LocalStore) -> None:
    named = {**ARRAYS, "../../key": np.arange(3), "": np.arange(2), "A": np.ones(1), "a": np.zeros(1)}
    again = round_trip(named, store)
    assert list(again) == list(named)
    for name, array in named.items():
        assert_same(array, again[name])


def test_a_memory_map_is_its_numbers(store: LocalStore, tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", ARRAYS["large"])
    assert_same(ARRAYS["large"], round_trip(np.load(tmp_path / "a.npy", mmap_mode="r"), store))


@pytest.mark.parametrize(
    "model",
    [
        np.array([{}], object),
        np.ma.array([1.0], mask=[True]),
        np.zeros(2, [("a", object)]),
        np.zeros(2, [("größe", "f8")]),
        np.array([b"", b""], "V0"),
        {"a": [1]},
        {1: np.ones(2)},
        {},
        np.float64(1.0),
        [np.ones(2)],
    ],
)
def test_what_is_more_than_numbers_goes_elsewhere(store: LocalStore, model: Any) -> None:
    flavor = choose(model)
    assert flavor.name == "python"
    pack = PackWriter(store)
    form = flavor.save(model, pack)
    again = flavor.load(PackReader(store, pack.finish({}).digest), form)
    assert type(again) is type(model)
    assert repr(again) == repr(model)


def test_anyone_can_read_the_files(store: LocalStore, tmp_path: Path) -> None:
    pack = PackWriter(store)
    choose(ARRAYS["columns"]).save(ARRAYS["columns"], pack)
    PackReader(store, pack.finish({}).digest).copy_to(tmp_path / "copy")
    assert np.array_equal(np.load(tmp_path / "copy" / "arrays" / "0.npy"), ARRAYS["columns"])


def forged(store: LocalStore, content: bytes, names: bytes = b"null") -> PackReader:
    pack = PackWriter(store)
    pack.add("arrays.json", names)
    pack.add("arrays/0.npy", content)
    return PackReader(store, pack.finish({}).digest)


def test_a_file_with_objects_is_never_unpickled(store: LocalStore) -> None:
    class Bomb:
        def __reduce__(self) -> Any:
            return (pytest.fail, ("it ran",))

    file = io.BytesIO()
    np.lib.format.write_array(file, np.array([Bomb()], object), version=(2, 0))
    with pytest.raises(Corrupt):
        by_name("numpy").load(forged(store, file.getvalue()), "npy")


@pytest.mark.parametrize("cut", [0, 5, 9, 40, -1])
def test_a_file_that_makes_no_sense_is_corrupt(store: LocalStore, cut: int) -> None:
    file = io.BytesIO()
    np.lib.format.write_array(file, np.arange(10.0), version=(2, 0))
    with pytest.raises(Corrupt):
        by_name("numpy").load(forged(store, file.getvalue()[:cut]), "npy")


def npy(header: str, body: bytes = b"", version: int = 2) -> bytes:
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<I", len(header)) + header.encode("latin1") + body


def claiming(kind: str, shape: str, body: bytes = b"", version: int = 2) -> bytes:
    return npy(f"{{'descr': {kind}, 'fortran_order': False, 'shape': {shape}, }}\n", body, version)


HOSTILE = {
    "larger than any memory": claiming("'<f8'", f"({2**62},)", bytes(16)),
    "wraps around": claiming("'<f8'", f"({2**61}, 8)"),
    "beyond a C integer": claiming("'<f8'", f"({10**30},)", bytes(16)),
    "negative": claiming("'<f8'", "(-1,)", bytes(16)),
    "negative twice": claiming("'<f8'", "(-2, -1)", bytes(16)),
    "flags for a shape": claiming("'<f8'", "(True, 2)", bytes(16)),
    "too many axes": claiming("'<f8'", "(" + "1," * 100 + ")", bytes(8)),
    "no objects": claiming("'|O'", "(0,)"),
    "no objects in a table": claiming("[('a', '|O')]", "(0,)"),
    "empty elements": claiming("'|V0'", "(5,)"),
    "more than it says": claiming("'<f8'", "(1,)", bytes(16)),
    "more than nothing": claiming("'<f8'", "(0,)", bytes(16)),
    "less than it says": claiming("'<f8'", "(3,)", bytes(16)),
    "another version": claiming("'<f8'", "(2,)", bytes(16), version=3),
    "no characters": claiming("'<U2'", "(1,)", b"\xff" * 8),
    "no token": npy("{'descr': '''"),
    "no block": npy("  {\n 1\n   2\n"),
    "too deep": npy("-" * 9000 + "1"),
    "no key": npy("{[]: 1}"),
    "keys of two kinds": npy("{'descr': '<f8', 1: 2, 'shape': 3}"),
    "cut": b"\x93NUMPY\x02\x00\xff\xff\xff\xff{",
}


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::UserWarning")
@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_header_that_lies_is_corrupt_and_takes_no_memory(store: LocalStore, content: bytes) -> None:
    reader = forged(store, content)
    tracemalloc.start()
    with pytest.raises(Corrupt, match="an array cannot be read"):
        by_name("numpy").load(reader, "npy")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 << 20


@given(st.data())
def test_any_flipped_byte_of_a_header_is_read_or_corrupt(data: st.DataObject) -> None:
    file = io.BytesIO()
    np.lib.format.write_array(file, TABLE, version=(2, 0))
    content = bytearray(file.getvalue())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, 200))] = data.draw(st.integers(0, 255))
    with suppress(Corrupt), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert type(_array(content)) is np.ndarray


@pytest.mark.parametrize("names", [b'["a", "a"]', b'["a", "b"]'])
def test_names_without_an_array_each_are_corrupt(store: LocalStore, names: bytes) -> None:
    with pytest.raises(Corrupt):
        by_name("numpy").load(forged(store, claiming("'<f8'", "(2,)", bytes(16)), names), "npy")


@pytest.mark.parametrize("names", [b"", b"{", b"7", b'"ab"', b"[1, [2]]", b"[" * 100_000, b"9" * 5000])
def test_names_that_make_no_sense_are_corrupt(store: LocalStore, names: bytes) -> None:
    with pytest.raises(Corrupt):
        by_name("numpy").load(forged(store, b"", names), "npy")
