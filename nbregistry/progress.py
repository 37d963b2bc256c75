"""A progress bar for whatever takes more than a second, by tqdm; nothing at all for what is faster.

Bytes are counted where they pass by (:func:`passed`): what reads, hashes and writes need not know who watches, or what
for. The bar is text. On a terminal it stands on standard error and is wiped at the end. In a notebook it is an output
of its own that is emptied at the end, so that a saved notebook shows nothing of it: a widget would leave its first line
behind as text, and standard error its last.
"""

from __future__ import annotations

import sys
import time
import uuid
from contextvars import ContextVar
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import ReferenceType, ref

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType
    from typing import Self

    from tqdm import tqdm

Item = TypeVar("Item")

DELAY = 1.0
"""Seconds of work that pass before there is a bar."""
_COLUMNS = 80

hidden: ContextVar[bool] = ContextVar("hidden", default=False)
"""Whether no bar is wanted, e.g. because a program reads what is printed."""
# Weakly: whoever is interrupted at the wrong moment must not stand in the way of all that follow.
_watching: ContextVar[ReferenceType[Progress] | None] = ContextVar("watching", default=None)


observer: ContextVar[Callable[[str, int, int | None], None] | None] = ContextVar("observer", default=None)
"""Whoever wants to draw the bar: told what is being done, how much is done, and of how much, in place of our bar.

It may raise :class:`Stopped`. It is asked only where Ctrl-C may come too, never between a commit and the answer to it,
and often: it has to be quick. A thread that is to be observed runs in a copy of the context.
"""


class Stopped(KeyboardInterrupt):
    """Raised by an observer to stop what it observes, as Ctrl-C would: no error, and nothing that a caller handles."""


def _watcher() -> Progress | None:
    reference = _watching.get()
    return None if reference is None else reference()


def passed(count: int) -> None:
    """Tell whoever watches that so many more bytes were read or written."""
    watching = _watcher()
    if watching is None:
        observe = observer.get()
        if observe is not None:  # it cannot be told how much, but it can stop it
            observe("", 0, None)
    elif watching.unit == "B":
        watching.add(count)


class Progress:
    """How far some work is; a context manager. Only the outermost of several has a bar.

    Parameters
    ----------
    doing : str
        What stands before the bar.
    total : int, optional
        Of what there will be; without it there is a count, and no bar.
    unit : str, default "B"
        ``"B"`` for bytes, which :func:`passed` counts; anything else is counted by :meth:`over`.

    Examples
    --------
    >>> with Progress("verify", total=3, unit=" commits") as progress:
    ...     list(progress.over("abc"))
    ['a', 'b', 'c']
    """

    def __init__(self, doing: str, total: int | None = None, unit: str = "B") -> None:
        self.unit = unit
        self._doing = doing
        self._total = total or None
        self._count = 0
        self._bar: tqdm[Any] | None = None
        self._is_watched = False
        self._observe: Callable[[str, int, int | None], None] | None = None
        self._lock = Lock()

    def __enter__(self) -> Self:
        self._begun = time.monotonic()
        self._is_outermost = _watcher() is None
        self._observe = observer.get() if self._is_outermost else None
        if self._is_outermost and (self._observe or not hidden.get()):
            _watching.set(ref(self))
            self._is_watched = self._observe is None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_outermost:
            _watching.set(None)
        with self._lock:
            self._is_watched = False
            if self._bar is not None:
                self._bar.close()

    def add(self, count: int) -> None:
        """Count what was done; any thread may."""
        with self._lock:
            if self._total is not None:  # it may have been guessed too low
                count = min(count, self._total - self._count)
            self._count += count
            if self._bar is not None:
                self._bar.update(count)
            elif self._is_watched and time.monotonic() - self._begun >= DELAY:
                self._bar = self._new_bar()
                self._is_watched = self._bar is not None
            done = self._count
        if self._observe:
            self._observe(self._doing, done, self._total)

    def over(self, items: Iterable[Item]) -> Iterator[Item]:
        """Hand items on one by one, and count those that are done."""
        for item in items:
            yield item
            self.add(1)

    def _new_bar(self) -> tqdm[Any] | None:
        shell = _notebook()
        place = _Output(shell) if shell is not None else sys.stderr
        if place is None or not place.isatty():
            return None
        from tqdm.std import tqdm

        class Bar(tqdm):  # type: ignore[misc]  # it has no types
            monitor_interval = 0  # no thread that would live as long as the process

        bar = Bar(
            desc=self._doing,
            total=self._total,
            initial=self._count,
            unit=self.unit,
            unit_scale=self.unit == "B",
            leave=False,
            file=place,
            position=None if shell is None else 0,  # each output has a place of its own
            ncols=_COLUMNS if shell is not None else None,
            dynamic_ncols=shell is None,
        )
        if bar.disable:  # TQDM_DISABLE, by which every bar of tqdm's is turned off
            return None
        # It began before there was a bar: this is what the rate is taken from.
        bar.initial, bar.start_t = 0, bar.start_t - (time.monotonic() - self._begun)
        return bar


class _Output:
    """One output of a notebook's cell, whose text is replaced by whatever is written; what is blank empties it."""

    encoding = "utf-8"

    def __init__(self, shell: Any) -> None:
        self._publish = shell.display_pub.publish
        self._transient = {"display_id": uuid.uuid4().hex}
        self._text: str | None = None

    def write(self, text: str) -> None:
        """Show this, and nothing else."""
        text = text.strip()
        if text != (self._text or ""):
            data = {"text/plain": text} if text else {}
            self._publish(data, {}, transient=self._transient, update=self._text is not None)
            self._text = text

    def flush(self) -> None:
        """Do nothing: it was sent."""

    def isatty(self) -> bool:
        """Tell that somebody looks at it."""
        return True


def _notebook() -> Any:
    """Give the shell of the notebook that this runs in, if it is one; IPython is asked only if it is there already."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell if hasattr(shell, "kernel") else None
