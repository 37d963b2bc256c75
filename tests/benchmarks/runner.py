"""Run the rows: start the sides, fill them, and take turns between them."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from tests.benchmarks.rows import PEERS, Case, Row
from tests.benchmarks.worker import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from types import TracebackType


class SideError(Exception):
    """A side could not do what it was asked."""


class Worker:
    """One side in its own process."""

    def __init__(self, python: str, side: str, folder: Path) -> None:
        self.side = side
        self.log = folder.with_suffix(".log")
        command = [python, "-m", "tests.benchmarks.worker", side, str(folder)]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                bufsize=1,
            )

    def ask(self, operation: str, **arguments: Any) -> float:
        """Let the side do one operation; give its measurement."""
        assert self.process.stdin
        assert self.process.stdout
        with suppress(BrokenPipeError):  # it ended; the empty answer says so
            self.process.stdin.write(json.dumps({"op": operation, **arguments}) + "\n")
        answer = json.loads(self.process.stdout.readline() or '{"error": "the process ended"}')
        if "error" in answer:
            raise SideError(f"{self.side}.{operation}: {answer['error']} (see {self.log})")
        return float(answer["value"] or 0)

    def close(self) -> None:
        """End the process."""
        self.process.communicate()


@dataclass(frozen=True)
class Result:
    """What one case measured.

    Attributes
    ----------
    values : tuple of float
        In the order of measuring; empty if the case failed or its side is missing.
    missing : str
        Why there are none.
    """

    row: Row
    case: Case
    values: tuple[float, ...]
    missing: str = ""

    @property
    def median(self) -> float | None:
        """The figure of the table."""
        return statistics.median(self.values) if self.values else None


class Runner:
    """All sides that the rows need, each filled once.

    Parameters
    ----------
    folder : Path
        Where they keep their files.
    versions : int
        How many versions each is filled with.
    peers : str or None
        Interpreter of the peers' environment; without it they are left out.
    """

    def __init__(self, folder: Path, versions: int, peers: str | None) -> None:
        self.folder, self.versions, self.peers = folder, versions, peers
        self.workers: dict[tuple[str, str], Worker | SideError] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self.workers.values():
            if isinstance(worker, Worker):
                worker.close()

    def worker(self, case: Case) -> Worker:
        """Give the filled worker of a case, starting it at its first use."""
        key = (case.side, case.registry)
        if key not in self.workers:
            self.workers[key] = self._start(case)
        worker = self.workers[key]
        if isinstance(worker, SideError):
            raise worker
        return worker

    def _start(self, case: Case) -> Worker | SideError:
        if case.side in PEERS and not self.peers:
            return SideError("not asked for: --peers")
        python = (self.peers if case.side in PEERS else None) or sys.executable
        worker = Worker(python, case.side, self.folder / f"{case.side}-{case.registry}")
        try:
            took = worker.ask("populate", versions=self.versions if case.registry == "full" else 1)
        except SideError as error:
            worker.close()
            return error
        sys.stderr.write(f"  {case.side} ({case.registry}) filled in {took / 1000:.1f} s\n")
        return worker

    def run(self, row: Row, repeats: int | None) -> list[Result]:
        """Measure one row: each case once unrecorded, then in turns; fewer repeats are spread evenly.

        What is measured only once has no unrecorded run either: it takes long, or nobody looks at the figure.
        """
        missing: dict[Case, str] = {}
        values: dict[Case, list[float]] = {case: [] for case in row.cases}
        turns = repeats or row.repeats

        def measure(case: Case) -> float:
            try:
                return self.worker(case).ask(case.operation, **row.arguments)
            except SideError as error:
                missing[case] = str(error)
                return 0.0

        for case in row.cases:
            if min(case.repeats or turns, turns) > 1:
                measure(case)
        for turn in range(turns):
            for case in row.cases:
                wanted = min(case.repeats or turns, turns)
                if case not in missing and len(values[case]) * turns <= turn * wanted:
                    values[case].append(measure(case))
        return [
            Result(row, case, () if case in missing else tuple(values[case]), missing.get(case, ""))
            for case in row.cases
        ]


def with_arguments(rows: Iterable[Row], arguments: Mapping[str, Mapping[str, Any]]) -> list[Row]:
    """Replace the arguments of some rows, by key."""
    return [replace(row, arguments={**row.arguments, **arguments.get(row.key, {})}) for row in rows]
