"""Processes at once on one registry: writers, readers beside them, and a collection that never stops.

``python -m tests.faults.racers ROOT WRITERS EACH [no-links | no-locks]`` forks them all, so that everything is imported
once, and says as JSON what was not as it must be.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import filelock
import numpy as np

import nbregistry
from nbregistry.location import is_registry
from tests.faults.workloads import without_links

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbregistry.model import ModelVersion
    from nbregistry.registry import Registry

NAME, NEWEST = "m", "newest"


class NoLock:
    """An advisory lock of a file system that grants it to everybody."""

    def __init__(self, *_: object, **__: object) -> None: ...

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...

    def release(self) -> None: ...


CONDITIONS: dict[str, Callable[[], contextlib.AbstractContextManager[object]]] = {
    "no-links": without_links,
    "no-locks": lambda: mock.patch.object(filelock, "FileLock", NoLock),
}


def model(writer: int, number: int) -> dict[str, Any]:
    """Give a model that is one of a kind, with a layer that others are registering at the same moment."""
    return {"w": np.array([writer, number]), "layer": np.random.default_rng(number).random(12 << 10)}


def check(registry: Registry, version: ModelVersion) -> None:
    """Load a version, and compare it with what its params say that it is."""
    loaded, expected = registry.load(version), model(version.params["writer"], version.params["number"])
    if any(not np.array_equal(loaded[name], expected[name]) for name in expected):
        raise AssertionError(f"{version.ref} is not what was registered")


def write(root: Path, writer: int, each: int) -> list[int]:
    """Register, and give the numbers that were acknowledged."""
    registry = nbregistry.open(root)
    return [
        registry.register(
            NAME, model(writer, number), params={"writer": writer, "number": number}, alias=NEWEST
        ).version
        for number in range(each)
    ]


def read(root: Path, stop: Path, *, anew: bool) -> list[int]:
    """Look again and again: there is never an error, never a gap, never less than there was."""
    while not is_registry(root):
        time.sleep(0.001)
    registry = nbregistry.open(root, read_only=anew)
    seen = newest = looks = 0
    while not stop.exists() or not looks:
        registry = nbregistry.open(root, read_only=True) if anew else registry
        if NAME not in registry.model_names():
            continue
        holder = registry.get(f"{NAME}@{NEWEST}").version
        versions = registry.versions(NAME)
        numbers = [version.version for version in versions]
        holders = [version.version for version in versions if NEWEST in version.aliases]
        if numbers != list(range(1, len(numbers) + 1)) or len(numbers) < max(seen, holder):
            raise AssertionError(f"after {seen} versions, and {holder} as the newest, there are {numbers}")
        if holder < newest or holders != numbers[-1:]:
            raise AssertionError(f"{NEWEST} was on {newest}, then on {holder}, then on {holders} of {len(numbers)}")
        seen, newest, looks = len(numbers), holders[0], looks + 1
        for version in (versions[-1], versions[looks * 7 % len(versions)]):
            check(registry, version)
    return [looks]


def collect(root: Path, stop: Path) -> list[int]:
    """Collect as often as possible."""
    registry = nbregistry.open(root)
    turns = 0
    while not stop.exists():
        if is_registry(root):
            registry.gc(dry_run=False)
            turns += 1
        time.sleep(0.005)
    return [turns]


def start(work: Callable[[], list[int]]) -> tuple[int, int]:
    """Let a process of its own do some work; give its id, and where its answer comes out."""
    answer, told = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            said: Any = work()
        except BaseException:  # noqa: BLE001  whatever it is, it is the finding
            said = traceback.format_exc()
        os.write(told, json.dumps(said).encode())
        os._exit(0)
    os.close(told)
    return pid, answer


def end(started: tuple[int, int]) -> Any:
    """Wait for a process and give its answer."""
    with os.fdopen(started[1]) as file:
        said = json.loads(file.read() or '"it ended without a word"')
    os.waitpid(started[0], 0)
    return said


def race(root: Path, writers: int, each: int) -> list[str]:
    """Let all of them work, and give what was not as it must be."""
    stop = root.parent / "stop"
    started = [start(lambda writer=writer: write(root, writer, each)) for writer in range(writers)]  # type: ignore[misc]
    beside = [start(lambda anew=anew: read(root, stop, anew=anew)) for anew in (False, True)]  # type: ignore[misc]
    beside.append(start(lambda: collect(root, stop)))
    answers = [end(process) for process in started]
    stop.touch()
    looks = [end(process) for process in beside]
    problems = [answer for answer in [*answers, *looks] if isinstance(answer, str)]
    if problems:
        return problems
    sys.stderr.write(f"{writers} × {each} registers, {looks[0][0]} + {looks[1][0]} looks, {looks[2][0]} collections\n")
    registry = nbregistry.open(root)
    versions = registry.versions(NAME)
    if sorted(number for answer in answers for number in answer) != list(range(1, writers * each + 1)):
        problems.append(f"the acknowledged numbers are {answers}")
    if [version.version for version in versions] != list(range(1, writers * each + 1)):
        problems.append(f"the versions are {[version.version for version in versions]}")
    told = {number: (writer, at) for writer, answer in enumerate(answers) for at, number in enumerate(answer)}
    for version in versions:
        check(registry, version)
        if (version.params["writer"], version.params["number"]) != told[version.version]:
            problems.append(f"{version.ref} is not the one that its writer was told")
    return problems + list(registry.verify().problems)


def main() -> None:
    """Race once, under the condition that is named."""
    root, writers, each, *condition = sys.argv[1:]
    with CONDITIONS[condition[0]]() if condition else contextlib.nullcontext():
        sys.stdout.write(json.dumps(race(Path(root), int(writers), int(each))))


if __name__ == "__main__":
    main()
