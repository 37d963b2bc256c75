"""Documents that are read when they are asked for.

A registry of 10,000 versions is opened to look one of them up: parsing the other 9,999 would take most of the time.
So a table knows where in the file each document is, and parses it when somebody wants it. What did not change is
written out again as the same bytes.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from nbregistry.catalog import exact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Document = dict[str, Any]

# JSON writes a line feed inside a string as ``\n``: in the file it stands between documents only.
_COMMA = ord(",")


class Documents(MutableMapping[str, Document]):
    """The documents of one table, by the text of their numbers.

    Parameters
    ----------
    data : bytes, default b""
        A file that holds documents as JSON.
    places : mapping, optional
        Where each of them begins and ends in it.
    """

    def __init__(self, data: bytes = b"", places: Mapping[str, tuple[int, int] | None] | None = None) -> None:
        self._data = data
        # None for a document that is new, or changed since.
        self._places = dict(places or {})
        self._parsed: dict[str, Document] = {}

    def __getitem__(self, number: str) -> Document:
        document = self._parsed.get(number)
        if document is None:
            place = self._places[number]
            if place is None:  # another thread has just changed it
                return self._parsed[number]
            # Whatever another thread put there meanwhile is newer than the file.
            document = self._parsed.setdefault(number, exact.loads(self._data[slice(*place)]))
        return document

    def __setitem__(self, number: str, document: Document) -> None:
        self._parsed[number] = document
        self._places[number] = None

    def __delitem__(self, number: str) -> None:
        del self._places[number]
        self._parsed.pop(number, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, number: object) -> bool:
        return number in self._places

    def all(self) -> list[Document]:
        """Give all documents, in the order they came."""
        return self.some(list(self._places))

    def some(self, numbers: Sequence[str]) -> list[Document]:
        """Give the documents with these numbers."""
        parsed = self._parsed
        try:
            return list(map(parsed.__getitem__, numbers))  # in a third of the time, once all were read
        except KeyError:
            return [parsed.get(number) or self[number] for number in numbers]

    def block(self, name: str) -> bytes:
        """Give the table as a member of a JSON object, with a line for each document."""
        data = memoryview(self._data)
        lines = [
            b'"%s":%s'
            % (
                number.encode(),
                data[slice(*place)] if place else exact.dumps(self._parsed[number], sort_keys=False),  # in their order
            )
            for number, place in self._places.items()
        ]
        return b'"%s":{\n%s\n}' % (name.encode(), b",\n".join(lines))


def read_tables(data: bytes, begin: int) -> dict[str, Documents]:
    """Find the tables of which :meth:`Documents.block` gave the lines, from ``begin`` to the end of a file."""
    tables = {}
    while begin < len(data):
        end = data.index(b"\n", begin)
        name, places, more = data[begin + 1 : end - 3].decode(), {}, True
        while more:
            begin, end = end + 1, data.index(b"\n", end + 1)
            colon = data.index(b":", begin)
            more = data[end - 1] == _COMMA
            places[data[begin + 1 : colon - 1].decode()] = (colon + 1, end - more)
        tables[name] = Documents(data, places)
        begin = data.index(b"\n", end + 1) + 1
    return tables
