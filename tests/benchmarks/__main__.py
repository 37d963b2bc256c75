"""The command: ``python -m tests.benchmarks``."""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

from tests.benchmarks.report import lines, markdown
from tests.benchmarks.rows import ROWS
from tests.benchmarks.runner import Runner, with_arguments
from tests.benchmarks.worker import ROOT


def install_peers(folder: Path) -> str:
    """Make the peers' environment; give its interpreter."""
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    subprocess.run(
        [str(python), "-m", "pip", "install", "-q", "-r", str(Path(__file__).with_name("peers.txt"))],
        check=True,
    )
    return str(python)


def parser() -> argparse.ArgumentParser:
    """Describe the options."""
    keys = [row.key for row in ROWS]
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    options.add_argument("--rows", help=f"comma-separated, of {', '.join(keys)}; all by default")
    options.add_argument("--versions", type=int, default=10_000, help="how many each registry holds (10000)")
    options.add_argument("--repeats", type=int, help="instead of each row's own number")
    options.add_argument("--processes", type=int, default=4, help="of the row 'race' (4)")
    options.add_argument("--each", type=int, default=25, help="registers of each of them (25)")
    options.add_argument("--scored", type=int, default=10_000, help="on how many rows versions are compared (10000)")
    options.add_argument("--peers", metavar="PYTHON", help="interpreter with MLflow, DVC and pins")
    options.add_argument(
        "--install-peers", metavar="FOLDER", type=Path, help="make that environment there first, and use it"
    )
    options.add_argument("--folder", type=Path, help="a new folder, to keep the registries; by default a temporary one")
    options.add_argument("--json", metavar="PATH", type=Path, help="write the figures")
    options.add_argument("--markdown", metavar="PATH", type=Path, help="write the table")
    return options


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    options = parser().parse_args(arguments)
    wanted = options.rows.split(",") if options.rows else [row.key for row in ROWS]
    if unknown := set(wanted) - {row.key for row in ROWS}:
        sys.exit(f"no such row: {', '.join(sorted(unknown))}; there are {', '.join(row.key for row in ROWS)}")
    peers = install_peers(options.install_peers) if options.install_peers else options.peers
    rows = with_arguments(
        (row for row in ROWS if row.key in wanted),
        {
            "race": {"processes": options.processes, "each": options.each},
            "compare": {"rows": options.scored},
            "compare-large": {"rows": 10 * options.scored},
        },
    )
    # pip compiles what it installs, and so it did the peers; here new processes would compile the package each time
    # where writing bytecode is switched off.
    compileall.compile_dir(ROOT / "nbregistry", quiet=2)
    table: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="nbregistry-benchmarks-") as temporary:
        folder = (options.folder or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            sys.exit(f"{folder} is not empty: what lies there would be measured too")
        with Runner(folder, options.versions, peers) as runner:
            for row in rows:
                sys.stderr.write(f"{row.key} …\n")
                table += lines(runner.run(row, options.repeats))
    system = f"{platform.system()}, Python {platform.python_version()}, {os.cpu_count()} cores"
    sizes = f"{options.versions:,} versions, compared on {options.scored:,} rows"
    machine = f"{sizes}; {system}; medians of interleaved repetitions"
    text = f"{markdown(table)}\n\n{machine}"
    sys.stdout.write(text + "\n")
    if options.markdown:
        options.markdown.write_text(text + "\n", encoding="utf-8")
    if options.json:
        options.json.write_text(
            json.dumps({"versions": options.versions, "machine": machine, "rows": table}, indent=1),
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
