"""A case: a session, the model that is registered at its end, and which lines it does not need.

The file's first lines say ``# target: EXPRESSION`` and ``# rows: EXPRESSION``; cells begin with ``# %%``. A line that
ends with ``#-`` is not needed for the target (the mark is taken off before anything runs); all others are.
Further heads: ``# drops: 0.3`` where less than half of the unneeded lines are expected to go, with the reason after it;
``# unseeded`` where nothing can make the same predictions; ``# fails: 2`` names cells that end in an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "cases"
MARK = re.compile(r"[ \t]*#-[ \t]*$")


@dataclass(frozen=True)
class Case:
    name: str
    target: str
    rows: str
    sources: tuple[str, ...]
    needed: tuple[frozenset[int], ...]
    unneeded: tuple[frozenset[int], ...]
    drops: float = 0.5
    unseeded: bool = False
    fails: frozenset[int] = frozenset()


def read_case(path: Path) -> Case:
    head, *cells = re.split(r"(?m)^# %%.*\n", path.read_text("utf-8"))
    said = dict(re.findall(r"(?m)^# (\w+):? ?(.*)$", head))
    sources, needed, unneeded = [], [], []
    for cell in cells:
        lines = cell.rstrip("\n").split("\n")
        code = {at for at, line in enumerate(lines, 1) if line.strip() and not line.lstrip().startswith("#")}
        marked = {at for at in code if MARK.search(lines[at - 1])}
        sources.append("\n".join(MARK.sub("", line) for line in lines))
        needed.append(frozenset(code - marked))
        unneeded.append(frozenset(marked))
    return Case(
        name=path.stem,
        target=said["target"],
        rows=said.get("rows", "None"),
        sources=tuple(sources),
        needed=tuple(needed),
        unneeded=tuple(unneeded),
        drops=float(said.get("drops", "0.5").split()[0]),
        unseeded="unseeded" in said,
        fails=frozenset(int(number) for number in said.get("fails", "").split()),
    )


def all_cases() -> list[Case]:
    return [read_case(path) for path in sorted(FOLDER.glob("*.ipy"))]
