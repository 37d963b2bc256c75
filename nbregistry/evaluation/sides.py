"""Which versions can be held against which: measured on the same rows, on rows of their own, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from nbregistry.evaluation.caveats import are_alike, are_paired
from nbregistry.evaluation.significance.paired import infer_all
from nbregistry.evaluation.significance.unpaired import infer_unpaired

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from nbregistry.evaluation.metrics import Measured
    from nbregistry.evaluation.significance.blocks import Over
    from nbregistry.evaluation.significance.inference import Inference
    from nbregistry.evaluation.significance.statistics import Key


@dataclass(frozen=True, eq=False)
class Sides:
    """The sides of a comparison.

    Attributes
    ----------
    baseline : str
        Reference of the version that the others are held against.
    evaluated : dict
        Reference to what was measured, of the versions of which anything was.
    elsewhere : collection of str
        References of those that were measured on other rows than the baseline, and are to be tested unpaired.
    """

    baseline: str
    evaluated: Mapping[str, Measured]
    elsewhere: Collection[str] = ()

    @property
    def standard(self) -> Measured | None:
        """What was measured of the baseline."""
        return self.evaluated.get(self.baseline)

    @cached_property
    def here(self) -> dict[str, Measured]:
        """All but those that are known to be elsewhere."""
        return {ref: measured for ref, measured in self.evaluated.items() if ref not in self.elsewhere}

    @cached_property
    def paired(self) -> dict[str, Measured]:
        """Those on the baseline's rows, and the baseline."""
        if self.standard is None:
            return {}
        return {ref: found for ref, found in self.here.items() if are_paired(self.standard, found)}

    def testable(self, names: Sequence[str], given: Mapping[str, Collection[str]]) -> list[Key]:
        """Say what can be tested: what was computed on the baseline's rows, or is known to be elsewhere.

        Parameters
        ----------
        names : sequence of str
            Metrics.
        given : dict
            Reference to the metrics that were given, and so not computed.
        """
        standard = self.standard
        if standard is None or standard.task == "clustering":  # whose metrics are of no row
            return []
        others = [
            (ref, found)
            for ref, found in self.evaluated.items()
            if ref != self.baseline and (are_alike(standard, found) if ref in self.elsewhere else ref in self.paired)
        ]
        return [
            (name, ref)
            for name in names
            for ref, other in others
            if name not in {*given[self.baseline], *given[ref]} and name in standard.metrics and name in other.metrics
        ]

    def infer(self, tests: Sequence[Key], over: Over) -> dict[Key, Inference]:
        """Test, in pairs of rows where there are pairs."""
        found: dict[Key, Inference] = {}
        for infer, chosen in (
            (infer_all, [test for test in tests if test[1] not in self.elsewhere]),
            (infer_unpaired, [test for test in tests if test[1] in self.elsewhere]),
        ):
            if chosen:
                others = {ref: self.evaluated[ref] for _, ref in chosen}
                found |= infer(self.evaluated[self.baseline], others, chosen, over)
        return {test: found[test] for test in tests if test in found}
