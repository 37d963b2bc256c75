"""One side in a process of its own: a request a line on stdin, an answer a line on stdout, both JSON.

A request names an operation of the side. The operation prepares what it needs and returns either the call
that is to be timed, or a number that is the measurement itself (bytes, or milliseconds taken elsewhere).
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]


def measure(operation: Callable[..., Any], calls: int = 1, **arguments: Any) -> dict[str, Any]:
    """Run one operation: prepare, then time what it returned, over some calls in a row."""
    timed = operation(**arguments)
    if not callable(timed):
        return {"value": timed}
    gc.collect()
    begin = time.perf_counter()
    for _ in range(calls):
        timed()
    return {"value": 1000 * (time.perf_counter() - begin) / calls}


def python(*code: str) -> Callable[[], object]:
    """Make the call that runs lines of Python in a new interpreter of this kind."""
    return lambda: subprocess.run([sys.executable, "-c", "\n".join(code)], check=True, cwd=ROOT)


def race(side: str, folder: Path, processes: int, each: int, *, errors: int | None = None) -> tuple[float, int]:
    """Let processes register at once.

    Gives the seconds from the start signal to the last end, and how many registers succeeded. What they say of those
    that failed goes where ours goes, or to ``errors``.
    """
    command = [sys.executable, "-m", "tests.benchmarks.worker", side, str(folder), str(each)]
    pipe = subprocess.PIPE
    racers = [
        subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=errors, text=True, bufsize=1)
        for _ in range(processes)
    ]
    streams = [(racer.stdin, racer.stdout) for racer in racers if racer.stdin and racer.stdout]
    for _, answer in streams:
        answer.readline()
    begin = time.perf_counter()
    for start, _ in streams:
        start.write("go\n")
    succeeded = sum(int(answer.readline() or 0) for _, answer in streams)
    seconds = time.perf_counter() - begin
    for racer in racers:
        racer.communicate()
    return seconds, succeeded


def disk_bytes(folder: Path) -> int:
    """Sum the sizes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def run_race(side: Any, each: int, answer: Callable[[object], None]) -> None:
    """Be one of the processes of `race`."""
    attempt = side.racer()
    answer("ready")
    sys.stdin.readline()
    succeeded = 0
    for index in range(each):
        try:
            attempt(os.getpid() * each + index)
            succeeded += 1
        except Exception:
            traceback.print_exc()
    answer(succeeded)


def main() -> None:
    """Answer requests until stdin ends; with a third argument, be one racer."""
    channel = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what a library prints must not mix with the answers

    def answer(value: object) -> None:
        channel.write(json.dumps(value) + "\n")

    name, folder = sys.argv[1], Path(sys.argv[2])
    side = importlib.import_module(f"tests.benchmarks.sides.{name}").Side(folder)
    if len(sys.argv) > 3:
        run_race(side, int(sys.argv[3]), answer)
        return
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer(measure(getattr(side, request.pop("op")), **request))
        except Exception as error:
            traceback.print_exc()
            answer({"error": f"{type(error).__name__}: {error}".splitlines()[0]})


if __name__ == "__main__":
    main()
