"""What every artifact store does, wherever its bytes are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from typing_extensions import Buffer

    from nbregistry.artifacts.local import LocalStore
    from nbregistry.outcomes import Discarded

    Content: TypeAlias = Buffer | Sequence[Buffer]

# What is copied from a store of one's own needs no bound.
ANY_SIZE = 2**62


def views(content: Content) -> list[memoryview]:
    """Give content as its bytes in memory, piece by piece, without copying it."""
    try:
        parts = [memoryview(content)]  # type: ignore[arg-type]
    except TypeError:
        parts = [memoryview(part) for part in content]  # type: ignore[union-attr]
    return [part.cast("B") for part in parts if part.nbytes]


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

    def put(self, data: Content) -> Blob:
        """Keep bytes, durably: one bytes-like object, or several that are stored as one after the other."""
        ...

    def put_file(self, path: Path) -> Blob:
        """Keep the content of a file without holding it in memory."""
        ...

    def put_open(self, file: BinaryIO) -> Blob:
        """Keep the content of an open file that can seek, without holding it in memory."""
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

    def stream(self, digest: str, size: int, sink: Callable[[bytes], object]) -> None:
        """Pass the content to ``sink`` piece by piece; if it raises at the end, none of it can be believed."""
        ...

    def copy_to(self, digest: str, size: int, path: Path) -> None:
        """Write the content to a new file, verified; on failure no file is left."""
        ...

    def copy_into(self, target: LocalStore, digest: str) -> int:
        """Copy a blob into a folder's store, verified on the way; give the bytes that were new there."""
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

    def discarded(self) -> tuple[Discarded, ...]:
        """Tell what lies in the trash, oldest first, and until when."""
        ...

    def check(self, digest: str) -> str | None:
        """Read a blob whole; None if it is as it was written, else what is wrong with it."""
        ...
