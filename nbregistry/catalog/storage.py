"""TinyDB on a live view: the storage that reads a signed checkpoint once, and the table that changes in O(1).

Stock TinyDB reads and writes the whole file at each insert, and two handles on one file lose documents. Here
the commit log is the truth and the documents are its view, so they can live in memory, be changed in place,
and be written out now and then as a checkpoint: ``cache/catalog.json``, which stock TinyDB reads too.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from tinydb.storages import Storage
from tinydb.table import Table

from nbregistry.catalog import exact
from nbregistry.errors import StorageError
from nbregistry.trust import Keyring, is_signed_by

if TYPE_CHECKING:
    from pathlib import Path

Document = dict[str, Any]
Tables = dict[str, dict[str, Document]]

_PURPOSE = b"nbregistry checkpoint 1\n"
_HEADER_TABLE = "checkpoint"


@dataclass(frozen=True)
class Head:
    """The last commit that a view reflects."""

    seq: int
    digest: str


class CheckpointStorage(Storage):
    """Documents in memory, with a signed copy in one file.

    The file has two lines: a table ``checkpoint`` with one document (which commit it reflects, who signed it, the
    digest of the second line), then all other tables. Together they are one JSON object.

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

    def read(self) -> Tables:
        """Give the live tables, not a copy."""
        return self._tables

    def write(self, data: Tables) -> None:
        """Replace the live tables."""
        self._tables = data

    def load(self) -> Head | None:
        """Fill the tables from the checkpoint; ``None`` if there is none that can be believed."""
        try:
            header_line, body = self._path.read_bytes().split(b"\n", 1)
            header = orjson.loads(header_line.rstrip(b",") + b"}")[_HEADER_TABLE]["1"]
            head = Head(int(header["seq"]), str(header["digest"]))
            signed = _signed_bytes(head, body)
            if not self._keyring.is_trusted(header["key"]) or not is_signed_by(
                header["key"], signed, header["signature"]
            ):
                return None
            self._tables = exact.loads(b"{" + body)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None  # it is disposable: whatever is wrong with it, the log is read instead
        return head

    def save(self, head: Head) -> None:
        """Write the checkpoint, atomically; an error is no loss and is let go.

        It is not flushed to the disk: after a power cut its signature tells whether it is whole.
        """
        try:
            key = self._keyring.key
        except StorageError:
            return  # a reader without a place for a key reads on without a checkpoint
        body = exact.dumps(self._tables, sort_keys=False)[1:]  # documents keep their order
        header = {
            "seq": head.seq,
            "digest": head.digest,
            "key": key,
            "signature": self._keyring.sign(_signed_bytes(head, body)),
        }
        line = orjson.dumps({_HEADER_TABLE: {"1": header}})[:-1]
        staged = self._path.with_suffix(f".{os.getpid()}.tmp")
        try:
            self._path.parent.mkdir(exist_ok=True)
            staged.write_bytes(line + b",\n" + body)
            staged.replace(self._path)
        except OSError:
            staged.unlink(missing_ok=True)


def _signed_bytes(head: Head, body: bytes) -> bytes:
    return b"%s%d %s %s" % (_PURPOSE, head.seq, head.digest.encode(), hashlib.sha256(body).digest())


class ViewTable(Table):
    """A TinyDB table whose documents live in the storage's memory: an insert does not touch the others."""

    def _update_table(self, updater: Callable[[dict[int, Mapping[str, Any]]], None]) -> None:
        documents = self._storage.read().setdefault(self.name, {})  # type: ignore[union-attr]
        updater(_ByNumber(documents))  # type: ignore[arg-type]  # it is all of a dict that updaters use
        self.clear_cache()


class _ByNumber(MutableMapping[int, Document]):
    """Documents by number, where JSON (and so TinyDB's storage) has them by the number's text."""

    def __init__(self, documents: dict[str, Document]) -> None:
        self._documents = documents

    def __getitem__(self, number: int) -> Document:
        return self._documents[str(number)]

    def __setitem__(self, number: int, document: Document) -> None:
        self._documents[str(number)] = document

    def __delitem__(self, number: int) -> None:
        del self._documents[str(number)]

    def __iter__(self) -> Iterator[int]:
        return map(int, self._documents)

    def __len__(self) -> int:
        return len(self._documents)
