"""Blobs that are kept compressed: when it pays, and how a flipped bit in them is found.

A compressed blob is one Zstandard frame followed by one skippable frame that holds the SHA-256 of every byte
before it. ``zstd -d`` reads the file; we also notice a change that decompression would forgive.
"""

from __future__ import annotations

from hashlib import sha256

SUFFIX = ".zst"
LEVEL = 1
_SMALLEST = 16 << 10
# Smaller content is compressed to see whether it pays: a try would take as long.
_TRIED = 1 << 20
_SEAL_SIZE = sha256().digest_size
SEAL = (0x184D2A50).to_bytes(4, "little") + _SEAL_SIZE.to_bytes(4, "little")

_SAMPLES = 3
_SAMPLE = 16 << 10
_PAYS = 0.85


class Broken(Exception):
    """Why a blob cannot be read; the reader turns it into an error that names the blob."""


def smaller(content: bytes) -> bytes | None:
    """Compress content and seal it; ``None`` where that does not pay."""
    if len(content) < _SMALLEST or (len(content) >= _TRIED and not _promises(content)):
        return None
    import zstandard

    frame = zstandard.ZstdCompressor(level=LEVEL).compress(content) + SEAL
    return frame + sha256(frame).digest() if len(frame) < _PAYS * len(content) else None


def _promises(content: bytes) -> bool:
    """Guess whether content can be compressed, by its begin, middle and end."""
    import zstandard

    size = len(content)
    compressor = zstandard.ZstdCompressor(level=LEVEL)
    tried = packed = 0
    for index in range(_SAMPLES):
        start = (size - _SAMPLE) * index // (_SAMPLES - 1)
        sample = content[start : start + _SAMPLE]
        tried += len(sample)
        packed += len(compressor.compress(sample))
    return packed < _PAYS * tried


def decompressed(stored: bytes, limit: int) -> bytes:
    """Give the content of a compressed blob.

    Raises
    ------
    Broken
        If its bytes are not those that were written, or more than ``limit`` would come out.
    """
    import zstandard

    frame, seal = memoryview(stored)[:-_SEAL_SIZE], stored[-_SEAL_SIZE:]
    if sha256(frame).digest() != seal:
        raise Broken("its seal does not match its bytes")
    try:
        size = zstandard.frame_content_size(frame)
        if size < 0:
            raise Broken("it does not say how much it holds")
        if size > limit:
            raise Broken(f"it has more than the {limit} bytes of its record")
        return zstandard.ZstdDecompressor().decompress(frame, allow_extra_data=True)
    except zstandard.ZstdError as error:
        raise Broken(f"it cannot be decompressed ({error})") from error
