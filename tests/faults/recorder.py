"""Record what a workload does to a folder, call by call, in the order in which a disk would have to keep it.

The calls of ``os`` that change something are recorded as they are made; what Python's own file objects write is read
from the file before the next of them. At the end the recording is played again and compared with the folder: a change
that went by unseen is an error of the test, not a gap in it.
"""

from __future__ import annotations

import builtins
import hashlib
import io
import os
import re
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import nbregistry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self

PACKAGE = str(Path(nbregistry.__file__).parent) + os.sep
# Who asks these modules for an fsync is told too: they make it for everybody.
SERVING = ("artifacts/durable.py", "artifacts/layout.py")
REAL_OPEN = os.open
_WRITING = re.compile(r"[wxa+]")


@dataclass(frozen=True)
class Names:
    """Entries of folders that change together: ``(folder, name, inode)``, the inode ``None`` for what goes.

    Attributes
    ----------
    entries : tuple
        For a rename the entry that comes is the first.
    home : int
        The folder whose fsync makes the change last.
    """

    entries: tuple[tuple[int, str, int | None], ...]
    home: int


@dataclass(frozen=True)
class Content:
    """A file has new content."""

    inode: int
    digest: str


@dataclass(frozen=True)
class Forced:
    """A file or a folder was forced to disk.

    Attributes
    ----------
    inode : int
    site : str
        Which fsync of the program it was, and of what.
    """

    inode: int
    site: str


@dataclass(frozen=True)
class Acknowledged:
    """The workload was told that a step is done."""


Event = Names | Content | Forced | Acknowledged


class Killed(BaseException):
    """The process is gone: whatever it tries from now on does not happen."""


class Recording:
    """The events, and the folder as it was before the first of them.

    Attributes
    ----------
    events : list of Event
    root : int
        The inode of the folder.
    folders : dict
        For each folder there was, the inodes of its entries by name.
    contents : dict
        The digest of each file there was.
    made : set of int
        Folders that were made since.
    bytes : dict
        Content by digest.
    """

    def __init__(self, base: Path) -> None:
        self.events: list[Event] = []
        self.root = base.stat().st_ino
        self.folders: dict[int, dict[str, int]] = {}
        self.contents: dict[int, str] = {}
        self.made: set[int] = set()
        self.bytes: dict[str, bytes] = {}
        self.empty = self.kept(b"")
        for folder, subfolders, files in os.walk(base):
            path = Path(folder)
            names = self.folders[path.stat().st_ino] = {}
            names |= {name: (path / name).stat().st_ino for name in (*subfolders, *files)}
            self.contents |= {(path / name).stat().st_ino: self.kept((path / name).read_bytes()) for name in files}

    def kept(self, content: bytes) -> str:
        """Keep content; give its digest."""
        digest = hashlib.sha256(content).hexdigest()
        self.bytes[digest] = content
        return digest

    @property
    def acknowledged(self) -> list[int]:
        """The numbers of events after which a step was done."""
        return [number for number, event in enumerate(self.events, 1) if isinstance(event, Acknowledged)]

    @property
    def sites(self) -> list[str]:
        """Each fsync of the program that was reached."""
        return sorted({event.site for event in self.events if isinstance(event, Forced)})


class Recorder:
    """A context manager in which every change below a folder is recorded.

    Attributes
    ----------
    recording : Recording
    killed_after : int or None
        After so many events the process is killed: each further change raises :class:`Killed` and is not made.
    """

    def __init__(self, base: Path) -> None:
        self.recording = Recording(base)
        self.killed_after: int | None = None
        self._base = str(base)
        self._lock = threading.RLock()
        # Descriptors of all that was seen, so that no inode's number is given a second time.
        self._held: dict[int, int] = {}
        self._written_by_python: set[int] = set()
        self._latest = dict(self.recording.contents)
        self._patches = [
            mock.patch.object(os, name, self._recorded(name, getattr(os, name)))
            for name in ("open", "write", "link", "rename", "replace", "unlink", "remove", "mkdir", "rmdir", "fsync")
        ]
        opening = self._opened_by_python(io.open)
        self._patches += [mock.patch.object(module, "open", opening) for module in (io, builtins)]

    def __enter__(self) -> Self:
        for folder, _, files in os.walk(self._base):
            for path in (folder, *(os.path.join(folder, name) for name in files)):
                self._hold(path)
        for patch in self._patches:
            patch.start()
        return self

    def __exit__(self, *_: object) -> None:
        for patch in self._patches:
            patch.stop()
        self._look()
        for fd in self._held.values():
            os.close(fd)

    def acknowledge(self) -> None:
        """Note that a step is done."""
        with self._lock:
            self._look()
            self.recording.events.append(Acknowledged())

    def _hold(self, path: str) -> int:
        fd = REAL_OPEN(path, os.O_RDONLY)
        inode = os.fstat(fd).st_ino
        if inode in self._held:
            os.close(fd)
        else:
            self._held[inode] = fd
        return inode

    def _is_inside(self, path: Any) -> bool:
        return not isinstance(path, int) and os.path.abspath(os.fsdecode(path)).startswith(self._base + os.sep)

    def _place(self, path: Any) -> tuple[int, str]:
        folder, name = os.path.split(os.path.abspath(os.fsdecode(path)))
        return os.stat(folder).st_ino, name

    def _note(self, *events: Event) -> None:
        self._look()
        self.recording.events += events

    def _look(self) -> None:
        """Note what Python's file objects have written since the last time."""
        for inode in self._written_by_python:
            self._note_content(inode)

    def _note_content(self, inode: int) -> None:
        fd = self._held[inode]
        digest = self.recording.kept(os.pread(fd, os.fstat(fd).st_size, 0))
        if self._latest.get(inode, self.recording.empty) != digest:
            self._latest[inode] = digest
            self.recording.events.append(Content(inode, digest))

    def _recorded(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        note = getattr(self, f"_{name}")

        def call(*args: Any, **kwargs: Any) -> Any:
            with self._lock:
                changes = note(*args, **kwargs)
                if changes is None:
                    return real(*args, **kwargs)
                self._die()
                self._look()
                result = real(*args, **kwargs)
                changes(result)
                return result

        return call

    def _die(self) -> None:
        if self.killed_after is not None and len(self.recording.events) >= self.killed_after:
            raise Killed

    # -- one method a call: None if it changes nothing here, else what to note when it is done -----------------------

    def _open(self, path: Any, flags: int, *_: Any, **__: Any) -> Callable[[int], None] | None:
        if not flags & (os.O_CREAT | os.O_TRUNC) or not self._is_inside(path):
            return None
        is_new = not os.path.lexists(path)

        def note(_fd: int) -> None:
            inode = self._hold(os.fsdecode(path))
            if is_new:
                folder, name = self._place(path)
                self._note(Names(((folder, name, inode),), folder))
            elif flags & os.O_TRUNC:
                self._note_content(inode)

        return note

    def _opened_by_python(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def opening(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
            if not _WRITING.search(mode) or not self._is_inside(file):
                return real(file, mode, *args, **kwargs)
            with self._lock:
                self._die()
                is_new = not os.path.lexists(file)
                opened = real(file, mode, *args, **kwargs)
                inode = self._hold(os.fsdecode(file))
                if is_new:
                    folder, name = self._place(file)
                    self._note(Names(((folder, name, inode),), folder))
                self._written_by_python.add(inode)
                return opened

        return opening

    def _write(self, fd: int, *_: Any) -> Callable[[int], None] | None:
        inode = os.fstat(fd).st_ino
        return (lambda _: self._note_content(inode)) if inode in self._held else None

    def _fsync(self, fd: int) -> Callable[[None], None] | None:
        inode = os.fstat(fd).st_ino
        if inode not in self._held:
            return None
        what = os.path.relpath(os.readlink(f"/proc/self/fd/{fd}"), self._base)
        event = Forced(inode, f"{_site()}: {_shape(what)}")
        return lambda _: self._note(event)

    def _link(self, source: Any, final: Any, **_: Any) -> Callable[[None], None] | None:
        if not self._is_inside(final):
            return None
        inode = os.lstat(source).st_ino

        def note(_: None) -> None:
            folder, name = self._place(final)
            self._note(Names(((folder, name, inode),), folder))

        return note

    def _rename(self, source: Any, final: Any, **_: Any) -> Callable[[None], None] | None:
        if not self._is_inside(final) or not os.path.lexists(source):
            return None
        inode = os.lstat(source).st_ino
        (before, old), (after, new) = self._place(source), self._place(final)
        return lambda _: self._note(Names(((after, new, inode), (before, old, None)), after))

    _replace = _rename

    def _unlink(self, path: Any, **_: Any) -> Callable[[None], None] | None:
        if not self._is_inside(path) or not os.path.lexists(path):
            return None
        folder, name = self._place(path)
        return lambda _: self._note(Names(((folder, name, None),), folder))

    _remove = _rmdir = _unlink

    def _mkdir(self, path: Any, *_: Any, **__: Any) -> Callable[[None], None] | None:
        if not self._is_inside(path):
            return None

        def note(_: None) -> None:
            folder, name = self._place(path)
            inode = self._hold(os.fsdecode(path))
            self.recording.made.add(inode)
            self._note(Names(((folder, name, inode),), folder))

        return note


def _frames() -> Iterator[tuple[str, str, int]]:
    frame = sys._getframe(1)
    while frame is not None:
        path = frame.f_code.co_filename
        if path.startswith(PACKAGE):
            yield path[len(PACKAGE) :], frame.f_code.co_name, frame.f_lineno
        frame = frame.f_back  # type: ignore[assignment]


def _site() -> str:
    """Say which line asks for an fsync, and on whose behalf."""
    told = []
    for module, function, line in _frames():
        told.append(f"{Path(module).stem}.{function}:{line}")
        if module not in SERVING:
            break
    return " < ".join(told)


def _shape(path: str) -> str:
    """Give a path without what differs from run to run.

    Examples
    --------
    >>> _shape("team/.nbregistry/blobs/sha256/ab"), _shape("tmp/4711-0123456789abcdef.part")
    ('team/.nbregistry/blobs/sha256/…', 'tmp/….part')
    """
    return re.sub(r"(?<=/)[0-9a-f-]{2,}(?=[/.]|$)", "…", path)
