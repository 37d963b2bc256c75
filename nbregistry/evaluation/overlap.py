"""How many rows two versions were both evaluated on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Overlap:
    """The rows of a version's evaluation that are also in the baseline's.

    Attributes
    ----------
    ref : str
        The version.
    n, baseline_n : int
        Rows that it, and the baseline, were evaluated on.
    shared : int or None
        Rows that are in both, wherever they stand; ``None`` where that is not known.
    by_order : bool
        Whether the rows were matched by their order: their columns differ, and row by row the targets agree.
    """

    ref: str
    n: int
    baseline_n: int
    shared: int | None
    by_order: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether they are the same rows."""
        return self.shared == self.n == self.baseline_n

    def told(self, baseline: str) -> str:
        """Say it in a sentence.

        Examples
        --------
        >>> Overlap("churn@2", 2000, 2000, 1200).told("churn@1")
        'churn@2 was evaluated on other rows than churn@1: 1,200 of 2,000 rows are shared'
        """
        if self.by_order:
            return f"{self.ref} reads other columns than {baseline}: rows are matched by their order, targets agree"
        said = f"{self.ref} was evaluated on other rows than {baseline}"
        if self.shared is None:
            return f"{said}, or it is not known whether on the same"
        both = f"{self.n:,}" if self.n == self.baseline_n else f"{self.n:,} and {self.baseline_n:,}"
        return f"{said}: {self.shared:,} of {both} rows are shared"
