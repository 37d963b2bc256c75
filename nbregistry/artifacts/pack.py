"""One artifact: its files, behind one root blob.

The root is laid out like a safetensors file: 8 bytes with the length of the header (little-endian), the header as
JSON, then the bytes of small pieces. A small model is one file on disk; in a large one, pieces are blobs of their own
or travel together (see :mod:`nbregistry.artifacts.cutting`), so that versions share what did not change between them.

The header::

    {"format": 1,
     "header": {…},                                    whatever the writer of the artifact put there
     "blobs": [["sha256:…", size], …],                 every other blob
     "members": [[path, [blob, offset, size], …], …]}  a file and its pieces; blob 0 is what follows the header,
                                                       n the n-th of "blobs"
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from nbregistry.artifacts.hashing import hex_of
from nbregistry.artifacts.members import Names
from nbregistry.artifacts.store import LARGEST
from nbregistry.errors import Corrupt, Refused

if TYPE_CHECKING:
    from nbregistry.artifacts.store import ArtifactStore

FORMAT = 1
_ALIGNMENT = 64


class Piece(NamedTuple):
    """Where a part of a file lies: in which blob, and where in it."""

    blob: int
    offset: int
    size: int


@dataclass(frozen=True)
class Root:
    """What the root blob of an artifact says.

    Attributes
    ----------
    header : dict
        What the writer of the artifact put there.
    blobs : dict
        Every other blob: digest to size.
    members : dict
        The files, each with its pieces in their order.
    payload : bytes-like
        What follows the header.
    """

    header: dict[str, Any]
    blobs: dict[str, int]
    members: dict[str, list[Piece]]
    payload: bytes | memoryview

    def to_bytes(self) -> bytes:
        """Give the content of the blob.

        Raises
        ------
        Refused
            If there are so many files that nobody would read it.
        """
        text = orjson.dumps(
            {
                "format": FORMAT,
                "header": self.header,
                "blobs": list(self.blobs.items()),
                "members": [[path, *map(list, pieces)] for path, pieces in self.members.items()],
            }
        )
        text += b" " * (-(8 + len(text)) % _ALIGNMENT)
        content = b"".join((len(text).to_bytes(8, "little"), text, self.payload))
        if len(content) > LARGEST:
            raise Refused(
                f"an artifact of {len(self.members)} files is too much for one version",
                hint="put the files into an archive first",
            )
        return content

    @classmethod
    def read(cls, store: ArtifactStore, digest: str) -> Root:
        """Read a root, verified, and check that its parts fit together.

        Raises
        ------
        NotFound
        Corrupt
            If it makes no sense.
        Refused
            If it is of a later format, or a name in it is unsafe.
        """
        content = memoryview(store.get(digest, LARGEST))
        length = int.from_bytes(content[:8], "little")
        try:
            document = orjson.loads(content[8 : 8 + length])
            if document["format"] != FORMAT:
                raise Refused(
                    f"{digest} has format {document['format']!a:.40}, which this release does not read",
                    hint="%pip install --upgrade nbregistry",
                )
            root = cls(
                dict(document["header"]),
                {f"sha256:{hex_of(name)}": _number(size) for name, size in document["blobs"]},
                dict(map(_member, document["members"])),
                content[8 + length :],
            )
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise Corrupt(f"{digest} is no artifact: it has no header", hint="%nbr verify") from error
        names = Names()
        for path in root.members:
            names.add(path)
        unique = len(root.members) == len(document["members"]) and len(root.blobs) == len(document["blobs"])
        if not unique or not root._fits_together():
            raise Corrupt(f"{digest} names files that it does not hold", hint="%nbr verify")
        return root

    def _fits_together(self) -> bool:
        sizes = [len(self.payload), *self.blobs.values()]
        return all(size <= LARGEST for size in sizes) and all(
            blob < len(sizes) and offset + size <= sizes[blob]
            for pieces in self.members.values()
            for blob, offset, size in pieces
        )


def digests_of(store: ArtifactStore, digest: str) -> tuple[str, ...]:
    """Give the digests of an artifact's root and of every blob that it names; only the root is read."""
    return (digest, *Root.read(store, digest).blobs)


def _member(entry: object) -> tuple[str, list[Piece]]:
    if not isinstance(entry, list):
        raise TypeError(f"{entry!a:.40} is no file of an artifact")
    path, *pieces = entry
    return str(path), [Piece(*map(_number, piece)) for piece in pieces]


def _number(value: object) -> int:
    """Give a number of the header; one with a fraction, or none at all, is no place of a file."""
    if type(value) is not int or value < 0:
        raise ValueError(f"{value!a:.40} is no number of bytes")
    return value
