"""What was found of one requirement, and the check that it makes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nbregistry.outcomes import Check

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbregistry.outcomes import Outcome


@dataclass(frozen=True)
class Found:
    """What was found.

    Attributes
    ----------
    passed : bool
    said : str
    doubts : sequence of str
        What makes it doubtful.
    figures : dict
        What it was decided by, for whoever reads it by program.
    """

    passed: bool
    said: str
    doubts: Sequence[str] = ()
    figures: Mapping[str, float] = field(default_factory=dict)

    def check(self, requirement: str) -> Check:
        """Give the check of a requirement.

        Examples
        --------
        >>> Found(True, "0.95 on 400 rows", ["some of them twice"], {"value": 0.95}).check("f1 >= 0.9").outcome
        'warned'
        """
        outcome: Outcome = "failed" if not self.passed else "warned" if self.doubts else "passed"
        detail = "; ".join([self.said, *self.doubts])
        return Check(requirement, outcome, detail, is_gate=True, figures=self.figures)
