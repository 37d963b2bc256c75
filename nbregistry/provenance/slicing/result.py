"""What a slice is: the kept lines of the cells that made an object, and what could not be followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Part:
    """What is kept of one run of one cell.

    Attributes
    ----------
    number : int
        Of the cell, in the order in which the cells ran.
    source : str
        The kept lines as they were typed, magics too. Where a loop or a branch is needed and nothing in its body is,
        the body is ``pass``.
    lines : tuple of int
        Numbers of the kept lines in the cell's source; the first is 1.
    id : str
        Of the notebook's cell; ``""`` where it is not known.
    """

    number: int
    source: str
    lines: tuple[int, ...]
    id: str = ""

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Part:
        """Build from what was recorded."""
        return cls(document["number"], document["source"], tuple(document["lines"]), document.get("id", ""))

    def to_document(self) -> dict[str, Any]:
        """Give what is recorded."""
        return {"number": self.number, "source": self.source, "lines": list(self.lines), "id": self.id}


@dataclass(frozen=True)
class Slice:
    """The least of a session that makes some objects again.

    Attributes
    ----------
    parts : tuple of Part
        In the order in which they ran.
    targets : tuple of str
        The expressions it was cut for.
    doubts : tuple of str
        One sentence each: what was kept, or could not be followed, and why.
    kept_lines, all_lines : int
        Lines of code, without blank ones and comments.
    unseeded : tuple of str
        One sentence for each kept cell that draws from a global random state that nothing had seeded. They are among
        the doubts too.
    restores : tuple of tuple
        The cells, by number, before which a global random state has to be what it was in the session, and which: only
        where the slice was asked for so. Nothing had seeded these, and with them set the draws are the same again.
    reads : tuple of tuple
        Files and URLs that the kept lines read, each as the name it is bound to (``""`` for none) and the text.
    training : tuple of str
        The expressions that the target was last fitted with; empty where that was not found.
    """

    parts: tuple[Part, ...]
    targets: tuple[str, ...]
    doubts: tuple[str, ...] = ()
    kept_lines: int = 0
    all_lines: int = 0
    unseeded: tuple[str, ...] = ()
    restores: tuple[tuple[int, str], ...] = ()
    reads: tuple[tuple[str, str], ...] = ()
    training: tuple[str, ...] = ()

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Slice:
        """Build from what was recorded."""
        return cls(
            parts=tuple(Part.from_document(part) for part in document["parts"]),
            targets=tuple(document["targets"]),
            doubts=tuple(document.get("doubts", ())),
            kept_lines=document.get("kept_lines", 0),
            all_lines=document.get("all_lines", 0),
            unseeded=tuple(document.get("unseeded", ())),
            restores=tuple((number, state) for number, state in document.get("restores", ())),
            reads=tuple((name, text) for name, text in document.get("reads", ())),
            training=tuple(document.get("training", ())),
        )

    def to_document(self) -> dict[str, Any]:
        """Give what is recorded."""
        return {
            "parts": [part.to_document() for part in self.parts],
            "targets": list(self.targets),
            "doubts": list(self.doubts),
            "kept_lines": self.kept_lines,
            "all_lines": self.all_lines,
            "unseeded": list(self.unseeded),
            "restores": [list(restored) for restored in self.restores],
            "reads": [list(read) for read in self.reads],
            "training": list(self.training),
        }

    @property
    def script(self) -> str:
        r"""The parts one after the other, for IPython.

        Examples
        --------
        >>> Slice((Part(1, "x = 1", (1,)), Part(3, "x += 1", (2,))), ("x",)).script
        'x = 1\n\nx += 1\n'
        """
        return "\n\n".join(part.source for part in self.parts) + "\n" if self.parts else ""
