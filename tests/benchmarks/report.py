"""The table: ours, those beside it, the ratio, the goal, met or missed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from tabulate import tabulate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.benchmarks.runner import Result

HEADERS = ("row", "work", "ours", "beside it", "its", "ours / its", "goal", "verdict")

LIMIT = "the limit"
"""What stands beside ours where the goal is no ratio."""


def number(value: float | None, unit: str) -> str:
    """Write a measurement with three digits."""
    if value is None:
        return "–"
    if not math.isfinite(value):
        return "lost versions"
    if unit == "bytes":
        return f"{value:,.0f} B"
    return f"{value:,.0f} ms" if value >= 100 else f"{value:.3g} ms"


def factor(value: float) -> str:
    """Write a ratio as people say it: ``3.10 ×``, ``0.85 ×``, ``1/3.4``, ``1/52``."""
    if value > 1 / 2:
        return f"{value:.2f} ×"
    parts = 1 / value if value else math.inf
    return f"1/{parts:.0f}" if parts >= 10 or parts == round(parts) else f"1/{parts:.1f}"


def lines(results: Sequence[Result]) -> Iterable[dict[str, Any]]:
    """Give one dict for each thing beside ours (and one for a limit of its own)."""
    ours = results[0]
    row, mine = ours.row, ours.median
    base = {"row": row.key, "work": row.work, "unit": row.unit, "ours": mine}
    if row.limit is not None:
        met = None if mine is None else mine <= row.limit
        yield base | {
            "beside": LIMIT,
            "its": row.limit,
            "ratio": None,
            "goal": row.limit,
            "met": met,
            "missing": ours.missing,
        }
    for other in results[1:]:
        its, goal = other.median, other.case.goal
        ratio = mine / its if mine is not None and its else None
        met = None if goal is None or ratio is None else ratio <= goal
        yield base | {
            "beside": other.case.label,
            "its": its,
            "ratio": ratio,
            "goal": goal,
            "met": met,
            "missing": ours.missing or other.missing,
        }


def verdict(line: dict[str, Any]) -> str:
    """Say met or missed, or why there is nothing to say."""
    if line["missing"]:
        return str(line["missing"]).split(" (see")[0]
    return "" if line["met"] is None else "met" if line["met"] else "MISSED"


def markdown(table: Iterable[dict[str, Any]]) -> str:
    """Write the table as markdown."""
    body, last = [], ""
    for line in table:
        first = line["row"] != last
        last = line["row"]
        goal = (
            ""
            if line["goal"] is None
            else number(line["goal"], line["unit"])
            if line["beside"] == LIMIT
            else factor(line["goal"])
        )
        body.append([
            line["row"] if first else "",
            line["work"] if first else "",
            number(line["ours"], line["unit"]) if first else "",
            line["beside"],
            number(line["its"], line["unit"]),
            factor(line["ratio"]) if line["ratio"] is not None else "",
            f"≤ {goal}" if goal else "",
            verdict(line),
        ])  # fmt: skip
    return tabulate(body, headers=HEADERS, tablefmt="github", disable_numparse=True)
