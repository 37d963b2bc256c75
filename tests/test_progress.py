"""A bar for what takes more than a second, wherever somebody looks, and nothing left of it."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import threading
from contextvars import copy_context
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import nbregistry
from nbregistry import progress
from nbregistry.cli import main
from nbregistry.progress import Progress, Stopped, observer, passed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nbregistry.registry import Registry


class Terminal(io.StringIO):
    """What somebody sees who looks at standard error."""

    def isatty(self) -> bool:
        return True

    def clear(self) -> None:
        self.seek(0)
        self.truncate()

    @property
    def screen(self) -> str:
        """What is left in the line: each carriage return writes over what was there."""
        line = ""
        for part in self.getvalue().split("\r"):
            line = part + line[len(part) :]
        return line.strip()


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    shown = Terminal()
    # pytest puts its own standard error in place again when the test begins.
    monkeypatch.setattr(progress, "sys", SimpleNamespace(stderr=shown, modules=sys.modules))
    return shown


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if everything took more than a second."""
    monkeypatch.setattr(progress, "DELAY", 0.0)


@pytest.mark.usefixtures("at_once")
def test_a_bar_on_a_terminal_that_is_wiped_at_the_end(terminal: Terminal) -> None:
    with Progress("verify", 10) as watched:
        passed(4)
        assert "verify:  40%" in terminal.screen
        watched.add(6)
    assert "verify" in terminal.getvalue()
    assert terminal.screen == ""


@pytest.mark.usefixtures("at_once")
def test_what_has_no_known_end_is_counted(terminal: Terminal) -> None:
    for total in (None, 0):
        terminal.clear()
        with Progress("verify", total, " commits") as watched:
            watched.add(3)
        assert "verify: 3 commits" in terminal.getvalue()


@pytest.mark.usefixtures("at_once")
def test_one_that_never_ended_does_not_stand_in_the_way(terminal: Terminal) -> None:
    Progress("interrupted").__enter__()  # and nothing after it
    with Progress("verify", 10) as watched:
        watched.add(4)
        assert "verify:  40%" in terminal.screen


def test_nothing_under_a_second(terminal: Terminal) -> None:
    with Progress("verify", 10):
        passed(10)
    assert terminal.getvalue() == ""


@pytest.mark.usefixtures("at_once")
def test_nothing_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    for nobody in (io.StringIO(), None):
        monkeypatch.setattr(progress, "sys", SimpleNamespace(stderr=nobody, modules=sys.modules))
        with Progress("verify", 10):
            passed(10)
        assert nobody is None or nobody.getvalue() == ""


def test_none_where_tqdm_is_turned_off() -> None:
    program = """
import io, sys
from nbregistry import progress
class Terminal(io.StringIO):
    isatty = lambda self: True
sys.stderr = terminal = Terminal()
progress.DELAY = 0
with progress.Progress("count", 3, " things") as watched:
    list(watched.over(range(3)))
print(repr(terminal.getvalue()))
"""
    for environ, shown in (({"TQDM_DISABLE": "1"}, False), ({}, True)):
        done = subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | environ,
            timeout=60,
        )
        assert (done.stdout.strip() != "''") == shown


@pytest.mark.usefixtures("at_once")
def test_an_interrupt_wipes_it_too(terminal: Terminal) -> None:
    def interrupted() -> None:
        with Progress("verify", 10):
            passed(4)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert "verify:  40%" in terminal.getvalue()
    assert terminal.screen == ""
    passed(4)  # nobody watches
    assert terminal.screen == ""


@pytest.mark.usefixtures("at_once")
def test_work_inside_of_other_work_has_no_bar_of_its_own(terminal: Terminal) -> None:
    with Progress("check", 20), Progress("load", 10):
        passed(5)
    assert "check:  25%" in terminal.getvalue()
    assert "load" not in terminal.getvalue()


@pytest.mark.usefixtures("at_once")
def test_threads_count_together(terminal: Terminal) -> None:
    with Progress("verify", 400) as watched:
        run = copy_context().run
        threads = [threading.Thread(target=copy_context().run, args=(passed, 100)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert watched._count == 400
        assert run(progress._watcher) is watched
    assert [thread.name for thread in threading.enumerate() if "tqdm" in type(thread).__module__] == []


class Kernel:
    """A shell with a kernel, and the one output that it would show."""

    def __init__(self) -> None:
        self.kernel = object()
        self.display_pub = SimpleNamespace(publish=self._publish)
        self.outputs: dict[str, dict[str, Any]] = {}
        self.seen: list[str] = []

    def _publish(self, data: dict[str, Any], _metadata: Any, *, transient: dict[str, str], update: bool) -> None:
        name = transient["display_id"]
        assert update == (name in self.outputs)
        self.outputs[name] = data
        self.seen.append(data.get("text/plain", ""))


@pytest.mark.usefixtures("at_once")
def test_a_notebook_gets_an_output_that_is_empty_in_the_end(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = Kernel()
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    with Progress("verify", 10):
        passed(4)
        passed(6)
    assert "verify:  40%" in shell.seen[0]
    assert all("\r" not in text and "\x1b" not in text for text in shell.seen)
    assert list(shell.outputs.values()) == [{}]
    assert terminal.getvalue() == ""


@pytest.mark.usefixtures("at_once")
def test_an_observer_is_told_and_there_is_no_bar(terminal: Terminal) -> None:
    seen: list[tuple[str, int, int | None]] = []

    def observed() -> None:
        observer.set(lambda *told: seen.append(told))
        passed(3)  # nobody counts
        with Progress("verify", 10), Progress("load", 5):
            passed(4)
            passed(6)

    copy_context().run(observed)
    assert seen == [("", 0, None), ("verify", 4, 10), ("verify", 10, 10)]
    assert terminal.getvalue() == ""
    passed(1)  # here nobody observes
    assert len(seen) == 3


@pytest.mark.parametrize("verb", ["promote", "verify", "load", "compare"])
def test_an_observer_stops_it_and_nothing_was_changed(story: Registry, verb: str) -> None:
    """Compared is without a bar: whoever reads asks all the same."""
    actions: dict[str, Callable[[], object]] = {
        "promote": lambda: story.promote("tumour@3"),
        "verify": story.verify,
        "load": lambda: story.load("tumour@2"),
        "compare": lambda: story.compare("tumour@1", "tumour@2"),
    }
    head = story.head()

    def stop(*_: object) -> None:
        raise Stopped

    def stopped() -> None:
        observer.set(stop)
        with pytest.raises(Stopped):
            actions[verb]()

    copy_context().run(stopped)
    assert story.head() == head
    actions[verb]()  # and the registry is as usable as before


def work(registry: Registry, tmp_path: Path) -> dict[str, Callable[[], object]]:
    model = {"w": np.random.default_rng(0).random(20_000)}
    return {
        "register m": lambda: registry.register("m", model),
        "load m@1": lambda: registry.load("m@1"),
        "check m@1": lambda: registry.promote("m@1"),
        "verify the blobs": registry.verify,
        "verify the journal": registry.verify,
        "find what is needed": registry.gc,
        "copy the blobs": lambda: registry.backup(tmp_path / "backup"),
        "copy the journal": lambda: registry.backup(tmp_path / "other"),
        "export m@1": lambda: registry.export("m@1", tmp_path / "m.zip"),
        "import m.zip": lambda: nbregistry.open(tmp_path / "there").import_(tmp_path / "m.zip"),
    }


@pytest.mark.usefixtures("at_once")
def test_whatever_may_take_long_has_a_bar(registry: Registry, tmp_path: Path, terminal: Terminal) -> None:
    for doing, action in work(registry, tmp_path).items():
        terminal.clear()
        action()
        assert f"{doing}:" in terminal.getvalue(), doing
        assert re.search(rf"{doing}: +\d+%", terminal.getvalue()), terminal.getvalue()
        assert terminal.screen == ""


@pytest.mark.usefixtures("at_once")
def test_whoever_reads_json_sees_no_bar(
    registry: Registry, root: Path, terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.register("m", {"w": np.zeros(3)})
    terminal.clear()
    assert main(["verify", "--json", "--registry", str(root)]) == 0
    assert terminal.getvalue() == ""
    assert capsys.readouterr().out.startswith("{")
    assert main(["verify", "--registry", str(root)]) == 0
    assert "verify the journal" in terminal.getvalue()


def test_what_is_quick_does_not_pay_for_it(root: Path) -> None:
    program = """
import sys, numpy, nbregistry
registry = nbregistry.open(sys.argv[1])
registry.register("m", {"w": numpy.zeros(20_000)})
registry.load("m@1"), registry.verify()
assert "tqdm" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program, str(root)], check=True, env=os.environ)
