"""The record of the code that made a version: the cells as they ran, and the lines of them that it took."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbregistry.model import ReadFile
from nbregistry.provenance.cells.cell import Cell
from nbregistry.provenance.cells.names import names_in, names_trained_further
from nbregistry.provenance.diff import Diff
from nbregistry.provenance.local_modules import LocalModule
from nbregistry.provenance.slicing.result import Slice
from nbregistry.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Mapping


_RESTORING = "# Random numbers go on from where they were: no cell had seeded them."


@dataclass(frozen=True, repr=False)
class RecordedCode(Shown):
    """What ran before a version was registered, and what of it made the version.

    Attributes
    ----------
    ref : str
    slice : Slice
        The lines it took.
    cells : tuple of Cell
        All that ran until then, secrets redacted; the last may have run on. Of a very long session the oldest that are
        not needed are left out.
    unseen : int
        So many of the first cells are known from the history alone.
    staleness : tuple of str
        Where the notebook, as it stood then, no longer told how the model was made.
    redacted : tuple of str
        One sentence for each secret that was left out.
    files : tuple of ReadFile
    modules : tuple of LocalModule
        The user's own that were imported.
    diff : Diff
        What was changed since the last commit of git.
    restores : dict
        Number of a cell to code that sets the random states it draws from to what they were: no cell had seeded them.
    kernel_id : str
        Of the kernel that it ran in; ``""`` where there was none.
    """

    ref: str
    slice: Slice
    cells: tuple[Cell, ...] = ()
    unseen: int = 0
    staleness: tuple[str, ...] = ()
    redacted: tuple[str, ...] = ()
    files: tuple[ReadFile, ...] = ()
    modules: tuple[LocalModule, ...] = ()
    diff: Diff = field(default_factory=Diff)
    kernel_id: str = ""
    restores: Mapping[int, str] = field(default_factory=dict)

    @property
    def script(self) -> str:
        """The lines that made the version, one cell after the other, for IPython."""
        return self.slice.script

    @property
    def to_run(self) -> tuple[tuple[int | None, str], ...]:
        """What makes the version again, cell by cell: the number of each and its lines.

        Random states that no cell had seeded are set before, in cells without a number.
        """
        found: list[tuple[int | None, str]] = []
        for part in self.slice.parts:
            if part.number in self.restores:
                found.append((None, f"{_RESTORING}\n{self.restores[part.number]}"))
            found.append((part.number, part.source))
        return tuple(found)

    @property
    def names(self) -> frozenset[str]:
        """All names that the lines which made it mention."""
        return frozenset().union(*(names_in(part.source) for part in self.slice.parts))

    @property
    def continued_names(self) -> frozenset[str]:
        """Those of them that training begins from."""
        return frozenset().union(*(names_trained_further(part.source) for part in self.slice.parts))

    @property
    def in_short(self) -> str:
        """How little of the session it took.

        Examples
        --------
        >>> from nbregistry.provenance.slicing.result import Part
        >>> ran = tuple(Cell(number, "x = 1") for number in (1, 2, 3))
        >>> RecordedCode("churn@3", Slice((Part(2, "x = 1", (1,)),), ("x",), (), 1, 12), ran).in_short
        '1 of 3 cells made it: 1 of 12 lines'
        """
        parts = len({part.number for part in self.slice.parts})
        ran = max(parts, self.cells[-1].number if self.cells else 0)
        cells = f"{parts:,} of {ran:,} cell{'s' * (ran != 1)}"
        lines = f"{self.slice.kept_lines:,} of {self.slice.all_lines:,} line{'s' * (self.slice.all_lines != 1)}"
        return f"{cells} made it: {lines}"

    @classmethod
    def from_documents(cls, ref: str, document: Mapping[str, Any], sources: Mapping[str, Any]) -> RecordedCode:
        """Build from what was recorded: of the session, and of the files around it; ``{}`` where there were none."""
        return cls(
            ref=ref,
            slice=Slice.from_document(document["slice"]),
            cells=tuple(map(Cell.from_document, document["cells"])),
            unseen=document["unseen"],
            staleness=tuple(document["staleness"]),
            redacted=tuple(document["redacted"]),
            files=tuple(ReadFile.from_document(file) for file in document["files"]),
            modules=tuple(map(LocalModule.from_document, sources.get("modules", ()))),
            diff=Diff.from_document(sources["diff"]) if sources else Diff(),
            kernel_id=document["kernel_id"],
            restores=dict(document["restores"]),
        )

    def to_document(self) -> dict[str, Any]:
        """Give what is recorded of the session."""
        return {
            "slice": self.slice.to_document(),
            "cells": [cell.to_document() for cell in self.cells],
            "unseen": self.unseen,
            "staleness": list(self.staleness),
            "redacted": list(self.redacted),
            "files": [file.to_document() for file in self.files],
            "kernel_id": self.kernel_id,
            "restores": [list(restored) for restored in self.restores.items()],
        }

    def sources(self) -> dict[str, Any]:
        """Give what is recorded of the files around it, which many versions share; ``{}`` where there are none."""
        if not self.modules and self.diff == Diff():
            return {}
        return {"modules": [module.to_document() for module in self.modules], "diff": self.diff.to_document()}
