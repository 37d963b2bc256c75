"""Faults at a chosen system call of a workload, put in by strace: the process is killed, or the call fails.

A server process has everything imported and the places prepared. For each case it forks a child on a copy of the
place, lets strace take hold of it, and then lets it go: a case takes tens of milliseconds, not a second. The server has
no threads when it forks, so the child is whole. ``python -m tests.faults.injection`` is the server.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import queue
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections import Counter
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from tests.faults.conftest import missing, need_tool

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parents[2]
TRACED = "%file,%desc"
# What can change a folder. A kill before any other call leaves what a kill before the next of these leaves.
CHANGING = frozenset({"write", "pwrite64", "writev", "link", "linkat", "unlink", "unlinkat", "rename", "renameat"})
CHANGING |= {"renameat2", "mkdir", "mkdirat", "rmdir", "ftruncate", "copy_file_range", "sendfile", "fsync"}
_PRCTL, _PR_SET_PTRACER = getattr(ctypes.CDLL(None), "prctl", None), 0x59616D61
MISSED = "there was no such call"
_LINE = re.compile(r"(?P<thread>\d+) +(?P<call>\w+)\((?P<arguments>.*)")


class Call(NamedTuple):
    """A system call of a workload: its name, and the how-many-eth of that name it is in its thread."""

    name: str
    number: int
    changes: bool


@dataclass(frozen=True)
class Fault:
    """What happens where; without an error the process is killed."""

    workload: str
    call: str
    number: int
    error: str = ""
    in_new_process: bool = False

    @property
    def injection(self) -> str:
        """Say it in strace's words."""
        what = f"error={self.error}" if self.error else "signal=KILL"
        return f"inject={self.call}:{what}:when={self.number}"

    def __str__(self) -> str:
        return f"{self.workload}: {self.error or 'killed'} at {self.call} {self.number}"


def need_injection() -> None:
    """Skip the test, or fail it, where strace is missing or may not do its work."""
    tried = subprocess.run([need_tool("strace"), "-o", os.devnull, "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        missing(f"strace may not trace: {tried.stderr.strip()}", "give the container the capability SYS_PTRACE")


class Servers:
    """As many servers as the machine has cores, up to four; they share the cases of a test."""

    def __init__(self) -> None:
        threads = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}
        self._processes = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.faults.injection"],
                cwd=ROOT,
                env={**os.environ, **threads},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                bufsize=1,
            )
            for _ in range(min(os.cpu_count() or 1, 4))
        ]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.communicate()

    def calls(self, workload: str) -> list[Call]:
        """Give the calls of a workload that touch its place, in their order."""
        return [Call(*call) for call in _ask(self._processes[0], {"calls": workload})]

    def try_all(self, faults: Iterable[Fault]) -> list[str]:
        """Try each of the faults, and give what was not as it must be."""
        waiting: queue.SimpleQueue[Fault | None] = queue.SimpleQueue()
        problems: list[str] = []
        missed: list[Fault] = []

        def work(process: subprocess.Popen[str]) -> None:
            while fault := waiting.get():
                told = _ask(process, {"fault": asdict(fault)})
                missed.extend(fault for problem in told if problem == MISSED)
                problems.extend(f"{fault}: {problem}" for problem in told if problem != MISSED)

        waited = list(faults)
        for item in (*waited, *[None] * len(self._processes)):
            waiting.put(item)
        threads = [threading.Thread(target=work, args=(process,)) for process in self._processes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # Which of several threads makes a call, and so the how-many-eth of its thread it is, differs from run to run.
        if len(missed) * 4 > len(waited):
            problems.append(f"{len(missed)} of {len(waited)} faults never happened, the first: {missed[0]}")
        return problems


def _ask(process: subprocess.Popen[str], request: dict[str, Any]) -> list[Any]:
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps(request) + "\n")
    answer = process.stdout.readline()
    return json.loads(answer) if answer else ["the server ended"]


# -- in the server -------------------------------------------------------------------------------------------------


class Child:
    """One run of a workload, in a process of its own that strace holds."""

    def __init__(self, workload: str, place: Path, log: Path, injection: str = "") -> None:
        from tests.faults.workloads import WORKLOADS, Place

        # Sockets: the calls of this harness are none of those that faults are put into.
        start, go = socket.socketpair()
        reports, told = socket.socketpair()
        self.pid = os.fork()
        if not self.pid:
            try:
                _PRCTL(_PR_SET_PTRACER, ctypes.c_ulong(-1))  # where only a parent may trace: strace may too
                # Out of this repository, where git would be asked: strace can't let go of a thread that waits for the
                # process it has just forked, nor does that process go on before strace has let go.
                os.chdir(place)
                start.recv(1)
                _run(WORKLOADS[workload], Place(place), told, start, retrying="error=" in injection)
            except BaseException:  # noqa: BLE001  whatever it is, it is the finding
                told.sendall(json.dumps({"raised": traceback.format_exc()}).encode() + b"\n")
            finally:
                os._exit(0)
        start.close()
        told.close()
        options = ["-e", injection] if injection else []
        strace = subprocess.Popen(
            ["strace", "-f", "-y", "-s0", "-o", str(log), "-e", f"trace={TRACED}", *options, "-p", str(self.pid)],
            stderr=subprocess.PIPE,
            text=True,
        )
        assert strace.stderr
        attached = strace.stderr.readline()
        assert "attached" in attached, attached
        go.sendall(b"!")
        self.reports = []
        with reports, reports.makefile() as file:
            for line in file:
                self.reports.append(json.loads(line))
                if self.reports[-1].keys() & {"refused", "finished"}:
                    # Let go: a fault in a thread would come back in each thread that is started after it.
                    strace.terminate()
                    strace.wait()
                    go.sendall(b"!")
        self.killed = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1]) == -signal.SIGKILL
        go.close()
        strace.communicate()


def _run(workload: Any, place: Any, told: socket.socket, start: socket.socket, *, retrying: bool) -> None:
    """Do the steps, telling after each that it is done; a step that was refused is done again by the same object."""
    from nbregistry.errors import RegistryError

    def tell(**report: Any) -> None:
        told.sendall(json.dumps(report).encode() + b"\n")

    def insisting(action: Any) -> Any:
        try:
            return action()
        except RegistryError as error:
            tell(refused=type(error).__name__, message=error.message, hint=error.hint)
            if not retrying:
                raise
            start.recv(1)
            return action()

    with workload.around():
        registry = insisting(place.open)
        for step in workload.steps:
            answer = insisting(lambda step=step: step(registry, place))
            tell(done=answer)
        if retrying:
            tell(finished=True)
            start.recv(1)
            tell(problems=registry.verify().problems)


class Rehearsed:
    """A workload's place, and what is there after each of its steps."""

    def __init__(self, name: str, folder: Path) -> None:
        from tests.faults.workloads import WORKLOADS, Place

        self.name, self.workload = name, WORKLOADS[name]
        self.before = folder / "before"
        self.before.mkdir(parents=True)
        self.workload.prepare(Place(self.before))
        with self.workload.around():
            place, registry = self._copy(folder / "rehearsal")
            self.answers: list[Any] = []
            self.states = [_state(place)]
            for step in self.workload.steps:
                self.answers.append(json.loads(json.dumps(step(registry, place))))
                self.states.append(_state(place))
        self._folder = folder

    def _copy(self, folder: Path) -> tuple[Any, Any]:
        from tests.faults.workloads import Place

        shutil.copytree(self.before, folder)
        return Place(folder), Place(folder).open()

    def calls(self) -> list[Call]:
        """Trace one run, and give the calls that touch the place."""
        with tempfile.TemporaryDirectory(dir=self._folder) as temporary:
            place, log = Path(temporary) / "place", Path(temporary) / "log"
            shutil.copytree(self.before, place)
            Child(self.name, place, log)
            counts: Counter[tuple[str, str]] = Counter()
            found = {}
            for line in log.read_text().splitlines():
                if match := _LINE.match(line):
                    thread, name, arguments = match.groups()
                    counts[thread, name] += 1
                    if str(place) in arguments:
                        changes = name in CHANGING or "O_CREAT" in arguments
                        found[Call(name, counts[thread, name], changes)] = None
            return list(found)

    def try_fault(self, fault: Fault) -> list[str]:
        """Let it happen, and say what is not as it must be afterwards."""
        from tests.faults.workloads import Place

        with tempfile.TemporaryDirectory(dir=self._folder) as temporary:
            folder = Path(temporary) / "place"
            shutil.copytree(self.before, folder)
            child = Child(self.name, folder, Path(temporary) / "log", fault.injection)
            if fault.error:
                return self._after_error(child, folder, os.strerror(getattr(errno, fault.error)))
            if not child.killed:
                return [MISSED, *self._at_the_end(Place(folder))]
            problems = _told_by_a_new_process(Place(folder)) if fault.in_new_process else []
            return problems + self._after_kill(child, folder)

    def _after_kill(self, child: Child, folder: Path) -> list[str]:
        """Open what is left, compare it with what was acknowledged, and go on where it ended."""
        from tests.faults.workloads import Place

        done = sum("done" in report for report in child.reports)
        before, after = self.states[done], self.states[min(done + 1, len(self.states) - 1)]
        place = Place(folder)
        problems = list(place.open().verify().problems)
        state = _state(place)
        # A backup grows commit by commit: half of its step may be done, and half of it is a whole registry.
        partial = state["backup"]
        if (
            not len(before["backup"]) <= len(partial) <= len(after["backup"])
            or after["backup"][: len(partial)] != partial
        ):
            problems.append(f"the backup has {partial}")
        different = [_difference(state | {"backup": known["backup"]}, known) for known in (before, after)]
        if all(different):
            problems.append(f"after {done} acknowledged steps: {different[0]}")
        with self.workload.around():
            registry = place.open()
            for step in self.workload.steps[done + (state != before and state == after) :]:
                step(registry, place)
        return problems + self._at_the_end(place)

    def _after_error(self, child: Child, folder: Path, cause: str) -> list[str]:
        """See that whoever was refused was told why, could go on, and has what was asked for, once."""
        from tests.faults.workloads import Place

        raised = [report["raised"] for report in child.reports if "raised" in report]
        if raised:
            return raised
        problems = [problem for report in child.reports for problem in report.get("problems", ())]
        problems += [
            f"not clear: {report['message']} (next: {report['hint']})"
            for report in child.reports
            if "refused" in report and not _is_clear(report["message"], report["hint"], cause)
        ]
        answers = [report["done"] for report in child.reports if "done" in report]
        if answers != self.answers:
            problems.append(f"the answers were {answers}, not {self.answers}")
        return problems + self._at_the_end(Place(folder))

    def _at_the_end(self, place: Any) -> list[str]:
        """Nothing is lost, nothing is there twice, and a collection changes nothing about that."""
        problems: list[str] = []
        for turn in ("at the end", "after a collection"):
            different = _difference(_state(place), self.states[-1])
            problems += [f"{turn}: {different}"] if different else []
            place.open().gc(dry_run=False)
        return problems + list(place.open().verify().problems)


def _is_clear(message: str, hint: str, cause: str) -> bool:
    """Tell whether an error says what failed, why, and what to do; zipfile forgets some of the causes."""
    return (cause in message or "cannot be read: " in message) and "[Errno" not in message and bool(hint)


def _told_by_a_new_process(place: Any) -> list[str]:
    """Let the command line verify what is there."""
    command = [sys.executable, "-m", "nbregistry", "verify", "--registry", str(place.root)]
    environment = {**os.environ, "NBREGISTRY_HOME": str(place.home)}
    told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return [told.stdout + told.stderr] if told.returncode else []


def _difference(state: dict[str, Any], expected: dict[str, Any]) -> str:
    """Tell two states apart, but for words that are said twice: who was refused too late says them again."""
    state, expected = (
        known | {key: [event for event, _ in groupby(known[key])] for key in ("journal", "backup")}
        for known in (state, expected)
    )
    return "; ".join(f"{key}: {state[key]}, not {expected[key]}" for key in state if state[key] != expected[key])


def _state(place: Any) -> dict[str, Any]:
    from tests.faults.workloads import state_beside, state_of

    return state_of(place.open()) | state_beside(place)


def serve() -> None:
    """Answer requests until stdin ends."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nbregistry-faults-")))

        @cache
        def rehearsed(name: str) -> Rehearsed:
            return Rehearsed(name, folder / name.replace(" ", "-"))

        for line in sys.stdin:
            request = json.loads(line)
            try:
                if "calls" in request:
                    answer: list[Any] = rehearsed(request["calls"]).calls()
                else:
                    fault = Fault(**request["fault"])
                    answer = rehearsed(fault.workload).try_fault(fault)
            except Exception:  # noqa: BLE001  it is told, and the next case is tried
                answer = [traceback.format_exc()]
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    serve()
