"""Lines for a notebook: what can be inserted there from a version's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from nbregistry.display.commands import command
from nbregistry.display.lines import change_line
from nbregistry.reference import CHAMPION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nbregistry.model import ModelVersion
    from nbregistry.registry import Registry


@dataclass(frozen=True)
class NotebookLine:
    """A line that uses a version.

    Attributes
    ----------
    id, title, line : str
    """

    id: Literal["load", "compare", "rollback"]
    title: str
    line: str


def lines_for(registry: Registry, version: ModelVersion) -> tuple[NotebookLine, ...]:
    """Give the lines that make sense for a version, and can be said."""
    return tuple(line for line in _lines(registry, version) if line.line)


def compare_line(refs: Sequence[str]) -> str:
    """Give the line that compares versions; ``""`` for fewer than two, or if no line can say it."""
    return command("%compare", *refs) if len(refs) > 1 else ""


def _lines(registry: Registry, version: ModelVersion) -> Iterator[NotebookLine]:
    yield NotebookLine("load", "Load", command("%nbr load", version.ref, as_="model"))
    rival = rival_of(registry, version)
    if rival:
        yield NotebookLine("compare", f"Compare with {rival}", compare_line((rival, version.ref)))
    if CHAMPION in version.aliases:
        yield NotebookLine("rollback", "Roll back", change_line("rollback", version.name, {}))


def rival_of(registry: Registry, version: ModelVersion) -> str:
    """Give what a version is compared with: the champion, or else the version before; ``""`` for none."""
    if CHAMPION not in version.aliases and CHAMPION in registry.alias_names(version.name):
        return f"{version.name}@{CHAMPION}"
    return f"{version.name}@{version.version - 1}" if version.version > 1 else ""
