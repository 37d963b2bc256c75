"""How often rows were used to choose by: the more often, the more of what is best on them is chance."""

from __future__ import annotations

from dataclasses import dataclass

MANY = 20
"""From so many comparisons on it is a warning."""


@dataclass(frozen=True)
class Reuse:
    """What was done with a set of rows so far.

    Attributes
    ----------
    comparisons : int
        Different sets of versions that this user compared on it, the present one among them.
    versions : int
        Versions that were evaluated on it and kept that.
    """

    comparisons: int
    versions: int

    @property
    def is_much(self) -> bool:
        """Whether that is to be warned of."""
        return self.comparisons >= MANY

    @property
    def told(self) -> str:
        """Say it in a sentence; ``""`` for the first comparison.

        Examples
        --------
        >>> Reuse(3, 5).told
        '3 comparisons were made on these rows so far; 5 versions were evaluated on them'
        """
        if self.comparisons < 2:
            return ""
        evaluated = f"{self.versions:,} version{'' if self.versions == 1 else 's'}"
        said = f"{self.comparisons:,} comparisons were made on these rows so far; {evaluated} were evaluated on them"
        return f"{said}: the best of many looks better than it is, also to a test" if self.is_much else said
