"""The parts of files whose structure is known: tensors of a safetensors file, members of a ZIP.

``.npz``, ``.pt`` and ``.keras`` files are ZIPs. Only places are read here, to cut a file well when it is stored; what
a file says of itself is believed in nothing else, and one that contradicts itself is taken as a whole.
"""

from __future__ import annotations

import itertools
import struct
import zipfile
import zlib
from operator import index
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable

_LARGEST_HEADER = 64 << 20
_LOCAL_HEADER = 30
_DAMAGE = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, OSError, RuntimeError)


class Section(NamedTuple):
    """A part of a file; ``is_array`` if it is the content of one tensor or member."""

    offset: int
    size: int
    is_array: bool


def sections_of(file: BinaryIO, name: str, size: int) -> list[Section]:
    """Give the parts of a file, which follow each other and cover it; one part if nothing is known of it.

    Parameters
    ----------
    file : file
        Open for reading; its place is changed.
    name : str
        Its ending tells a safetensors file, which has no mark.
    size : int
    """
    try:
        if name.endswith(".safetensors"):
            return _covering(_tensors(file), size)
        file.seek(0)
        if file.read(4) == b"PK\x03\x04":
            return _covering(_members(file), size)
    except (*_DAMAGE, struct.error, zlib.error, zipfile.BadZipFile):
        pass  # it is no such file after all
    return [Section(0, size, is_array=False)]


def _tensors(file: BinaryIO) -> list[tuple[int, int]]:
    file.seek(0)
    length = int.from_bytes(file.read(8), "little")
    if length > _LARGEST_HEADER:
        raise ValueError
    header = orjson.loads(file.read(length))
    places = [entry["data_offsets"] for key, entry in header.items() if key != "__metadata__"]
    return [(8 + length + index(begin), index(end) - index(begin)) for begin, end in places]


def _members(file: BinaryIO) -> list[tuple[int, int]]:
    places = []
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
    for member in members:
        file.seek(member.header_offset + 26)
        name, extra = struct.unpack("<HH", file.read(4))
        places.append((member.header_offset + _LOCAL_HEADER + name + extra, member.compress_size))
    return places


def _covering(arrays: Iterable[tuple[int, int]], size: int) -> list[Section]:
    """Fill the room before, between and after the arrays."""
    found = [Section(0, 0, is_array=False)]
    for offset, length in sorted(array for array in arrays if array[1]):
        end = found[-1].offset + found[-1].size
        if offset < end or length < 0 or offset + length > size:
            raise ValueError
        found += [Section(end, offset - end, is_array=False), Section(offset, length, is_array=True)]
    end = found[-1].offset + found[-1].size
    found.append(Section(end, size - end, is_array=False))
    return list(itertools.filterfalse(lambda section: not section.size, found))
