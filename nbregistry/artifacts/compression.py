"""Blobs that are kept compressed: when it pays, and how a flipped bit in them is found.

A compressed blob is one Zstandard frame followed by one skippable frame that holds the SHA-256 of every byte
before it. ``zstd -d`` reads the file; we also notice a change that decompression would forgive.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

SUFFIX = ".zst"
SMALLEST = 16 << 10
LEVEL = 3
# Worker threads of Zstandard take their own copies of the input: only for what takes noticeable time.
THREADED = 8 << 20
# What each of them takes at a time: its own choice of four times as much costs 40 MB, and is no faster.
_JOB = 4 << 20
_SEAL_SIZE = sha256().digest_size
SEAL = (0x184D2A50).to_bytes(4, "little") + _SEAL_SIZE.to_bytes(4, "little")

_SAMPLES = 3
_SAMPLE = 16 << 10
_PAYS = 0.85


class Broken(Exception):
    """Why a blob cannot be read; the reader turns it into an error that names the blob."""


def pays(at: Callable[[int, int], bytes], size: int) -> bool:
    """Tell whether content is worth compressing, by trying its begin, middle and end.

    Parameters
    ----------
    at : callable
        ``at(offset, length)`` gives that part of the content.
    size : int
        Bytes of the content.
    """
    if size < SMALLEST:
        return False
    import zstandard

    compressor = zstandard.ZstdCompressor(level=LEVEL)
    tried = packed = 0
    for index in range(_SAMPLES if size > _SAMPLES * _SAMPLE else 1):
        sample = at((size - _SAMPLE) * index // (_SAMPLES - 1), _SAMPLE)
        tried += len(sample)
        packed += len(compressor.compress(sample))
    return packed < _PAYS * tried


def compressed(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Compress content of a known size piece by piece, seal included."""
    import zstandard

    workers = {"threads": -1, "job_size": _JOB} if size >= THREADED else {}
    params = zstandard.ZstdCompressionParameters.from_level(LEVEL, source_size=size, **workers)
    compressor = zstandard.ZstdCompressor(compression_params=params).compressobj(size=size)
    seal = sha256()
    for piece in pieces:
        if out := compressor.compress(piece):
            seal.update(out)
            yield out
    end = compressor.flush() + SEAL
    seal.update(end)
    yield end + seal.digest()


class RawReader:
    """The content of a blob that is kept as it is."""

    def __init__(self, file: BinaryIO, stored: int) -> None:
        self._file = file
        self.size = stored

    def read(self, size: int) -> bytes:
        """Give the next bytes, ``b""`` at the end."""
        return self._file.read(size)

    def readinto(self, place: memoryview) -> int:
        """Read the next bytes to a place; give how many, 0 at the end."""
        return self._file.readinto(place)  # type: ignore[attr-defined,no-any-return]  # BinaryIO lacks it

    def finish(self) -> None:
        """Check what the content alone does not show: here nothing."""


class CompressedReader:
    """The content of a compressed blob.

    Attributes
    ----------
    size : int
        Bytes of the content, as the frame states them: a hint for reading, not to be believed.
    """

    def __init__(self, file: BinaryIO, stored: int) -> None:
        import zstandard

        self._error = zstandard.ZstdError
        self._file = file
        self._rest = stored - _SEAL_SIZE
        self._seal = sha256()
        head = file.read(18)
        file.seek(0)
        try:
            self.size = zstandard.frame_content_size(head)
            if self._rest < len(head) or self.size < 0:
                raise Broken("it is no compressed blob")
            self._frame = zstandard.ZstdDecompressor().stream_reader(_Source(self._take))  # type: ignore[arg-type]
        except zstandard.ZstdError as error:
            raise Broken(f"it is no compressed blob ({error})") from error

    def read(self, size: int) -> bytes:
        """Give the next bytes, ``b""`` at the end."""
        try:
            return self._frame.read(size)
        except self._error as error:
            raise Broken(f"it cannot be decompressed ({error})") from error

    def readinto(self, place: memoryview) -> int:
        """Read the next bytes to a place; give how many, 0 at the end."""
        try:
            return self._frame.readinto(place)
        except self._error as error:
            raise Broken(f"it cannot be decompressed ({error})") from error

    def finish(self) -> None:
        """Check the seal over the compressed bytes."""
        while self._take(1 << 16):
            pass
        # One byte more than there may be: nothing can hide behind the seal.
        if self._file.read(_SEAL_SIZE + 1) != self._seal.digest():
            raise Broken("its seal does not match its bytes")

    def _take(self, size: int) -> bytes:
        piece = self._file.read(min(size, self._rest) if size >= 0 else self._rest)
        self._rest -= len(piece)
        self._seal.update(piece)
        return piece


class _Source:
    """What Zstandard reads from: the file up to the seal's digest."""

    def __init__(self, take: Callable[[int], bytes]) -> None:
        self.read = take
