"""Files that appear whole or not at all, and stay.

One primitive carries every promise about loss: a file is written under a temporary name, forced to disk,
given its final name only if nobody has it, and the folder is forced to disk too. :func:`write_new` does all
of it; :class:`Staged` is the same in steps, and can put a file in the place of another.
"""

from __future__ import annotations

import errno
import filecmp
import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeAlias

from nbregistry.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from typing_extensions import Buffer

    Data: TypeAlias = Buffer | Iterable[Buffer]

PART = ".part"
LOCK = "rename.lock"

HINTS = {
    errno.ENOSPC: "the disk is full: free some space, then run it again (`%nbr gc` tells what can go)",
    errno.EDQUOT: "your disk quota is used up: free some space, then run it again",
    errno.EFBIG: "files of this size are not allowed here: raise the limit (`ulimit -f`) or the quota",
    errno.EACCES: "ask the owner of the folder for the right, or open the registry with `read_only=True`",
    errno.EPERM: "ask the owner of the folder for the right, or open the registry with `read_only=True`",
    errno.EROFS: "this disk is mounted read-only: open the registry with `read_only=True` to look at it",
    errno.EIO: "the disk reports a fault: copy the registry to another disk, then run `%nbr verify` there",
}

# What a file system without hard links answers to link(2).
NO_LINKS = frozenset({errno.EPERM, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK, errno.EINVAL})

# By folder: names that were given before the folder could not be forced to disk. Whoever asks a second time may be
# answered from memory, so a name in doubt counts as missing until its file was written again.
_in_doubt: dict[str, set[str]] = {}

# What a file system that cannot force a folder to disk answers; its own rename is then as durable as it gets.
NO_FOLDER_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})


class explained:  # noqa: N801  # a context manager reads as a verb; a generator would cost more than what it guards
    """Turn an :class:`OSError` into a :class:`StorageError` that says what failed and what to do.

    Parameters
    ----------
    doing : str
        What fails then: "cannot …".
    """

    def __init__(self, doing: str) -> None:
        self._doing = doing

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, OSError):
            reason = error.strerror or str(error)
            where = f": {error.filename}" if error.filename else ""
            hint = HINTS.get(error.errno or 0, "look at the folder and its permissions, then run it again")
            raise StorageError(f"cannot {self._doing} ({reason}{where})", hint=hint) from error


def write_new(folder: Path, name: str, data: Data, tmp: Path, *, mode: int = 0o666) -> bool:
    """Write a new file, durably, unless the name is taken.

    Parameters
    ----------
    folder, name : Path, str
        Where it goes; missing folders are made.
    data : bytes-like, or iterable of bytes-like
        Its content. An iterable is consumed while writing, so it need not fit in memory.
    tmp : Path
        Folder for the file while it is incomplete, on the same disk.
    mode : int, default 0o666
        Permissions, less the user's umask; a secret asks for ``0o600``.

    Returns
    -------
    bool
        True if the file was written, False if the name was taken already. Either way the name is on disk
        when this returns, also when another process gave it a moment ago.

    Raises
    ------
    StorageError
        No space, no permission, a fault of the disk. No incomplete file is left behind.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> root = Path(tempfile.mkdtemp())
    >>> write_new(root / "log", "1.json", b"{}", root / "tmp")
    True
    >>> write_new(root / "log", "1.json", b"[]", root / "tmp")
    False
    >>> (root / "log" / "1.json").read_bytes()
    b'{}'
    """
    with Staged(tmp, mode) as staged:
        staged.write(data)
        return staged.publish(folder, name)


class Staged:
    """A file that has no name yet: write to it, then publish it; left unpublished, it vanishes.

    Parameters
    ----------
    tmp : Path
        Folder for the file while it is incomplete; made if missing.
    mode : int, default 0o666
        Permissions, less the user's umask.

    Attributes
    ----------
    size : int
        Bytes written so far.
    """

    def __init__(self, tmp: Path, mode: int = 0o666) -> None:
        self._tmp = tmp
        self._mode = mode
        self._path = f"{tmp}{os.sep}{os.getpid()}-{os.urandom(8).hex()}{PART}"
        self._fd = -1
        self.size = 0

    def __enter__(self) -> Self:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)  # O_BINARY: Windows
        with explained("write to the registry"):
            try:
                self._fd = os.open(self._path, flags, self._mode)
            except FileNotFoundError:
                make_folder(self._tmp.parent)
                with suppress(FileExistsError):
                    os.mkdir(self._tmp)  # not forced to disk: nothing that has to last is in there
                self._fd = os.open(self._path, flags, self._mode)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Whatever happened, an interrupt included: published files have their own name by now.
        with suppress(OSError):
            self._close()
        with suppress(OSError):
            os.unlink(self._path)

    def write(self, data: Data) -> None:
        """Append to the file: one bytes-like object, or each of an iterable in turn."""
        with explained("write to the registry"):
            view = _view(data)
            for piece in [view] if view is not None else map(_view, data):  # type: ignore[arg-type]
                if piece is None:
                    raise TypeError("data must be bytes-like or an iterable of bytes-like objects")
                self.size += len(piece)
                rest = piece
                while rest:  # a write may be cut short, by a signal or by the system's own limit
                    rest = rest[os.write(self._fd, rest) :]

    def publish(self, folder: Path, name: str) -> bool:
        """Force the content to disk and give it its name; False if the name was taken."""
        final = f"{folder}{os.sep}{name}"
        with explained("write to the registry"):
            sync_file(self._fd)
            self._close()
            new = self._name_if_absent(folder, final)
        with explained("make sure that a write has reached the disk"):
            try:
                sync_folder(folder)
            except OSError:
                _in_doubt.setdefault(str(folder), set()).add(name)
                raise
        if _in_doubt:
            _in_doubt.get(str(folder), set()).discard(name)
        return new

    def replace(self, folder: Path, name: str) -> None:
        """Force the content to disk and give it its name, in place of what had it: one or the other, never half."""
        with explained("write to the registry"):
            sync_file(self._fd)
            self._close()
            os.replace(self._path, f"{folder}{os.sep}{name}")
        with explained("make sure that a write has reached the disk"):
            sync_folder(folder)

    def _close(self) -> None:
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            os.close(fd)

    def _name_if_absent(self, folder: Path, final: str) -> bool:
        try:
            _rename_if_absent(self._path, final, self._tmp)
        except FileNotFoundError:
            make_folder(folder)
        except FileExistsError:
            return self._is(folder, final)
        else:
            return True
        try:
            _rename_if_absent(self._path, final, self._tmp)
        except FileExistsError:
            return self._is(folder, final)
        return True

    def _is(self, folder: Path, final: str) -> bool:
        try:
            # A network file system may carry out a link, lose the answer, ask again and then say "exists".
            if os.path.samestat(os.lstat(self._path), os.lstat(final)):
                return True
            if os.path.basename(final) in in_doubt(folder) and filecmp.cmp(self._path, final, shallow=False):
                os.replace(self._path, final)
                return True
        except FileNotFoundError:
            pass
        return False


def _view(data: object) -> memoryview | None:
    try:
        view = memoryview(data)  # type: ignore[arg-type]
    except TypeError:
        return None
    return view.cast("B") if view.nbytes else memoryview(b"")


def _rename_if_absent(source: str, final: str, tmp: Path) -> None:
    if sys.platform == "win32":
        os.rename(source, final)  # refuses to overwrite there
        return
    try:
        os.link(source, final)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        _rename_under_lock(source, final, tmp)


def _rename_under_lock(source: str, final: str, tmp: Path) -> None:
    """Do without hard links: nobody else may look and rename meanwhile, so a soft lock would not do."""
    with locked(tmp / LOCK):
        if is_taken(final):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), final)
        os.rename(source, final)


@contextmanager
def locked(path: Path, mode: int = 0o644) -> Iterator[None]:
    """Keep every other process out meanwhile; an error where the system cannot lock."""
    from filelock import FileLock

    lock = FileLock(path, mode=mode, fallback_to_soft=False)
    try:
        with lock:
            yield
    finally:
        lock.release()  # once more, if the system failed to unlock: else nobody could come in any more


def in_doubt(folder: Path) -> frozenset[str]:
    """Give the names in a folder that a power cut may still take away: to be written again with the same content."""
    return frozenset(_in_doubt.get(str(folder), ())) if _in_doubt else frozenset()


def is_taken(path: str) -> bool:
    """Tell whether something has this name.

    Unlike :func:`os.path.lexists`, which says no, a disk that cannot tell is an error: what is not there may be
    written, and what is there must not be lost.
    """
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder and those above it, each durably: an entry of a folder that can vanish is no entry.

    One that is there may have been made this moment, by a process that was killed before it was on disk.
    """
    try:
        os.mkdir(folder, mode)
    except FileNotFoundError:
        make_folder(folder.parent)
        with suppress(FileExistsError):
            os.mkdir(folder, mode)
    except FileExistsError:
        pass
    sync_folder(folder.parent)


def sync_file(fd: int) -> None:
    """Force a file to disk, through the drive's own cache where the system can."""
    if sys.platform == "darwin":
        import fcntl

        with suppress(OSError):  # network file systems know only fsync
            fcntl.fcntl(fd, fcntl.F_FULLFSYNC)
            return
    os.fsync(fd)


def sync_folder(folder: Path) -> None:
    """Force the names in a folder to disk; Windows has no such call and does it on its own."""
    if sys.platform == "win32":
        return
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    except OSError as error:
        if error.errno not in NO_FOLDER_SYNC:
            raise
    finally:
        os.close(fd)
