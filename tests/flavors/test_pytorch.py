"""PyTorch: tensors as they lie in memory, modules with their weights beside; without torch these tests are skipped."""

from __future__ import annotations

import json
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import pytest

from nbregistry.artifacts.local import LocalStore
from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.artifacts.pack_writing import PackWriter
from nbregistry.errors import Corrupt, Refused
from nbregistry.flavors import by_name, choose
from tests.flavors.test_sklearn import run

if TYPE_CHECKING:
    from pathlib import Path

torch = pytest.importorskip("torch", reason="there is no torch; pip install torch")
nn = torch.nn


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path)


def saved(model: Any, store: LocalStore, form: str | None = None) -> tuple[str, str]:
    flavor = choose(model, form)
    assert flavor.name == "pytorch"
    pack = PackWriter(store)
    form = flavor.save(model, pack, form)
    return pack.finish({}).digest, form


def loaded(digest: str, form: str, store: LocalStore) -> Any:
    return by_name("pytorch").load(PackReader(store, digest), form)


def round_trip(model: Any, store: LocalStore) -> Any:
    digest, form = saved(model, store)
    assert form == "tensors"
    assert by_name("pytorch").formats[form] is False
    return loaded(digest, form, store)


def network(width: int = 200) -> Any:
    torch.manual_seed(0)
    layers = [layer for _ in range(4) for layer in (nn.Linear(width, width), nn.BatchNorm1d(width), nn.ReLU())]
    return nn.Sequential(*layers, nn.Linear(width, 2)).eval()


def assert_same(one: Any, other: Any) -> None:
    assert type(other) is type(one)
    assert (other.dtype, other.shape, other.stride()) == (one.dtype, one.shape, one.stride())
    assert (other.requires_grad, other.device.type) == (one.requires_grad, "cpu")
    bits = [tensor.detach().reshape(-1).view(torch.uint8) for tensor in (one, other)]
    assert torch.equal(*bits)


DTYPES = [
    "float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "uint16", "bool",
    "complex64", "complex128", "float8_e4m3fn",
]  # fmt: skip


@pytest.mark.parametrize("name", DTYPES)
def test_every_type(store: LocalStore, name: str) -> None:
    tensor = (torch.arange(24).reshape(4, 6) % 2).to(getattr(torch, name))
    assert_same(tensor, round_trip({"t": tensor}, store)["t"])


def test_a_state_dict_with_the_versions_of_its_modules(store: LocalStore) -> None:
    state = network().state_dict()
    again = round_trip(state, store)
    assert type(again) is OrderedDict
    assert list(again) == list(state)
    assert again._metadata == state._metadata
    for name, tensor in state.items():
        assert_same(tensor, again[name])
    fresh = network()
    fresh.load_state_dict(again)
    x = torch.randn(3, 200)
    assert torch.equal(fresh(x), network()(x))
    again["0.weight"].zero_()  # it can be written to


@pytest.mark.parametrize(
    "tensor",
    [
        torch.empty(0, 7),
        torch.tensor(3.5),
        torch.randn(40, 50).t(),
        torch.randn(40, 50)[::2, 3:],
        torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last),
        torch.randn(3, 1).expand(3, 4),
        nn.Parameter(torch.randn(3)),
        nn.Parameter(torch.arange(3), requires_grad=False),
        torch.randn(3, requires_grad=True),
        torch.tensor([float("nan"), float("inf"), -0.0]),
    ],
    ids=lambda tensor: f"{tuple(tensor.shape)} {tensor.stride()}",
)
def test_shapes_views_and_parameters(store: LocalStore, tensor: Any) -> None:
    again = round_trip(tensor, store)
    assert type(again) is type(tensor)
    assert (again.shape, again.stride(), again.requires_grad) == (tensor.shape, tensor.stride(), tensor.requires_grad)
    assert torch.equal(torch.nan_to_num(again.detach(), 7.0), torch.nan_to_num(tensor.detach(), 7.0))


def test_shared_memory_is_stored_once_and_shared_again(store: LocalStore) -> None:
    base = torch.randn(300, 300)
    digest, form = saved({"tied": base, "same": base, "part": base[10:20], "other": base.clone()}, store)
    assert [path for path in PackReader(store, digest).paths if path.startswith("storages")] == [
        "storages/0000",
        "storages/0001",
    ]
    again = loaded(digest, form, store)
    again["tied"][10, 0] = 42.0
    assert again["same"][10, 0] == again["part"][0, 0] == 42.0 != again["other"][10, 0]


def test_a_checkpoint_with_an_optimizer(store: LocalStore) -> None:
    model = network(20).train()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    model(torch.randn(4, 20)).sum().backward()
    optimizer.step()
    checkpoint = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3, "loss": float("nan")}
    again = round_trip(checkpoint, store)
    assert again["epoch"] == 3
    fresh = network(20)
    fresh.load_state_dict(again["model"])
    restored = torch.optim.Adam(fresh.parameters())
    restored.load_state_dict(again["optimizer"])
    assert restored.param_groups[0]["lr"] == 0.01
    assert torch.equal(next(iter(restored.state.values()))["exp_avg"], next(iter(optimizer.state.values()))["exp_avg"])


@pytest.mark.parametrize(
    "model",
    [
        {"a": torch.randn(2), "b": object},
        {"a": torch.randn(3, 3).to_sparse()},
        {"a": torch.quantize_per_tensor(torch.randn(3), 0.1, 0, torch.qint8)},
        {"a": torch.randn(2, dtype=torch.complex64).conj()},
    ],
    ids=["class", "sparse", "quantized", "conjugate"],
)
def test_what_is_more_than_tensors_is_pickled_and_says_so(store: LocalStore, model: Any) -> None:
    digest, form = saved(model, store)
    assert form == "pickle5"
    again = loaded(digest, form, store)
    assert repr(again["a"]) == repr(model["a"])
    with pytest.raises(Refused, match="'tensors' cannot hold this model"):
        saved(model, store, "tensors")


def test_a_module_predicts_the_same_in_a_new_process(store: LocalStore, tmp_path: Path) -> None:
    model = network()
    digest, form = saved(model, store)
    assert form == "pickle5"
    code = """
from pathlib import Path
import torch
from nbregistry.artifacts.local import LocalStore
from nbregistry.artifacts.pack_reading import PackReader
from nbregistry.flavors import by_name
model = by_name("pytorch").load(PackReader(LocalStore(Path(sys.argv[1])), sys.argv[2]), "pickle5")
print(model(torch.ones(1, 200)).double().tolist())
"""
    assert json.loads(run(code, str(tmp_path), digest)) == model(torch.ones(1, 200)).double().tolist()
    with pytest.raises(Refused, match="Sequential is a module") as caught:
        saved(model, store, "tensors")
    assert "state_dict()" in caught.value.hint


def test_a_module_of_the_notebook_goes_by_value_with_its_weights_beside(store: LocalStore) -> None:
    class Mine(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(200, 200)

        def forward(self, x: Any) -> Any:
            return self.layer(x) * 2

    model = Mine()
    digest, form = saved(model, store)
    assert form == "cloudpickle"
    reader = PackReader(store, digest)
    assert reader.size("buffers/0000") == 200 * 200 * 4
    assert torch.equal(loaded(digest, form, store)(torch.ones(1, 200)), model(torch.ones(1, 200)))


def test_an_unchanged_layer_is_stored_once(store: LocalStore) -> None:
    for form in (None, "pickle5"):
        model = network(500) if form else network(500).state_dict()
        saved(model, store, form)
        weight = model["3.weight"] if not form else model[3].weight.data
        weight += 1
        pack = PackWriter(store)
        choose(model).save(model, pack, form)
        packed = pack.finish({})
        assert packed.stored_bytes < 1.5 * 500 * 500 * 4 < packed.size / 2


def test_tied_weights_of_a_module_are_tied_again(store: LocalStore) -> None:
    model = network()
    model[3].weight = model[0].weight
    model[6].weight.data = model[0].weight.data  # another parameter, the same memory
    digest, form = saved(model, store)
    again = loaded(digest, form, store)
    assert again[3].weight is again[0].weight
    assert again[6].weight is not again[0].weight
    with torch.no_grad():
        again[0].weight.zero_()
    assert again[6].weight.sum() == 0
    assert again[9].weight.sum() != 0
    assert again[0].weight.requires_grad


def forged(store: LocalStore, about: Any, storage: bytes = bytes(16)) -> PackReader:
    pack = PackWriter(store)
    pack.add("tensors.json", json.dumps({"value": {"tensor": about}}).encode())
    pack.add("storages/0000", storage)
    return PackReader(store, pack.finish({}).digest)


RIGHT = {"dtype": "float32", "shape": [2, 2], "stride": [2, 1], "offset": 0, "storage": 0, "requires_grad": False,
         "parameter": False}  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"shape": [2, 3]},
        {"shape": [5], "stride": [1]},
        {"shape": [2**61, 2**61]},
        {"shape": [1], "stride": [2**63]},
        {"shape": [True, 2]},
        {"shape": [-2, 2]},
        {"stride": [-2, 1]},
        {"stride": [1000, 1]},
        {"stride": [2]},
        {"shape": [1] * 65, "stride": [1] * 65},
        {"offset": 1},
        {"offset": -1},
        {"offset": 0.0},
        {"storage": 1},
        {"storage": "0000"},
        {"dtype": "load"},
        {"dtype": "qint8"},
        {"dtype": ["float32"]},
        {"dtype": "float64"},
        {"shape": None},
    ],
    ids=repr,
)
def test_a_tensor_that_its_storage_does_not_bear_out_is_corrupt(store: LocalStore, wrong: dict[str, Any]) -> None:
    assert by_name("pytorch").load(forged(store, RIGHT), "tensors").shape == (2, 2)
    with pytest.raises(Corrupt):
        by_name("pytorch").load(forged(store, RIGHT | wrong), "tensors")


def test_a_truth_value_that_is_neither_is_corrupt(store: LocalStore) -> None:
    about = RIGHT | {"dtype": "bool"}
    assert by_name("pytorch").load(forged(store, about), "tensors").sum() == 0
    with pytest.raises(Corrupt, match="neither"):
        by_name("pytorch").load(forged(store, about, b"\x02" * 16), "tensors")


@pytest.mark.parametrize(
    "wrong", [{"shape": [2, 3]}, {"shape": [5], "stride": [1]}, {"stride": [1000, 1]}, {"offset": 1}], ids=repr
)
def test_a_tensor_is_held_within_its_storage_here_not_only_by_torch(store: LocalStore, wrong: dict[str, Any]) -> None:
    with pytest.raises(Corrupt, match="leaves its storage"):
        by_name("pytorch").load(forged(store, RIGHT | wrong), "tensors")
