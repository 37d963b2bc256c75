"""Where content is cut into pieces, so that versions share what did not change between them.

Every cut depends on the content alone, never on what is stored already: the same files make the same pieces in any
registry, and so the same digests.

- An array is cut into blocks of a fixed size: a changed layer is new, the others are not.
- What has no structure that we know is cut by content (FastCDC): after an insertion the cuts fall into step again.
- Small pieces travel together, in groups that end where a checksum of a piece says so: what is put in or changed in
  the middle of a thousand small arrays changes the group around it.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, BinaryIO

from nbregistry.artifacts.sections import Section, sections_of
from nbregistry.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK = 4 << 20
"""The largest piece: so much is held in memory at once, times the number of threads."""
ALONE = 512 << 10
"""From this size a piece is a blob of its own."""
GROUP = 768 << 10
"""What a group of small pieces has on average."""
LARGEST_GROUP = 2 * GROUP
"""With so much a group is full, whatever its last piece says."""
_OPAQUE = 128 << 10
_SAMPLES = 256
# Large files in larger chunks: each is a file that has to be forced to disk.
_AVERAGES = ((16 << 20, 32 << 10), (64 << 20, 256 << 10), (2**62, 1 << 20))


def blocks(content: bytes | memoryview) -> Iterator[bytes | memoryview]:
    """Cut an array's memory."""
    for start in range(0, len(content), BLOCK):
        yield content[start : start + BLOCK]


def pieces_of(content: bytes | memoryview) -> Iterator[tuple[bytes, bool]]:
    """Cut content without known structure; with each piece, whether it has to be a blob of its own."""
    if len(content) < _OPAQUE:
        if content:
            yield bytes(content), False
        return
    from pyfastcdc import FastCDC

    for chunk in FastCDC(_average(len(content))).cut_buf(content):
        yield bytes(chunk.data), True


def pieces_of_file(file: BinaryIO, name: str, size: int) -> Iterator[tuple[bytes, bool]]:
    """Read a file of that size in pieces; with each, whether it has to be a blob of its own.

    Raises
    ------
    Refused
        If the file has another size at its end.
    """
    read = 0
    for section in sections_of(file, name, size):
        file.seek(section.offset)
        for piece, alone in _pieces_of_section(file, section):
            read += len(piece)
            yield piece, alone
    if read != size or file.read(1):
        raise Refused("the file changed while it was read", hint="run it again when the file is complete")


def ends_group(piece: bytes | memoryview) -> bool:
    """Tell whether a group of small pieces ends with this one: the more likely, the larger it is."""
    # Some of its bytes will do, and take a fraction of the time; at odd distances, so that of an array of numbers
    # they are not always the same byte.
    sample = bytes(piece[:: len(piece) // _SAMPLES | 1])
    return zlib.crc32(sample) * GROUP < len(piece) << 32


def _pieces_of_section(file: BinaryIO, section: Section) -> Iterator[tuple[bytes, bool]]:
    rest = section.size
    if section.is_array or rest < _OPAQUE:
        while rest and (piece := file.read(min(rest, BLOCK))):
            rest -= len(piece)
            yield piece, False
        return
    from pyfastcdc import FastCDC

    for chunk in FastCDC(_average(section.size)).cut_stream(_Bounded(file, section.size)):
        yield bytes(chunk.data), True


def _average(size: int) -> int:
    return next(average for limit, average in _AVERAGES if size < limit)


class _Bounded:
    """What FastCDC reads a section from."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._rest = size

    def read(self, size: int) -> bytes:
        piece = self._file.read(min(size, self._rest))
        self._rest -= len(piece)
        return piece
