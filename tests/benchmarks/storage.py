"""What versions take on disk, and how long they take to store: ``python -m tests.benchmarks.storage``.

Every side gets the same files, which were dumped before. Ours starts with the model in memory and does all that
``register`` does; a copy is ``joblib.dump`` and fsync; the peers' time is what they need once the file is there.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import statistics
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import joblib
from tabulate import tabulate

from tests.benchmarks.report import factor
from tests.benchmarks.runner import SideError, Worker
from tests.benchmarks.series import SERIES, Series

OURS, COPIES = "ours", "files"
OUR_SIDES = (OURS, COPIES, "dedupe")
PEERS = ("dvc", "mlflow", "xet")
NAMES = {
    OURS: "nbregistry", COPIES: "copies (dump + fsync)", "dedupe": "whole files once", "dvc": "DVC",
    "mlflow": "MLflow log_artifact", "xet": "Xet, local",
}  # fmt: skip


@dataclass
class Outcome:
    """What one side needed for a series.

    Attributes
    ----------
    times : list of float
        Milliseconds of each version.
    bytes : list of float
        On disk after each version.
    loading : float or None
        Milliseconds to load the last version, verified where the side verifies.
    fsyncs : list of float
        Of each version; ours only.
    missing : str
    """

    times: list[float] = field(default_factory=list)
    bytes: list[float] = field(default_factory=list)
    fsyncs: list[float] = field(default_factory=list)
    loading: float | None = None
    missing: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Give the figures of the table."""
        return {
            "bytes": self.bytes[-1] if self.bytes else None,
            "median_ms": statistics.median(self.times) if self.times else None,
            "last_ms": self.times[-1] if self.times else None,
            "loading_ms": self.loading,
            "fsyncs": statistics.median(self.fsyncs) if self.fsyncs else None,
            "missing": self.missing,
        }


class Sides:
    """Every side in a process of its own, and what each needed for a series."""

    def __init__(self, folder: Path, peers: str | None) -> None:
        pythons = dict.fromkeys(OUR_SIDES, sys.executable) | (dict.fromkeys(PEERS, peers) if peers else {})
        self.workers = {side: Worker(python, side, folder / side) for side, python in pythons.items()}
        self.outcomes = {side: Outcome() for side in self.workers}
        for side in self.workers:
            self.ask(side, "prepare_to_keep")
        self.before = {side: self.ask(side, "kept_bytes") or 0.0 for side in self.workers}

    def ask(self, side: str, operation: str, **arguments: Any) -> float | None:
        """Let a side do something; one that failed is not asked again."""
        if self.outcomes[side].missing:
            return None
        try:
            return self.workers[side].ask(operation, **arguments)
        except SideError as error:
            self.outcomes[side].missing = str(error)
            return None

    def keep(self, path: Path, number: int) -> None:
        """Let all store one version."""
        for side, outcome in self.outcomes.items():
            took = self.ask(side, "keep", path=str(path), number=number)
            if took is not None:
                outcome.times.append(took)
                outcome.bytes.append((self.ask(side, "kept_bytes") or 0.0) - self.before[side])
        self.outcomes[OURS].fsyncs.append(self.ask(OURS, "fsyncs") or 0.0)

    def load(self) -> None:
        """Let ours and the copies load the last version."""
        for side in (OURS, COPIES):
            loads = [took for _ in range(5) if (took := self.ask(side, "load_kept")) is not None]
            self.outcomes[side].loading = statistics.median(loads) if loads else None

    def close(self) -> None:
        """End the processes."""
        for worker in self.workers.values():
            worker.close()


def measure(series: Series, scale: float, folder: Path, peers: str | None) -> dict[str, Outcome]:
    """Let all sides store each version in turn."""
    sides = Sides(folder, peers)
    given = folder / "given"
    given.mkdir()
    for number, model in enumerate(series.make(scale, given / "made")):
        if isinstance(model, Path):
            sides.keep(model, number)
            continue
        path = given / f"{number}.joblib"
        joblib.dump(model, path)
        sides.keep(path, number)
        path.unlink()
    sides.load()
    sides.close()
    return sides.outcomes


def verdicts(series: Series, ours: dict[str, Any], copies: dict[str, Any], per_version: list[float]) -> list[str]:
    """Compare with the goals."""
    said = []

    def say(what: str, reached: float, goal: float, shown: str) -> None:
        said.append(f"{what} {shown}: {'met' if reached <= goal else 'MISSED'}")

    if series.share is not None:
        share = ours["bytes"] / copies["bytes"]
        say("bytes", share, series.share, f"{100 * share:.2f}% of the copies (≤ {100 * series.share:.2f}%)")
    if series.time is not None:
        ratio = ours["median_ms"] / copies["median_ms"]
        say("time", ratio, series.time, f"{factor(ratio)} of dump + fsync (≤ {factor(series.time)})")
    if series.key == "one":
        ratio = ours["loading_ms"] / copies["loading_ms"]
        say("load", ratio, 1.5, f"{factor(ratio)} of joblib.load (≤ 1.50 ×)")
    if series.again is not None:
        most = max(b - a for a, b in itertools.pairwise(per_version))
        say("bytes again", most, series.again, f"{most:,.0f} (≤ {series.again:,})")
    return said


def shown(figures: dict[str, Any]) -> str:
    """Write one cell: megabytes and milliseconds a version."""
    if figures["missing"]:
        return figures["missing"].split(" (see")[0]
    return f"{figures['bytes'] / 1e6:,.1f} MB, {figures['median_ms']:,.0f} ms"


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks.storage", description=__doc__)
    options.add_argument("--series", help=f"comma-separated, of {', '.join(s.key for s in SERIES)}; all by default")
    options.add_argument("--scale", type=float, default=1.0, help="of the sizes (1)")
    options.add_argument("--peers", metavar="PYTHON", help="interpreter with DVC, MLflow and Xet")
    options.add_argument("--json", metavar="PATH", type=Path, help="write the figures")
    options.add_argument("--markdown", metavar="PATH", type=Path, help="write the table")
    chosen = options.parse_args(arguments)
    wanted = chosen.series.split(",") if chosen.series else [series.key for series in SERIES]
    if unknown := set(wanted) - {series.key for series in SERIES}:
        sys.exit(f"no such series: {', '.join(sorted(unknown))}")
    body, figures = [], {}
    with tempfile.TemporaryDirectory(prefix="nbregistry-storage-") as temporary:
        for series in (series for series in SERIES if series.key in wanted):
            sys.stderr.write(f"{series.key} …\n")
            folder = Path(temporary) / series.key
            folder.mkdir()
            outcomes = measure(series, chosen.scale, folder, chosen.peers)
            told = {side: outcome.to_dict() for side, outcome in outcomes.items()}
            ours = told[OURS]
            said = [] if ours["missing"] else verdicts(series, ours, told[COPIES], outcomes[OURS].bytes)
            figures[series.key] = {"sides": told, "verdicts": said}
            body.append(
                [series.title, *(shown(told[side]) if side in told else "–" for side in NAMES), ours["fsyncs"],
                 "; ".join(said)]
            )  # fmt: skip
            shutil.rmtree(folder)
    headers = ["versions", *NAMES.values(), "our fsyncs", "goals"]
    text = tabulate(body, headers=headers, tablefmt="github", disable_numparse=True)
    text += f"\n\n{os.cpu_count()} cores; bytes on disk after the last version, median time of a version"
    sys.stdout.write(text + "\n")
    if chosen.markdown:
        chosen.markdown.write_text(text + "\n", encoding="utf-8")
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
