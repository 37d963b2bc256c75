"""The lines of a journal's file: a heading, the commits as they lie in the log, and a seal.

::

    {"journal":{"format":1,"registry":…,"name":…,"first":…,"head_seq":…,"head":…}}
    {"commit":…,"digest":"sha256:…","signature":"ed25519:…"}
    …
    {"seal":{"commits":…,"lines":"sha256:…","at":…,"actor":…,"key":…},"signature":"ed25519:…"}

A commit's line is its file in the log, byte for byte, and proves itself. What no commit can prove is that the last one
is not missing, nor, where only one model's are written, that one between is not: for that stands the seal, by which
whoever wrote the file signs how many lines there are, and the digest of all of them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar

import orjson

from nbregistry.catalog import exact
from nbregistry.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

Part = TypeVar("Part", "Heading", "Seal")

FORMAT = 1
# So that bytes signed for another purpose are never a seal.
_PURPOSE = b"nbregistry journal 1\n"


@dataclass(frozen=True)
class Heading:
    """What a journal's file is of.

    Attributes
    ----------
    registry : str
        Its id.
    name : str
        The model that the commits concern, ``""`` for all.
    first : str
        Digest of the registry's first commit.
    head_seq, head : int, str
        The registry's last commit then, and its digest.
    format : int
    """

    registry: str
    name: str
    first: str
    head_seq: int
    head: str
    format: int = FORMAT

    def to_line(self) -> bytes:
        """Give the bytes of its line."""
        return _line({"journal": asdict(self)})

    @classmethod
    def read(cls, line: bytes) -> Heading | None:
        """Read a line; ``None`` if it is no heading.

        Raises
        ------
        Refused
            If it is of a newer release.
        """
        found = _object(line).get("journal")
        if isinstance(found, dict) and type(found.get("format")) is int and found["format"] > FORMAT:
            raise Refused("this journal was written by a newer release", hint="pip install --upgrade nbregistry")
        return _read(cls, found)


@dataclass(frozen=True)
class Seal:
    """What whoever wrote the file vouches for.

    Attributes
    ----------
    commits : int
        How many lines are between heading and seal.
    lines : str
        Digest of all bytes before the seal.
    at, actor, key : str
    """

    commits: int
    lines: str
    at: str
    actor: str
    key: str

    @property
    def signed_bytes(self) -> bytes:
        """What its signature covers."""
        return _PURPOSE + exact.dumps(asdict(self))

    def to_line(self, signature: str) -> bytes:
        """Give the bytes of its line."""
        return _line({"seal": asdict(self), "signature": signature})

    @classmethod
    def read(cls, line: bytes) -> tuple[Seal, str] | None:
        """Read a line and give the seal with its signature; ``None`` if it is none."""
        found = _object(line)
        seal, signature = _read(cls, found.get("seal")), found.get("signature")
        return (seal, signature) if seal is not None and isinstance(signature, str) else None


_TYPES: dict[str, Callable[[Any], bool]] = {
    "str": lambda value: isinstance(value, str),
    "int": lambda value: type(value) is int and value >= 0,
}


def _line(value: dict[str, Any]) -> bytes:
    return exact.dumps(value, sort_keys=False) + b"\n"


def _object(line: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _read(kind: type[Part], found: Any) -> Part | None:
    """Build what has all parts, each of its type, and no other."""
    parts = {part.name: str(part.type) for part in fields(kind)}
    if not isinstance(found, dict) or found.keys() != parts.keys():
        return None
    return kind(**found) if all(_TYPES[parts[name]](value) for name, value in found.items()) else None
