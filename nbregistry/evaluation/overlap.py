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
    same_inputs : int
        Rows that are not shared though X is the same: y is another, or is written otherwise.
    targets : tuple of str
        Of one of these, what was to be predicted there and here.
    """

    ref: str
    n: int
    baseline_n: int
    shared: int | None
    by_order: bool = False
    same_inputs: int = 0
    targets: tuple[str, ...] = ()

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
        >>> Overlap("churn@2", 90, 90, 0, same_inputs=90, targets=("1", "'1'")).told("churn@1")[50:]
        "0 of 90 rows are shared, and 90 have the same X with another y, e.g. '1' in place of 1"
        """
        if self.by_order:
            return f"{self.ref} reads other columns than {baseline}: rows are matched by their order, targets agree"
        said = f"{self.ref} was evaluated on other rows than {baseline}"
        if self.shared is None:
            return f"{said}, or it is not known whether on the same"
        both = f"{self.n:,}" if self.n == self.baseline_n else f"{self.n:,} and {self.baseline_n:,}"
        shared = f"{said}: {self.shared:,} of {both} rows are shared"
        if not self.same_inputs:
            return shared
        there, here = self.targets
        return f"{shared}, and {self.same_inputs:,} have the same X with another y, e.g. {here} in place of {there}"
