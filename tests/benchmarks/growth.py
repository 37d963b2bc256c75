"""What a register costs as a registry grows, and what opening it costs: ``python -m tests.benchmarks.growth``."""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from tabulate import tabulate

import nbregistry
from tests.benchmarks import sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HEADERS = (
    "versions",
    "register, ms",
    "of the first",
    "bytes written",
    "fsyncs",
    "commit, ms",
    "open, ms",
    "open without the checkpoint, ms",
)


@contextmanager
def counted() -> Iterator[dict[str, int]]:
    """Count what is written and forced to disk."""
    counts = {"bytes": 0, "fsyncs": 0}
    real_write, real_fsync = os.write, os.fsync

    def write(descriptor: int, data: Any) -> int:
        written = real_write(descriptor, data)
        counts["bytes"] += written
        return written

    def fsync(descriptor: int) -> None:
        counts["fsyncs"] += 1
        real_fsync(descriptor)

    os.write, os.fsync = write, fsync
    try:
        yield counts
    finally:
        os.write, os.fsync = real_write, real_fsync


def median_ms(action: Callable[[], object], repeats: int) -> float:
    """Time an action."""
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        action()
        times.append(1000 * (time.perf_counter() - begin))
    return statistics.median(times)


def measure(folder: Path, numbers: Iterator[int], repeats: int) -> list[float]:
    """Measure one size."""
    X_train, X_test, y_train, y_test = sample.data()
    registry = nbregistry.open(folder)
    models = iter([sample.pipeline(next(numbers)) for _ in range(repeats + 2)])

    def register() -> None:
        registry.register(sample.BENCH, next(models), on=(X_test, y_test), train=(X_train, y_train))

    register()
    with counted() as counts:
        register()
    registered = median_ms(register, repeats)
    committed = median_ms(lambda: registry.tag(f"{sample.BENCH}@1", turn=next(numbers)), repeats)
    registry._workspace.catalog.save_checkpoint()
    opened = median_ms(lambda: nbregistry.open(folder).models(), 5)
    cache = folder / "cache"
    shutil.move(cache, folder.parent / "cache")
    bare = median_ms(lambda: nbregistry.open(folder, read_only=True).models(), 1)
    shutil.move(folder.parent / "cache", cache)
    return [registered, counts["bytes"], counts["fsyncs"], committed, opened, bare]


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks.growth", description=__doc__)
    options.add_argument("--sizes", default="0,1000,10000", help="versions at which to measure (0,1000,10000)")
    options.add_argument("--repeats", type=int, default=21)
    chosen = options.parse_args(arguments)
    body: list[list[str]] = []
    first = 0.0
    numbers = itertools.count(1)
    with tempfile.TemporaryDirectory(prefix="nbregistry-growth-") as temporary:
        os.environ["NBREGISTRY_HOME"] = str(Path(temporary) / "keys")
        folder = Path(temporary) / "registry"
        registry = nbregistry.open(folder)
        weights = {"coef": np.arange(30.0), "intercept": np.zeros(1)}
        for size in map(int, chosen.sizes.split(",")):
            for _ in range(size - registry.summary().versions):
                registry.register(sample.TABLE, weights, **sample.record(next(numbers)))
            sys.stderr.write(f"{size} …\n")
            registered, *rest = measure(folder, numbers, chosen.repeats)
            first = first or registered
            cells = [f"{registered:.1f}", f"{registered / first:.2f} ×", f"{rest[0]:,.0f}", f"{rest[1]:.0f}"]
            body.append([f"{size:,}", *cells, *(f"{value:.2f}" for value in rest[2:])])
    sys.stdout.write(tabulate(body, headers=HEADERS, tablefmt="github", disable_numparse=True) + "\n")


if __name__ == "__main__":
    main()
