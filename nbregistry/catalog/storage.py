"""TinyDB on a live view: the storage that reads a signed checkpoint once, and the table that changes in O(1).

Stock TinyDB reads and writes the whole file at each insert, and two handles on one file lose documents. Here
the commit log is the truth and the documents are its view, so they can live in memory, be changed in place,
and be written out now and then as a checkpoint: ``cache/catalog.json``, which stock TinyDB reads too.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import orjson
from tinydb.storages import Storage
from tinydb.table import Table

from nbregistry.artifacts.durable import explained
from nbregistry.artifacts.regular import open_regular
from nbregistry.catalog.documents import Document, Documents, read_tables
from nbregistry.errors import Corrupt, RegistryError, StorageError
from nbregistry.trust import Keyring, is_signed_by

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

Tables = dict[str, Documents]

_PURPOSE = b"nbregistry checkpoint 2\n"
# A release that does not know policies must not begin with a checkpoint of them, and never read the log, which would
# have stopped it.
_PURPOSE_WITH_POLICIES = b"nbregistry checkpoint 3\n"
POLICIES = "policies"
_LARGEST_HEADER = 4096
_HEADER_TABLE, _INDEX_TABLE = "checkpoint", "index"


@dataclass(frozen=True)
class Head:
    """The last commit that a view reflects."""

    seq: int
    digest: str


class CheckpointStorage(Storage):
    """Documents in memory, with a signed copy in one file.

    The first line is a table ``checkpoint`` with one document: which commit the file reflects, the size and digest of
    what follows, and who signed this; so nothing is read that nobody vouches for. Then come a table ``index``, which
    saves reading all documents at the start, and all other tables, with a line for each document. Together they are
    one JSON object.

    Parameters
    ----------
    path : Path
        The file; disposable.
    keyring : Keyring
        A checkpoint is believed only if a trusted key signed it.
    """

    def __init__(self, path: Path, keyring: Keyring) -> None:
        self._path = path
        self._keyring = keyring
        self._tables: Tables = {}
        self.index: dict[str, Any] | None = None
        """The view's indexes as :meth:`load` found them."""

    def read(self) -> Tables:  # type: ignore[override]  # all of a dict that TinyDB's tables read
        """Give the live tables, not a copy."""
        return self._tables

    def write(self, data: Tables) -> None:  # type: ignore[override]
        """Replace the live tables."""
        self._tables = data
        self.index = None

    def load(self) -> Head | None:
        """Fill the tables from the checkpoint; ``None`` if there is none that can be believed."""
        try:
            file, size = open_regular(self._path)
            with file:
                line = file.read(_LARGEST_HEADER)
                begin = line.index(b",\n") + 2
                header = orjson.loads(line[: begin - 2] + b"}")[_HEADER_TABLE]["1"]
                head = Head(int(header["seq"]), str(header["digest"]))
                facts = head, size - begin, str(header["content"])
                if not self._keyring.is_trusted(header["key"]) or not any(
                    is_signed_by(header["key"], _signed_bytes(purpose, *facts), header["signature"])
                    for purpose in (_PURPOSE, _PURPOSE_WITH_POLICIES)
                ):
                    return None
                file.seek(0)
                data = file.read(size)
            if hashlib.sha256(memoryview(data)[begin:]).hexdigest() != header["content"]:
                return None
            tables = read_tables(data, begin)
            self.index, self._tables = tables.pop(_INDEX_TABLE)["1"], tables
        except (OSError, ValueError, KeyError, TypeError, AttributeError, Corrupt):
            return None  # it is disposable: whatever is wrong with it, the log is read instead
        return head

    def discard(self) -> None:
        """Remove the file.

        Raises
        ------
        StorageError
        """
        with explained(f"remove {self._path}"):
            self._path.unlink(missing_ok=True)

    def save(self, head: Head, index: dict[str, Any]) -> None:
        """Write the checkpoint, atomically; an error is no loss and is let go.

        It is not flushed to the disk: after a power cut its signature tells whether it is whole.
        """
        try:
            key = self._keyring.key
        except StorageError:
            return  # a reader without a place for a key reads on without a checkpoint
        tables = {_INDEX_TABLE: Documents()} | self._tables
        tables[_INDEX_TABLE]["1"] = index
        try:
            body = b",\n".join(table.block(name) for name, table in tables.items() if table) + b"}\n"
        except RegistryError:
            return  # somebody's record is nested too deep to be written again: the log is read instead
        content = hashlib.sha256(body).hexdigest()
        purpose = _PURPOSE_WITH_POLICIES if self._tables.get(POLICIES) else _PURPOSE
        header = {
            "seq": head.seq,
            "digest": head.digest,
            "content": content,
            "key": key,
            "signature": self._keyring.sign(_signed_bytes(purpose, head, len(body), content)),
        }
        line = orjson.dumps({_HEADER_TABLE: {"1": header}})[:-1]
        staged = self._path.with_suffix(f".{os.urandom(8).hex()}.tmp")
        with suppress(OSError):
            self._path.parent.mkdir(exist_ok=True)
            if self._path.parent.is_symlink():
                return  # a file of that name behind a link is somebody else's
            try:
                with staged.open("xb") as file:  # a new file: nothing planted under that name is followed
                    file.write(line + b",\n" + body)
                staged.replace(self._path)
            finally:
                staged.unlink(missing_ok=True)


def _signed_bytes(purpose: bytes, head: Head, size: int, content: str) -> bytes:
    return b"%s%d %s %d %s" % (purpose, head.seq, head.digest.encode(), size, content.encode())


class ViewTable(Table):
    """A TinyDB table whose documents live in the storage's memory: a change does not touch the others."""

    def insert(self, document: Mapping[str, Any]) -> int:
        """Put a document in, and give its number."""
        number: int = self._get_next_id()  # type: ignore[no-untyped-call]
        self._put(number, dict(document))
        return number

    def change(self, number: int, fields: Mapping[str, Any]) -> None:
        """Put a changed copy in a document's place: whoever read the document keeps what they read."""
        documents = self._storage.read()[self.name]  # type: ignore[index]
        self._put(number, {**documents[str(number)], **fields})

    def _put(self, number: int, document: Document) -> None:
        documents = self._storage.read().setdefault(self.name, Documents())  # type: ignore[union-attr,arg-type]
        documents[str(number)] = document
        self.clear_cache()

    def _update_table(self, updater: Callable[[dict[int, Mapping[str, Any]]], None]) -> NoReturn:
        # What TinyDB's other ways to write go through: they would make a new table of all documents.
        raise NotImplementedError(f"the table {self.name} changes by commits")
