"""One artifact: its files, behind one root blob.

The root is laid out like a safetensors file: 8 bytes with the length of the header (little-endian), the
header as JSON, then the bytes of the small members. Members from 64 KiB on are blobs of their own, so that
versions share what did not change between them; a small model is one file on disk.

The header::

    {"format": 1,
     "header": {…},                              whatever the writer of the artifact put there
     "blobs": [["sha256:…", size], …],           every other blob
     "members": [[path, blob, offset, size], …]} blob 0 is this root's own payload, n the n-th of "blobs"
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from nbregistry.artifacts.durable import explained
from nbregistry.artifacts.hashing import hex_of
from nbregistry.artifacts.members import Names
from nbregistry.artifacts.store import views
from nbregistry.errors import Corrupt, NotFound, Refused

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.artifacts.store import ArtifactStore, Blob, Content

FORMAT = 1
LARGE = 64 << 10
# Small members beyond this leave the root and share a blob, which bounds what reading a root can take.
BUNDLE = 8 << 20
ROOT_LIMIT = 64 << 20
ALIGNMENT = 64


@dataclass(frozen=True)
class Packed:
    """An artifact that was stored.

    Attributes
    ----------
    digest : str
        Of the root blob; it names the artifact.
    size : int
        Bytes of its files, before compression.
    stored_bytes : int
        Bytes on disk that were new.
    digests : tuple of str
        The root and every blob that it names.
    """

    digest: str
    size: int
    stored_bytes: int
    digests: tuple[str, ...]


class Member(NamedTuple):
    """Where a file of an artifact lies."""

    blob: int
    offset: int
    size: int


class PackWriter:
    """Takes the files of one artifact; a reader sees nothing before :meth:`finish`.

    Parameters
    ----------
    store : ArtifactStore

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from nbregistry.artifacts.local import LocalStore
    >>> store = LocalStore(Path(tempfile.mkdtemp()))
    >>> pack = PackWriter(store)
    >>> pack.add("notes.txt", b"hello")
    >>> packed = pack.finish({"flavor": "files"})
    >>> reader = PackReader(store, packed.digest)
    >>> reader.header, reader.paths, reader.read("notes.txt")
    ({'flavor': 'files'}, ('notes.txt',), bytearray(b'hello'))
    """

    def __init__(self, store: ArtifactStore) -> None:
        self._store = store
        self._names = Names()
        self._members: dict[str, Member] = {}
        self._blobs: dict[str, tuple[int, int]] = {}  # digest to its number, from 1, and its size
        self._payload = bytearray()
        self._inline: list[str] = []
        self._stored = 0

    def add(self, path: str, data: Content) -> None:
        """Add a file from memory: one bytes-like object, or several that follow each other in the file."""
        parts = views(data)
        size = sum(map(len, parts))
        self._names.add(path)
        if size >= LARGE:
            self._members[path] = Member(self._number(self._store.put(parts)), 0, size)
        else:
            self._add_small(path, b"".join(parts))

    def add_file(self, path: str, source: Path) -> None:
        """Add a file from disk, streamed."""
        with explained(f"read {source}"):
            size = os.stat(source).st_size
        if size < LARGE:
            with explained(f"read {source}"):
                content = source.read_bytes()
            self.add(path, content)
            return
        self._names.add(path)
        blob = self._store.put_file(source)
        self._members[path] = Member(self._number(blob), 0, blob.size)

    def finish(self, header: dict[str, Any]) -> Packed:
        """Store the root, and with it the artifact."""
        document = {
            "format": FORMAT,
            "header": header,
            "blobs": [[digest, size] for digest, (_, size) in self._blobs.items()],
            "members": [[path, *member] for path, member in self._members.items()],
        }
        text = orjson.dumps(document)
        text += b" " * (-(8 + len(text)) % ALIGNMENT)
        if 8 + len(text) + len(self._payload) > ROOT_LIMIT:
            raise Refused(
                f"an artifact of {len(self._members)} files is too much for one version",
                hint="put the files into an archive first",
            )
        root = self._store.put([len(text).to_bytes(8, "little"), text, self._payload])
        size = sum(member.size for member in self._members.values())
        return Packed(root.digest, size, self._stored + root.stored_bytes, (root.digest, *self._blobs))

    def _add_small(self, path: str, content: bytes) -> None:
        if len(self._payload) + len(content) > BUNDLE:
            number = self._number(self._store.put(self._payload))
            for inline in self._inline:
                self._members[inline] = self._members[inline]._replace(blob=number)
            self._inline, self._payload = [], bytearray()
        self._members[path] = Member(0, len(self._payload), len(content))
        self._inline.append(path)
        self._payload += content

    def _number(self, blob: Blob) -> int:
        self._stored += blob.stored_bytes
        return self._blobs.setdefault(blob.digest, (len(self._blobs) + 1, blob.size))[0]


class PackReader:
    """The files of one artifact, verified as they are read.

    Parameters
    ----------
    store : ArtifactStore
    digest : str
        Of the root blob.

    Attributes
    ----------
    header : dict
        What was given to :meth:`PackWriter.finish`.
    paths : tuple of str
        The files, in the order they were added.
    blobs : dict
        Every blob but the root: digest to size.
    """

    def __init__(self, store: ArtifactStore, digest: str) -> None:
        self._store = store
        self._digest = digest
        root = store.get(digest, ROOT_LIMIT)
        length = int.from_bytes(root[:8], "little")
        try:
            document = orjson.loads(memoryview(root)[8 : 8 + length])
            if document["format"] != FORMAT:
                raise Refused(
                    f"{digest} has format {document['format']!a:.40}, which this release does not read",
                    hint="%pip install --upgrade nbregistry",
                )
            self.header: dict[str, Any] = dict(document["header"])
            self.blobs = {f"sha256:{hex_of(name)}": _number(size) for name, size in document["blobs"]}
            self._members = {str(path): Member(*map(_number, place)) for path, *place in document["members"]}
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise Corrupt(f"{digest} is no artifact: it has no header", hint="%nbr verify") from error
        self._payload = memoryview(root)[8 + length :]
        self._places = [("", len(self._payload)), *self.blobs.items()]
        self._bundle = (0, self._payload)
        names = Names()
        for path in self._members:
            names.add(path)
        unique = len(self._members) == len(document["members"]) and len(self.blobs) == len(document["blobs"])
        if not unique or not all(map(self._fits, self._members.values())):
            raise Corrupt(f"{self._digest} names files that it does not hold", hint="%nbr verify")

    def _fits(self, member: Member) -> bool:
        blob, offset, size = member
        return 0 <= blob < len(self._places) and 0 <= offset <= offset + size <= self._places[blob][1]

    @property
    def paths(self) -> tuple[str, ...]:
        """The files, in the order they were added."""
        return tuple(self._members)

    def size(self, path: str) -> int:
        """Give the bytes of a file."""
        return self._member(path).size

    def read(self, path: str) -> bytearray:
        """Give a file's content, verified, in memory of its own that may be written to."""
        member = self._member(path)
        digest, size = self._places[member.blob]
        if digest and member.size == size:
            return self._store.get(digest, size)
        return bytearray(self._slice(member))

    def copy_to(self, folder: Path) -> None:
        """Write all files into a folder, streamed; none can land outside it, and none is overwritten."""
        with explained(f"write into {folder}"):
            folder.mkdir(parents=True, exist_ok=True)
            inside = folder.resolve()
        for path, member in self._members.items():
            target = folder / path
            with explained(f"write {target}"):
                target.parent.mkdir(parents=True, exist_ok=True)
                if not target.parent.resolve().is_relative_to(inside):
                    raise Refused(f"{target} would land outside {folder}", hint="choose an empty folder")
            digest, size = self._places[member.blob]
            if digest and member.size == size:
                self._store.copy_to(digest, size, target)
                continue
            with explained(f"write {target}"), open(target, "xb") as file:
                file.write(self._slice(member))

    def _member(self, path: str) -> Member:
        try:
            return self._members[path]
        except KeyError:
            raise NotFound(f"this artifact has no file {path!r}", nearest=self.paths[:5]) from None

    def _slice(self, member: Member) -> memoryview:
        """Give a part of the payload or of a shared blob, whose members come in a row: the last is kept."""
        if not member.blob:
            return self._payload[member.offset : member.offset + member.size]
        if self._bundle[0] != member.blob:
            self._bundle = (member.blob, memoryview(self._store.get(*self._places[member.blob])))
        return self._bundle[1][member.offset : member.offset + member.size]


def _number(value: object) -> int:
    """Give a number of the header; one with a fraction, or none at all, is no place of a file."""
    if type(value) is not int or value < 0:
        raise ValueError(f"{value!a:.40} is no number of bytes")
    return value


def digests_of(store: ArtifactStore, digest: str) -> tuple[str, ...]:
    """Give the digests of an artifact's root and of every blob that it names; only the root is read."""
    return (digest, *PackReader(store, digest).blobs)
