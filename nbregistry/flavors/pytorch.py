"""PyTorch: dicts of tensors as plain bytes, which execute no code, and modules by pickle with their weights beside.

``tensors.json`` says what a state dict or a checkpoint consists of: its dicts, lists and numbers, and for each tensor
its type, shape and strides and the storage it lies in. ``storages/0000`` and on are those storages. Tensors that share
memory share it again; what lies on a GPU comes back on the CPU.

A module is pickled. Each storage goes beside the stream once, straight from where it lies, so that a layer that did
not change is the same blob again.
"""

from __future__ import annotations

import pickle
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from nbregistry.errors import Refused
from nbregistry.flavors import pickling
from nbregistry.flavors.base import ancestry, check_format
from nbregistry.flavors.state import NotPlain, StateReader, StateWriter

if TYPE_CHECKING:
    from nbregistry.artifacts.pack_reading import PackReader
    from nbregistry.artifacts.pack_writing import PackWriter

TENSORS = "tensors"
ABOUT = "tensors.json"
_DTYPES = frozenset(
    {
        "float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint64", "uint32", "uint16",
        "uint8", "bool", "complex64", "complex128", "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz",
        "float8_e5m2fnuz",
    }
)  # fmt: skip
_MOST_DIMENSIONS = 64
_LARGEST = 1 << 62
# How deep in dicts a checkpoint has its tensors: {"model": {"0.weight": …}, "epoch": 3}.
_DEPTH = 2


class PyTorchFlavor:
    """Stores tensors as they lie in memory, and modules by pickle."""

    name = "pytorch"
    formats = {TENSORS: False} | pickling.FORMATS

    def recognises(self, model: Any) -> bool:
        """Tell whether it is a module, a tensor, a state dict or a checkpoint."""
        return _is_module(model) or _has_tensor(model, _DEPTH)

    def save(self, model: Any, pack: PackWriter, format: str | None = None) -> str:  # noqa: A002
        """Write tensors as they lie in memory; pickle a module, and what is more than tensors and plain values."""
        if format in pickling.FORMATS or (format is None and _is_module(model)):
            return pickling.save(model, pack, format, _Storages().reduce)
        storages = _Storages()
        writer = StateWriter(pack, storages.encode)
        try:
            about = {"value": writer.encode(model)}
        except NotPlain as error:
            if format is None:
                return pickling.save(model, pack, None, _Storages().reduce)
            if _is_module(model):
                raise Refused(
                    f"{type(model).__name__} is a module, whose code the format {TENSORS!r} cannot hold",
                    hint="register its state_dict(), or leave the format out",
                ) from None
            raise pickling.has_no_words(format, error) from None
        writer.write(ABOUT, about)
        storages.write(pack)
        return TENSORS

    def load(self, pack: PackReader, format: str) -> Any:  # noqa: A002
        """Build the tensors or the module, on the CPU."""
        check_format(self, format)
        if format in pickling.FORMATS:
            return pickling.load(pack)
        reader = StateReader(
            pack,
            {
                "tensor": _Found(pack).tensor,
                "state_dict": lambda content: _with_versions(*map(reader.decode, content)),
            },
        )
        return reader.decode(reader.read(ABOUT).get("value"))


def _is_module(model: Any) -> bool:
    return ("torch", "Module") in ancestry(model)


def _has_tensor(value: Any, depth: int) -> bool:
    if isinstance(value, dict) and depth:
        return any(_has_tensor(item, depth - 1) for item in value.values())
    kinds = ancestry(value)
    return ("torch", "Tensor") in kinds or ("torch", "TensorBase") in kinds


class _Storages:
    """The memory that tensors lie in, each piece once."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._kept: list[Any] = []  # also keeps them alive: an address is theirs as long as they are
        self._reduced: dict[int, Any] = {}

    # -- as files of their own ---------------------------------------------------------------------------------------

    def encode(self, writer: StateWriter, value: Any) -> Any:
        """Give the JSON of a tensor; ``None`` of anything else."""
        import torch

        if type(value) is OrderedDict and vars(value):
            return _state_dict(writer, value)
        if not isinstance(value, torch.Tensor):
            return None
        if type(value) not in (torch.Tensor, torch.nn.Parameter):
            raise NotPlain(f"a {type(value).__qualname__}")
        dtype = str(value.dtype).removeprefix("torch.")
        in_memory = value.layout is torch.strided and not value.is_quantized and value.device.type != "meta"
        if dtype not in _DTYPES or not in_memory or value.is_conj() or value.is_neg():
            raise NotPlain(f"a tensor of {value.dtype} on {value.device.type}, {value.layout}")
        if vars(value):
            raise NotPlain("a tensor with attributes of its own")
        tensor = value.detach()
        return {
            "tensor": {
                "dtype": dtype,
                "shape": list(tensor.shape),
                "stride": list(tensor.stride()),
                "offset": tensor.storage_offset(),
                "storage": self._number(tensor.untyped_storage()),
                "requires_grad": value.requires_grad,
                "parameter": type(value) is torch.nn.Parameter,
            }
        }

    def write(self, pack: PackWriter) -> None:
        """Write every storage."""
        for number, storage in enumerate(self._kept):
            pack.add_array(_member(number), _bytes_of(storage))

    def _number(self, storage: Any) -> int:
        key = storage._cdata  # noqa: SLF001  what torch.save tells storages apart by
        if key not in self._numbers:
            self._numbers[key] = len(self._kept)
            self._kept.append(storage)
        return self._numbers[key]

    # -- beside a pickle ---------------------------------------------------------------------------------------------

    def reduce(self, obj: Any) -> Any:
        """Take a storage apart into its bytes, out of the stream; leave anything else to itself."""
        kinds = ancestry(obj)
        if ("torch", "TypedStorage") in kinds:
            first = self._kept[self._number(obj._untyped_storage)]  # noqa: SLF001
            return _typed, (first, obj.dtype)
        if ("torch", "UntypedStorage") in kinds:
            if obj.device.type == "meta":
                return NotImplemented
            first = self._kept[self._number(obj)]
            if first is not obj:
                return _same, (first,)
            return _untyped, (pickle.PickleBuffer(_bytes_of(obj)),)
        return NotImplemented


def _state_dict(writer: StateWriter, value: Any) -> Any:
    """Give the JSON of what ``state_dict()`` returned: modules leave their versions on it."""
    if set(vars(value)) != {"_metadata"}:
        raise NotPlain("a dict with attributes of its own")
    return {"state_dict": [writer.encode(dict(value)), writer.encode(value._metadata)]}  # noqa: SLF001


def _bytes_of(storage: Any) -> Any:
    """Give a storage's memory as an array of bytes; no copy is made of what lies on the CPU."""
    import torch

    if storage.device.type != "cpu":
        storage = storage.cpu()
    return torch.empty(0, dtype=torch.uint8).set_(storage, 0, (storage.nbytes(),), (1,)).numpy()


def _untyped(content: Any) -> Any:
    """Give a storage that lies in a buffer."""
    import torch

    if not len(content):
        return torch.UntypedStorage(0)
    return torch.frombuffer(content, dtype=torch.uint8).untyped_storage()


def _typed(storage: Any, dtype: Any) -> Any:
    import torch

    return torch.storage.TypedStorage(wrap_storage=storage, dtype=dtype, _internal=True)


def _same(storage: Any) -> Any:
    return storage


def _with_versions(items: Any, versions: Any) -> Any:
    found: Any = OrderedDict(items)
    found._metadata = versions  # noqa: SLF001  where load_state_dict looks for it
    return found


def _member(number: int) -> str:
    return f"storages/{number:04}"


class _Found:
    """The tensors of an artifact."""

    def __init__(self, pack: PackReader) -> None:
        self._pack = pack
        self._storages: dict[int, Any] = {}

    def tensor(self, about: Any) -> Any:
        """Build a tensor, after it was made sure that its storage holds all of it."""
        import torch

        name, shape, stride = about["dtype"], about["shape"], about["stride"]
        offset, number = about["offset"], about["storage"]
        whole = [*shape, *stride, offset, number]
        if name not in _DTYPES or not all(type(value) is int and 0 <= value < _LARGEST for value in whole):
            raise ValueError("no shape, stride or type of a tensor")
        if len(shape) != len(stride) or len(shape) > _MOST_DIMENSIONS:
            raise ValueError("no shape of a tensor")
        dtype = getattr(torch, name)
        storage = self._storage(number)
        last = offset + sum((length - 1) * step for length, step in zip(shape, stride, strict=True))
        if 0 not in shape and (last + 1) * dtype.itemsize > storage.nbytes():
            raise ValueError("a tensor leaves its storage")
        if dtype is torch.bool and 0 not in shape and _bytes_of(storage).max() > 1:
            raise ValueError("a truth value that is neither")
        if 0 in shape:
            tensor = torch.empty_strided(shape, stride, dtype=dtype)
        else:
            tensor = torch.empty(0, dtype=dtype).set_(storage, offset, shape, stride)
        if about["parameter"] is True:
            return torch.nn.Parameter(tensor, requires_grad=about["requires_grad"] is True)
        return tensor.requires_grad_(about["requires_grad"] is True)

    def _storage(self, number: int) -> Any:
        if number not in self._storages:
            self._storages[number] = _untyped(self._pack.read(_member(number)))
        return self._storages[number]
