"""Ctrl-C at any line: the folder is whole, the same object goes on, and what is done again is done once."""

from __future__ import annotations

import math
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import numpy as np
import pytest
from jupyter_client.manager import start_new_kernel

import nbregistry
from nbregistry import progress
from nbregistry.artifacts.durable import PART
from nbregistry.artifacts.trash import DAY
from nbregistry.catalog import interrupts
from nbregistry.provenance import git
from tests.faults.conftest import spread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from nbregistry.registry import Registry

PACKAGE = str(Path(nbregistry.__file__).parent) + os.sep
X, Y = np.arange(8.0).reshape(-1, 1), np.arange(8) % 2


class Rule:
    """A model that can be evaluated."""

    classes_ = np.array([0, 1])

    def predict(self, X: Any) -> np.ndarray:
        return (np.asarray(X)[:, 0] > 3).astype(int)


@dataclass(frozen=True)
class Act:
    """Something that a user does.

    Attributes
    ----------
    run : callable
        Takes the registry and the folder that it is in.
    commits : int
        So many it makes, however often it is interrupted and done again.
    """

    run: Callable[[Registry, Path], object]
    commits: int = 1


# Several blobs.
LARGE = {"w": np.random.default_rng(0).standard_normal(40_000), "v": np.arange(10_000.0)}
ACTS = {
    "register": Act(lambda registry, _: registry.register("churn", LARGE, alias="candidate", tags={"team": "risk"})),
    "register the same": Act(lambda registry, _: registry.register("churn", {"w": np.arange(10.0)}, parents="churn@1")),
    "tag": Act(lambda registry, _: registry.tag("churn@1", team="risk")),
    "promote": Act(lambda registry, _: registry.promote("churn@2", reason="better")),
    "promote through gates": Act(
        lambda registry, _: registry.promote("churn@2", require="auc >= 0.5", force=True, reason="never measured")
    ),
    "policy": Act(lambda registry, _: registry.policy("churn@champion", "auc >= 0.5, approved", reason="agreed")),
    "rollback": Act(lambda registry, _: registry.rollback("fraud", reason="worse")),
    "evaluate": Act(lambda registry, _: registry.evaluate("rule@1", X, Y, name="holdout")),
    "gc": Act(lambda registry, _: registry.gc(dry_run=False), 0),
    "import": Act(lambda registry, folder: registry.import_(folder / "fine.zip")),
    "backup": Act(lambda registry, folder: registry.backup(folder / "backup"), 0),
}


# From the acknowledgement to the return of the method there are lines that nothing can make one with it.
RETURNING = 4


class Interrupt:
    """A trace function that raises :class:`KeyboardInterrupt` at one line of the package, and counts them all.

    Attributes
    ----------
    lines : list of tuple
        Module and number of each line that was reached.
    """

    def __init__(self, at: int | None = None) -> None:
        self.lines: list[tuple[str, int]] = []
        self._at = at
        self._handler = signal.getsignal(signal.SIGINT)

    def __call__(self, frame: FrameType, event: str, _argument: object) -> Interrupt | None:
        path = frame.f_code.co_filename
        if not path.startswith(PACKAGE):
            return None
        if event == "line" and not self._is_held(path):
            self.lines.append((path[len(PACKAGE) :], frame.f_lineno))
            if self._at == len(self.lines) - 1:
                sys.settrace(None)
                raise KeyboardInterrupt
        return self

    def _is_held(self, path: str) -> bool:
        """Tell whether it is where the notebook's handler comes back: no signal is raised before that."""
        return path == interrupts.__file__ and signal.getsignal(signal.SIGINT) is not self._handler

    def during(self, action: Callable[[], object]) -> bool:
        """Do something; tell whether it was interrupted."""
        before = sys.gettrace()
        sys.settrace(self)
        try:
            action()
        except KeyboardInterrupt:
            return True
        finally:
            sys.settrace(before)
        return False


@pytest.fixture(scope="module")
def prepared() -> Iterator[Path]:
    """A folder with a user's keys, a registry with a past, and another team's export; in memory, where it is fast."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as memory:
        folder = Path(memory) / "prepared"
        folder.mkdir()
        with mock.patch.dict(os.environ, {"NBREGISTRY_HOME": str(folder / "keys"), "JUPYTERHUB_USER": "ada"}):
            registry = nbregistry.open(folder / ".nbregistry")
            registry.register("churn", {"w": np.arange(10.0)}, alias="champion")
            for number in range(2):
                registry.register("churn", {"w": np.arange(10.0) + number})
                registry.register("fraud", {"w": np.arange(20.0) + number}, alias="champion")
            registry.register("rule", Rule())
            registry._workspace.store.put(b"nobody needs this" * 100)
            other = nbregistry.open(folder / "other")
            other.register("base", {"w": np.arange(5.0)})
            other.register("fine", {"w": np.arange(6.0)}, parents="base@1")
            other.export("fine@1", folder / "fine.zip")
        shutil.rmtree(folder / "other")
        yield folder


@dataclass(frozen=True)
class Facts:
    """What there is, as a user sees it."""

    commits: int
    versions: dict[str, Any]
    aliases: dict[str, int]
    policies: list[tuple[str, tuple[str, ...]]]

    @classmethod
    def of(cls, registry: Registry) -> Facts:
        versions = {v.ref: (v.status, v.tags, v.parents, len(v.evaluations), v.digest) for v in registry.versions()}
        aliases = {f"{v.name}@{alias}": v.version for v in registry.versions() for alias in v.aliases}
        return cls(len(registry.log()), versions, aliases, [(p.of, p.require) for p in registry.policies()])


class Stage:
    """A copy of the prepared folder to interrupt something in."""

    def __init__(self, prepared: Path, act: Act) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=prepared.parent))
        shutil.copytree(prepared, self.folder, dirs_exist_ok=True)
        os.environ["NBREGISTRY_HOME"] = str(self.folder / "keys")
        self.act = act
        self.threads = threading.enumerate()
        self.registry = nbregistry.open(self.folder / ".nbregistry")
        self.before = Facts.of(self.registry)

    def run(self) -> object:
        return self.act.run(self.registry, self.folder)

    def problems(self, meant: Facts | None, handler: object) -> Iterator[str]:
        """Look at what an interrupt left, do it again, and look again."""
        if signal.getsignal(signal.SIGINT) is not handler:
            signal.signal(signal.SIGINT, handler)  # type: ignore[arg-type]
            yield "another handler of SIGINT is in place"
        late = self._threads()
        if late:
            yield f"{late} did not end"
        if not nbregistry.open(self.registry.path).verify().ok:
            yield "verify finds damage"
        seen = Facts.of(self.registry)
        if seen != Facts.of(nbregistry.open(self.registry.path)):
            yield "the object says something else than the folder"
        if seen.commits not in (self.before.commits, self.before.commits + self.act.commits):
            yield f"{seen.commits - self.before.commits} commits"
        if meant is None:
            return
        self.run()
        again = Facts.of(nbregistry.open(self.registry.path))
        if again != meant or again != Facts.of(self.registry):
            yield f"done again it is {again}"
        if not self.registry.verify().ok:
            yield "verify finds damage afterwards"
        backup = self.folder / "backup"
        if backup.exists() and not nbregistry.open(backup).verify().ok:
            yield "verify finds damage in the backup"
        yield from self._left()

    def is_answered(self) -> bool:
        """Tell whether the answer was complete when the interrupt came."""
        return Facts.of(self.registry).commits > self.before.commits

    def _threads(self) -> list[str]:
        ours = [thread for thread in threading.enumerate() if thread not in self.threads]
        for thread in ours:
            thread.join(5)
        return [thread.name for thread in ours if thread.is_alive()]

    def _left(self) -> Iterator[str]:
        """Tell of files that even a collection of the day after tomorrow leaves."""
        left = [*self.registry.path.glob("tmp/*"), *self.registry.path.glob("cache/*.tmp")]
        for path in left:
            if path.suffix != PART:
                yield f"{path.name} is left"
        for path in left:
            os.utime(path, (time.time() - 2 * DAY,) * 2)
        self.registry.gc(dry_run=False)
        if any(self.registry.path.glob("tmp/*")):
            yield "incomplete files stay"

    def close(self) -> None:
        shutil.rmtree(self.folder)


def reached(prepared: Path, act: Act) -> tuple[list[tuple[str, int]], Facts]:
    """Run it undisturbed; give the lines it passes, and what comes of it."""
    stage = Stage(prepared, act)
    trace = Interrupt()
    assert not trace.during(stage.run)
    meant = Facts.of(stage.registry)
    stage.close()
    return trace.lines, meant


def places(lines: list[tuple[str, int]]) -> list[int]:
    """Give for each line of the program the first time that it is reached."""
    return sorted({line: at for at, line in reversed(list(enumerate(lines)))}.values())


@pytest.mark.parametrize("name", ACTS)
def test_interrupted_at_any_line(name: str, prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # How many lines are passed must not depend on how fast the machine is.
    monkeypatch.setattr(git, "FRESH", math.inf)  # git's answer is kept
    monkeypatch.setattr(progress, "DELAY", math.inf)  # no bar appears
    act = ACTS[name]
    reached(prepared, act)  # what is worked out once and kept is so by now
    lines, meant = reached(prepared, act)
    handler = signal.getsignal(signal.SIGINT)
    found: dict[str, list[str]] = {}
    for at in spread(places(lines), 40):
        stage = Stage(prepared, act)
        trace = Interrupt(at)
        assert trace.during(stage.run), f"not interrupted at {lines[at]}"
        # What was all but returned is another request when it is done again.
        once_more = None if at >= len(lines) - RETURNING and stage.is_answered() else meant
        for problem in stage.problems(once_more, handler):
            found.setdefault(problem, []).append("{}:{}".format(*trace.lines[-1]))
        stage.close()
    assert found == {}


SLOW = """
import os, threading, time
import numpy as np
import nbregistry
registry = nbregistry.open({root!r})
model = {{"w": np.random.default_rng(0).standard_normal(12_500_000)}}
"""
REGISTER = 'registry.register("churn", model).ref'


def test_a_kernel_that_is_interrupted_goes_on(tmp_path: Path) -> None:
    """The real signal, while 100 MB are on their way to the disk."""
    root = tmp_path / ".nbregistry"
    environment = os.environ | {"NBREGISTRY_HOME": str(tmp_path / "keys"), "IPYTHONDIR": str(tmp_path / "ipython")}
    manager, client = start_new_kernel(cwd=str(tmp_path), env=environment)
    try:
        assert _run(client, SLOW.format(root=str(root)))["status"] == "ok"
        # After an error a kernel refuses for a moment what is asked next, unless told that the error stops nothing.
        waiting = client.execute(REGISTER, stop_on_error=False)
        _wait_for(lambda: any(path.stat().st_size > 1 << 20 for path in root.glob(f"tmp/*{PART}")))
        manager.interrupt_kernel()
        interrupted = client.get_shell_msg(timeout=60)
        assert interrupted["parent_header"]["msg_id"] == waiting
        assert interrupted["content"]["ename"] == "KeyboardInterrupt"
        assert not (root / "log").exists()
        assert _run(client, f"assert {REGISTER} == 'churn@1'")["status"] == "ok"
        assert _run(client, f"assert {REGISTER} == 'churn@2'")["status"] == "ok"  # and that was meant
        checks = "assert not [t.name for t in threading.enumerate() if t.name.startswith('nbregistry')]"
        assert _run(client, checks)["status"] == "ok"
        assert _run(client, "assert (registry.load('churn@1')['w'] == model['w']).all()")["status"] == "ok"
        assert nbregistry.open(root).verify().ok
        assert list(root.glob("tmp/*")) == []
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def _run(client: Any, cell: str) -> dict[str, Any]:
    content: dict[str, Any] = client.execute_interactive(cell, timeout=60, output_hook=lambda _: None)["content"]
    return content


def _wait_for(condition: Callable[[], bool]) -> None:
    """Look again and again; the kernel works meanwhile."""
    for _ in range(60_000):
        with suppress(FileNotFoundError):
            if condition():
                return
        time.sleep(0.001)
    pytest.fail("it never came to that")
