"""Private keys: their lines of base64, however they are quoted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nbregistry.provenance.redaction.redacted import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

KIND = "Private Key"

_BEGINS = re.compile(r"BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY|PuTTY-User-Key-File-\d")
_ENDS = re.compile(r"END (?:[A-Z0-9]+ )*PRIVATE KEY|Private-MAC")
_LONGEST = 1 << 14
# The two characters of an escaped end of line are none of the key's.
_ENCODED = re.compile(r"\\[nrt]|(?P<key>[A-Za-z0-9+/]{40,}={0,2}|(?=[A-Za-z+/]*\d)[A-Za-z0-9+/]{16,}={0,2})")


def private_keys(text: str) -> Iterator[Span]:
    """Find the encoded lines between the words that begin and end a private key."""
    for begin in _BEGINS.finditer(text):
        end = _ENDS.search(text, begin.end(), begin.end() + _LONGEST)
        stop = end.start() if end else min(len(text), begin.end() + _LONGEST)
        for found in _ENCODED.finditer(text, begin.end(), stop):
            if found["key"] and (end or len(found["key"]) >= 40):
                yield Span(*found.span("key"), KIND)
