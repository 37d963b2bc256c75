"""Work on files, off the event loop: a registry that is slow, or hangs for ever, stops nobody but who asked for it.

Each piece of work has a thread of its own, as many at once as there are places; a room (a registry) has only some of
the places. Whoever is still at work after a moment waits for a disk, and leaves its place to others: one registry may
have many names, and hang under each. The threads are daemons: a folder on a network that no longer answers must not
keep the server from ending. That is safe, as a registry can be left at any instant.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar, cast

from nbregistry.errors import StorageError
from nbregistry.progress import hidden

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")

_PLACES, _PLACES_OF_A_ROOM = 8, 2
_MOMENT = 1.0
_MOST_WAITING = 32
_MOST_AT_WORK = 64


class _Room:
    """Those who want one registry."""

    def __init__(self) -> None:
        self.places = asyncio.Semaphore(_PLACES_OF_A_ROOM)
        self.people = 0


class Workers:
    """Threads for as much work as is good at once; used from one event loop.

    Parameters
    ----------
    patience : float
        Seconds that somebody who only looks waits for an answer.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._places = asyncio.Semaphore(_PLACES)
        self._rooms: dict[str, _Room] = {}
        self._at_work = 0

    async def run(self, room: str, work: Callable[..., Result], *arguments: Any, hurried: bool = True) -> Result:
        """Do something in a thread.

        Parameters
        ----------
        room : str
            What it works on.
        work : callable
        *arguments
        hurried : bool, default True
            Give up waiting after a while; whoever changes something waits for the end.

        Raises
        ------
        StorageError
            If the registry has not answered for too long, or too many wait for it.
        """
        there = self._rooms.setdefault(room, _Room())
        if there.people >= _MOST_WAITING:
            raise _no_answer("too many requests wait for this registry")
        there.people += 1
        # The work goes on, and keeps its places, when whoever asked for it has given up.
        doing = asyncio.ensure_future(self._enter(room, there, work, arguments))
        doing.add_done_callback(_heard)
        try:
            return await asyncio.wait_for(asyncio.shield(doing), self._patience if hurried else None)
        except TimeoutError:
            if doing.done():  # then the time was not ours: the work itself says so
                raise
            raise _no_answer(f"this registry has not answered for {self._patience:g} seconds") from None

    async def _enter(self, room: str, there: _Room, work: Callable[..., Result], arguments: tuple[Any, ...]) -> Result:
        try:
            async with there.places:
                return await self._in_a_place(work, arguments)
        finally:
            there.people -= 1
            if not there.people:
                del self._rooms[room]

    async def _in_a_place(self, work: Callable[..., Result], arguments: tuple[Any, ...]) -> Result:
        async with self._places:
            if self._at_work >= _MOST_AT_WORK:
                raise _no_answer("too many registries do not answer")
            self._at_work += 1
            doing = asyncio.ensure_future(_in_a_thread(work, arguments))
            doing.add_done_callback(self._went)
            await asyncio.wait([doing], timeout=_MOMENT)
        return await doing

    def _went(self, doing: asyncio.Future[Any]) -> None:
        self._at_work -= 1
        _heard(doing)


async def _in_a_thread(work: Callable[..., Result], arguments: tuple[Any, ...]) -> Result:
    loop = asyncio.get_running_loop()
    # It carries an error as a value: not every one can be set as a future's exception.
    ending: asyncio.Future[tuple[Result | None, BaseException | None]] = loop.create_future()

    def tell(result: Result | None, error: BaseException | None) -> None:
        if not ending.done():
            ending.set_result((result, error))

    def body() -> None:
        hidden.set(True)  # a bar on the server's terminal would tell nobody anything
        result, failed = None, None
        try:
            result = work(*arguments)
        except BaseException as error:  # noqa: BLE001 - it is raised again where somebody waits for it
            failed = error
        with suppress(RuntimeError):  # the server has ended meanwhile
            loop.call_soon_threadsafe(tell, result, failed)

    threading.Thread(target=body, name="nbregistry", daemon=True).start()
    found, error = await ending
    if isinstance(error, Exception):
        raise error
    if error is not None:  # e.g. an exit: it would end the loop, and with it the server
        raise RuntimeError("the work was broken off") from error
    return cast("Result", found)


def _heard(doing: asyncio.Future[Any]) -> None:
    """Take note of how work ended that nobody waits for any more, so that nothing complains of it."""
    if not doing.cancelled():
        doing.exception()


def _no_answer(message: str) -> StorageError:
    return StorageError(message, hint="look whether its folder can be reached, and try again")
