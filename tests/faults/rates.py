"""How many commits a second several writers get through, and how many of them are still there afterwards.

``python -m tests.faults.rates`` prints the table. Beside ours, with all that a register does, stand a bare insert into
SQLite (WAL, full sync) and into stock TinyDB, both without a model.
"""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
import tempfile
from pathlib import Path

from tabulate import tabulate

from tests.benchmarks.worker import race

SIDES = {"ours": "nbregistry", "sqlite": "SQLite", "tinydb": "stock TinyDB"}
HEADERS = ("side", "asked", "acknowledged", "kept", "lost", "kept a second")


def rate(side: str, folder: Path, processes: int, each: int) -> tuple[int, ...]:
    """Let processes write at once, and give a line of the table."""
    module = importlib.import_module(f"tests.benchmarks.sides.{side}")
    module.Side(folder)
    seconds, acknowledged = race(side, folder, processes, each, errors=subprocess.DEVNULL)
    kept = module.kept(folder)
    return processes * each, acknowledged, kept, acknowledged - kept, round(kept / seconds)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m tests.faults.rates", description=__doc__)
    options.add_argument("--processes", type=int, default=8)
    options.add_argument("--each", type=int, default=200)
    options.add_argument("--folder", type=Path, help="an empty one; by default a temporary one")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="nbregistry-rates-") as temporary:
        folder = given.folder or Path(temporary)
        table = [(name, *rate(side, folder / side, given.processes, given.each)) for side, name in SIDES.items()]
    sys.stdout.write(tabulate(table, HEADERS, tablefmt="github") + "\n")


if __name__ == "__main__":
    main()
