"""Digests: how content is named, in records and on disk."""

from __future__ import annotations

import re
from hashlib import sha256

from nbregistry.errors import Corrupt

_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")


def digest_of(content: bytes | bytearray | memoryview) -> str:
    """Give the digest of content.

    Examples
    --------
    >>> digest_of(b"abc")[:15]
    'sha256:ba7816bf'
    """
    return f"sha256:{sha256(content).hexdigest()}"


def hex_of(digest: str) -> str:
    """Give the 64 hex digits of a digest; the only part of a record that ever becomes part of a path.

    Raises
    ------
    Corrupt
        If it is no digest.

    Examples
    --------
    >>> hex_of("sha256:" + "ab" * 32)[:6]
    'ababab'
    """
    match = _DIGEST.fullmatch(digest)
    if match is None:
        raise Corrupt(f"{digest[:80]!r} is no digest", hint="%nbr verify")
    return match[1]
