"""What every artifact store does, wherever its bytes are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from typing_extensions import Buffer

LARGEST = 64 << 20
"""No blob has more bytes: each is read into memory whole before any of it is used."""


@dataclass(frozen=True)
class Blob:
    """Immutable bytes that are named by their content.

    Attributes
    ----------
    digest : str
        ``sha256:<64 hex digits>`` of the content.
    size : int
        Bytes of the content.
    stored_bytes : int
        Bytes on disk that this put added; 0 if the content was there already.
    """

    digest: str
    size: int
    stored_bytes: int


class ArtifactStore(Protocol):
    """A place for blobs: the same bytes once, verified whenever they are read."""

    def put(self, content: Buffer) -> Blob:
        """Keep bytes, durably; several threads may do so at once."""
        ...

    def get(self, digest: str, size: int) -> bytearray:
        """Give the content, verified; ``size`` is the most that may come out.

        Raises
        ------
        NotFound
            If there is no such blob.
        Corrupt
            If it is not what was written.
        """
        ...

    def get_into(self, digest: str, place: memoryview) -> None:
        """Read the content, of exactly the size of the place, to that place; if it raises, nothing stands there."""
        ...

    def stored_size(self, digest: str) -> int | None:
        """Give the bytes that the blob takes on disk; None if it is not in place."""
        ...

    def keep(self, digests: Iterable[str]) -> None:
        """Make sure after a commit that all of these are in place, also if a collection took some meanwhile.

        Raises
        ------
        StorageError
            If one is gone for good.
        """
        ...

    def digests(self) -> Iterator[str]:
        """List what is in place."""
        ...

    def discard(self, digests: Iterable[str]) -> int:
        """Move blobs to the trash, and give the bytes that they take on disk."""
        ...

    def check(self, digest: str) -> str | None:
        """Read a blob whole; None if it is as it was written, else what is wrong with it."""
        ...
