"""A registry that is slow, or hangs, stops nobody but who asked for it."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import nbregistry
from nbregistry.errors import StorageError
from nbregistry.server import reading
from nbregistry.server import workers as workers_module
from nbregistry.server.shelf import Shelf
from nbregistry.server.workers import Workers
from tests.server.running import RunningServer

HERE, THERE = {"registry": ".nbregistry"}, {"registry": "b/.nbregistry"}


@pytest.fixture(scope="module", autouse=True)
def _another(folder, kept):
    nbregistry.open(folder / "b" / ".nbregistry").register("m", {"w": 1})


@pytest.fixture
def gate():
    """Something that work waits for, until the test has seen what it wanted."""
    opened, entered = threading.Event(), threading.Semaphore(0)
    opened.entered = entered
    yield opened
    opened.set()


def slow(answer, gate):
    def waiting(*arguments):
        gate.entered.release()
        assert gate.wait(60)
        return answer(*arguments)

    return waiting


def test_a_slow_section_leaves_the_loop_and_the_same_registry_free(server, gate, monkeypatch):
    monkeypatch.setitem(reading.READING, "getSection", slow(reading.get_section, gate))
    with ThreadPoolExecutor(1) as client:
        section = client.submit(server.get, "/section", **HERE, id="record", ref="tumour@1")
        assert gate.entered.acquire(timeout=20)
        for asked in (HERE, THERE):
            assert server.get("/head", **asked).status == 200
        assert server.send("GET", "/api/status", headers=server.authorization).status == 200
        assert not section.done()
        gate.set()
        assert section.result(20).status == 200


def test_a_registry_that_hangs_stops_no_other_however_many_ask_for_it(server, gate, monkeypatch):
    real = Shelf.registry
    hanging = slow(real, gate)
    monkeypatch.setattr(Shelf, "registry", lambda shelf, path: (real if "/b/" in f"{path}" else hanging)(shelf, path))
    with ThreadPoolExecutor(20) as clients:
        waiting = [clients.submit(server.get, "/head", **HERE) for _ in range(20)]
        assert gate.entered.acquire(timeout=20)
        for _ in range(3):
            assert server.get("/head", **THERE).status == 200
        assert server.get("/registries").status == 200
        assert not any(request.done() for request in waiting)
        gate.set()
        assert {request.result(30).status for request in waiting} == {200}


def test_who_looks_is_told_after_a_while_that_there_is_no_answer(folder, kept, gate, monkeypatch):
    monkeypatch.setitem(reading.READING, "getModels", slow(reading.get_models, gate))
    with RunningServer(folder, patience=0.2) as server:
        answer = server.get("/models", **HERE)
        assert (answer.status, answer.json()["kind"]) == (503, "StorageError")
        gate.set()
        monkeypatch.undo()
        assert server.get("/models", **HERE).status == 200


def test_who_changes_something_waits_for_its_end(folder, kept, gate, monkeypatch):
    from nbregistry.server import changing

    monkeypatch.setitem(changing.CHANGING, "postChange", slow(changing.post_change, gate))
    monkeypatch.setitem(reading.READING, "getModels", slow(reading.get_models, gate))
    with RunningServer(folder, patience=0.1) as server, ThreadPoolExecutor(1) as client:
        change = client.submit(server.change, "tag", "tumour@1", tags="a=b")
        assert gate.entered.acquire(timeout=20)
        for _ in range(3):  # whoever looks is told that there is no answer: so much time has passed
            assert server.get("/models", **THERE).status == 503
        assert not change.done()
        gate.set()
        assert change.result(20).json()["applied"]


def test_a_room_takes_some_of_the_places_and_turns_away_a_crowd(gate):
    async def crowd():
        workers = Workers(60)
        busy = []

        def work():
            busy.append(threading.current_thread())
            gate.wait(60)
            return 1

        waiting = [asyncio.ensure_future(workers.run("hanging", work)) for _ in range(32)]
        await asyncio.sleep(0)
        with pytest.raises(StorageError, match="too many"):
            await workers.run("hanging", work)
        for number in range(20):
            assert await workers.run(f"other {number % 3}", lambda: 2) == 2
        assert len(busy) == 2
        assert all(thread.daemon for thread in busy)
        gate.set()
        assert sum(await asyncio.gather(*waiting)) == 32
        await asyncio.sleep(0)
        assert workers._rooms == {}

    asyncio.run(crowd())


def test_who_gives_up_leaves_the_place_to_the_work_and_not_to_the_next(gate):
    async def impatient():
        workers = Workers(0.05)
        running, most = set(), []

        def work():
            running.add(threading.get_ident())
            most.append(len(running))
            gate.wait(60)
            running.discard(threading.get_ident())

        for _ in range(5):
            with pytest.raises(StorageError, match="has not answered"):
                await workers.run("hanging", work)
        assert max(most) == 2
        gate.set()

    asyncio.run(impatient())


def test_an_error_of_the_work_is_told_to_who_asked():
    async def failing():
        workers = Workers(60)
        for error, told in (
            (ValueError("x"), ValueError),
            (TimeoutError("its own"), TimeoutError),
            (StopIteration("y"), RuntimeError),  # as Python has it
            (SystemExit(1), RuntimeError),  # and the server lives
        ):
            with pytest.raises(told):
                await workers.run("room", _raise, error)
        assert await workers.run("room", lambda: 3) == 3

    asyncio.run(failing())


def _raise(error):
    raise error


def test_a_registry_that_hangs_under_many_names_leaves_the_places_to_others(gate):
    async def many_names():
        workers = Workers(60)
        hanging = [asyncio.ensure_future(workers.run(f"name {number}", gate.wait, 60)) for number in range(9)]
        assert await asyncio.wait_for(workers.run("another", lambda: 2), 20) == 2
        assert not any(request.done() for request in hanging)
        gate.set()
        assert all(await asyncio.gather(*hanging))

    asyncio.run(many_names())


def test_not_more_threads_are_made_than_a_machine_can_bear(gate, monkeypatch):
    monkeypatch.setattr(workers_module, "_MOMENT", 0.01)
    monkeypatch.setattr(workers_module, "_MOST_AT_WORK", 12)

    async def crowd():
        workers = Workers(60)
        hanging = [asyncio.ensure_future(workers.run(f"name {number}", gate.wait, 60)) for number in range(12)]
        await asyncio.sleep(0.2)
        with pytest.raises(StorageError, match="do not answer"):
            await workers.run("one more", lambda: 2)
        gate.set()
        assert all(await asyncio.gather(*hanging))
        assert await workers.run("one more", lambda: 2) == 2

    asyncio.run(crowd())
