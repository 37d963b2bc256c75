"""What takes time is done beside the kernel: one thing at a time, with a bar and a way to stop it.

A thread does the work and touches no widget. What it says comes back through a queue, which is emptied on the kernel's
own loop, or by whoever waits. Where no loop runs, as in plain Python, everything is done in place.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import ipywidgets

from nbregistry.errors import Refused, RegistryError
from nbregistry.progress import Stopped, observer
from nbregistry.widgets.parts import area, box, button, said, show

if TYPE_CHECKING:
    from collections.abc import Callable

DELAY = 0.3
"""Seconds of work that pass before there is a bar."""
_PER_SECOND = 10
_STEPS = 1000


@dataclass(eq=False)
class Job:
    """One piece of work.

    Attributes
    ----------
    key : str
        A job takes the place of an earlier one of its key that has no answer yet.
    doing : str
        What is said meanwhile.
    work : callable
        Runs beside the kernel.
    done, failed : callable
        Take what it gave, or the error, on the kernel's loop.
    changes : bool
        Whether the work changes the registry: then nothing takes its place, and its end is waited for, even if it was
        asked to stop.
    asks : object
        What it asks for. A job that asks for what the running one of its key does follows it and does not take its
        place: who commits all the time must not keep the answer from us.
    is_wanted : bool
        Whether anybody still asks for the answer.
    """

    key: str
    doing: str
    work: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[RegistryError], None]
    changes: bool = False
    asks: object = None
    is_wanted: bool = True
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self, told: Callable[[str, int, int | None], None]) -> tuple[Any, BaseException | None]:
        """Do the work and give what it gave, or what it raised."""

        def observed(doing: str, done: int, total: int | None) -> None:
            if self.stop.is_set():
                raise Stopped
            told(doing, done, total)

        observer.set(observed)
        try:
            return self.work(), None
        except (Exception, Stopped) as error:  # noqa: BLE001 - told, or raised where the panel is
            return None, error


class Work:
    """Work that is done one job after the other, and the row that shows it.

    Parameters
    ----------
    can_be_stopped : bool, default True
        Whether the row has a bar and a button to stop it; what takes moments only has neither.
    """

    def __init__(self, *, can_be_stopped: bool = True) -> None:
        self._running: Job | None = None
        self._waiting: deque[Job] = deque()
        self._news: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._told_at = 0.0
        self._said = area("nbr-said-now")
        self._bar = ipywidgets.IntProgress(max=_STEPS, tooltip="How far it is").add_class("nbr-bar")
        self._stop = button("Stop", "Stop what is being done; nothing is left half done")
        self._stop.on_click(lambda _: self.stop())
        self.widget = box(self._said, *((self._bar, self._stop) if can_be_stopped else ()), class_="nbr-working")
        show(self._bar, shown=False)
        show(self._stop, shown=False)

    @property
    def is_busy(self) -> bool:
        """Whether there is work that has no answer yet."""
        return self._running is not None

    def is_doing(self, key: str) -> bool:
        """Tell whether a job of this key has no answer yet."""
        jobs = (self._running, *self._waiting)
        return any(job is not None and job.key == key and job.is_wanted for job in jobs)

    def start(self, job: Job) -> None:
        """Do a job: now, or when the one that is being done has ended."""
        running = self._running
        if running is not None and running.asks == job.asks is not None:
            self._forget_waiting(job.key)
        else:
            self.drop(job.key)
        self._waiting.append(job)
        if self._running is None:
            self._begin()

    def drop(self, key: str) -> None:
        """Do without the jobs of a key, but for those that change the registry."""
        self._forget_waiting(key)
        if self._running is not None and self._running.key == key and not self._running.changes:
            self._running.is_wanted = False
            self._running.stop.set()

    def stop(self) -> None:
        """Stop what is being done; who only reads is not waited for, who changes something may be past stopping."""
        job = self._running
        if job is not None:
            job.stop.set()
            if job.changes:
                self._say("stopping …")
            else:
                self._end(job, None, Stopped())

    def wait(self) -> None:
        """Wait until nothing is left to do; what the work gave is shown then.

        Raises
        ------
        Exception
            What is no error of the registry but one of the program.
        """
        try:
            while self._running is not None:
                self._news.get()()
        except KeyboardInterrupt:
            self.stop()
            raise

    def _forget_waiting(self, key: str) -> None:
        self._waiting = deque(other for other in self._waiting if other.key != key or other.changes)

    def _begin(self) -> None:
        job = self._running = self._waiting.popleft()
        loop = _running_loop()
        if loop is None:
            self._end(job, *copy_context().run(job.run, lambda *_: None))
            return
        loop.call_later(DELAY, self._show, job)

        def tell(news: Callable[[], None]) -> None:
            self._news.put(news)
            with suppress(RuntimeError):  # the loop has ended, and with it the panel
                loop.call_soon_threadsafe(self._hear)

        def told(doing: str, done: int, total: int | None) -> None:
            now = time.monotonic()
            if now - self._told_at >= 1 / _PER_SECOND:
                self._told_at = now
                tell(lambda: self._progress(job, doing, done, total))

        def work() -> None:
            answer = job.run(told)
            tell(lambda: self._end(job, *answer))

        threading.Thread(target=copy_context().run, args=(work,), name="nbregistry-panel", daemon=True).start()

    def _hear(self) -> None:
        while not self._news.empty():
            self._news.get()()

    def _show(self, job: Job) -> None:
        if self._running is job:
            self._say(f"{job.doing} …")
            show(self._stop, shown=True)

    def _progress(self, job: Job, doing: str, done: int, total: int | None) -> None:
        if self._running is job and total and self._stop.layout.display is None:
            self._bar.value = _STEPS * done // total
            self._say(f"{doing} …")
            show(self._bar, shown=True)

    def _end(self, job: Job, answer: Any, error: BaseException | None) -> None:
        if self._running is not job:  # it was stopped before
            return
        self._running = None
        self._say("")
        self._bar.value = 0
        show(self._bar, shown=False)
        show(self._stop, shown=False)
        try:
            self._hand_over(job, answer, error)
        finally:
            if self._waiting and self._running is None:
                self._begin()

    def _hand_over(self, job: Job, answer: Any, error: BaseException | None) -> None:
        if error is not None and not isinstance(error, (RegistryError, Stopped)):
            self._say(f"{type(error).__name__}: a bug in nbregistry; the kernel's log has all of it")
            raise error
        if not job.is_wanted:
            return
        if isinstance(error, RegistryError):
            job.failed(error)
        elif error is not None:
            job.failed(Refused("stopped; nothing was changed"))
        else:
            job.done(answer)

    def _say(self, text: str) -> None:
        self._said.value = said(text)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
